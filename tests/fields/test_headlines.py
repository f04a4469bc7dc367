"""The headline, whatever stands around it: names of outlets, kickers, logos, second headings."""

from __future__ import annotations

import pytest

from scraper import parse

URL = "https://paper.example/local/harbour-wall-20250412.html"
TITLE = "Harbour wall to be raised before winter"
STORY = """<div class="story"><p>The harbour wall will rise by forty centimetres this year, the council said.</p>
<p>Work begins in August and will close the fish market for three weeks, the harbour master said after it.</p>
<p>Skippers asked for a floating pier in the meantime; the town has one left over from the regatta.</p></div>"""


def title_of(html: str, head: str = "") -> str | None:
    page = f"<html><head>{head}</head><body><main>{html}</main></body></html>"
    return parse(page.encode(), URL, sites=()).title


@pytest.mark.parametrize(
    "whole",
    [
        f"{TITLE} | The Paper",
        f"{TITLE} - The Paper",
        f"{TITLE} – The Paper",
        f"{TITLE} — The Paper",
        f"{TITLE} · The Paper",
        f"{TITLE} • The Paper",
        f"{TITLE} « The Paper",
        f"{TITLE} » The Paper",
        f"{TITLE} :: The Paper",
        f"{TITLE} : The Paper",
        f"{TITLE} / The Paper",
        f"{TITLE} ~ The Paper",
        f"{TITLE} | Local | The Paper",
        f"{TITLE} - Local - The Paper",
        f"The Paper | {TITLE}",
        f"The Paper - {TITLE}",
        f"The Paper » {TITLE}",
        f"The Paper › {TITLE}",
        f"Local » {TITLE} « The Paper",
        f"{TITLE}|The Paper",
        f"{TITLE}：The Paper",
        f"{TITLE}｜The Paper",
        f"{TITLE} < The Paper",
        f"{TITLE} ‹ The Paper",
    ],
)
@pytest.mark.parametrize("site", ['<meta property="og:site_name" content="The Paper">', ""])
def test_the_name_of_the_outlet_is_no_part_of_it(whole: str, site: str) -> None:
    assert title_of(f"<h1>{TITLE}</h1>{STORY}", f"<title>{whole}</title>{site}") == TITLE
    if site and "Local" not in whole:
        assert title_of(STORY, f"<title>{whole}</title>{site}") == TITLE


HEADINGS = {
    "logo in the first h1": f'<h1 class="logo"><a href="/">The Paper</a></h1><h1>{TITLE}</h1>',
    "section in the first h1": f'<h1 class="section-name">Local news</h1><h1>{TITLE}</h1>',
    "logo alone in h1": f'<h1><a href="/"><img src="/logo.png" alt="The Paper"></a></h1><h2>{TITLE}</h2>',
    "h2 called headline": f'<h1>The Paper</h1><h2 class="headline">{TITLE}</h2>',
    "div called headline": f'<div class="headline">{TITLE}</div>',
    "div called tieude": f'<div class="tieude">{TITLE}</div>',
    "span called titulo": f'<span class="titulo">{TITLE}</span>',
    "p called titre": f'<p class="titre">{TITLE}</p>',
    "div called title-news": f'<div class="title-news">{TITLE}</div>',
    "kicker in an element of the h1": f'<h1><span class="kicker">Harbour:</span> <span>{TITLE}</span></h1>',
    "kicker before the h1": f'<p class="kicker">Harbour</p><h1>{TITLE}</h1>',
    "h1 twice, for narrow screens": f'<h1 class="wide">{TITLE}</h1><h1 class="narrow">{TITLE}</h1>',
    "link to itself": f'<h1><a href="{URL}">{TITLE}</a></h1>',
    "h1 after the lead picture": f'<figure><img src="/a.jpg"><figcaption>Waves</figcaption></figure><h1>{TITLE}</h1>',
    "sub-headline under it": f"<h1>{TITLE}</h1><h2>Council votes for forty centimetres more of concrete</h2>",
    "sub-headline in the header": f"<header><h1>{TITLE}</h1><h2>Council votes for forty centimetres</h2></header>",
    "breadcrumb in h1": f'<div class="breadcrumb"><h1><a href="/local">Local news from the harbour</a></h1></div><h1>{TITLE}</h1>',  # noqa: E501 -- markup
    "line breaks": f"<h1>\n   {TITLE.replace(' be ', '<br>be ')}\n</h1>",
    "hgroup": f"<hgroup><p>Harbour</p><h1>{TITLE}</h1></hgroup>",
    "premium badge": f"<h1><svg><title>Premium</title></svg>{TITLE}</h1>",
    "h3": f"<h3>{TITLE}</h3>",
}


@pytest.mark.parametrize("html", HEADINGS.values(), ids=HEADINGS)
def test_the_visible_headline_is_the_title(html: str) -> None:
    assert title_of(html + STORY, f"<title>{TITLE} | The Paper</title>") == TITLE


@pytest.mark.parametrize("html", [HEADINGS["div called tieude"], HEADINGS["h3"]])
def test_the_visible_headline_is_the_title_where_head_names_the_outlet_alone(html: str) -> None:
    assert title_of(html + STORY, "<title>The Paper</title>") == TITLE


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " · "])
def test_a_kicker_glued_to_the_headline_is_left_out_where_the_data_leave_it_out(separator: str) -> None:
    head = f'<title>Premiere{separator}{TITLE}</title><meta property="og:title" content="{TITLE}">'

    assert title_of(f"<h1>Premiere{separator}{TITLE}</h1>{STORY}", head) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "Harbour wall: raised before winter",
        "Harbour wall - the long way to forty centimetres",
        "Wall | Water | Wind: a year at the harbour",
        "Phòng sốt xuất huyết: bắt đầu từ lu nước nhà mình",
        "“Không ai bị bỏ lại phía sau” - lời hứa của xã đảo",
        "What's next for AC/DC? Eight answers",
    ],
)
def test_separators_of_the_headline_itself_stay(title: str) -> None:
    assert title_of(f"<h1>{title}</h1>{STORY}", f"<title>{title} | The Paper</title>") == title


def test_the_headline_of_another_story_is_not_taken() -> None:
    other = '<div class="promo"><h1><a href="/x.html">Regatta put off for the second time</a></h1></div>'

    assert title_of(f"{other}<h1>{TITLE}</h1>{STORY}", f"<title>{TITLE} | The Paper</title>") == TITLE
    assert title_of(f"{other}<h1>{TITLE}</h1>{STORY}") == TITLE


def test_title_of_the_data_stands_in_where_no_heading_is_seen() -> None:
    assert title_of(STORY, f'<meta property="og:title" content="{TITLE}"><title>The Paper</title>') == TITLE
    assert title_of(STORY, f'<meta name="twitter:title" content="{TITLE}">') == TITLE


@pytest.mark.parametrize(
    "home",
    [
        '<h1><a href="/">The Harbour Paper</a></h1>',
        '<h1><a href="https://paper.example/"><img src=logo.png alt="The Harbour Paper"></a></h1>',
        '<h1><a href="/" title="The Harbour Paper">THP</a></h1>',
    ],
)
def test_where_title_and_h1_hold_only_the_outlets_name_the_headline_is_what_is_called_so(home: str) -> None:
    head = "<title>The Harbour Paper</title>"

    assert title_of(f'{home}<h2 class="headline">{TITLE}</h2>{STORY}', head) == TITLE
    assert title_of(f'{home}<span class="tieude">{TITLE}</span><br><span>12.04.2025</span>{STORY}', head) == TITLE


def test_a_portals_name_on_every_page_is_no_headline() -> None:
    head = "<title>Cổng thông tin điện tử tỉnh An Bình</title>"

    assert title_of(f'<span id="lblTitle" class="tieude">{TITLE}</span><br>12/04/2025{STORY}', head) == TITLE


def test_the_line_that_is_word_for_word_the_title_is_the_headline_though_nothing_calls_it_so() -> None:
    html = f"<div class='x1'>{TITLE}</div><div class='x2'>12 April 2025 by <a href='/y'>Ann Lee</a></div>{STORY}"
    article = parse(f"<title>{TITLE}</title><main>{html}</main>".encode(), URL, sites=())

    assert article.provenance["title"].source == "heuristic:line as told"
    assert article.authors == ("Ann Lee",)


def test_a_line_break_parts_the_headline_from_the_date_under_it() -> None:
    cell = f"<td><font size=4><b>{TITLE}</b></font><br>Updated: 12/04/2025<br><br>{STORY}</td>"

    assert title_of(f"<table><tr>{cell}</tr></table>", "<title>The Paper</title>") == TITLE


def test_the_label_of_a_title_is_the_headline_where_the_page_is_called_by_its_template() -> None:
    span = f"<span id='dnn_ctr412_View_lblTitle' class='Head'>{TITLE}</span><br>"

    assert title_of(f"<div>{span}{STORY}</div>", "<title>News detail</title>") == TITLE
