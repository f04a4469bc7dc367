"""The pages in a real browser: searching, narrowing, reading, versions; on a phone, in the dark, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.archive.web.chromium import launched
from tests.archive.web.served import Served
from tests.archive.web.stories import EDITED, HOSTILE, QUIET

pytestmark = pytest.mark.browser

EVERY_PAGE = (
    "/", "/?q=duong", "/?q=duonf", f"/article/{EDITED}", f"/article/{EDITED}?version=1", f"/article/{HOSTILE}",
    f"/article/{EDITED}/changes", "/replay/1", "/health", "/article/999",
)  # fmt: skip
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# For each text that is shown: how much its colour stands out from what it stands on.
CONTRASTS = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return numbers(getComputedStyle(document.documentElement).backgroundColor);
  };
  const hasWords = node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  return [...document.querySelectorAll('body *')]
    .filter(node => hasWords(node) && node.checkVisibility())
    .map(node => {
      const [a, b] = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), node.tagName + '.' + node.className];
    });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


class Reader:
    """A person at a browser; what it asks for elsewhere is written down and goes nowhere."""

    def __init__(self, browser: Browser, served: Served, **settings: Any) -> None:
        self.served = served
        self.elsewhere: list[str] = []
        self.faults: list[str] = []
        self.context = browser.new_context(base_url=served.origin, **settings)
        self.context.set_default_timeout(10_000)
        self.context.route(lambda url: not url.startswith(served.origin), self._hold)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _hold(self, route: Any) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()


@pytest.fixture
def reader(browser: Browser, served: Served) -> Iterator[Reader]:
    reader = Reader(browser, served, viewport={"width": 1100, "height": 900})
    yield reader
    reader.context.close()


def test_a_person_searches_with_and_without_accents_narrows_reads_and_compares(reader: Reader) -> None:
    page = reader.page
    page.goto("/")
    expect(page.locator(".list > li")).to_have_count(3)

    for typed in ("duong le duan", "đường Lê Duẩn"):
        page.get_by_role("searchbox", name="Words to look for").fill(typed)
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".list mark").first).to_have_text("đường Lê Duẩn")
    page.get_by_role("navigation", name="Narrow the list").get_by_role("link", name="K. Hằng").click()
    expect(page.locator(".chosen")).to_contain_text("Author: K. Hằng")
    expect(page.get_by_role("searchbox")).to_have_value("đường Lê Duẩn")
    expect(page.locator(".list > li")).to_have_count(1)
    page.locator(".list summary").click()
    expect(page.locator(".list details")).to_contain_text("bao-khac")
    page.get_by_role("link", name="Thành phố mở đường Lê Duẩn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thành phố mở đường Lê Duẩn")
    page.locator("summary", has_text="Where each value came from").click()
    expect(page.locator("details[open]")).to_contain_text("the page's clock")
    page.get_by_role("link", name="See what changed").click()

    expect(page.locator("ins").first).to_contain_text("bốn")
    expect(page.locator("del").first).to_contain_text("ba")
    came, went = (
        page.locator(tag).first.evaluate("n => getComputedStyle(n).backgroundColor") for tag in ("ins", "del")
    )
    assert came != went
    page.get_by_role("link", name="Back to the article").click()
    page.get_by_role("link", name="Bán cá ở chợ đầu mối").click()
    assert page.url.endswith(f"/article/{QUIET}")
    assert not reader.elsewhere
    assert not reader.faults


def test_pictures_are_asked_for_only_by_a_person(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/article/{EDITED}")
    asked_at_first = list(reader.elsewhere)

    page.get_by_role("link", name="Load the pictures from anh.example.vn").click()
    page.locator("img").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('img').complete")

    assert asked_at_first == []
    assert set(reader.elsewhere) == {"https://anh.example.vn/a.jpg"}


def test_f78_a_hostile_article_is_words_on_every_page(reader: Reader) -> None:
    for address in (f"/article/{HOSTILE}", f"/article/{HOSTILE}?images=1", "/?q=tựa", "/archive/articles_view?_size=9"):
        reader.page.goto(address)

        assert reader.page.title() != "hacked"
        assert reader.page.locator("main svg, main script, main [onclick], main [onerror]").count() == 0
        assert reader.page.locator("a[href^='javascript:'], img[src^='javascript:']").count() == 0
    assert not reader.elsewhere
    reader.page.goto(f"/article/{HOSTILE}")
    assert (
        reader.page.get_by_role("heading", level=1).inner_text()
        == "Tựa <script>document.title = 'hacked'</script> gnùrt"
    )


def test_nothing_is_wider_than_a_phone(browser: Browser, served: Served) -> None:
    reader = Reader(browser, served, viewport={"width": 390, "height": 700}, locale="vi-VN")

    for address in EVERY_PAGE:
        reader.page.goto(address)

        for width in (320, 390):
            reader.page.set_viewport_size({"width": width, "height": 700})
            assert reader.page.evaluate("window.innerWidth") == width
            assert reader.page.evaluate("document.scrollingElement.scrollWidth") <= width, address
        assert reader.page.locator("html").get_attribute("lang") == "vi"
    reader.page.goto("/article/999")
    assert reader.page.get_by_role("heading", level=1).inner_text() == "Không có ở đây"
    reader.context.close()


def test_every_text_stands_out_in_the_light_and_in_the_dark(browser: Browser, served: Served) -> None:
    reader = Reader(browser, served)
    grounds = set()

    for address in EVERY_PAGE:
        reader.page.goto(address)
        reader.page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
        for scheme in SCHEMES:
            reader.page.emulate_media(color_scheme=scheme)
            weak = [each for each in reader.page.evaluate(CONTRASTS) if each[0] < LEAST_CONTRAST]

            assert not weak, (scheme, address)
            grounds.add(reader.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert len(grounds) == 2
    reader.context.close()


def test_the_keyboard_alone_is_enough_and_shows_where_it_is(reader: Reader) -> None:
    page = reader.page
    page.goto("/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ban ca")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Found for ban ca")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline != "0px", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.matches('.list h2 a')"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Bán cá")


def test_an_article_on_paper_is_the_article(reader: Reader, tmp_path: Path) -> None:
    reader.page.goto(f"/article/{EDITED}")

    reader.page.emulate_media(media="print", color_scheme="dark")

    for selector in (".top", ".bottom", ".onscreen", "details"):
        assert reader.page.locator(selector).first.is_hidden()
    assert reader.page.locator(".story h1, .byline, figcaption, .address").first.is_visible()
    assert reader.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert reader.page.pdf(path=tmp_path / "article.pdf").startswith(b"%PDF")


def test_it_all_works_without_any_script(browser: Browser, served: Served) -> None:
    reader = Reader(browser, served, java_script_enabled=False)

    reader.page.goto("/?q=duong")

    assert reader.page.locator("script").count() == 0
    expect(reader.page.locator(".list > li")).to_have_count(1)
    reader.context.close()
