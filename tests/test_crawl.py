from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from commands.newspaper import Newspaper, Response, Server, serve
from scraper.crawl import Limits, utc_now
from scraper.discover.usual import PLACES
from scraper.models import Page, Role, Task, Verdict
from scraper.reading import Reading
from scraper.rehearsal import Rehearsal
from scraper.tally import End, Event, Happening, Tally
from scraper.workers import Readers, WorkerLimits
from tests import worker_deeds
from tests.crawl_scene import crawl_into, crawl_once, open_archive, rows
from tests.servers import raw

HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture
def newspaper() -> Newspaper:
    return Newspaper()


@pytest.fixture
def server(newspaper: Newspaper) -> Iterator[Server]:
    with serve(newspaper) as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def kept_paths(path: Path) -> set[str]:
    return {urlsplit(str(url)).path for (url,) in rows(path, "SELECT url FROM urls WHERE met_as = 'fetched'")}


def asked_paths(server: Server) -> list[str]:
    return [request.target for request in server.requests]


def articles_asked(server: Server) -> list[str]:
    return [target for target in asked_paths(server) if re.search(r"-\d{6}\.html", target)]


# --- the whole way ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crawled:
    """A newspaper that was crawled from its front page to the end, and what was told of it."""

    server: Server
    path: Path
    tally: Tally
    events: list[Event]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    path = tmp_path_factory.mktemp("crawled") / "archive.db"
    events: list[Event] = []
    with serve(Newspaper()) as server, open_archive(path) as archive:
        tally = asyncio.run(crawl_into(archive, server.url("/"), report=events.append))
        yield Crawled(server, path, tally, events)


def test_a_crawl_from_the_front_page_keeps_every_article_once(crawled: Crawled) -> None:
    server = crawled.server
    kept = [str(url) for (url,) in rows(crawled.path, "SELECT url FROM articles WHERE kind = 'article'")]

    assert sorted(kept) == sorted(server.url(truth.path) for truth in server.newspaper.articles)
    assert len(articles_asked(server)) == len(set(articles_asked(server)))
    assert crawled.tally.end is End.NOTHING_DUE


def test_nothing_is_asked_before_robots_txt(crawled: Crawled) -> None:
    assert asked_paths(crawled.server)[0] == "/robots.txt"
    assert asked_paths(crawled.server).count("/robots.txt") == 1


def test_every_task_is_reported_when_it_begins_and_when_it_is_kept(crawled: Crawled) -> None:
    began = [event.task.url for event in crawled.events if event.what is Happening.STARTED and event.task]
    ended = [event.task.url for event in crawled.events if event.what is Happening.KEPT and event.task]

    assert sorted(began) == sorted(ended)
    assert len(ended) == crawled.tally.pages
    assert {event.task.role for event in crawled.events if event.task} == set(Role)


def test_a_second_run_fetches_no_article_that_is_not_new(newspaper: Newspaper, server: Server, path: Path) -> None:
    crawl_once(path, server.url("/"))
    server.forget_requests()
    fresh = newspaper.publish("Tàu cá cứu người trên biển", "Một tàu cá đưa ba người vào bờ an toàn sáng nay.")

    crawl_once(path, server.url("/"))

    assert articles_asked(server) == [fresh.path]


def test_a_listing_leads_to_its_later_pages_only_while_they_name_something_new(server: Server, path: Path) -> None:
    crawl_once(path, server.url("/thoi-su"))
    first = {target for target in asked_paths(server) if "thoi-su?p=" in target}
    server.forget_requests()

    crawl_once(path, server.url("/thoi-su"))

    assert first
    assert not [target for target in asked_paths(server) if "thoi-su?p=" in target]


def test_a_seed_that_is_an_article_brings_it_and_what_it_calls_related(
    server: Server, path: Path, newspaper: Newspaper
) -> None:
    crawl_once(path, server.url(newspaper.articles[0].path), limits=Limits(depth=0))

    assert articles_asked(server) == [newspaper.articles[0].path]


def test_a_section_as_seed_does_not_lead_to_other_sections(server: Server, path: Path) -> None:
    crawl_once(path, server.url("/y-te"), limits=Limits(depth=1))

    assert not {"/thoi-su", "/giao-duc", "/sitemap.xml"} & set(asked_paths(server))


# --- failures are outcomes --------------------------------------------------------------------------------------------


def respond(status: int, body: bytes = b"x", **headers: str) -> object:
    lines = HTML + tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda _request: Response(status, lines, body)


def test_a_failure_is_kept_by_its_class_and_the_crawl_goes_on(newspaper: Newspaper, server: Server, path: Path) -> None:
    gone, forbidden, pdf = (truth.path for truth in newspaper.articles[:3])
    server.fault(gone, respond(410))  # type: ignore[arg-type]
    server.fault(forbidden, respond(403))  # type: ignore[arg-type]
    server.fault(pdf, respond(200, b"%PDF-1.7"))  # type: ignore[arg-type]

    tally = crawl_once(path, server.url("/"))

    failures = {str(url): code for url, code in rows(path, "SELECT url, code FROM failures")}
    assert failures[server.url(gone)] == "not_found"
    assert failures[server.url(forbidden)] == "blocked"
    assert failures[server.url(pdf)] == "not_html"
    assert not {gone, forbidden, pdf} & kept_paths(path)
    assert tally.errors["blocked"] == 1
    assert len(kept_paths(path)) >= len(newspaper.articles) - 3


class Broken:
    """Readers with a bug."""

    async def read(self, task: Task, page: Page) -> Reading:
        raise ZeroDivisionError(task.url, page.url)


def test_a_bug_ends_the_run_and_is_not_taken_for_a_failure(server: Server, path: Path) -> None:
    async def scene() -> None:
        with open_archive(path) as archive:
            await crawl_into(archive, server.url("/"), readers=Broken())

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scene())
    assert rows(path, "SELECT count(*) FROM failures") == [(0,)]


def test_f67_a_page_that_kills_its_reader_is_kept_and_the_crawl_goes_on(
    newspaper: Newspaper, server: Server, path: Path
) -> None:
    bomb, crash = (truth.path for truth in newspaper.articles[:2])
    fonts = b"".join(b"<p><font size=%d>" % n for n in range(3_500))
    server.fault(bomb, respond(200, fonts))  # type: ignore[arg-type]
    server.fault(crash, respond(200, b"<html>crash"))  # type: ignore[arg-type]

    async def scene() -> Tally:
        limits = WorkerLimits(memory_bytes=600 << 20)
        with open_archive(path) as archive:
            async with Readers(read_page=worker_deeds.crash_on_request, limits=limits) as readers:
                return await crawl_into(archive, server.url("/"), readers=readers)

    tally = asyncio.run(scene())

    kept = "SELECT failures.code, snapshots.length FROM failures JOIN captures ON captures.id = failures.capture_id "
    bodies = rows(path, kept + "JOIN snapshots ON snapshots.id = captures.snapshot_id ORDER BY failures.code")
    assert bodies == [("parse_memory", len(fonts)), ("parser_crash", len(b"<html>crash"))]
    assert tally.verdicts[Verdict.NEW] == len(newspaper.articles) - 2


def test_a_series_of_refusals_ends_the_requests_to_the_host(path: Path) -> None:
    listing = "".join(
        f'<h3><a href="/cau-moi-{n}.html">Cầu mới thông xe sau ba năm</a></h3>' for n in range(100_100, 100_150)
    )
    replies: dict[str, raw.Reply | list[raw.Reply]] = {"/thoi-su": raw.answer(listing.encode())}
    replies |= {f"/cau-moi-{n}.html": raw.answer(b"no", "403 Forbidden") for n in range(100_100, 100_150)}
    events: list[Event] = []

    async def scene() -> tuple[Tally, int]:
        async with raw.Server(replies) as server:
            with open_archive(path) as archive:
                tally = await crawl_into(archive, f"{server.url}/thoi-su", report=events.append)
            return tally, len(server.requests)

    tally, requests = asyncio.run(scene())

    assert requests == 7
    assert tally.parked == {"127.0.0.1": "blocked"}
    assert [event.code for event in events if event.what is Happening.PARKED] == ["blocked"]


def test_f2_a_host_whose_robots_txt_fails_is_asked_for_nothing_else(path: Path) -> None:
    async def scene() -> list[str]:
        async with raw.Server({"/robots.txt": raw.answer(b"", "503 Service Unavailable")}) as server:
            with open_archive(path) as archive:
                tally = await crawl_into(archive, f"{server.url}/")
            assert set(tally.parked.values()) == {"robots_unreachable"}
            return server.targets

    assert set(asyncio.run(scene())) == {"/robots.txt"}


def test_a_host_that_still_rests_from_the_run_before_is_told_and_not_asked(path: Path) -> None:
    events: list[Event] = []

    async def scene() -> tuple[Tally, list[str]]:
        async with raw.Server({"/robots.txt": raw.answer(b"", "503 Service Unavailable")}) as server:
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/")
                before = len(server.targets)
                tally = await crawl_into(archive, f"{server.url}/", report=events.append)
            return tally, server.targets[before:]

    tally, asked = asyncio.run(scene())

    assert {*asked} <= {"/robots.txt"}
    assert tally.pages == 0
    assert tally.parked == {"127.0.0.1": "host_parked"}
    assert [event.code for event in events] == ["host_parked"]


def test_a_redirect_to_a_host_that_refuses_us_does_not_park_the_one_that_led_there(path: Path) -> None:
    page = b"".join(
        b'<h3><a href="/cau-moi-%d.html">Cau moi thong xe sau ba nam</a></h3>' % n for n in (100_101, 100_102)
    )

    async def scene() -> Tally:
        async with (
            raw.Server({"/robots.txt": raw.answer(b"", "500 No")}, host="127.0.0.2") as other,
            raw.Server({"/tin": raw.answer(page), "/cau-moi-100101.html": raw.redirect(f"{other.url}/a")}) as server,
        ):
            server.replies["/cau-moi-100102.html"] = raw.answer(b"<h1>Tin</h1>")  # type: ignore[index]
            with open_archive(path) as archive:
                return await crawl_into(archive, f"{server.url}/tin")

    tally = asyncio.run(scene())

    assert tally.parked == {}
    assert sum(tally.errors.values()) == 1
    assert kept_paths(path) == {"/cau-moi-100102.html"}


def test_a_newspaper_that_moved_for_good_is_crawled_at_its_new_address(path: Path) -> None:
    page = b"".join(
        b'<h3><a href="/cau-moi-%d.html">Cau moi thong xe sau ba nam</a></h3>' % n for n in (100_101, 100_102)
    )
    story = raw.answer(b"<h1>Tin</h1><p>Hai bo song di lai de dang hon.</p>")

    async def scene(status: str) -> list[str]:
        there: dict[str, raw.Reply | list[raw.Reply]] = {"/": raw.answer(page), "/cau-moi-100101.html": story}
        here: dict[str, raw.Reply | list[raw.Reply]] = {}
        async with raw.Server(here) as old, raw.Server(there, host="127.0.0.2", port=old.port) as new:
            here["/"] = raw.redirect(f"{new.url}/", status)
            with open_archive(path) as archive:
                await crawl_into(archive, f"{old.url}/")
            return new.targets

    assert "/cau-moi-100101.html" not in asyncio.run(scene("302 Found"))
    assert "/cau-moi-100101.html" in asyncio.run(scene("301 Moved Permanently"))


def test_f36_a_meta_refresh_is_one_more_link(path: Path) -> None:
    refresh = b'<meta http-equiv="refresh" content="0; url=/cau-moi-100102.html">'
    loop = b'<meta http-equiv=refresh content="0;url=/cau-moi-100101.html">'
    away = b'<meta http-equiv="refresh" content="0; url=http://169.254.169.254/latest">'

    async def scene() -> list[str]:
        pages = {"/cau-moi-100101.html": raw.answer(refresh), "/cau-moi-100102.html": raw.answer(loop)}
        async with raw.Server(pages | {"/cau-moi-100103.html": raw.answer(away)}) as server:
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/cau-moi-100101.html", f"{server.url}/cau-moi-100103.html")
            return server.targets

    assert sorted(asyncio.run(scene())) == [
        "/cau-moi-100101.html",
        "/cau-moi-100102.html",
        "/cau-moi-100103.html",
        "/robots.txt",
    ]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_max_pages_is_never_exceeded(server: Server, path: Path) -> None:
    tally = crawl_once(path, server.url("/"), limits=Limits(max_pages=7))

    assert tally.pages == 7
    assert len(server.requests) == 8  # and robots.txt
    assert tally.end is End.MAX_PAGES


def test_max_seconds_begins_no_page_after(server: Server, path: Path) -> None:
    tally = crawl_once(path, server.url("/"), limits=Limits(max_seconds=0.5), delay_seconds=0.2)

    assert tally.end is End.MAX_SECONDS
    assert 1 <= tally.pages <= 4
    assert tally.seconds < 2.0


def test_max_bytes_begins_no_page_after(server: Server, path: Path) -> None:
    tally = crawl_once(path, server.url("/"), limits=Limits(max_bytes=20_000))

    assert tally.end is End.MAX_BYTES
    assert 20_000 <= tally.body_bytes < 60_000


def test_depth_bounds_the_links_followed(server: Server, path: Path) -> None:
    crawl_once(path, server.url("/"), limits=Limits(depth=1))

    assert "/thoi-su" in asked_paths(server)
    assert not [target for target in asked_paths(server) if "?p=" in target and target.startswith("/thoi-su?p=9")]


def test_what_a_limit_left_over_is_fetched_by_the_next_run(newspaper: Newspaper, server: Server, path: Path) -> None:
    crawl_once(path, server.url("/"), limits=Limits(max_pages=25))
    crawl_once(path, server.url("/"))

    assert {truth.path for truth in newspaper.articles} <= kept_paths(path)
    assert len(articles_asked(server)) == len(set(articles_asked(server)))


def test_f37_a_site_without_end_ends_by_depth_and_by_rule(path: Path) -> None:
    def endless(request: raw.Request) -> bytes:
        n = len(request.target)
        links = [
            f"{request.target.rstrip('/')}/x{n}",
            f"/lich?year={2000 + n}",
            f"{request.target}?sid={n}",
            "/a/a/a/a",
        ]
        anchors = "".join(
            f'<h3><a href="{link}-{100_000 + n}.html">Cầu mới thông xe sau ba năm</a></h3>' for link in links
        )
        return raw.answer(anchors.encode())

    class Endless(dict[str, raw.Reply | list[raw.Reply]]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            return default if key == "/robots.txt" else endless

        def __contains__(self, key: object) -> bool:
            return key != "/robots.txt"

        def __missing__(self, _key: str) -> raw.Reply:
            return endless

    async def scene() -> tuple[Tally, int]:
        async with raw.Server(Endless()) as server:
            with open_archive(path) as archive:
                tally = await crawl_into(archive, f"{server.url}/", limits=Limits(max_pages=500, depth=8))
            return tally, len(server.requests)

    tally, requests = asyncio.run(scene())

    assert tally.end is End.NOTHING_DUE
    assert requests < 200


def index_of(*locations: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return raw.answer(f"<sitemapindex>{entries}</sitemapindex>".encode(), Content_Type="application/xml")


def urls_of(*locations: str) -> bytes:
    entries = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return raw.answer(f"<urlset>{entries}</urlset>".encode(), Content_Type="application/xml")


def test_f70_sitemaps_that_go_round_or_too_deep_or_lead_away_are_bounded(path: Path) -> None:
    async def scene() -> list[str]:
        replies: dict[str, raw.Reply | list[raw.Reply]] = {"/": raw.answer(b"<p>Trang nhat</p>")}
        async with raw.Server(replies) as server:
            replies["/robots.txt"] = raw.answer(
                f"Sitemap: {server.url}/0.xml\nSitemap: http://127.0.0.3/x.xml".encode()
            )
            for n in range(10):
                replies[f"/{n}.xml"] = index_of(
                    f"{server.url}/{n}.xml", f"{server.url}/0.xml", f"{server.url}/{n + 1}.xml"
                )
            away = "http://169.254.169.254/cau-moi-100101.html"
            replies["/1.xml"] = [index_of(f"{server.url}/2.xml", f"{server.url}/urls.xml")]
            replies["/urls.xml"] = urls_of(away, f"{server.url}/cau-moi-100102.html")
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/")
            return server.targets

    targets = asyncio.run(scene())

    assert sorted(set(targets) - {*PLACES[Role.FEED]}) == sorted(
        ["/", "/robots.txt", "/0.xml", "/1.xml", "/2.xml", "/3.xml", "/urls.xml", "/cau-moi-100102.html"]
    )
    assert rows(path, "SELECT count(*) FROM frontier WHERE host <> '127.0.0.1'") == [(0,)]


def test_a_small_budget_brings_articles_and_not_listings_alone(path: Path) -> None:
    def page(request: raw.Request) -> bytes:
        name, _, number = request.target.strip("/").partition("?p=")
        ids = range(100_000 + 50 * int(number or 1), 100_050 + 50 * int(number or 1))
        sections = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in "abcdefghij") if not name else ""
        stories = "".join(f'<h3><a href="/cau-moi-{name}-{n}.html">Cầu mới thông xe sau ba năm</a></h3>' for n in ids)
        following = f'<a rel=next href="/{name}?p={int(number or 1) + 1}">2</a>' if name else ""
        return raw.answer((sections + stories + following).encode())

    async def scene() -> list[str]:
        replies: dict[str, raw.Reply | list[raw.Reply]] = {"/": page}
        replies |= {f"/muc-{n}": page for n in "abcdefghij"}
        replies |= {f"/muc-{n}?p={k}": page for n in "abcdefghij" for k in range(2, 9)}
        async with raw.Server(replies) as server:
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/", limits=Limits(max_pages=20))
            return server.targets

    targets = asyncio.run(scene())

    assert sum("cau-moi" in target for target in targets) >= 8


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_f40_a_stop_finishes_what_is_in_hand_and_leaves_the_rest_for_later(
    newspaper: Newspaper, server: Server, path: Path
) -> None:
    async def scene() -> Tally:
        stop = asyncio.Event()
        seen: list[Event] = []

        def after_ten(event: Event) -> None:
            seen.append(event)
            if len(seen) == 10:
                stop.set()

        with open_archive(path) as archive:
            return await crawl_into(archive, server.url("/"), report=after_ten, stop=stop)

    tally = asyncio.run(scene())

    assert tally.end is End.STOPPED
    assert 3 <= tally.pages <= 7
    crawl_once(path, server.url("/"))
    assert {truth.path for truth in newspaper.articles} <= kept_paths(path)


def test_f40_what_is_in_hand_when_the_grace_is_over_is_given_up_and_stays_due(path: Path) -> None:
    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async def scene() -> Tally:
        async with raw.Server({"/tin": hang}) as server:
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(0.3, stop.set)
            with open_archive(path) as archive:
                return await crawl_into(archive, f"{server.url}/tin", limits=Limits(grace_seconds=0.2), stop=stop)

    tally = asyncio.run(scene())

    assert tally.end is End.STOPPED
    assert tally.seconds < 3.0
    assert rows(path, "SELECT state FROM frontier") == [("pending",)]
    assert rows(path, "SELECT count(*) FROM failures") == [(0,)]


# --- many hosts -------------------------------------------------------------------------------------------------------


def test_many_hosts_are_crawled_at_once_and_each_at_its_own_pace(path: Path) -> None:
    pages: dict[str, raw.Reply | list[raw.Reply]] = {
        f"/cau-moi-{n}.html": raw.answer(b"<h1>Cau moi</h1>" + b"<p>Hai bo song di lai de dang.</p>" * 9)
        for n in range(100_101, 100_104)
    }
    links = "".join(f'<h3><a href="{target}">Cầu mới thông xe sau ba năm</a></h3>' for target in pages)

    async def scene() -> tuple[Tally, list[raw.Server]]:
        servers = [raw.Server({"/tin": raw.answer(links.encode())} | pages, host=f"127.0.0.{n}") for n in range(2, 12)]
        for server in servers:
            await server.__aenter__()
        try:
            with open_archive(path) as archive:
                tally = await crawl_into(archive, *(f"{s.url}/tin" for s in servers), delay_seconds=0.2)
        finally:
            for server in servers:
                await server.__aexit__(None, None, None)
        return tally, servers

    tally, servers = asyncio.run(scene())

    assert tally.pages == 40
    assert len(tally.hosts) == 10
    starts = [[request.at for request in server.requests] for server in servers]
    assert sum(each[-1] - each[0] for each in starts) > 3 * tally.seconds  # some hosts at work at any time
    for each in starts:
        assert min(later - earlier for earlier, later in pairwise(each)) >= 0.1  # tests/net/test_pace.py has the clock


# --- simulation -------------------------------------------------------------------------------------------------------


def test_a_simulated_crawl_names_the_articles_and_keeps_nothing(
    newspaper: Newspaper, server: Server, path: Path
) -> None:
    async def scene() -> Rehearsal:
        with open_archive(path) as archive:
            rehearsal = Rehearsal(archive.frontier)
            await crawl_into(archive, server.url("/"), rehearsal=rehearsal)
            return rehearsal

    planned = asyncio.run(scene()).planned

    assert {server.url(truth.path) for truth in newspaper.articles} <= set(planned)
    assert articles_asked(server) == []
    assert rows(path, "SELECT count(*) FROM frontier") == [(0,)]


# --- revisits ---------------------------------------------------------------------------------------------------------


def test_a_revisit_of_an_unchanged_article_is_a_304_and_the_same(
    server: Server, path: Path, newspaper: Newspaper
) -> None:
    url = server.url(newspaper.articles[0].path)
    crawl_once(path, url, limits=Limits(depth=0))

    async def later() -> Tally:
        with open_archive(path) as archive:
            return await crawl_into(archive, url, limits=Limits(depth=0), clock=lambda: utc_now() + timedelta(hours=2))

    tally = asyncio.run(later())

    assert tally.verdicts == {Verdict.SAME: 1}
    assert server.requests[-1].header("If-None-Match")
