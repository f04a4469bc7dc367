"""Pages that stand in an article's place: F35, through the whole crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.verify import verify
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers.raw import Reply, Server, answer

ARTICLE = "/thoi-su/cau-moi-thong-xe-sau-ba-nam-100001.html"
TITLE = "Cầu mới thông xe sau ba năm thi công"
STORY = "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh.</p>"
BEGAN_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def page(body: str, head: str = f"<title>{TITLE}</title>", status: str = "200 OK", **headers: str) -> bytes:
    return answer(f"<html lang=vi><head>{head}</head><body>{body}</body></html>".encode(), status, **headers)


def standing_at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


CHALLENGE = "<script>window._cf_chl_opt={}</script><script src=/cdn-cgi/challenge-platform/h/b></script>"
PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
IN_ITS_PLACE = {
    "a challenge with 200": (page(CHALLENGE, "<title>Just a moment...</title>"), "blocked"),
    "a challenge with 403": (page(CHALLENGE, "<title>Just a moment...</title>", "403 Forbidden"), "blocked"),
    "a challenge with 503": (
        page(CHALLENGE, "<title>Just a moment...</title>", "503 Busy", Cf_Mitigated="challenge", Retry_After="0"),
        "blocked",
    ),
    "a captcha": (page("<script src=https://geo.captcha-delivery.com/c.js></script>"), "blocked"),
    "a paywall": (page(f"<article><h1>{TITLE}</h1>{STORY}", PAID), "paywall"),
    "an empty shell": (page('<div id="root"></div><script src=a.js></script>', "<title>Báo</title>"), "blocked"),
    "a wall of consent": (page(f"<article><h1>{TITLE}</h1><p>Hãy đồng ý để đọc tiếp bài này."), "much_shorter"),
    "a soft 404": (page("<h1>Không tìm thấy trang</h1>", "<title>404</title>"), "soft_not_found"),
}


def test_f35_what_stands_in_an_articles_place_is_a_failure_and_the_good_version_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    good = page(f"<article><h1>{TITLE}</h1>{STORY * 9}")
    replies: dict[str, Reply | list[Reply]] = {}

    async def scene() -> None:
        async with Server(replies) as server:
            with open_archive(path) as archive:
                for number, reply in enumerate([good, *(sent for sent, _ in IN_ITS_PLACE.values())]):
                    replies[ARTICLE] = reply
                    clock = standing_at(BEGAN_AT + timedelta(days=20 * number))
                    await crawl_into(archive, f"{server.url}{ARTICLE}", clock=clock)

    asyncio.run(scene())

    codes = [code for (code,) in rows(path, "SELECT code FROM failures ORDER BY failed_at")]
    assert codes == [code for _, code in IN_ITS_PLACE.values()]
    assert rows(path, "SELECT count(*), max(length(body)) > 500 FROM versions") == [(1, 1)]
    assert rows(path, "SELECT title FROM articles_view") == [(TITLE,)]
    assert verify(path).faults == []
