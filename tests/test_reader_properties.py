"""What is true of reading any page: it never raises, invents nothing, and sees past what readers do not see."""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.newspaper import Newspaper, Story
from commands.newspaper.answers import answer
from scraper import parse
from scraper.models import Article, Image
from tests.fields import test_templates as templates
from tests.fields import test_templates_vietnamese as templates_vietnamese

URL = "https://bao.example.vn/thoi-su/ben-ca-dong-ghe-100409.html"
NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
EDITION = Newspaper(clock=lambda: NOW).edition(BASE)
QUICK = settings(max_examples=40, deadline=None)

every_story = pytest.mark.parametrize("story", EDITION.stories, ids=lambda s: f"{s.layout}:{s.slug}")

# --- pages ------------------------------------------------------------------------------------------------------------

PARTS = (
    *("<p>", "</p>", "<div class='related'>", "</div>", "<h1>", "</h1>", "<figure>", "<figcaption>", "</figure>"),
    *("<img src='/a.jpg' alt='Bến'>", "<a href='/tin-1.html'>", "</a>", "<table><tr><td>", "</table>", "<b>"),
    *("<script type='application/ld+json'>", '{"@type": "NewsArticle", "datePublished": "', "</script>", "<br><br>"),
    *("<meta property='og:title' content='", "'>", "<title>", "</title>", "<time datetime='", "<!--", "-->"),
    *("<![CDATA[", "&#0;", "&nbsp;", "\x00", "Ảnh: ", "Theo ", "By ", "02/07/2025, 08:30", "31/02/2025", "９９：９９"),
    *("Đ", "ở", "\u0323", "\ud7ff", "👩\u200d🌾", "写真＝"),
)
pieces = st.lists(st.sampled_from(PARTS) | st.text(max_size=40), max_size=40).map("".join)

WORDS = (
    "bến",
    "cá",
    "gió",
    "đông",
    "ghe",
    "sóng",
    "thuyền",
    "mùa",
    "người",
    "chợ",
    "sáng",
    "đảo",
    "huyện",
    "trường",
    "nước",
)
sentences = st.lists(st.sampled_from(WORDS), min_size=12, max_size=24).map(
    lambda words: " ".join(words).capitalize() + "."
)
titles = st.lists(st.sampled_from(WORDS), min_size=5, max_size=9).map(lambda words: " ".join(words).capitalize())


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Draw a small article as newspapers make them: head, headline, byline, date, picture, paragraphs, other news."""
    title = draw(titles)
    paragraphs = draw(st.lists(sentences, min_size=3, max_size=6, unique=True))
    pictures = draw(st.lists(sentences, max_size=2, unique=True))
    blocks = [f"<p>{text}</p>" for text in paragraphs]
    for n, caption in enumerate(pictures):
        words = f"<figcaption>{caption} Ảnh: Hoài Thu</figcaption>"
        figure = f'<figure><img src="/anh-{n}.jpg" alt="" width="640">{words}</figure>'
        blocks.insert(draw(st.integers(0, len(blocks))), figure)
    related = "".join(f'<li><a href="/tin-{n}.html">{draw(titles)}</a></li>' for n in range(draw(st.integers(0, 4))))
    return (
        f'<html lang="vi"><head><meta charset="utf-8"><title>{title} | Báo Bến Gió</title></head><body>'
        f'<div class="menu"><a href="/thoi-su">Thời sự</a></div><div class="main"><h1 class="title">{title}</h1>'
        f'<div class="author">Lê An</div><div class="date">02/07/2025, 08:30</div>'
        f'<div class="content">{"".join(blocks)}'
        f'</div><div class="related"><h3>Tin liên quan</h3><ul>{related}</ul></div></div></body></html>'
    )


def read(page: str) -> Article:
    return parse(page.encode(), URL, sites=(), fetched_at=NOW)


def what_is_said(article: Article) -> tuple[object, ...]:
    return (
        *(article.kind, article.title, article.lead, article.body, article.blocks, article.published_at),
        *(article.authors, article.section, article.tags, article.images, article.related, article.source_name),
    )


# --- never raises -----------------------------------------------------------------------------------------------------


@QUICK
@given(st.binary(max_size=600))
def test_no_bytes_raise(body: bytes) -> None:
    assert parse(body, URL, sites=()).url == URL


@settings(QUICK, max_examples=100)
@given(pieces, st.sampled_from([URL, "", "x", "http://[", "https://bao.example.vn/"]))
def test_no_page_made_of_pieces_of_pages_raises(page: str, url: str) -> None:
    assert parse(page.encode("utf-8", "surrogatepass"), url, fetched_at=NOW).body is not None


@QUICK
@given(pages(), st.integers(0, 3000), st.binary(max_size=4))
def test_a_page_cut_short_or_broken_in_the_middle_does_not_raise(page: str, where: int, noise: bytes) -> None:
    body = page.encode()

    assert parse(body[:where], URL, sites=()).url == URL
    assert parse(body[:where] + noise + body[where:], URL, sites=()).url == URL


# --- sees past what readers do not see --------------------------------------------------------------------------------


@QUICK
@given(pages())
def test_composed_and_decomposed_pages_read_the_same(page: str) -> None:
    decomposed = unicodedata.normalize("NFD", page)

    assert what_is_said(read(decomposed)) == what_is_said(read(page))


@every_story
def test_composed_and_decomposed_pages_of_the_newspaper_read_the_same(story: Story) -> None:
    page = page_of(story)

    assert what_is_said(read(unicodedata.normalize("NFD", page))) == what_is_said(
        read(unicodedata.normalize("NFC", page))
    )


_TAG = re.compile(r'<([a-z0-9]+)((?:\s[a-z:-]+="[^"]*")+)\s*(/?)>')
_ATTRIBUTE = re.compile(r'[a-z:-]+="[^"]*"')


def _turned(match: re.Match[str]) -> str:
    return f"<{match[1]} {' '.join(reversed(_ATTRIBUTE.findall(match[2])))}{match[3]}>"


@QUICK
@given(pages())
def test_the_order_of_attributes_changes_nothing(page: str) -> None:
    assert what_is_said(read(_TAG.sub(_turned, page))) == what_is_said(read(page))


@every_story
def test_the_order_of_attributes_changes_nothing_on_the_newspaper(story: Story) -> None:
    page = page_of(story)

    assert what_is_said(read(_TAG.sub(_turned, page))) == what_is_said(read(page))


_BETWEEN_BLOCKS = re.compile(r"(</(?:p|div|h1|h3|ul|li|figure|figcaption)>)(?=<)")


@QUICK
@given(pages(), st.sampled_from([" ", "\n", "\r\n\t", "\n\n    ", "<!-- x -->", "\n<!-- /block -->\n"]))
def test_white_space_and_comments_between_blocks_change_nothing(page: str, space: str) -> None:
    assert what_is_said(read(_BETWEEN_BLOCKS.sub(rf"\g<1>{space}", page))) == what_is_said(read(page))


# --- invents nothing --------------------------------------------------------------------------------------------------


def page_of(story: Story) -> str:
    response = answer(EDITION, story.path)
    return response.body.decode(story.charset)


def bare(text: str) -> str:
    """Return the letters and digits of a text, composed and unescaped: what a reader compares by."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFC", entities.unescape(text))).casefold()


def _invented(article: Article, page: str) -> list[str]:
    page = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), page)
    known = bare(re.sub(r"<(?:[a-z/!][^>]*)>", " ", page)) + bare(page)
    told = [article.title or "", article.lead or "", *re.split(r"(?<=[.!?…])\s|\n", article.body), *article.authors]
    told += [text for image in article.images for text in (image.caption or "", image.credit or "")]
    return [text for text in told if bare(text) not in known]


@every_story
def test_every_sentence_of_the_newspaper_stands_on_its_page(story: Story) -> None:
    page = page_of(story)

    assert _invented(parse(answer(EDITION, story.path).body, BASE + story.path, sites=()), page) == []


@QUICK
@given(pages())
def test_every_sentence_stands_on_the_page(page: str) -> None:
    assert _invented(read(page), page) == []


@settings(QUICK, max_examples=60)
@given(pages())
def test_the_story_is_read_whole(page: str) -> None:
    paragraphs = re.findall(r"<p>(.*?)</p>", page)

    article = read(page)

    assert [text for text in article.body.split("\n\n") if text in paragraphs] == paragraphs
    assert (article.authors, article.published_at is not None) == (("Lê An",), True)


# --- the same of pages as many systems make them ----------------------------------------------------------------------

TEMPLATES = [(case.name, case.html, case.url) for case in (*templates.CASES, *templates_vietnamese.CASES)]
every_template = pytest.mark.parametrize(("html", "url"), [t[1:] for t in TEMPLATES], ids=[t[0] for t in TEMPLATES])


@every_template
def test_every_template_reads_the_same_whatever_readers_do_not_see(html: str, url: str) -> None:
    told = what_is_said(parse(html.encode(), url, sites=()))
    unseen = (
        unicodedata.normalize("NFD", html),
        _TAG.sub(_turned, html),
        _BETWEEN_BLOCKS.sub("\\g<1>\n\t<!-- x -->\n", html),
    )

    assert [what_is_said(parse(page.encode(), url, sites=())) == told for page in unseen] == [True] * len(unseen)


@every_template
def test_every_sentence_of_a_template_stands_on_its_page(html: str, url: str) -> None:
    assert _invented(parse(html.encode(), url, sites=()), html) == []


MADE_UP = "Một câu không ai viết."
LIARS: dict[str, Callable[[Article], Article]] = {
    "title": lambda article: replace(article, title=MADE_UP),
    "lead": lambda article: replace(article, lead=MADE_UP),
    "body": lambda article: replace(article, body=f"{article.body}\n\n{MADE_UP}"),
    "authors": lambda article: replace(article, authors=("Không Ai",)),
    "caption": lambda article: replace(article, images=(Image("/x.jpg", caption=MADE_UP),)),
    "credit": lambda article: replace(article, images=(Image("/x.jpg", credit="Không Ai"),)),
}


@pytest.mark.parametrize("lie", LIARS.values(), ids=LIARS)
def test_what_is_invented_is_noticed(lie: Callable[[Article], Article]) -> None:
    page = page_of(EDITION.stories[0])

    assert _invented(lie(read(page)), page) != []


def test_a_page_without_authors_and_dates_has_none() -> None:
    menu = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(9))
    text = "".join(f"<p>{'Bến cá sáng đèn từ hai giờ khuya, ai cũng vui vì được mùa. ' * 2}</p>" for _ in range(4))
    foot = "<footer>© 2026 Báo Bến Gió. Tổng biên tập: Lê Văn An. Cập nhật 28/11/2026 09:12</footer>"
    page = f"<div>Thứ Bảy, 28/11/2026 09:12</div>{menu}<main><h1>Bến cá được mùa</h1>{text}</main>{foot}"

    article = read(page)

    assert (article.authors, article.published_at, article.source_name) == ((), None, None)
