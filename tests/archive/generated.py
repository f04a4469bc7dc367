"""An archive of as many generated articles as are wanted, and which of them a search must find."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from scraper.models import Article, Found, Kind, Link, Page, Relation, Role, Task, Visit

_SOUNDS = """
b c ch d đ g h kh l m n ng nh ph r s t th tr v x
a á à ả ạ an án àn ản ạn ang áng àng ảng ạng anh ánh ành ảnh ạnh ao áo ào ảo ạo ay áy ày ảy ạy ăn ắn ằn ẳn ặn ân ấn
ần ẩn ận em ém èm ên ến ền ển ện i í ì ỉ ị iên iến iền iển iện in ín ìn on ón òn ọn ông ống ồng ổng ộng ơi ới ời ởi
u ú ù ủ ụ ung úng ùng ủng ụng uôn uốn uồn ước ượt ương ướng ường ưởng ượng
"""
_FIRST, *_LATER = _SOUNDS.strip().splitlines()
ONSETS, RIMES = _FIRST.split(), " ".join(_LATER).split()
SYLLABLES = ["đường", *(onset + rime for rime in RIMES for onset in ONSETS if onset + rime != "đường")]
WEIGHTS = list(accumulate(1 / (place + 1) for place in range(len(SYLLABLES))))  # as often as Zipf has it
START = datetime(2024, 1, 1, tzinfo=UTC)
FRAME = " ".join(f'<li class="m{n}"><a href="/muc-{n}/{n * 7919}">{n}</a></li>' for n in range(600))
LINKS = tuple(Link(f"https://bao.example.vn/muc-{n}", f"Mục {n}", Relation.SECTION) for n in range(60))


def visits(number: int, *, words: int = 600, is_light: bool = False, first: int = 0) -> Iterator[Visit]:
    """Yield visits to generated articles of so many words, a page of about 35 kB around each, 60 links.

    One in twenty reprints another, two in three of its words. Light ones have neither frame nor links.
    """
    return (_visit(n, words, is_light=is_light) for n in range(first, first + number))


def _visit(number: int, size: int, *, is_light: bool) -> Visit:
    words = _words(number, size)
    if number % 20 == 19:
        words[: size * 2 // 3] = _words(number - 7, size)[: size * 2 // 3]
    words[50:53] = ["Lê", "Duẩn", f"số{number % 500}"]
    body = "\n\n".join(" ".join(words[i : i + 60]) for i in range(0, size, 60))
    site = f"bao{number % 5}"
    url = f"https://{site}.example.vn/tin-{number}.html"
    at = START + timedelta(minutes=20 * number)
    html = f"<html>{'' if is_light else FRAME}<p>{body}</p></html>"
    page = Page(url, url, 200, (("Content-Type", "text/html"),), html.encode(), at)
    article = Article(
        url,
        Kind.ARTICLE,
        title=" ".join(words[:9]).capitalize(),
        body=body,
        published_at=at - timedelta(hours=1),
        section=f"Mục {number % 7}",
        links=() if is_light else LINKS,
        authors=("An",),
    )
    named = range(number + 1, number + 1 if is_light else number + 20)
    found = tuple(Found(f"https://{site}.example.vn/tin-{n}.html", Role.ARTICLE) for n in named)
    return Visit(Task(url, Role.ARTICLE, site), page, article, found)


def _words(number: int, size: int) -> list[str]:
    rng = random.Random(number)  # noqa: S311 -- the same articles each time
    return rng.choices(SYLLABLES, cum_weights=WEIGHTS, k=size)


def published_on(number: int) -> str:
    """Return the day on which an article appeared."""
    return (START + timedelta(minutes=20 * number - 60)).date().isoformat()


EXPECTED: dict[str, Callable[[int], bool]] = {
    "le duan": lambda _: True,
    '"Lê Duẩn"': lambda _: True,
    "so7": lambda n: n % 500 == 7,
    "số7": lambda n: n % 500 == 7,
    "SỐ7 lê": lambda n: n % 500 == 7,
    '"duẩn số7"': lambda n: n % 500 == 7,
    "số7 OR số8": lambda n: n % 500 in {7, 8},
    "so49*": lambda n: n % 500 == 49 or 490 <= n % 500 <= 499,
    "duan -so7": lambda n: n % 500 != 7,
    "so7 site:bao2": lambda n: n % 500 == 7 and n % 5 == 2,
    "site:bao4": lambda n: n % 5 == 4,
    "duẩn site:bao4": lambda n: n % 5 == 4,
    "so7 author:an": lambda n: n % 500 == 7,
    "author:binh": lambda _: False,
    "before:2024-01-03": lambda n: published_on(n) < "2024-01-03",
    "duan after:02/01/2024 before:2024-01-04": lambda n: "2024-01-02" <= published_on(n) < "2024-01-04",
    "so7 after:2024": lambda n: n % 500 == 7 and published_on(n) >= "2024",
    "khongco": lambda _: False,
}
"""What is typed -> whether the article of a number has it. The words themselves are in no order that means anything."""
