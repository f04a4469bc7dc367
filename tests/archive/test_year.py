"""A year of an article in a minute: the real loop and gate, a newspaper on loopback, the clock passed in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import history
from archive.connect import open_reader
from archive.content import from_utc_text, unpacked_links
from archive.prune import prune, scrub
from archive.queries import Filters
from archive.rereading import Rewriting, choose, reread
from archive.scraping import Scraping
from archive.store import Archive
from archive.verify import Scope as Checked
from archive.verify import verify
from commands.newspaper import Newspaper, Request, Response, Server, Story, serve
from commands.newspaper.answers import answer
from scraper.crawl import Limits
from scraper.discover.scope import Scope
from scraper.models import Article, Page, Role, Task
from scraper.reader import parse
from scraper.reading import Reading, read_page
from scraper.seeds import Seed
from scraper.tally import Tally
from scraper.urls import alias_key
from tests.archive.kit import open_archive, rows, value
from tests.crawl_scene import crawl_into

SLUG = "lap-den-tin-hieu-nga-tu-le-duan-tran-phu"
NAMING_IT = ("thong-xe-cau-song-mat-moi", "mo-rong-duong-le-duan-qua-trung-tam-thanh-pho")
ELSEWHERE = "hat-ba-trao-co-lop-truyen-nghe"
REVISITS = 8
BEGIN = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)
ADDED = "<p>Đơn vị thi công hứa hoàn thành trước rằm tháng bảy, không khấtlần.</p>"


@dataclass(slots=True)
class Reader:
    """A reader and its rules, each of which may be of a later kind; it reads in this process."""

    version: str = "1"
    rules: str = ""

    def of(self, article: Article) -> Article:
        """Return what this reader makes of a page: a later one finds more, and later rules find something else."""
        section = f"{article.section} của reader {self.version}" if self.version > "1" else article.section
        return replace(article, section=section, source_name=self.rules or article.source_name)

    def reread(self, page: Page) -> Article:
        return self.of(parse(page.body, page.url, headers=page.headers, fetched_at=page.fetched_at))

    async def read(self, task: Task, page: Page) -> Reading:
        reading = read_page(page, task)
        return replace(reading, article=self.of(reading.article)) if reading.article else reading

    @property
    def scraping(self) -> Scraping:
        return Scraping(alias_key, self.version, lambda _url: self.rules, self.reread)


@dataclass(slots=True)
class Year:
    """The newspaper, the archive, and what time it is."""

    path: Path
    server: Server
    now: datetime = BEGIN
    reader: Reader = field(default_factory=Reader)

    @property
    def url(self) -> str:
        return self.server.url(self.server.newspaper.article(SLUG).path)

    def crawl(self, *paths: str) -> Tally:
        """Crawl the front page, what is due, and what is named."""
        tasks = [Task(self.server.url(path), Role.ARTICLE, "bengio") for path in paths]
        tasks.append(Task(self.server.url("/"), Role.LISTING, "bengio"))
        seed = Seed("bengio", tuple(tasks), Scope(frozenset({"127.0.0.1"})))
        with open_archive(self.path, self.reader.scraping) as archive:
            archive.start_run("crawl", {}, self.now)
            going = crawl_into(archive, seed, limits=Limits(depth=0), readers=self.reader, clock=lambda: self.now)
            tally = asyncio.run(going)
            archive.end_run(0, self.now)
        return tally

    def answer_whole(self, request: Request) -> Response:
        """Answer as a newspaper without 304 that shows the time on each page, so that no answer is like another."""
        return answer(self.server.newspaper.edition(self.server.base_url), request.target)

    def sleep_until_due(self, url: str) -> None:
        """Let the time go by until the article is due again."""
        due_at = from_utc_text(value(self.path, "SELECT due_at FROM frontier WHERE url = ?", url))
        self.now = max(due_at, self.now) + timedelta(seconds=1)

    def reparse(self) -> None:
        with self.archive() as archive, Rewriting(archive, lambda: self.now) as rewriting:
            chosen = choose(archive.connection, archive.scraping, filters=Filters(), is_stale=True)
            reread(archive.connection, chosen, lambda pages: map(self.reader.reread, pages), keep=rewriting.keep)

    def prune(self, article_id: int) -> None:
        with self.archive() as archive:
            archive.start_run("prune", {}, self.now)
            prune(archive, [article_id], self.now)
            scrub(archive)
            archive.end_run(0, self.now)

    def archive(self) -> Archive:
        return open_archive(self.path, self.reader.scraping)

    def log(self, article_id: int) -> list[history.Happening]:
        with closing(open_reader(self.path)) as connection:
            return history.log(connection, article_id)


@pytest.fixture
def year(path: Path) -> Iterator[Year]:
    with serve(Newspaper()) as server:
        made = Year(path, server)
        server.newspaper.clock = lambda: made.now
        yield made


def words_of_its_own(newspaper: Newspaper, slug: str) -> set[bytes]:
    """Return the words that stand in one article and in no other, long enough not to be met by chance."""
    texts = {truth.slug: " ".join((truth.title, *truth.paragraphs)) for truth in newspaper.articles}
    words = {each: set(re.findall(r"\w{3,}", text)) for each, text in texts.items()}
    others = set().union(*(found for each, found in words.items() if each != slug))
    return {word.encode() for word in words[slug] - others if len(word.encode()) >= 6}


def live_through(year: Year) -> tuple[int, Story]:
    """Let a year go by: eight revisits, an edit, a better reader, other rules, a takedown.

    Return the article's id, and the story that is not there any more.
    """
    newspaper, url = year.server.newspaper, year.url
    paths = [newspaper.article(slug).path for slug in (SLUG, *NAMING_IT, ELSEWHERE)]
    year.crawl(*paths)
    newspaper.edit(SLUG, append=ADDED, at=year.now + timedelta(minutes=10))
    for number in range(1, REVISITS + 1):
        year.sleep_until_due(url)
        if number == 4:
            year.server.fault("*", year.answer_whole)
            year.reader = replace(year.reader, version="2")
        if number == 6:
            year.reader = replace(year.reader, rules="rules of later")
            year.reparse()
        year.crawl()
    story = newspaper.remove(SLUG)
    for _ in range(3):
        year.sleep_until_due(url)
        year.crawl()
    return int(value(year.path, "SELECT article_id FROM urls WHERE url = ?", url)), story


def test_a_year_of_an_article_is_the_newspaper_s_and_of_an_erased_one_no_word_is_left(year: Year) -> None:
    newspaper, url = year.server.newspaper, year.url
    own = words_of_its_own(newspaper, SLUG)
    article_id, story = live_through(year)
    visits = rows(year.path, "SELECT status, outcome FROM captures WHERE url = ? AND outcome <> 'not_found'", url)

    assert visits == [
        (200, "new"), (200, "changed"), (304, "same"), (304, "same"), (200, "re-read"), (200, "same"), (200, "same"),
        (200, "same"), (200, "same"),
    ]  # fmt: skip
    assert year.now - BEGIN > timedelta(days=365)
    assert [(each["kind"], each["is_ours"], tuple(each["fields"])) for each in year.log(article_id)] == [
        ("created", False, ()),
        ("edited", False, ("body",)),
        ("re-read", True, ("section",)),
        ("re-read", True, ("source_name",)),
        ("missing", False, ()),
        ("removed", False, ()),
    ]
    for slug in (*NAMING_IT, ELSEWHERE):
        other = value(year.path, "SELECT article_id FROM urls WHERE url LIKE ?", f"%{newspaper.article(slug).path}")
        assert [each["kind"] for each in year.log(other) if not each["is_ours"]] == ["created"]

    root = verify(year.path).root
    assert any(word in year.path.read_bytes() for word in own)

    year.prune(article_id)

    left = {word.decode() for file in year.path.parent.glob("archive.db*") for word in own if word in file.read_bytes()}
    assert left == set()
    with closing(open_reader(year.path)) as connection:
        packed = connection.execute("SELECT other_links FROM versions").fetchall()
    assert url not in {link["url"] for (links,) in packed for link in unpacked_links(links)}
    assert verify(year.path, Checked(against=root)).faults == []
    newspaper.restore(story)
    year.now += timedelta(days=200)
    year.crawl(newspaper.article(SLUG).path)
    assert value(year.path, "SELECT count(*) FROM articles") == 3
