"""In a real browser a kept page runs nothing, loads nothing, connects to nobody and leads nowhere. F79."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame

from tests.archive.web.chromium import StandIn, browsing, launched
from tests.archive.web.hostile_page import PLAIN_TEXT, hostile, keep_pages
from tests.archive.web.served import Served, serving

pytestmark = pytest.mark.browser

EVIL = "evil.example"
STOPPED = frozenset({"csp", "origin"})  # why the browser kept a request to itself
WAIT_MS = 1200  # a refresh, a preconnect, an idle prefetch would have come by then


@pytest.fixture
def elsewhere() -> Iterator[StandIn]:
    stand_in = StandIn(hostile(f"http://{EVIL}"))
    yield stand_in
    stand_in.close()


@pytest.fixture
def kept(tmp_path: Path, elsewhere: StandIn) -> Iterator[Served]:
    path = tmp_path / "archive.db"
    page = hostile(f"http://{EVIL}", f"https://{EVIL}", f"http://127.0.0.1:{elsewhere.port}")
    keep_pages(path, (page.encode(), "text/html; charset=utf-8"), (b"<!doctype html><p>Hai</p>", "text/html"))
    with serving(path) as served:
        yield served


def logged(log: Path, port: int) -> list[str]:
    """Return what the browser's own log says of the page's hosts: requests, look-ups, connections."""
    written = json.loads(log.read_text())
    kinds = {number: name for name, number in written["constants"]["logEventTypes"].items()}
    told = ((kinds[event["type"]], json.dumps(event.get("params", {}))) for event in written["events"])
    return [f"{kind}: {params}" for kind, params in told if EVIL in params or f"127.0.0.1:{port}" in params]


def requests_of(browser: BrowserContext) -> list[str]:
    """Return a list to which each request is added that is not stopped before it leaves."""
    left: list[str] = []
    browser.on("requestfinished", lambda request: left.append(request.url))
    browser.on("requestfailed", lambda request: None if request.failure in STOPPED else left.append(request.url))
    return left


def assert_inert(frame: Frame) -> None:
    """Check that the page is shown, with its own style, and did nothing."""
    paragraph = frame.locator("p").first
    assert paragraph.text_content() == PLAIN_TEXT
    assert paragraph.evaluate("node => getComputedStyle(node).color") == "rgb(1, 2, 3)"
    assert frame.title() == "Bến cá"


def test_f79_a_kept_page_runs_no_script_makes_no_request_and_leads_nowhere(
    kept: Served, elsewhere: StandIn, tmp_path: Path
) -> None:
    log = tmp_path / "net.json"

    with browsing(tmp_path / "profile", elsewhere=elsewhere.port, log=log) as browser:
        asked = requests_of(browser)
        browser.add_cookies([{"name": "a", "value": "b", "domain": "127.0.0.1", "path": "/"}])
        page = browser.new_page()
        with page.expect_request(f"{kept.replay_origin}/capture/1") as request:
            page.goto(f"{kept.origin}/replay/1")
        assert not {"cookie", "referer"} & set(request.value.all_headers())
        page.wait_for_timeout(WAIT_MS)
        around, frame = page.frames[0], page.frames[1]
        assert_inert(frame)
        for name in ("#link", "#away", "#top", "#form button"):
            frame.locator(name).first.click(force=True, no_wait_after=True)
        page.wait_for_timeout(WAIT_MS)
        assert (around.url, frame.url) == (f"{kept.origin}/replay/1", f"{kept.replay_origin}/capture/1")
        assert around.title() == "Kept page: Bài 1 – luubao"
        page.goto(f"{kept.replay_origin}/capture/1")
        page.wait_for_timeout(WAIT_MS)
        assert_inert(page.main_frame)
        assert page.url == f"{kept.replay_origin}/capture/1"
        assert len(browser.pages) == 2

    assert elsewhere.hits == []
    assert sorted({url for url in asked if not url.startswith("data:")}) == sorted(
        [f"{kept.origin}/replay/1", f"{kept.origin}/static/luubao.css", f"{kept.replay_origin}/capture/1"]
    )
    assert logged(log, elsewhere.port) == []


def test_a_kept_page_without_a_link_is_reached_and_read_by_keys(tmp_path: Path) -> None:
    keep_pages(tmp_path / "archive.db", (b"<!doctype html>" + b"<p>Hai</p>" * 300, "text/html"))

    with serving(tmp_path / "archive.db") as served, launched() as browser:
        page = browser.new_page()
        page.goto(f"{served.origin}/replay/1")
        focused = page.locator("a:focus")
        while focused.count() == 0 or "page alone" not in focused.inner_text():
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served.replay_origin}/capture/1")
        before = page.screenshot()
        page.keyboard.press("PageDown")
        page.wait_for_timeout(WAIT_MS)

        assert page.screenshot() != before


def test_the_same_page_elsewhere_does_all_of_it(elsewhere: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "net.json"

    with browsing(tmp_path / "profile", elsewhere=elsewhere.port, log=log) as browser:
        page = browser.new_page()
        page.goto(f"http://{EVIL}/page")
        page.wait_for_timeout(WAIT_MS)

    asked = {hit.split()[1] for hit in elsewhere.hits if hit.startswith("GET")}
    assert {"/ran", "/fetch", "/refresh", "/picture", "/frame", "/import.css", "/prefetch", "/srcdoc"} <= asked
    assert len(logged(log, elsewhere.port)) > 100
