"""What the file must be, and what is said where it is not: F45, F47, F51, F53, F60."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.connect import SCHEMA_VERSION, open_reader, reading
from archive.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveMissing,
    ArchiveReadOnly,
    MigrationNeeded,
    NewerArchive,
    NotAnArchive,
)
from archive.queries import list_articles, raw_page
from archive.store import Archive, Mode
from tests.archive.kit import BODY, open_archive, rows, url_of, value, visit_of


def fill(path: Path, count: int = 1) -> None:
    with open_archive(path) as archive:
        for n in range(count):
            archive.keep(visit_of(url_of(n), BODY + str(n)))


def test_a_new_archive_bears_our_mark_and_is_for_its_owner_alone(path: Path) -> None:
    fill(path)

    assert path.read_bytes()[68:72] == b"LUUB"
    assert value(path, "PRAGMA user_version") == SCHEMA_VERSION
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_name("archive.db.lock").stat().st_mode & 0o777 == 0o600


def test_f60_the_umask_does_not_open_the_archive_to_others(path: Path) -> None:
    before = os.umask(0)
    try:
        with open_archive(path) as archive:
            archive.keep(visit_of(url_of(1)))
            modes = {p.name: p.stat().st_mode & 0o077 for p in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert set(modes) == {"archive.db", "archive.db-wal", "archive.db-shm", "archive.db.lock"}
    assert set(modes.values()) == {0}


MAKE_WITHOUT_HARD_LINKS = """
import ctypes, errno, platform, struct, sys
from pathlib import Path
from archive.store import create
numbers = {"x86_64": (86, 265), "aarch64": (37,)}.get(platform.machine())
libc = ctypes.CDLL(None, use_errno=True)
def step(code, jt, jf, k): return struct.pack("HBBI", code, jt, jf, k)
tests = [step(0x15, len(numbers or ()) - n, 0, number) for n, number in enumerate(numbers or ())]
steps = b"".join([step(0x20, 0, 0, 0), *tests, step(0x06, 0, 0, 0x7FFF0000), step(0x06, 0, 0, 0x50000 | errno.EPERM)])
buffer = ctypes.create_string_buffer(steps)
program = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(buffer))
if not numbers or libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
    raise SystemExit(77)
try:
    Path(sys.argv[1], "a").touch()
    Path(sys.argv[1], "b").hardlink_to(Path(sys.argv[1], "a"))
except PermissionError:
    Path(sys.argv[1], "a").unlink()
create(Path(sys.argv[1], "archive.db"))
"""
"""Makes an archive where the kernel refuses hard links, as on exFAT, FAT and many network shares."""


@pytest.mark.parametrize("is_there", [False, True])
def test_an_archive_is_made_where_there_are_no_hard_links_and_none_is_overwritten(
    path: Path, *, is_there: bool
) -> None:
    if is_there:
        fill(path, 1)
    command = [sys.executable, "-c", MAKE_WITHOUT_HARD_LINKS, str(path.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    if done.returncode == 77:
        pytest.skip("no system call may be refused here")
    assert done.stderr == ""
    assert [left.name for left in path.parent.iterdir() if left.suffix != ".lock"] == ["archive.db"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert value(path, "SELECT count(*) FROM articles") == is_there


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "archive.db"

    fill(path)

    assert path.exists()


def test_f51_the_closed_file_is_whole_without_its_log(path: Path, tmp_path: Path) -> None:
    fill(path, 3)

    copied = Path(shutil.copy(path, tmp_path / "copy.db"))

    assert value(copied, "SELECT count(*) FROM articles") == 3
    assert not path.with_name("archive.db-wal").exists()


@pytest.mark.parametrize("mode", [Mode.READ, Mode.WRITE])
def test_every_table_is_strict(path: Path, mode: Mode) -> None:
    fill(path)

    with Archive.open(path, mode=mode) as archive:
        tables = (
            archive.connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
            if (mode is Mode.WRITE)
            else archive.connection.execute("PRAGMA table_list")
        )
        lax = {row[1] if mode is Mode.READ else row[0] for row in tables if not row[-1]}

    ours = {row[0] for row in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name in lax & ours if not name.startswith(("search_index", "sqlite_", "_sqlite_"))} == set()


# --- f53: what is no archive ------------------------------------------------------------------------------------------


def make_folder(path: Path) -> None:
    path.mkdir()


def make_empty(path: Path) -> None:
    path.touch()


def make_text(path: Path) -> None:
    path.write_text("Không phải là kho lưu trữ.\n" * 100)


def make_short(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (id)")
    connection.close()


def make_damaged_header(path: Path) -> None:
    fill(path)
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def make_newer(path: Path) -> None:
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def make_cut(path: Path) -> None:
    fill(path, 20)
    os.truncate(path, path.stat().st_size // 2)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (make_folder, NotAnArchive, "is a folder"),
        (make_empty, NotAnArchive, "is empty"),
        (make_text, NotAnArchive, "is no SQLite file"),
        (make_short, NotAnArchive, "is no SQLite file"),
        (make_foreign, NotAnArchive, "another program"),
        (make_damaged_header, NotAnArchive, "damaged"),
        (make_newer, NewerArchive, "schema 99"),
        (make_cut, ArchiveDamaged, "cut short"),
        (make_pipe, NotAnArchive, "no ordinary file"),
        (make_circle, NotAnArchive, "symbolic link"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_f53_what_is_no_archive_is_refused_with_a_reason_and_left_as_it_was(
    path: Path, mode: Mode, make: Callable[[Path], None], error: type[ArchiveError], says: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(error, match=says) as raised:
        Archive.open(path, mode=mode)

    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_missing_archive_is_named_when_it_is_to_be_read(path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="there is no archive"):
        open_reader(path)

    assert not path.exists()


def test_a_symbolic_link_to_nowhere_makes_no_file_there(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere.db")

    with pytest.raises(NotAnArchive, match="symbolic link"):
        open_archive(path)

    assert not (tmp_path / "elsewhere.db").exists()


def test_a_symbolic_link_to_an_archive_is_that_archive_with_its_lock(path: Path, tmp_path: Path) -> None:
    fill(path)
    link = tmp_path / "link.db"
    link.symlink_to(path)

    with open_archive(link) as archive:
        archive.keep(visit_of(url_of(7), "Khác."))
        assert archive.path == path
        assert path.with_name("archive.db.lock").exists()

    assert value(path, "SELECT count(*) FROM articles") == 2


def test_an_older_schema_is_not_read_but_migrated_by_a_writer(path: Path) -> None:
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()

    with pytest.raises(MigrationNeeded, match="luubao migrate"):
        open_reader(path)
    fill(path)

    assert value(path, "PRAGMA user_version") == SCHEMA_VERSION


def test_a_damaged_page_is_told_as_damage(path: Path) -> None:
    fill(path, 200)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(size - 4096 * 4))

    with pytest.raises(ArchiveDamaged, match="restore a backup"), reading(path) as connection:
        list_articles(connection, limit=None)


def test_f54_a_flipped_bit_in_a_stored_page_is_found_when_it_is_read(path: Path) -> None:
    fill(path)
    connection = sqlite3.connect(path)
    data = bytearray(connection.execute("SELECT data FROM snapshots").fetchone()[0])
    for place in range(0, len(data) * 8, 7):
        data[place // 8] ^= 1 << place % 8
        connection.execute("UPDATE snapshots SET data = ?", (bytes(data),))
        connection.commit()

        with pytest.raises(ArchiveDamaged, match="snapshot 1"), reading(path) as reader:
            raw_page(reader, 1)

        data[place // 8] ^= 1 << place % 8
    connection.close()


def test_f55_a_stored_bomb_is_not_unpacked(path: Path) -> None:
    import zstandard

    fill(path)
    connection = sqlite3.connect(path)
    for compressor in (zstandard.ZstdCompressor(), zstandard.ZstdCompressor(write_content_size=False)):
        connection.execute("UPDATE snapshots SET data = ?", (compressor.compress(bytes(300_000_000)),))
        connection.commit()

        with pytest.raises(ArchiveDamaged, match="snapshot 1"), reading(path) as reader:
            raw_page(reader, 1)
    connection.close()


# --- f47: what may not be written -------------------------------------------------------------------------------------

AS_ANOTHER_USER = """
import os, sys
from pathlib import Path
path = Path(sys.argv[2])
from archive.connect import reading
from archive.errors import ArchiveError
from archive.queries import list_articles
from archive.store import Archive
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    if sys.argv[1] == "read":
        with reading(path) as connection:
            print(len(list_articles(connection)))
    else:
        Archive.open(path, mode=sys.argv[1]).close()
        print("opened")
except ArchiveError as error:
    print(type(error).__name__, error)
"""


def as_another_user(mode: str, path: Path) -> str:
    """Open the archive without root's right to write everywhere."""
    command = [sys.executable, "-c", AS_ANOTHER_USER, mode, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def open_path() -> Iterator[Path]:
    """Return a path that other users may reach, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "archive.db"


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o444, 0o555), (0o666, 0o555)])
def test_f47_a_read_only_archive_is_read_and_a_crawl_says_why_not(
    open_path: Path, file_mode: int, folder_mode: int
) -> None:
    fill(open_path)
    open_path.with_name("archive.db.lock").unlink()
    open_path.chmod(file_mode)
    open_path.parent.chmod(folder_mode)
    try:
        answers = [as_another_user(mode, open_path) for mode in ("read", "write", "exclusive")]
    finally:
        open_path.parent.chmod(0o755)

    assert answers[0] == "1"
    assert all(answer.startswith("ArchiveReadOnly") for answer in answers[1:]), answers


def test_f47_an_archive_that_may_not_be_read_says_so(open_path: Path) -> None:
    fill(open_path)
    open_path.chmod(0o600)
    if os.getuid() != 0:
        open_path.chmod(0)

    answers = [as_another_user(mode, open_path) for mode in ("read", "write", "exclusive")]

    assert all(answer.startswith("ArchiveReadOnly") for answer in answers), answers


def test_f47_a_folder_that_may_not_be_written_gets_no_archive(open_path: Path) -> None:
    open_path.parent.chmod(0o555)
    try:
        answer = as_another_user("write", open_path)
    finally:
        open_path.parent.chmod(0o755)

    assert answer.startswith("ArchiveReadOnly")
    assert list(open_path.parent.iterdir()) == []


def test_a_path_through_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ArchiveReadOnly, match="cannot be made"):
        open_archive(tmp_path / "file" / "archive.db")


@pytest.mark.parametrize("mode", list(Mode))
def test_a_name_too_long_is_told(tmp_path: Path, mode: Mode) -> None:
    with pytest.raises(ArchiveError):
        Archive.open(tmp_path / ("a" * 300), mode=mode)


# --- f45: no room -----------------------------------------------------------------------------------------------------

FILL_UP = """
import resource, sys
from pathlib import Path
from archive.errors import ArchiveError
from tests.archive.kit import *
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
import random
kept = 0
try:
    with open_archive(Path(sys.argv[1])) as archive:
        while True:
            archive.keep(visit_of(url_of(kept), "".join(random.choices("abcdefgh ", k=20_000))))
            kept += 1
except ArchiveError as error:
    print(kept, type(error).__name__, error)
"""


def test_f45_a_full_disk_is_one_clear_error_and_nothing_kept_is_lost(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILL_UP, str(path)], capture_output=True, text=True, check=True, env=os.environ
    )
    kept, error, message = done.stdout.split(" ", 2)

    assert (error, done.stderr) == ("DiskFull", "")
    assert "free some and run again" in message
    assert int(kept) > 3
    assert value(path, "SELECT count(*) FROM articles") == int(kept)
    assert value(path, "PRAGMA integrity_check") == "ok"
    with open_archive(path) as archive:  # with room again
        archive.keep(visit_of(url_of(9999)))


FILL_TMPFS = """
import random, sys
from pathlib import Path
from archive.connect import reading
from archive.errors import ArchiveError
from archive.queries import count_articles
from tests.archive.kit import *
path, kept = Path(sys.argv[1]), 0
try:
    with open_archive(path) as archive:
        while True:
            archive.keep(visit_of(url_of(kept), "".join(random.choices("abcdefgh ", k=20_000))))
            kept += 1
except ArchiveError as error:
    print(type(error).__name__, error.reason)
with reading(path) as connection:
    print(count_articles(connection) == kept > 3)
print(value(path, "PRAGMA integrity_check"))
"""


def test_f45_a_full_file_system_is_one_clear_error_and_what_is_kept_can_be_read(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or os.getuid() != 0:
        pytest.skip("a small file system of its own needs root and unshare")
    script = 'mount -t tmpfs -o size=3m tmpfs "$0" || exit 77; exec "$1" -c "$2" "$0/archive.db"'
    command = [unshare, "-m", "sh", "-c", script, str(tmp_path), sys.executable, FILL_TMPFS]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    if done.returncode == 77:
        pytest.skip("no file system may be mounted here")
    assert done.stderr == ""
    first, *rest = done.stdout.splitlines()
    assert first.startswith("DiskFull no room left")
    assert rest == ["True", "ok"]
