"""Every kind of page by axe-core, in a real browser: both languages, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser

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
    "nothing found": "/?q=duonf",
    "article": f"/article/{EDITED}",
    "older version": f"/article/{EDITED}?version=1",
    "hostile article": f"/article/{HOSTILE}",
    "changes": f"/article/{EDITED}/changes",
    "page as kept": "/replay/1",
    "not there": "/article/999",
    "not understood": "/?month=x",
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
