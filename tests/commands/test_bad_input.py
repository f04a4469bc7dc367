"""Bad input: a line that says what to do, the right exit code, no traceback; through the real command."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.store import Archive, Mode
from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]
AS_OTHERS = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
"""What takes from root the right to write everywhere."""


def only_line(text: str) -> str:
    """Return the one line of a message."""
    lines = [line for line in text.splitlines() if not line.startswith("Hint:")]
    assert len(lines) == 1, text
    return lines[0]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without articles, into which none comes."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    with Archive.open(path, mode=Mode.WRITE):
        return path


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["lst"], 2, "No such command 'lst'. Did you mean 'list'"),
        (["list", "--sitee", "x"], 2, "No such option: --sitee"),
        (["list", "--format", "xml"], 2, "--format"),
        (["list", "--limit", "many"], 2, "--limit"),
        (["list", "--limit", "-1"], 2, "--limit"),
        (["list", "--fields", "id,nope"], 2, "no field 'nope'; there are id, url, title"),
        (["list", "--fields", ","], 2, "no field"),
        (["list", "--since", "last tuesday"], 2, "no date: 'last tuesday'; write one of 2026-01-31"),
        (["list", "--until", "2026-02-30"], 2, "no date"),
        (["search"], 2, "Missing argument 'WORDS...'"),
        (["search", ""], 2, "nothing to look for; give words"),
        (["search", '"'], 2, "nothing to look for"),
        (["search", "-x"], 2, "only words to leave out; add one"),
        (["search", "x", "--sort", "best"], 2, "--sort"),
        (["show"], 2, "Missing argument"),
        (["show", "999"], 1, "no article 999; `luubao list` shows"),
        (["show", "https://example.com/never"], 1, "is not kept; `luubao fetch` keeps it"),
        (["fetch"], 2, "name the address of an article"),
        (["fetch", "not a url"], 2, "'not a url' is no address; write it whole: https://"),
        (["fetch", "http://"], 2, "its host"),
        (["fetch", "javascript:alert(1)"], 2, "javascript:alert(1): "),
        (["fetch", "ftp://example.com/x"], 2, "only http and https"),
        (["fetch", "http://xn--a/"], 2, "no name that can exist"),
        (["fetch", "http://[::1"], 2, "no URL"),
        (["fetch", "-i", "/nowhere/urls.txt"], 2, "No such file"),
        (["fetch", "http://127.0.0.1:9/x"], 1, "private address; if that is your own newspaper, add --allow-private"),
        (["fetch", "http://x.vn/", "--contact", "a\nb"], 2, "--contact"),
        (["fetch", "http://x.vn/", "--delay", "-1"], 2, "--delay"),
        (["crawl"], 2, "name a newspaper: its id (see luubao sites list) or its address"),
        (["crawl", "nosuchpaper"], 2, "no newspaper 'nosuchpaper'; see luubao sites list"),
        (["crawl", "x.vn", "--max-time", "soon"], 2, "no length of time: 'soon'; write 90s"),
        (["crawl", "x.vn", "--max-pages", "0"], 2, "--max-pages"),
        (["parse"], 2, "Missing argument"),
        (["parse", "/nowhere.html"], 2, "No such file or directory; name a saved page"),
        (["parse", "http://127.0.0.1:9/x"], 1, "private address"),
        (["parse", "/"], 2, "Is a directory; name a saved page"),
        (["parse", "a", "b", "--url", "https://x.vn/"], 2, "--url is for one file"),
        (["sql", "SELEC"], 1, "syntax error"),
        (["sql", "SELECT 1; SELECT 2"], 2, "one statement"),
        (["sql", "SELECT ?"], 2, "one statement, please, and no parameters"),
        (["sql", "SELECT 1", "--format", "urls"], 2, "no column named url"),
        (["sql", ""], 2, "no question"),
        (["sites", "show", "nosuchpaper"], 2, "nosuchpaper"),
        (["crawl", "x.vn", "--per-site", "tuoitre"], 2, "names no newspaper and rules; write tuoitre:delay=5"),
        (
            ["crawl", "x.vn", "--proxy", "socks5://u:hunter2@p.x"],
            2,
            '--proxy: it is no address that can be used; write "',
        ),
        (["crawl", "x.vn", "--ping", "hc.io/secret"], 2, "--ping: it is no address that can be used; write"),
        (["crawl", "x.vn", "--max-archive-gb", "0"], 2, "--max-archive-gb: 0.0 is no number above 0"),
        (["crawl", "x.vn", "--log", "/nowhere/x.log"], 2, "--log /nowhere/x.log: No such file or directory; name a"),
        (["crawl", "x.vn", "--log-format", "xml"], 2, "--log-format"),
        (["crawl", "x.vn", "--log", "x", "--log-size", "much"], 2, "'much' is no size: write 500kB"),
        (["crawl", "x.vn", "--log-files", "1"], 2, "--log-files"),
        (
            ["--config", "/nowhere.toml", "list"],
            2,
            "/nowhere.toml: there is no such file; luubao config edit makes one",
        ),
        (["--config", "/", "list"], 2, "/: it cannot be read: Is a directory"),
        (["--config", "/nowhere.toml", "config", "check"], 2, "there is no such file"),
        (["config", "shw"], 2, "No such command 'shw'. Did you mean 'show'"),
        (["schedule"], 2, "name a newspaper: its id"),
        (["schedule", "nosuchpaper"], 2, "no newspaper 'nosuchpaper'"),
        (["schedule", "tuoitre", "--max-time", "soon"], 2, "no length of time: 'soon'"),
        (["schedule", "tuoitre", "--contact", "(me)"], 2, "--contact: '(me)' cannot stand in the User-Agent"),
        (["schedule", "tuoitre", "--per-site", "tuoitre:run=0"], 2, "0 is no whole number above 0"),
        (["schedule", "tuoitre", "--every", "7m"], 2, "--every 7m: cron knows 1, 2, 3"),
        (["schedule", "tuoitre", "--cron", "--systemd"], 2, "--cron or --systemd, one of them"),
        (["schedule", "tuoitre", "--install", "--remove"], 2, "--install or --remove, one of them"),
        (["schedule", "tuoitre", "--systemd", "--install"], 2, "--install and --remove are for cron"),
        (["schedule", "tuoitre", "--proxy", "http://u:hunter2@p.x:1"], 2, "a password is better kept in luubao.toml"),
        (["doctor", "--stale-after", "soon"], 2, "no length of time: 'soon'"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else None,
)
def test_bad_input_gets_one_line_that_says_what_to_do(
    luubao: Luubao, empty: Path, args: list[str], *, code: int, said: str
) -> None:
    done = luubao(*args, LUUBAO_ARCHIVE=str(empty))

    line = only_line(done.stderr)
    assert done.returncode == code, line
    assert line.startswith("luubao: ")
    assert said in line
    assert not done.stdout


@pytest.mark.parametrize("args", [["--version", "9"], ["--raw", "--version", "9"]])
def test_a_version_that_is_not_there_is_said_to_be_none(luubao: Luubao, kept: Path, args: list[str]) -> None:
    done = luubao("show", "1", *args, "--archive", kept)

    assert done.returncode == 1
    assert only_line(done.stderr).startswith("luubao: ")


@pytest.mark.parametrize(
    "command", [["list"], ["search", "x"], ["duplicates"], ["show", "1"], ["stats"], ["runs"], ["sql", "SELECT 1"]]
)
def test_a_missing_archive_is_said_and_not_made(luubao: Luubao, tmp_path: Path, command: list[str]) -> None:
    archive = tmp_path / "none.db"

    done = luubao(*command, "--archive", archive)

    assert done.returncode == 1
    assert "there is no archive; `luubao fetch` or `luubao crawl` makes one" in only_line(done.stderr)
    assert not archive.exists()


@pytest.mark.parametrize(
    "command", [["list"], ["fetch", "https://example.invalid/"], ["crawl", "https://example.invalid/"]]
)
def test_a_directory_is_no_archive(luubao: Luubao, tmp_path: Path, command: list[str]) -> None:
    done = luubao(*command, "--archive", tmp_path)

    assert done.returncode == 6
    assert "is a folder; name a file" in only_line(done.stderr)


@pytest.mark.parametrize("command", [["list"], ["crawl", "https://example.invalid/"]])
def test_another_programs_file_is_no_archive_and_stays_as_it_is(
    luubao: Luubao, tmp_path: Path, command: list[str]
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my notes\n" * 100)

    done = luubao(*command, "--archive", file)

    assert done.returncode == 6
    assert "is no SQLite file" in only_line(done.stderr)
    assert file.read_text() == "my notes\n" * 100


@pytest.fixture
def read_only(kept: Path, tmp_path: Path) -> Iterator[Path]:
    """An archive that may not be written, nor its folder."""
    folder = tmp_path / "locked"
    folder.mkdir()
    path = Path(shutil.copy(kept, folder / "archive.db"))
    path.chmod(0o444)
    folder.chmod(0o555)
    yield path
    folder.chmod(0o755)


@pytest.mark.skipif(bool(AS_OTHERS) and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_read_only_archive_can_be_read_and_says_that_it_cannot_be_written(luubao: Luubao, read_only: Path) -> None:
    listed = luubao("list", "--archive", read_only, before=AS_OTHERS)
    crawled = luubao("crawl", "https://example.invalid/", "--archive", read_only, before=AS_OTHERS)

    assert listed.returncode == 0
    assert crawled.returncode == 1
    assert "cannot be written: Permission denied" in only_line(crawled.stderr)


def test_an_archive_in_use_by_another_crawl_is_refused_and_its_process_named(luubao: Luubao, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    with Archive.open(path, mode=Mode.EXCLUSIVE, command="luubao crawl"):
        done = luubao("crawl", "https://example.invalid/", "--archive", path)

    assert done.returncode == 4
    assert f"in use by `luubao crawl` (process {os.getpid()}); wait until it ends" in only_line(done.stderr)


def test_an_unknown_host_is_said_to_be_unknown(luubao: Luubao, tmp_path: Path) -> None:
    done = luubao("fetch", "http://no-such-newspaper.invalid/x", "--archive", tmp_path / "a.db")

    assert done.returncode == 1
    assert "http://no-such-newspaper.invalid/x: there is no such host" in only_line(done.stderr)


def test_a_server_that_takes_no_connection_is_named(luubao: Luubao) -> None:
    with socket.socket() as deaf:  # it holds its port, and never listens
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]

        done = luubao("fetch", f"http://127.0.0.1:{port}/x", "--allow-private", "--no-save")

    assert done.returncode in {1, 5}  # no answer for robots.txt either, which forbids the host
    assert f"127.0.0.1:{port}" in only_line(done.stderr)


def test_a_picture_is_no_article(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    url = newspaper.url("/images/2025/06/21/nghinh-ong.png")

    done = luubao("fetch", url, "--allow-private", "--archive", tmp_path / "a.db")

    assert done.returncode == 1
    assert only_line(done.stderr) == f"luubao: {url}: a PNG picture, no page"


def test_f87_a_password_in_a_url_is_never_printed(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    url = newspaper.url("/").replace("http://", "http://user:hunter2@")

    for command in ("fetch", "crawl"):
        done = luubao(command, url, "--allow-private", "--archive", tmp_path / "a.db")

        assert done.returncode == 2
        assert "hunter2" not in done.stdout + done.stderr
        assert "remove what stands before the @" in only_line(done.stderr)


@pytest.mark.parametrize(
    "words", ['"', "don't", "c++", "a:b", "NEAR(", "NEAR(a b)", "x AND", "(", "*", "a*b", "^x", "đường\x01"]
)
def test_f83_operators_of_the_search_engine_are_words_like_others(luubao: Luubao, kept: Path, words: str) -> None:
    done = luubao("search", words, "--archive", kept)

    assert done.returncode in {0, 2}
    assert "Traceback" not in done.stderr
    assert "SQLite" not in done.stderr


def test_f86_no_code_in_the_working_folder_is_run(luubao: Luubao, tmp_path: Path) -> None:
    for name in (
        "multiprocessing",
        "signal",
        "struct",
        "socket",
        "random",
        "selectolax",
        "scraper",
        "cli",
        "sitecustomize",
    ):
        (tmp_path / f"{name}.py").write_text(f"open('{name} was run', 'w').close()")
    (tmp_path / "tin.html").write_text("<title>Tin</title><article><h1>Tin</h1><p>Cầu đã thông xe.</article>")

    done = luubao("parse", "tin.html", "--url", "https://bao.example.vn/tin-1.html", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.glob("* was run")) == []


def test_f86_nothing_in_the_working_folder_is_read(luubao: Luubao, kept: Path, tmp_path: Path) -> None:
    for name in ("luubao.toml", ".env", "@list", "sitecustomize.cfg"):
        (tmp_path / name).write_text("archive = '/nowhere'\nLUUBAO_ARCHIVE=/nowhere\n")

    done = luubao("list", "-n", "1", LUUBAO_ARCHIVE=str(kept), cwd=tmp_path)
    named = luubao("fetch", "@list", "-o/etc/x", LUUBAO_ARCHIVE=str(kept), cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert named.returncode == 2
