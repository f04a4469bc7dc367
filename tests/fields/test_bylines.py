"""Bylines as newspapers of many languages set them, with and without metadata."""

from __future__ import annotations

import pytest

from scraper import parse

URL = "https://paper.example/local/harbour-wall-20250412.html"
TITLE = "Harbour wall to be raised before winter"
STORY = """<p>The harbour wall will be raised by forty centimetres before the winter storms, the council said.</p>
<p>Work begins in August and will close the fish market for three weeks, the harbour master said after it.</p>
<p>Skippers asked for a floating pier in the meantime; the town has one left over from the regatta.</p>"""


def authors_of(
    above: str = "", *, below: str = "", last: str = "", head: str = "", lang: str = "en", top: str = ""
) -> tuple[str, ...]:
    page = f"""<html lang="{lang}"><head><title>{TITLE} | The Paper</title>
    <meta property="og:site_name" content="The Paper">{head}</head>
    <body><header><a href="/">The Paper</a></header><main>{top}<h1>{TITLE}</h1>{above}
    <div class="story">{STORY}{last}</div>{below}</main><footer>The Paper, 1 Quay Street</footer></body></html>"""
    return parse(page.encode(), URL, sites=()).authors


LINES = [
    ("en", "By Ann Lee", ("Ann Lee",)),
    ("en", "BY ANN LEE AND TOM RAY", ("ANN LEE", "TOM RAY")),
    ("en", "by Ann Lee, Tom Ray & Sue Orr", ("Ann Lee", "Tom Ray", "Sue Orr")),
    ("en", "Words by Ann Lee", ("Ann Lee",)),
    ("en", "Written by Ann Lee", ("Ann Lee",)),
    ("en", "Story by Ann Lee; photos by Tom Ray", ("Ann Lee",)),
    ("en", "Ann Lee, staff writer", ("Ann Lee",)),
    ("en", "By Ann Lee in Porthaven", ("Ann Lee",)),
    ("en", "By Ann Lee | April 12, 2025", ("Ann Lee",)),
    ("en", "By: Ann Lee", ("Ann Lee",)),
    ("en", "By Ann Lee Updated 3 hours ago", ("Ann Lee",)),
    ("en", "Ann Lee is the fisheries editor of The Paper", ("Ann Lee",)),
    ("de", "Von Anna Maier", ("Anna Maier",)),
    ("de", "Von Anna Maier, Hamburg", ("Anna Maier",)),
    ("de", "Text: Anna Maier | Fotos: Jan Weiß", ("Anna Maier",)),
    ("de", "Ein Bericht von Anna Maier", ("Anna Maier",)),
    ("de", "Ein Kommentar von Anna Maier", ("Anna Maier",)),
    ("de", "Anna Maier und Jan Weiß", ("Anna Maier", "Jan Weiß")),
    ("fr", "Par Anne Petit", ("Anne Petit",)),
    ("fr", "Par Anne Petit avec AFP", ("Anne Petit",)),
    ("fr", "Par Anne Petit et Jean Roux", ("Anne Petit", "Jean Roux")),
    ("fr", "Anne Petit (à Brest)", ("Anne Petit",)),
    ("fr", "Propos recueillis par Anne Petit", ("Anne Petit",)),
    ("es", "Por Ana Ruiz", ("Ana Ruiz",)),
    ("es", "Por: Ana Ruiz", ("Ana Ruiz",)),
    ("es", "Redacción: Ana Ruiz", ("Ana Ruiz",)),
    ("pt", "Por Ana Rocha, de Lisboa", ("Ana Rocha",)),
    ("it", "di Anna Rossi", ("Anna Rossi",)),
    ("it", "a cura di Anna Rossi", ("Anna Rossi",)),
    ("it", "dal nostro inviato Anna Rossi", ("Anna Rossi",)),
    ("nl", "Door Anna de Vries", ("Anna de Vries",)),
    ("da", "Af Anne Holm", ("Anne Holm",)),
    ("no", "Tekst: Anne Holm", ("Anne Holm",)),
    ("no", "Av Anne Holm", ("Anne Holm",)),
    ("sv", "Av Anna Ek", ("Anna Ek",)),
    ("fi", "Teksti: Anna Laine", ("Anna Laine",)),
    ("pl", "Autor: Anna Nowak", ("Anna Nowak",)),
    ("cs", "Autor: Anna Nováková", ("Anna Nováková",)),
    ("ru", "Автор: Анна Ли", ("Анна Ли",)),
    ("uk", "Автор Анна Лис", ("Анна Лис",)),
    ("tr", "Yazar: Ayşe Kaya", ("Ayşe Kaya",)),
    ("tr", "Haber: Ayşe Kaya", ("Ayşe Kaya",)),
    ("id", "Oleh Budi Santoso", ("Budi Santoso",)),
    ("id", "Penulis: Budi Santoso", ("Budi Santoso",)),
    ("id", "Reporter: Budi Santoso", ("Budi Santoso",)),
    ("hu", "Szerző: Nagy Anna", ("Nagy Anna",)),
    ("ja", "取材・文＝山田花子", ("山田花子",)),
    ("ja", "文・山田花子", ("山田花子",)),
    ("ja", "山田花子 記者", ("山田花子",)),
    ("ja", "【山田花子】", ("山田花子",)),
    ("ko", "김민지 기자", ("김민지",)),
    ("ko", "글 김민지", ("김민지",)),
    ("ko", "김민지 기자 minji@paper.example", ("김민지",)),
    ("zh", "记者 王小明", ("王小明",)),
    ("zh", "作者：王小明", ("王小明",)),
    ("zh", "記者王小明／台北報導", ("王小明",)),
    ("vi", "Tác giả: Lê Thị An", ("Lê Thị An",)),
    ("vi", "Bài: Lê Thị An - Ảnh: Trần Bình", ("Lê Thị An",)),
    ("vi", "Thực hiện: Lê An", ("Lê An",)),
    ("vi", "PV. Lê An", ("Lê An",)),
    ("vi", "CTV. Nguyễn Ngọc Diệp", ("Nguyễn Ngọc Diệp",)),
    ("vi", "Nhóm PV: Lê An, Hà My", ("Lê An", "Hà My")),
    ("vi", "Lê An - Hà My", ("Lê An", "Hà My")),
    ("vi", "Lê An (t/h)", ("Lê An",)),
]


@pytest.mark.parametrize(("lang", "line", "expected"), LINES, ids=[line for _, line, _ in LINES])
def test_reads_a_byline_that_is_called_so(lang: str, line: str, expected: tuple[str, ...]) -> None:
    assert authors_of(f'<div class="byline">{line}</div>', lang=lang) == expected


PLAIN = [
    item for item in LINES if item[1].split()[0] in {"By", "BY", "Von", "Par", "Por", "di", "Door", "Av", "Af", "Oleh"}
]


@pytest.mark.parametrize(("lang", "line", "expected"), PLAIN, ids=[line for _, line, _ in PLAIN])
def test_reads_a_byline_that_only_its_first_word_tells(lang: str, line: str, expected: tuple[str, ...]) -> None:
    assert authors_of(f"<p>{line}</p>", lang=lang) == expected


MARKUP = {
    "rel author": '<a rel="author" href="/staff/ann-lee">Ann Lee</a>',
    "itemprop": '<span itemprop="author" itemscope><span itemprop="name">Ann Lee</span></span>',
    "wordpress": '<span class="author vcard"><a class="url fn n" href="/author/ann/">Ann Lee</a></span>',
    "profile without a class": '<div class="x1">By <a href="/profile/ann-lee">Ann Lee</a></div>',
    "portrait and role": '<div class="author"><img src="/ann.jpg" alt="Ann Lee"><span class="author-name">Ann Lee</span><span class="author-role">Fisheries reporter</span></div>',  # noqa: E501 -- markup
    "name twice, for narrow screens": '<div class="byline"><span class="wide">Ann Lee</span><span class="narrow">Ann Lee</span></div>',  # noqa: E501 -- markup
    "mail": '<div class="author">Ann Lee <a href="mailto:ann@paper.example">ann@paper.example</a></div>',
    "follow button": '<div class="author"><a href="/author/ann">Ann Lee</a><button>Follow</button></div>',
    "crumbs beside": '<div class="article-author">by <a rel="author" href="/staff/ann">Ann Lee</a><ul class="breadcrumbs"><li>in Harbour News</li></ul></div>',  # noqa: E501 -- markup
    "custom element": '<author-byline><a href="/authors/ann-lee">Ann Lee</a></author-byline>',
    "data attribute": '<p data-testid="byline">By Ann Lee</p>',
    "names of a compiler": '<div class="x1" data-component="byline"><span class="x2">Ann Lee</span></div>',
    "RDFa": '<span property="author" typeof="Person"><span property="name">Ann Lee</span></span>',
    "Drupal": '<div class="node__submitted">Submitted by <span>Ann Lee</span> on Sat, 04/12/2025 - 08:15</div>',
    "icon": '<div class="x1"><i class="fa fa-user"></i> Ann Lee <i class="fa fa-clock"></i> 12 April 2025</div>',
    "between headline and date, no block around it": '<span class="x1">by Ann Lee</span> <span>on 12 April 2025</span>',
    "address": '<address>By <a href="/people/ann-lee">Ann Lee</a></address>',
}


@pytest.mark.parametrize("markup", MARKUP.values(), ids=MARKUP)
def test_reads_a_byline_in_the_markup_of_many_systems(markup: str) -> None:
    assert authors_of(markup) == ("Ann Lee",)


def test_a_desk_with_a_link_of_an_author_is_taken_before_words_beside_it() -> None:
    box = '<div class="article-author">by <a rel="author" href="/imprint">Porthaven Newsdesk</a><ul><li>in Harbour Tests</li></ul></div>'  # noqa: E501 -- markup

    assert authors_of(box) == ("Porthaven Newsdesk",)


def test_several_authors_each_with_a_link() -> None:
    links = ", ".join(f'<a href="/author/{name[:3]}">{name}</a>' for name in ("Ann Lee", "Tom Ray", "Sue Orr"))

    assert authors_of(f'<p class="by">By {links}</p>') == ("Ann Lee", "Tom Ray", "Sue Orr")


def test_several_authors_each_in_an_element() -> None:
    names = "".join(f'<span class="author">{name}</span>' for name in ("Ann Lee", "Tom Ray"))

    assert authors_of(f'<div class="meta">{names}</div>') == ("Ann Lee", "Tom Ray")


@pytest.mark.parametrize(
    "line",
    [
        '<p class="x1">By <span class="byline-last">Ann Lee</span> and <span>Tom Ray</span></p>',
        '<div class="byline">By <a href="/profiles/ann">Ann Lee</a>, <b class="name">Tom Ray</b>, CNN</div>',
        '<p class="byline">By <a href="/author/ann">Ann Lee</a> and Tom Ray</p>',
    ],
)
def test_an_author_without_a_link_beside_one_with_a_link(line: str) -> None:
    assert authors_of(line) == ("Ann Lee", "Tom Ray")


def test_the_line_of_the_page_names_those_whom_metadata_leave_out() -> None:
    head = '<meta name="author" content="Anna Maier, The Paper">'

    assert authors_of("<div>Von <a href='/x'>Anna Maier</a> und <a href='/y'>Jan Weiß</a></div>", head=head) == (
        "Anna Maier",
        "Jan Weiß",
    )


def test_a_byline_below_a_text_that_line_breaks_part() -> None:
    page = (
        f'<h3 class="post-title">{TITLE}</h3><div class="post-body">{"<br><br>".join([STORY[3:100]] * 4)}</div>'
        '<div>Posted by <span class="fn"><a rel="author" href="https://blogs.example/1">Ann Lee</a></span></div>'
    )

    assert parse(f"<title>{TITLE}</title>{page}".encode(), URL, sites=()).authors == ("Ann Lee",)


def test_a_box_about_the_author_at_the_end_only_repeats() -> None:
    box = (
        '<div class="author-box"><h4 class="author-name">Ann Lee</h4><p>Ann has covered the quays since 2011.</p></div>'
    )

    assert authors_of('<div class="byline">By Ann Lee</div>', below=box) == ("Ann Lee",)
    assert authors_of(below=box) == ("Ann Lee",)


def test_the_author_of_a_comment_or_of_another_story_is_none_of_ours() -> None:
    comments = (
        '<div class="comments"><div class="comment"><span class="author">Zoe Doe</span><p>Well said!</p></div></div>'
    )
    teasers = (
        '<div class="related"><a href="/x.html">Regatta put off again</a> <span class="author">Bob Foe</span></div>'
    )

    assert authors_of(below=comments) == ()
    assert authors_of(below=teasers) == ()


@pytest.mark.parametrize(
    "line", ["Photo by Ann Lee", "Published by The Paper", "Share by email", "By continuing you agree"]
)
def test_what_begins_like_a_byline_names_no_author(line: str) -> None:
    assert authors_of(f"<p>{line}</p>") == ()


def test_people_of_the_data_come_before_the_page() -> None:
    people = '[{"@type": "Person", "name": "Ann Lee"}, {"name": "Tom Ray"}]'
    data = f'{{"@type": "NewsArticle", "headline": "x", "author": {people}}}'

    assert authors_of(head=f'<script type="application/ld+json">{data}</script>') == ("Ann Lee", "Tom Ray")


def test_an_outlet_in_the_data_gives_way_to_the_person_of_the_byline() -> None:
    data = '{"@type": "NewsArticle", "headline": "x", "author": {"@type": "Person", "name": "The Paper"}}'
    head = f'<script type="application/ld+json">{data}</script>'

    assert authors_of('<p class="byline">By Ann Lee</p>', head=head) == ("Ann Lee",)


def test_a_name_of_login_in_meta_gives_way_to_the_byline() -> None:
    assert authors_of('<p class="byline">By Ann Lee</p>', head='<meta name="author" content="admin">') == ("Ann Lee",)


@pytest.mark.parametrize(
    "line",
    [
        '<p style="text-align: right;"><strong>Lê An</strong></p>',
        '<p align="right"><b>Lê An</b></p>',
        '<p class="pAuthor">Lê An</p>',
        "<p><strong>Lê An</strong></p>",
        '<p style="text-align: right;"><em>Tin, ảnh: Lê An</em></p>',
        "<p><strong>Bài, ảnh: Lê An</strong></p>",
        '<div class="tacgia">Lê An</div>',
        '<p style="text-align:right"><strong>LÊ AN</strong></p>',
    ],
)
def test_reads_the_signature_of_a_vietnamese_story(line: str) -> None:
    assert tuple(name.title() for name in authors_of(last=line, lang="vi")) == ("Lê An",)


def test_a_bold_line_before_more_paragraphs_is_no_signature() -> None:
    heading = f"<p><b>Thiếu người gánh</b></p>{STORY}"

    assert authors_of(last=heading, lang="vi") == ()
