"""How small pages are kept, and how fast they are proven: `python bench/archive_sizes.py [articles]`.

2,000 articles of the generated newspaper of bench/static_paper.py if not told; and groups of pages of one site, where
../shared/corpus is there.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import zstandard

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.backup import backup
from archive.compact import compact
from archive.merge import merge
from archive.scraping import Scraping
from archive.store import Archive, Mode
from archive.verify import Scope, verify
from bench.static_paper import article as generated
from scraper.models import Article, Kind, Page, Role, Task, Visit
from scraper.urls import alias_key

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"
NOW = datetime(2025, 7, 1, tzinfo=UTC)
LEANING = "SELECT sha256, length(data) FROM snapshots WHERE base_id IS NOT NULL OR dictionary_id IS NOT NULL"
STORED = "SELECT (SELECT sum(length(data)) FROM snapshots), (SELECT coalesce(sum(length(data)), 0) FROM dictionaries)"


def visit(site: str, number: int, body: bytes, *, hours: int = 0) -> Visit:
    url = f"https://{site}/tin-{number}.html"
    page = Page(url, url, 200, (("Content-Type", "text/html"),), body, NOW + timedelta(hours=hours))
    text = f"Tin số {number}, lần {hours}. " * 12
    return Visit(Task(url, Role.ARTICLE, site), page, Article(url, Kind.ARTICLE, title=f"Tin {number}", body=text), ())


def keep(path: Path, visits: Sequence[Visit]) -> float:
    """Keep pages and return the seconds that took."""
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
        archive.start_run("bench", {}, NOW)
        began = time.perf_counter()
        for each in visits:
            archive.keep(each)
        took = time.perf_counter() - began
        archive.end_run(0, NOW)
    return took


def stored(path: Path) -> tuple[int, int]:
    """Return the bytes of stored pages, and of dictionaries."""
    with Archive.open(path) as archive:
        row = archive.connection.execute(STORED).fetchone()
        return row[0], row[1]


def leaning(path: Path) -> dict[bytes, int]:
    """Return the bytes of the stored pages that lean on another, by the hash of each."""
    with Archive.open(path) as archive:
        return {bytes(row[0]): row[1] for row in archive.connection.execute(LEANING)}


def sizes(path: Path, bodies: Sequence[bytes]) -> None:
    """Print bytes a page as sent, by gzip -6, zstd -19, at write, after compact; dictionaries included."""
    at_write, its_dictionaries = stored(path)
    leaning_at_write = leaning(path)
    with Archive.open(path, mode=Mode.EXCLUSIVE) as archive:
        began = time.perf_counter()
        compact(archive)
        took = time.perf_counter() - began
    after, dictionaries = stored(path)
    by_gzip = sum(len(gzip.compress(body, 6)) for body in bodies)
    high = zstandard.ZstdCompressor(level=19)
    by_zstd = sum(len(high.compress(body)) for body in bodies)
    written, kept = at_write + its_dictionaries, after + dictionaries
    each = [f"{count / len(bodies):,.0f}" for count in (sum(map(len, bodies)), by_gzip, by_zstd, written, kept)]
    print("  bytes a page: {} as sent, {} gzip -6, {} zstd -19, {} at write, {} compacted".format(*each))
    by_hash = {hashlib.sha256(body).digest(): len(gzip.compress(body, 6)) for body in bodies}
    print(f"  of gzip: {written / by_gzip:.2f} at write, {kept / by_gzip:.2f} compacted ({len(bodies) / took:.0f}/s)")
    shares = [sum(each.values()) / sum(map(by_hash.__getitem__, each)) for each in (leaning_at_write, leaning(path))]
    print("  of gzip, a page that leans on another of its site: {:.2f} at write, {:.2f} compacted".format(*shares))


def newspaper(folder: Path, number: int) -> None:
    bodies = [generated(n, number, 65) for n in range(number)]
    path = folder / "paper.db"
    took = keep(path, [visit("bao.example.vn", n, body) for n, body in enumerate(bodies)])
    print(f"newspaper of {number:,} articles: kept at {number / took:,.0f}/s, synchronous=FULL")
    for name, scope in (("verify", Scope()), ("verify --quick", Scope(is_quick=True))):
        began = time.perf_counter()
        faults = verify(path, scope).faults
        print(f"  {name}: {number / (time.perf_counter() - began):,.0f} pages/s, {len(faults)} faults")
    began = time.perf_counter()
    backup(path, folder / "copy.db")
    print(f"  backup, verified: {number / (time.perf_counter() - began):,.0f} pages/s")
    with Archive.open(folder / "merged.db", mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
        began = time.perf_counter()
        merge(archive, path)
        print(f"  merge into an empty one: {number / (time.perf_counter() - began):,.0f} pages/s")
    sizes(path, bodies[:])
    edited(folder, bodies[: min(100, number)])


def edited(folder: Path, bodies: Sequence[bytes]) -> None:
    path = folder / "edited.db"
    keep(path, [visit("bao.example.vn", n, body) for n, body in enumerate(bodies)])
    before = stored(path)[0]
    changed = [body.replace(b"</p>", " Tòa soạn đã sửa lỗi.</p>".encode(), 1) for body in bodies]
    keep(path, [visit("bao.example.vn", n, body, hours=5) for n, body in enumerate(changed)])
    each = (stored(path)[0] - before) / len(bodies)
    print(
        f"  an edited version: {each:,.0f} bytes, {100 * each * len(bodies) / sum(map(len, bodies)):.2f} % of its page"
    )


def corpus(folder: Path) -> None:
    groups: dict[str, list[bytes]] = defaultdict(list)
    for line in (CORPUS / "index.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        groups[urlsplit(facts["url"]).netloc].append(gzip.decompress((CORPUS / facts["path"]).read_bytes()))
    for site, bodies in groups.items():
        if len(bodies) > 1:
            print(f"{len(bodies)} pages of {site}")
            keep(folder / f"{site}.db", [visit(site, n, body) for n, body in enumerate(bodies)])
            sizes(folder / f"{site}.db", bodies)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        newspaper(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
        if CORPUS.is_dir():
            corpus(Path(folder))
        else:
            print("../shared/corpus is not there: its pages are left out")


if __name__ == "__main__":
    main()
