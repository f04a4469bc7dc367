"""luubao demo: the main job from end to end, on a small newspaper of our own that is served on this machine."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from archive.connect import errors_of, open_reader
from archive.search import count, search
from commands import output
from commands.articles import minute
from commands.crawl_options import CrawlOptions
from commands.exits import UsageProblem
from commands.joining import Clock, run_crawl
from commands.newspaper import Newspaper, Server, serve
from commands.newspaper.paper import NAME
from commands.output import Part, Style
from commands.records import Record
from commands.registry import command_app
from commands.signals import StopSignals
from scraper.crawl import utc_now
from scraper.models import Role, Verdict
from scraper.tally import Event

EDITED = "mo-rong-duong-le-duan-qua-trung-tam-thanh-pho"
EDITED_TITLE = "Mở rộng đường Lê Duẩn qua trung tâm thành phố Bến Gió: 141 hộ đã nhận tiền đền bù"
REMOVED = "lap-den-tin-hieu-nga-tu-le-duan-tran-phu"
WORDS = "duong le duan"
SHOWN = 5
BETWEEN = timedelta(hours=2)
OPTIONS = CrawlOptions(delay_seconds=0.0, allow_private=True)
INDENT = "   "
MINUTE_CELLS = len("2025-06-17 15:25 ")

app = command_app()


@app.command()
def demo(
    *,
    archive: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the archive in this file, which is not there yet. [default: none]"),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the archive, in a new temporary folder.")] = False,
) -> None:
    """Crawl a small newspaper on this machine, and see what luubao does.

    Without --archive or --keep nothing is left behind.
    """
    with _place(archive, is_kept=keep) as path:
        run_demo(path, is_kept=keep or archive is not None)


def run_demo(path: Path, *, is_kept: bool, clock: Clock = utc_now) -> None:
    """Crawl the newspaper into a new archive, let it change, crawl again, search; print each step."""
    with serve(Newspaper()) as server:
        _introduce(server)
        _crawl(path, server, lambda: clock() - BETWEEN)  # the past: what is of the future looks like a wrong clock
        _change(server.newspaper)
        _crawl(path, server, clock)
    articles = _search(path)
    _suggest(path if is_kept else None, articles)


@contextmanager
def _place(archive: Path | None, *, is_kept: bool) -> Iterator[Path]:
    if archive is not None:
        if archive.exists():
            raise UsageProblem(f"{archive} is there already; the demo makes a new archive: name another file")
        yield archive
    elif is_kept:
        yield Path(tempfile.mkdtemp(prefix="luubao-demo-")) / "demo.db"
    else:
        with tempfile.TemporaryDirectory(prefix="luubao-demo-") as folder:
            yield Path(folder) / "demo.db"


def _introduce(server: Server) -> None:
    newspaper = server.newspaper
    _step(f"A newspaper opens: {NAME}")
    _tell(f"It has {len(newspaper.articles)} articles in {len(newspaper.sections)} sections, at {server.url('/')}")
    _tell("All its texts are our own. It runs on this machine, and nothing leaves it.")
    _tell("So it is asked without a pause; other newspapers are asked once in 2 seconds, or as seldom as they wish.")


def _crawl(path: Path, server: Server, clock: Clock) -> None:
    server.forget_requests()
    events: list[Event] = []
    _step(f"luubao crawl {server.url('/')} --allow-private --delay 0")
    signals = StopSignals()
    tally = run_crawl(path, [server.url("/")], options=OPTIONS, clock=clock, report=events.append, signals=signals)
    if signals.exit_code:
        raise typer.Exit(signals.exit_code)
    _tell(f"{_counted(events)}. {len(server.requests)} requests, {tally.seconds:.1f} s.")
    for event in events:
        if event.task and event.verdict is Verdict.CHANGED:
            _tell(f"changed: {event.title or event.task.url}")
        if event.task and event.verdict is Verdict.FAILED:
            _tell(f"missing: {urlsplit(event.task.url).path}")


def _counted(events: list[Event]) -> str:
    """Count articles, each once however often it was met."""
    articles = [event for event in events if event.task and event.task.role is Role.ARTICLE]
    urls = {v: {event.task.url for event in articles if event.task and event.verdict is v} for v in Verdict}
    counts = (
        f"{len(urls[Verdict.NEW])} new articles",
        f"{len(urls[Verdict.CHANGED])} changed",
        f"{len(urls[Verdict.SAME] - urls[Verdict.CHANGED] - urls[Verdict.NEW])} as kept before",
        f"{len(urls[Verdict.FAILED])} missing",
    )
    return ", ".join(counts)


def _change(newspaper: Newspaper) -> None:
    before = newspaper.article(EDITED)
    newspaper.edit(EDITED, title=EDITED_TITLE)
    removed = newspaper.remove(REMOVED)
    _step("Two hours later the newspaper has changed a headline, and taken an article down")
    _tell(f"was: {before.title}")
    _tell(f"is now: {EDITED_TITLE}")
    _tell(f"is gone: {removed.title}")


def _search(path: Path) -> list[Record]:
    """Search, print what was found, and return the first articles of it."""
    _step(f"luubao search {WORDS}")
    with closing(open_reader(path)) as connection, errors_of(path):
        hits = search(connection, WORDS, limit=SHOWN)
        found = count(connection, WORDS)
    for hit in hits:
        _tell(f"{minute(hit.article)} {hit.article['title']}", hanging=INDENT + " " * MINUTE_CELLS)
    _tell(f"{found} articles have the words, found without their accents: đường Lê Duẩn.")
    _tell("What the newspaper took down is still among what you keep.")
    return [hit.article for hit in hits]


def _suggest(path: Path | None, articles: list[Record]) -> None:
    """Tell what to try next; `path` is the archive where it stays."""
    _step("Try next")
    if path is None:
        _command("luubao demo --keep", "the same, and the archive stays for you to look into")
    else:
        file = shlex.quote(str(path))
        output.line(INDENT, f"The archive is {path}")
        _command(f"luubao search --archive {file} '\"cảng cá\" -bão'", "a phrase, and a word that must not stand there")
        for article in articles[:1]:
            _command(f"luubao show {article['id']} --archive {file}", "read an article")
        _command(f"luubao stats --archive {file}", "what is kept")
    _command("luubao crawl https://a-newspaper.example/ --max-pages 50", "keep a newspaper of your own")
    _command("luubao --help", "everything else")


def _step(text: str) -> None:
    output.line()
    output.line(Part(text, Style.HEADING))


def _tell(text: str, *, hanging: str = INDENT * 2) -> None:
    output.paragraph(text, indent=INDENT, hanging=hanging)


def _command(command: str, purpose: str) -> None:
    output.line(INDENT, Part(command, Style.BOLD))
    output.line(INDENT * 2, Part(purpose, Style.DIM))
