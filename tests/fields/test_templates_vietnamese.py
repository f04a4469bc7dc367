"""Pages in the shape of Vietnamese newspapers' and portals' systems, each small and our own."""
# ruff: noqa: E501 -- markup as systems write it

from __future__ import annotations

from dataclasses import dataclass

import pytest

from scraper import parse
from scraper.models import Kind, iso

TITLE = "Cảng cá Mũi Né được nạo vét sau bốn mươi năm"
LEAD = "Sáng 4/3, HĐND phường thông qua kế hoạch nạo vét luồng vào cảng, công trình mà ngư dân chờ đợi đã nhiều năm."
STORY = (
    "Theo kế hoạch, luồng vào cảng sẽ được nạo vét sâu thêm hai mét, đủ cho tàu công suất lớn ra vào khi nước ròng.",
    "Ông Trần Văn Hải, chủ một tàu câu mực, cho biết nhiều chuyến biển phải neo ngoài khơi chờ con nước mới vào được bến.",
    "Công trình dự kiến khởi công trong tháng 6 và hoàn thành trước mùa mưa bão năm nay.",
)
TEXT = "".join(f"<p>{p}</p>" for p in STORY)
OTHERS = (
    '<li><a href="/tin/bao-so-1-102.html">Bão số 1 đổi hướng vào nam Biển Đông</a> <span>05/03/2026</span></li>'
    '<li><a href="/tin/cau-moi-103.html">Cầu mới qua sông Cà Ty thông xe kỹ thuật</a> <span>05/03/2026</span></li>'
)
TEN = "2026-03-04T10:00:00+07:00"


@dataclass(frozen=True)
class Case:
    """A page, and what is true of it."""

    name: str
    html: str
    date: str | None = TEN
    authors: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    url: str = "https://baovidu.vn/cang-ca-mui-ne-duoc-nao-vet-101.html"
    lead: str | None = LEAD
    source: str | None = None


def page(body: str, head: str = "", title: str = f"{TITLE} - Báo Ví Dụ") -> str:
    return (
        f'<html lang="vi"><head><title>{title}</title>{head}</head><body><div class="header"><div class="today">Thứ Sáu, '
        f'06/03/2026</div><ul class="menu"><li><a href="/thoi-su">Thời sự</a></li><li><a href="/kinh-te">Kinh tế</a></li>'
        f'</ul></div>{body}<div class="footer"><p>Giấy phép số 12/GP-BTTTT ngày 02/01/2020. Tổng biên tập: Lê Văn A</p>'
        f"</div></body></html>"
    )


CASES = (
    Case(
        "detail-cmain of VCCorp",
        page(
            f"""<div class="detail__main"><div class="detail-cate"><a href="/thoi-su">Thời sự</a></div><h1 class="detail-title"
            data-role="title">{TITLE}</h1><div class="detail-time"><div data-role="publishdate">04/03/2026 10:00 GMT+7</div>
            </div><h2 class="detail-sapo" data-role="sapo">{LEAD}</h2><div class="detail-cmain"><div class="detail-content
            afcbc-body" data-role="content" itemprop="articleBody"><p>{STORY[0]}</p><figure class="VCSortableInPreviewMode"
            type="Photo"><div><img src="https://cdn.vidu.vn/a.jpg" data-original="https://cdn.vidu.vn/zoom/a.jpg"
            class="lightbox-content"></div><figcaption class="PhotoCMS_Caption"><p>Tàu cá chờ nước lớn trước cửa cảng - Ảnh:
            NGỌC LAN</p></figcaption></figure><div class="VCSortableInPreviewMode alignRight" type="RelatedOneNews"><a
            href="/tin/bao-so-1-102.html">Bão số 1 đổi hướng vào nam Biển Đông</a></div><p>{STORY[1]}</p><p>{STORY[2]}</p>
            </div></div><div class="detail-author"><a class="name" href="/tac-gia/ngoc-lan-7.htm">Ngọc Lan</a></div><div
            class="detail-tab"><a class="btn-like">Trở thành người đầu tiên tặng sao</a></div><div class="detail-tag-bottom">
            <a href="/tag">Cảng cá</a></div><div class="box-category" data-layout="36"><div class="box-category-top"><span
            class="title-category">Đọc nhiều</span></div>{OTHERS}</div></div>"""
        ),
        authors=("Ngọc Lan",),
        captions=("Tàu cá chờ nước lớn trước cửa cảng",),
        related=("https://baovidu.vn/tin/bao-so-1-102.html",),
        absent=("tặng sao", "Đọc nhiều", "Bão số 1"),
    ),
    Case(
        "the-article-body of ZCE",
        page(
            f"""<section class="page-content"><article class="the-article"><header class="the-article-header"><p
            class="the-article-category"><a href="/thoi-su">Thời sự</a></p><h1 class="the-article-title">{TITLE}</h1><ul
            class="the-article-meta"><li class="the-article-author"><a href="/tac-gia/lan">Ngọc Lan</a></li><li
            class="the-article-publish">Thứ tư, 4/3/2026 10:00 (GMT+7)</li></ul></header><section class="main"><p
            class="the-article-summary">{LEAD}</p><div class="the-article-body"><p>{STORY[0]}</p><table class="picture"
            align="center"><tbody><tr><td class="pic"><img src="/a.jpg" width="1000" height="600"></td></tr><tr><td
            class="pCaption caption"><p>Tàu cá chờ nước lớn. Ảnh: <em>Ngọc Lan.</em></p></td></tr></tbody></table>
            <p>{STORY[1]}</p><p>{STORY[2]}</p><div class="inner-article"><a href="/tin/cau-moi-103.html"><h2>Cầu mới qua sông
            Cà Ty thông xe kỹ thuật</h2></a></div></div><p class="the-article-tags"><a href="/t">cảng cá</a></p></section>
            </article><section class="article-related"><h2>Bạn có thể quan tâm</h2>{OTHERS}</section></section>"""
        ),
        authors=("Ngọc Lan",),
        captions=("Tàu cá chờ nước lớn.",),
        absent=("Bạn có thể quan tâm",),
    ),
    Case(
        "article__body cms-body",
        page(
            f"""<div class="main"><div class="article"><h1 class="article__title cms-title">{TITLE}</h1><div
            class="article__meta"><div class="article__author cms-author"><span class="name cms-author">Ngọc Lan</span></div>
            <time class="time" datetime="2026-03-04T10:00:00+0700">04/03/2026 10:00</time></div><div class="article__sapo
            cms-desc">(VD) - {LEAD}</div><div class="article__body zce-content-body cms-body" itemprop="articleBody">{TEXT}
            <div class="cms-relate"><a href="/tin/bao-so-1-102.html" class="title">Bão số 1 đổi hướng vào nam Biển Đông</a>
            </div></div><div class="article__tag"><h3 class="box-heading">Từ khóa</h3><a href="/t">#Cảng cá</a></div></div>
            <div class="box-heading">Tin cùng chuyên mục</div><ul>{OTHERS}</ul></div>"""
        ),
        authors=("Ngọc Lan",),
        absent=("Từ khóa", "Tin cùng chuyên mục"),
    ),
    Case(
        "content-detail with a signature",
        page(
            f"""<div class="container"><div class="detail-page"><h1 class="title-detail">{TITLE}</h1><div class="time-view">
            <span class="format_time">10:00 | 04/03/2026</span><span class="view">Lượt xem: 1.204</span></div><div
            class="content-detail"><p><strong>{LEAD}</strong></p><p style="text-align:center"><img src="/a.jpg" alt=""></p><p
            style="text-align:center"><em>Tàu cá chờ nước lớn. Ảnh: N.L</em></p>{TEXT}<p style="text-align: right;"><strong>
            Ngọc Lan</strong></p></div><div class="tin-lien-quan"><h3>Tin liên quan</h3><ul>{OTHERS}</ul></div></div></div>"""
        ),
        authors=("Ngọc Lan",),
        captions=("Tàu cá chờ nước lớn.",),
        related=("https://baovidu.vn/tin/bao-so-1-102.html", "https://baovidu.vn/tin/cau-moi-103.html"),
        absent=("Lượt xem",),
    ),
    Case(
        "newscontents",
        page(
            f"""<div class="newsdetail"><h1 class="newstitle">{TITLE}</h1><div class="newsdate">Cập nhật: Thứ tư, 04/03/2026 |
            10:00:00 AM</div><h2 class="newssapo">{LEAD}</h2><div class="newscontents">{TEXT}<p align="right"><b>NGỌC LAN</b>
            </p></div><div class="othernews"><p class="othertitle">Các tin khác</p><ul>{OTHERS}</ul></div></div>"""
        ),
        authors=("NGỌC LAN",),
        related=("https://baovidu.vn/tin/bao-so-1-102.html", "https://baovidu.vn/tin/cau-moi-103.html"),
    ),
    Case(
        "portal of a province in ASP.NET",
        page(
            f"""<form method="post" action="./Detail.aspx?id=101" id="aspnetForm"><input type="hidden" name="__VIEWSTATE"
            value="/wEPDwUKMTY1NDU2MTA1MmRk"><div id="ctl00_ContentPlaceHolder1_pnDetail"><div class="title-news"><span
            id="ctl00_lblTitle" style="font-size:18px;font-weight:bold">{TITLE}</span></div><div><span id="ctl00_lblDate"
            style="color:#999">Cập nhật: Thứ tư | 10:00, 04/03/2026 (GMT+7)</span></div><div><span style="font-weight:bold">
            {LEAD}</span></div><div id="ctl00_divContent" style="text-align:justify">{"".join(
                f'<p style="margin:6pt 0"><span style="font-family:Arial"><span style="font-size:14pt">{p}</span></span></p>'
                for p in STORY)}<p style="text-align:right"><span style="font-size:14pt"><strong>Ngọc Lan</strong></span></p>
            </div><div><input type="submit" value="Gửi cho bạn bè"></div><div class="cactinkhac">Các tin khác<ul>{OTHERS}</ul>
            </div></div></form>""",
            title="CỔNG THÔNG TIN ĐIỆN TỬ TỈNH VÍ DỤ",
        ),
        authors=("Ngọc Lan",),
        lead=None,
        absent=("Gửi cho bạn bè", "Các tin khác"),
    ),
    Case(
        "text with line breaks in a table, source at the end",
        page(
            f"""<table width="980"><tr><td width="600"><table><tr><td class="tieude">{TITLE}</td></tr><tr><td
            class="ngaydang">(04/03/2026 10:00)</td></tr><tr><td class="noidung"><b>{LEAD}</b><br><br>{"<br><br>".join(STORY)}
            <br><br><div align="right"><b>(Theo TTXVN)</b></div></td></tr></table></td><td width="300"><div class="docnhieu">
            Đọc nhiều<ul>{OTHERS}</ul></div></td></tr></table>""",
            title="Báo Ví Dụ điện tử",
        ),
        lead=None,
        source="TTXVN",
    ),
    Case(
        "source and author in labelled lines",
        page(
            f"""<div class="chi-tiet"><h1>{TITLE}</h1><p class="date">Ngày đăng: 04/03/2026 - 10:00</p><div
            class="noi-dung-bai-viet"><p class="mo-ta">{LEAD}</p>{TEXT}<p><strong>Tác giả: Ngọc Lan</strong></p><p><em>Nguồn:
            baovidu.vn</em></p></div></div>"""
        ),
        authors=("Ngọc Lan",),
    ),
    Case(
        "byline with several roles, credit beside the picture",
        page(
            f"""<main><article><h1 class="article-title">{TITLE}</h1><div class="article-info"><span class="article-date">04
            tháng 3, 2026 | 10:00</span></div><div class="article-content"><p class="sapo"><strong>{LEAD}</strong></p><div
            class="image-wrap"><img src="/a.jpg"><div class="chu-thich-anh">Tàu cá chờ nước lớn trước cửa cảng (Ảnh: Minh
            Tú)</div></div>{TEXT}<p class="article-author">Bài, ảnh: Ngọc Lan - Minh Tú</p></div></article></main>"""
        ),
        authors=("Ngọc Lan", "Minh Tú"),
        captions=("Tàu cá chờ nước lớn trước cửa cảng",),
    ),
    Case(
        "next data beside a page that is whole",
        page(
            f"""<div id="__next"><main><h1>{TITLE}</h1><div class="css-1x">Thứ Tư, 04/03/2026 10:00</div><p
            class="css-2y">{LEAD}</p>{TEXT}</main></div><script id="__NEXT_DATA__" type="application/json">{{"props":{{"d":
            "<p>Đoạn văn chỉ có trong dữ liệu</p>"}}}}</script>"""
        ),
        lead=None,
        absent=("chỉ có trong dữ liệu",),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reads_every_field_of_the_template(case: Case) -> None:
    article = parse(case.html.encode(), case.url, sites=())

    found = (article.title, iso(article.published_at), article.authors, article.kind, article.language)
    assert found == (TITLE, case.date, case.authors, Kind.ARTICLE, "vi")
    assert [text for text in (LEAD, *STORY) if text not in article.body] == []
    assert [text for text in ("Giấy phép", "06/03", *case.absent) if text in article.body] == []
    assert tuple(image.caption for image in article.images if image.caption) == case.captions
    if case.related:
        assert tuple(link.url for link in article.related) == case.related
    if case.source:
        assert article.source_name == case.source
