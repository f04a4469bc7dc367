"""A hostile site in the reader's own browser can neither read the archive, nor change it, nor show it as its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.archive.web.chromium import StandIn, browsing
from tests.archive.web.served import Served

pytestmark = pytest.mark.browser

EVIL = "http://evil.example/page"
ATTEMPTS = """<!doctype html><title>evil</title><form id="form" method="post" action="{origin}/archive">
<input name="sql" value="delete from articles"></form><script>
window.got = {{}};
const tries = {{
  read: () => fetch('{origin}/archive/articles_view.json').then(answer => answer.text()),
  replay: () => fetch('{replay}/capture/1').then(answer => answer.text()),
  post: () => fetch('{origin}/archive', {{method: 'POST', mode: 'no-cors', body: 'sql=delete'}}).then(a => a.type),
  script: () => new Promise((yes, no) => {{ const s = document.createElement('script'); s.onload = () => yes('ran');
    s.onerror = () => no('refused'); s.src = '{origin}/archive/articles_view.json'; document.head.append(s); }}),
  picture: () => new Promise((yes, no) => {{ const i = new Image(); i.onload = () => yes('shown');
    i.onerror = () => no('refused'); i.src = '{origin}/static/luubao.css'; }}),
  style: () => new Promise((yes, no) => {{ const l = document.createElement('link'); l.onload = () => yes('shown');
    l.onerror = () => no('refused'); l.rel = 'stylesheet'; l.href = '{origin}/static/luubao.css';
    document.head.append(l); }}),
}};
window.done = Promise.all(Object.entries(tries).map(([name, attempt]) => attempt().then(
  value => {{ window.got[name] = value; }}, () => {{ window.got[name] = null; }})));
</script><iframe src="{origin}/article/1"></iframe><iframe src="{replay}/capture/1"></iframe>"""


def attack(browser: BrowserContext, address: str) -> tuple[Page, dict[str, Any]]:
    page = browser.new_page()
    page.goto(address)
    page.evaluate("window.done")
    return page, json.loads(page.evaluate("JSON.stringify(window.got)"))


def test_f80_another_site_can_neither_read_nor_change_nor_frame_the_archive(served: Served, tmp_path: Path) -> None:
    evil = StandIn(ATTEMPTS.format(origin=served.origin, replay=served.replay_origin))
    before = served.path.read_bytes()

    with browsing(tmp_path / "profile", elsewhere=evil.port, rebound=port_of(served.origin)) as browser:
        page, got = attack(browser, EVIL)
        frames = [frame.locator("body").inner_text() for frame in page.frames[1:]]
        page.evaluate("document.getElementById('form').submit()")
        page.wait_for_url(f"{served.origin}/archive")
        posted = page.locator("body").inner_text()
        rebound = browser.new_page()
        rebound.goto("http://rebound.example/article/1")
        told = rebound.locator("body").inner_text().strip()

    evil.close()
    assert got.pop("post") in {"opaque", None}  # sent, and answered with 405
    assert got == dict.fromkeys(("read", "replay", "script", "picture", "style"))
    assert not any("Lê Duẩn" in text for text in (*frames, posted, told))
    assert "GET and HEAD only" in posted
    assert told == "This server answers to its own address on this machine alone."
    assert served.path.read_bytes() == before


def port_of(origin: str) -> int:
    return int(origin.rpartition(":")[2])
