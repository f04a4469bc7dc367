"""The stories that the pages show in tests: two newspapers, an edit, a reprint, and what a hostile page would bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from scraper.models import Article, Block, BlockKind, Image, Link, Provenance, Rejected, Relation, Role, Task, Visit
from tests.archive.kit import NOW, VIETNAM, article_of, open_archive, page_of, url_of

EDITED, TWIN, HOSTILE, QUIET = 1, 2, 3, 4
"""Numbers of the articles, in the order in which they were kept."""

FIRST = """Sáng nay, thành phố mở đường Lê Duẩn nối ra biển, dài ba cây số.

Người dân hai bên phố dọn hàng từ sớm để nhường lối cho xe cẩu và thợ điện lên làm việc.

Ông Nguyễn Văn Ba, chủ quán cà phê ở góc phố, nói ông đã chờ con đường này mười hai năm.

Chợ cá cuối đường vẫn họp như mọi ngày, chỉ khác là xe ra vào nhanh hơn."""
LATER = FIRST.replace("ba cây số", "bốn cây số").replace("mười hai năm", "hơn mười năm")
SCRIPT = "<script>document.title = 'hacked'</script>"


IMAGE = Image("https://anh.example.vn/a.jpg", "Mặt đường mới", "Ảnh: Bình", "con đường nhìn từ trên cao")


def lead_of(body: str) -> str:
    return body.partition("\n\n")[0]


def blocks_of(body: str) -> tuple[Block, ...]:
    found = [Block(BlockKind.PARAGRAPH, text) for text in body.split("\n\n")]
    return (found[0], Block(BlockKind.IMAGE, image=IMAGE), *found[1:])


def keep_stories(path: Path) -> None:
    """Keep all of them."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for number, visit in enumerate(stories()):
            archive.keep(replace(visit, page=replace(visit.page, fetched_at=NOW + timedelta(minutes=number))))
        archive.compare_new()
        archive.end_run(0, NOW + timedelta(hours=1))


def stories() -> list[Visit]:
    road = article_of(
        url_of(1),
        FIRST,
        lead=lead_of(FIRST),
        blocks=blocks_of(FIRST),
        images=(IMAGE,),
        related=(
            Link("https://noi-khac.example.vn/x.html", "Ở nơi khác", Relation.RELATED),
            Link(url_of(4), "Bán cá ở chợ đầu mối", Relation.RELATED),
        ),
        language="vi",
        authors=("Đỗ Thị Hòa", "K. Hằng"),
        tags=("giao thông",),
        provenance={
            "title": Provenance("h1"),
            "published_at": Provenance("JSON-LD", (Rejected("2026-03-01", "header", "the page's clock"),)),
        },
    )
    twin = replace(
        road,
        url="https://bao-khac.example.vn/lai-1.html",
        title="Mở đường Lê Duẩn ra biển",
        section="Xã hội",
        authors=(),
        related=(),
        source_name="Báo Bến Gió",
        source_published_at=datetime(2023, 3, 29, 5, 23, tzinfo=VIETNAM),
        published_at=datetime(2023, 3, 29, 9, 0, tzinfo=VIETNAM),
    )
    hostile = article_of(
        url_of(3),
        f"Chữ có {SCRIPT} ở giữa. " * 8,
        title=f"Tựa {SCRIPT} \u202egnùrt",
        authors=("<img src=x onerror=alert(1)>",),
        section='"><svg onload=alert(1)>',
        language='vi" onclick="x',
        images=(Image("javascript:alert(1)", "<b>chú thích</b>"),),
        related=(Link("javascript:alert(1)", "bấm vào", Relation.RELATED),),
        published_at=datetime(2023, 2, 1, 8, 0, tzinfo=VIETNAM),
    )
    quiet = article_of(
        url_of(4),
        "Bài này nói chuyện mua bán cá ở chợ đầu mối. " * 8,
        title="Bán cá",
        section="Kinh tế",
        authors=("K. Hằng",),
        published_at=datetime(2023, 1, 15, 8, 0, tzinfo=VIETNAM),
        language="vi",
        images=(),
        related=(),
    )
    edited = replace(road, body=LATER, lead=lead_of(LATER), blocks=blocks_of(LATER))
    return [
        visit(road, "bao"),
        visit(twin, "bao-khac"),
        visit(hostile, "bao"),
        visit(quiet, "bao"),
        visit(edited, "bao"),
    ]


def visit(article: Article, site: str) -> Visit:
    page = page_of(article.url, f"<!doctype html><title>x</title><p>{escape(article.body)}".encode())
    return Visit(Task(article.url, Role.ARTICLE, site), page, article)
