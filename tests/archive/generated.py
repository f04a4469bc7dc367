"""An archive of as many generated articles as are wanted, and which of them a search must find."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from scraper.models import Article, Found, Kind, Link, Page, Relation, Role, Task, Visit

PROSE = (
    "đường phố người dân thành tỉnh biển núi học sinh trường công ty nước nhà máy xe hàng chợ giá gạo cá lúa mưa nắng "
    "bão sông cầu đèo rừng trẻ già mới cũ xây dựng mở khánh hội nghị quyết định báo cáo kinh tế văn hóa thể thao du "
    "lịch y bệnh viện thuốc an ninh giao thông luật pháp tòa án bóng đá giải thưởng năm tháng ngày giờ sáng trưa"
)
SYLLABLES = PROSE.split()
START = datetime(2024, 1, 1, tzinfo=UTC)


def visits(number: int) -> Iterator[Visit]:
    """Yield visits to generated articles: 600 words each, a page of about 60 kB around them, 60 links."""
    rng = random.Random(1)  # noqa: S311 -- the same articles each time
    frame = " ".join(f'<li class="m{n}"><a href="/muc-{n}/{rng.random()}">{n}</a></li>' for n in range(600))
    links = tuple(Link(f"https://bao.example.vn/muc-{n}", f"Mục {n}", Relation.SECTION) for n in range(60))
    for n in range(number):
        words = rng.choices(SYLLABLES, weights=[1 / (i + 1) for i in range(len(SYLLABLES))], k=600)
        words[50:53] = ["Lê", "Duẩn", f"số{n % 500}"]
        body = "\n\n".join(" ".join(words[i : i + 60]) for i in range(0, 600, 60))
        url = f"https://bao{n % 5}.example.vn/tin-{n}.html"
        at = START + timedelta(minutes=20 * n)
        page = Page(url, url, 200, (("Content-Type", "text/html"),), f"<html>{frame}<p>{body}</p></html>".encode(), at)
        title = " ".join(words[:9]).capitalize()
        article = Article(
            url,
            Kind.ARTICLE,
            title=title,
            body=body,
            published_at=at - timedelta(hours=1),
            links=links,
            authors=("An",),
        )
        found = tuple(Found(f"https://bao{n % 5}.example.vn/tin-{n + i}.html", Role.ARTICLE) for i in range(1, 20))
        yield Visit(Task(url, Role.ARTICLE, f"bao{n % 5}"), page, article, found)


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
