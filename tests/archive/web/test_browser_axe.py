"""Every kind of page by axe-core, in a real browser: both languages, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.archive.web.chromium import launched
from tests.archive.web.served import Served
from tests.archive.web.stories import EDITED, HOSTILE

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
LEAST_VERSION = (4, 8)  # from which on it knows WCAG 2.2
READERS: tuple[dict[str, Any], ...] = (
    {"locale": "en-GB", "color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    {"locale": "vi-VN", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
)
PAGES = {
    "first page": "/",
    "search": "/?q=duong&site=bao",
    "article": f"/article/{EDITED}",
    "older version": f"/article/{EDITED}?version=1",
    "hostile article": f"/article/{HOSTILE}",
    "changes": f"/article/{EDITED}/changes",
    "page as kept": "/replay/1",
    "not there": "/article/999",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("settings", READERS, ids=lambda settings: settings["locale"])
def test_axe_finds_nothing_on_any_kind_of_page(
    browser: Browser, served: Served, busy: Served, settings: dict[str, Any]
) -> None:
    context = browser.new_context(**settings)
    page = context.new_page()
    found: dict[str, list[str]] = {}

    for name, address in {**PAGES, "health": "/health"}.items():
        page.goto((busy if name == "health" else served).origin + address)
        page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
        page.evaluate(AXE)
        result = page.evaluate("axe.run(document, {pingWaitTime: 100, resultTypes: ['violations']})")
        assert tuple(map(int, result["testEngine"]["version"].split("."))) >= LEAST_VERSION
        found[name] = [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in result["violations"]
            for node in fault["nodes"]
        ]
    context.close()

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_health_and_a_kept_page_are_walked_by_keyboard_in_the_order_they_are_read(
    browser: Browser, served: Served, busy: Served
) -> None:
    page = browser.new_page(locale="en-GB")

    page.goto(f"{busy.origin}/health")
    walked = _walked(page, until="summary")
    page.keyboard.press("Enter")
    opened = page.locator("details[open] table").first.is_visible()
    page.keyboard.press("Tab")
    region = page.evaluate("document.activeElement.getAttribute('role')")
    page.goto(f"{served.origin}/replay/1")
    around = _walked(page, until="body")
    page.close()

    assert walked[-4:] == ["30 days", "90 days", "365 days", "As a table: Articles published a day"]
    assert opened
    assert region == "region"
    assert around[5:7] == ["https://bao.example.vn/tin-1.html", "Thành phố mở đường Lê Duẩn"]


def _walked(page: Page, *, until: str) -> list[str]:
    """Press Tab until an element of this name has the focus; return what each on the way is called."""
    called: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        called.append(
            page.evaluate(
                "document.activeElement.title || document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"
            )
        )
        if page.evaluate("document.activeElement.localName") == until:
            break
    return called
