"""Articles seen again: edits behind validators that lie, and articles that go and come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.tally import Tally
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers import raw

ARTICLE = "/thoi-su/cau-moi-thong-xe-sau-ba-nam-100001.html"
LISTING = raw.answer(f"<h3><a href='{ARTICLE}'>Cầu mới thông xe sau ba năm chờ đợi</a></h3>".encode())
STORY = "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh.</p>" * 6
BEGAN_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)

Reply = Callable[[raw.Request], bytes]


def article(text: str, **headers: str) -> bytes:
    return raw.answer(f"<article><h1>Cầu mới thông xe</h1>{STORY}<p>{text}</p></article>".encode(), **headers)


def crawls(path: Path, reply: Reply, hours: Sequence[int]) -> list[Tally]:
    """Crawl a section with one article so many hours after the beginning each; return what happened."""

    async def scene() -> list[Tally]:
        async with raw.Server({"/thoi-su": LISTING, ARTICLE: reply}) as server:
            with open_archive(path) as archive:
                return [
                    await crawl_into(archive, f"{server.url}/thoi-su", clock=_clock(BEGAN_AT + timedelta(hours=hour)))
                    for hour in hours
                ]

    return asyncio.run(scene())


def _clock(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def test_an_edit_behind_an_etag_that_never_changes_is_noticed_by_the_visit_after_next(tmp_path: Path) -> None:
    asked: list[bool] = []
    edits = {4: "Sửa lần một.", 6: "Sửa lần hai."}  # from this visit on

    def reply(request: raw.Request) -> bytes:
        is_conditional = request.header("If-None-Match") is not None
        asked.append(is_conditional)
        text = edits[max((at for at in edits if at <= len(asked)), default=4)] if len(asked) >= 4 else "Như cũ."
        if is_conditional:
            return raw.answer(b"", "304 Not Modified", ETag='"1"')
        return article(text, ETag='"1"')

    path = tmp_path / "archive.db"
    hours = [0, 1, 7, 31, 103, 271, 272]  # as the schedule has it: 1, 6, 24, 72, 168 hours on
    tallies = crawls(path, reply, hours)

    assert asked == [False, True, True, False, False, False, False]
    assert [tally.articles for tally in tallies] == [1, 0, 0, 1, 0, 1, 0]
    texts = rows(path, "SELECT body FROM versions ORDER BY number")
    assert [str(body).rsplit("\n", 1)[-1] for (body,) in texts] == ["Như cũ.", "Sửa lần một.", "Sửa lần hai."]
    assert rows(path, "SELECT host, lies FROM host_revisits") == [("127.0.0.1", 2)]


def test_of_an_honest_server_every_second_visit_of_an_old_article_is_conditional(tmp_path: Path) -> None:
    asked: list[str] = []
    marks = {"ETag": '"1"', "Last_Modified": "Sun, 01 Mar 2026 08:00:00 GMT"}

    def reply(request: raw.Request) -> bytes:
        asked.append(" ".join(name for name in ("If-None-Match", "If-Modified-Since") if request.header(name)))
        return raw.answer(b"", "304 Not Modified", **marks) if asked[-1] else article("Như cũ.", **marks)

    path = tmp_path / "archive.db"
    crawls(path, reply, [0, 1, 7, 31, 103, 271, 991, 5311])

    both = "If-None-Match If-Modified-Since"
    assert asked == ["", both, both, "", both, "", both, ""]
    assert rows(path, "SELECT sum(lies) FROM host_revisits") == [(0,)]


def test_an_article_gone_for_days_and_back_is_removed_once_and_restored_once(tmp_path: Path) -> None:
    visits: list[int] = []

    def reply(_request: raw.Request) -> bytes:
        visits.append(len(visits))
        return raw.NOT_FOUND if 1 <= visits[-1] <= 6 else article("Như cũ.")

    path = tmp_path / "archive.db"
    crawls(path, reply, [0, 2, *(24 * day + 3 for day in range(1, 20))])

    assert rows(path, "SELECT kind FROM events ORDER BY id") == [("missing",), ("removed",), ("restored",)]
    assert rows(path, "SELECT state FROM articles WHERE kind = 'article'") == [("live",)]
    assert rows(path, "SELECT count(*) FROM versions JOIN articles USING (id)") == [(1,)]
