"""How fast articles leave the archive and come in: `python bench/exchange_rates.py [articles]`; 2,000 if not told.

Processor time, so that what else the machine does counts little; warcio writes the same pages bare, in the same run.
"""

from __future__ import annotations

import io
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import snapshots
from archive.connect import open_reader
from archive.exchange import jsonl, tables, wacz_out, warc_out
from archive.exchange.choice import Choice, choose
from archive.exchange.intake import Intake
from archive.exchange.records import as_json, json_text, version_record, versions_of
from archive.queries import Filters
from archive.scraping import Scraping
from archive.store import Archive, Mode
from archive.verify import verify
from bench.archive_write import START, visits
from commands.records import csv_cell
from scraper.urls import alias_key

ROUNDS = 3
SAMPLE = 300  # articles that warcio is handed, all in memory
SCRAPING = Scraping(key=alias_key)


def no_tick(*_: object) -> None:
    pass


def rate(count: int, act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Return so many a second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return count / best


def keep_all(path: Path, number: int) -> None:
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=SCRAPING) as archive:
        archive.start_run("bench", {}, START)
        for visit in visits(number):
            archive.keep(visit)
        archive.end_run(0, START)


def export_rates(path: Path, number: int) -> None:
    with closing(open_reader(path)) as connection:
        chosen = choose(connection, Choice(Filters()))

        def to_nowhere(write: Callable[..., object]) -> Callable[[], None]:
            def act() -> None:
                with tempfile.TemporaryFile() as out:
                    write(chosen, out, no_tick, software="bench")

            return act

        def cell(value: object) -> str:
            return csv_cell(value, is_raw=False)

        lines = rate(number, lambda: sum(len(line.encode()) for line in jsonl.lines(chosen, no_tick)))
        print(f"export jsonl          {lines:10,.0f} articles a second")
        ids = rate(number, lambda: sum(1 for _ in jsonl.lines(chosen, no_tick, is_light=True)))
        print(f"export ids            {ids:10,.0f}")
        table = rate(number, lambda: sum(1 for _ in tables.csv_lines(chosen, no_tick, cell=cell)))
        print(f"export csv            {table:10,.0f}")
        warc_rates(connection)
        print(f"export wacz           {rate(number, to_nowhere(wacz_out.write)):10,.0f}")


def warc_rates(connection: sqlite3.Connection) -> None:
    """Print our rate beside warcio's, which is handed the same pages and readings ready made; in turn, by rounds."""
    chosen = choose(connection, Choice(Filters(), sample=SAMPLE))
    ready = []
    for article_id in chosen.ids:
        version = versions_of(connection, article_id)[0]
        sql = "SELECT url, snapshot_id FROM captures WHERE id = ?"
        url, snapshot_id = connection.execute(sql, (version["capture_id"],)).fetchone()
        said = json_text(version_record(connection, version, parse=as_json)).encode()
        ready.append((url, snapshots.get(connection, snapshot_id), said))

    def ours() -> None:
        with tempfile.TemporaryFile() as out:
            warc_out.write(chosen, out, no_tick, software="bench")

    shares = []
    for _ in range(2 * ROUNDS):
        pages, whole, own = (
            rate(len(ready), act, rounds=1)
            for act in (lambda: bare(ready, with_readings=False), lambda: bare(ready, with_readings=True), ours)
        )
        shares.append((own, own / whole, own / pages))
    own, of_whole, of_pages = (statistics.median(each) for each in zip(*shares, strict=True))
    print(
        f"export warc          {own:11,.0f}  {of_whole:.2f} of warcio (the same records), {of_pages:.2f} (pages alone)"
    )


def bare(ready: list[tuple[str, bytes, bytes]], *, with_readings: bool) -> None:
    """Write pages, and what was read from them, by warcio alone."""
    with tempfile.TemporaryFile() as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        for url, body, said in ready:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            page = {"payload": io.BytesIO(body), "length": len(body), "http_headers": head}
            writer.write_record(writer.create_warc_record(url, "response", **page))
            if with_readings:
                reading = {"payload": io.BytesIO(said), "length": len(said), "warc_content_type": "application/json"}
                writer.write_record(writer.create_warc_record(url, "metadata", **reading))


def import_rate(path: Path, other: Path, number: int) -> None:
    with closing(open_reader(path)) as connection:
        written = "".join(jsonl.lines(choose(connection, Choice(Filters())), no_tick)).encode()
    began = time.process_time()
    with Archive.open(other, mode=Mode.WRITE, scraping=SCRAPING) as archive:
        archive.start_run("bench", {}, START + timedelta(days=1))
        with Intake(archive) as intake:
            for record in jsonl.records_in(io.BytesIO(written)):
                if not isinstance(record, Exception):
                    intake.add(record)
        archive.end_run(0, START)
    print(f"import jsonl          {number / (time.process_time() - began):10,.0f}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        keep_all(path, number)
        print(f"{number:,} articles of 600 words, their pages of 60 kB")
        export_rates(path, number)
        print(f"verify                {rate(number, lambda: verify(path)):10,.0f}")
        import_rate(path, Path(folder) / "other.db", number)


if __name__ == "__main__":
    main()
