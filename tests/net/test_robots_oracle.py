"""Whom and what a robots.txt allows: own cases, their answers worked out from RFC 9309 (sections in the names).

Where Google's published matcher is known to answer otherwise than the RFC's letter, the case says so.
"""

from __future__ import annotations

import pytest

from scraper.net.robots import parse_robots

OURS = "luubao"
EVERYONE = "User-agent: *\n"

GROUPS = [  # 2.2.1: which group is ours
    ("no file", "", "/a", True),
    ("only comments", "# nothing here\n#Disallow: /\n", "/a", True),
    ("everyone is forbidden", "User-agent: *\nDisallow: /", "/a", False),
    ("another agent is forbidden", "User-agent: other\nDisallow: /", "/a", True),
    ("we are forbidden by name", f"User-agent: {OURS}\nDisallow: /", "/a", False),
    ("names are read in any case", "User-Agent: LUUBAO\nDisallow: /", "/a", False),
    ("field names are read in any case", f"USER-AGENT: {OURS}\ndISALLOW: /", "/a", False),
    ("our group goes before everyone's", f"User-agent: *\nDisallow: /\nUser-agent: {OURS}\nAllow: /", "/a", True),
    ("in whatever order", f"User-agent: {OURS}\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
    (
        "everyone's rules do not add to ours",
        f"User-agent: *\nDisallow: /a\nUser-agent: {OURS}\nDisallow: /b",
        "/a",
        True,
    ),
    ("our group may be empty", f"User-agent: *\nDisallow: /\nUser-agent: {OURS}\n", "/a", True),
    ("our group may forbid nothing", f"User-agent: *\nDisallow: /\nUser-agent: {OURS}\nDisallow:\n", "/a", True),
    ("a group may name many", f"User-agent: x\nUser-agent: {OURS}\nUser-agent: y\nDisallow: /", "/a", False),
    ("a group of many names everyone too", "User-agent: x\nUser-agent: *\nDisallow: /", "/a", False),
    ("groups of one name are one", f"User-agent: {OURS}\nDisallow: /a\nUser-agent: {OURS}\nDisallow: /b", "/a", False),
    ("the second of them too", f"User-agent: {OURS}\nDisallow: /a\nUser-agent: {OURS}\nDisallow: /b", "/b", False),
    (
        "with another's between",
        f"User-agent: {OURS}\nDisallow: /a\nUser-agent: x\nAllow: /\nUser-agent: {OURS}\nDisallow: /b",
        "/b",
        False,
    ),
    (
        "everyone's groups are one",
        "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow:\nUser-agent: *\nDisallow: /b",
        "/a",
        False,
    ),
    ("blank lines end no group", f"User-agent: {OURS}\n\n\nDisallow: /", "/a", False),
    ("blank lines between names end no group", f"User-agent: {OURS}\n\nUser-agent: x\n\nDisallow: /", "/a", False),
    ("a rule ends the names", f"User-agent: {OURS}\nDisallow: /a\nUser-agent: x\nDisallow: /b", "/b", True),
    ("rules before any name are nobody's", "Disallow: /\nUser-agent: x\nDisallow: /a", "/a", True),
    ("a version is no part of the name", f"User-agent: {OURS}/2.1\nDisallow: /", "/a", False),
    ("nor is what follows a space", f"User-agent: {OURS} crawler\nDisallow: /", "/a", False),
    ("a shorter name is another's", "User-agent: luu\nDisallow: /", "/a", True),
    ("a longer name is another's", "User-agent: luubao-images\nDisallow: /", "/a", True),
    ("a name with ours at its end is another's", "User-agent: not-luubao\nDisallow: /", "/a", True),
    ("a name with ours in a sentence is another's", "User-agent: my luubao\nDisallow: /", "/a", True),
    ("an empty name is nobody's", "User-agent:\nDisallow: /", "/a", True),
    ("a star before words is everyone", "User-agent: * everyone\nDisallow: /", "/a", False),
    ("a star glued to a word is no star", "User-agent: *bot\nDisallow: /", "/a", True),
    ("an unknown line ends no group", f"User-agent: {OURS}\nHost: bao.vn\nUser-agent: x\nDisallow: /", "/a", False),
    ("a sitemap ends no group", f"User-agent: {OURS}\nSitemap: /s.xml\nUser-agent: x\nDisallow: /", "/a", False),
    ("a crawl-delay ends no group", f"User-agent: {OURS}\nCrawl-delay: 1\nUser-agent: x\nDisallow: /", "/a", False),
    (
        "a sitemap among rules ends no group",
        f"User-agent: {OURS}\nDisallow: /a\nSitemap: /s.xml\nDisallow: /b",
        "/b",
        False,
    ),
]

LINES = [  # 2.2: how lines are read
    ("white space round the field", "  User-agent :  *  \n\t Disallow\t:\t/a \t", "/a", False),
    ("no space after the colon", "User-agent:*\nDisallow:/a", "/a", False),
    ("a comment after the rule", EVERYONE + "Disallow: /a # not this", "/a", False),
    ("a comment after the name", "User-agent: * # all\nDisallow: /a", "/a", False),
    ("a hash ends the path", EVERYONE + "Disallow: /a#b", "/a/c", False),
    ("a comment in place of a path", EVERYONE + "Disallow: # nothing", "/a", True),
    ("carriage return and line feed", "User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("carriage return alone", "User-agent: *\rDisallow: /a\r", "/a", False),
    ("line separators of Unicode end no line", EVERYONE + "Disallow: /a\u2028Allow: /a", "/a", True),
    ("a form feed ends no line", EVERYONE + "Disallow: /x\x0cDisallow: /a", "/a", True),
    ("no line end at the end", EVERYONE + "Disallow: /a", "/a", False),
    ("a byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    ("junk lines", "<html>\n%PDF\n::::\n=\n" + EVERYONE + "Disallow: /a", "/a", False),
    ("a forgotten colon is forgiven", "User-agent *\nDisallow /a", "/a", False),
    ("a sentence without colon is none", EVERYONE + "Disallow everything under /a", "/a", True),
    ("a common misspelling is read", EVERYONE + "Dissallow: /a\nDisalow: /b", "/b", False),
    ("another misspelling of the name", "Useragent: *\nDisallow: /a", "/a", False),
    ("a field that only begins so is none", EVERYONE + "Disallow-all: /a", "/a", True),
    ("two colons belong to the path", EVERYONE + "Disallow: /a:b", "/a:b", False),
]

PATHS = [  # 2.2.2: which rule holds
    ("a path is a prefix", EVERYONE + "Disallow: /tin", "/tin-tuc/1", False),
    ("not of another path", EVERYONE + "Disallow: /tin", "/ti", True),
    ("nor inside one", EVERYONE + "Disallow: /tin", "/a/tin", True),
    ("a folder leaves its own name", EVERYONE + "Disallow: /tin/", "/tin", True),
    ("a folder holds what is in it", EVERYONE + "Disallow: /tin/", "/tin/1", False),
    ("paths keep their case", EVERYONE + "Disallow: /Tin", "/tin", True),
    ("an empty rule says nothing", EVERYONE + "Disallow:", "/a", True),
    ("an empty allow says nothing", EVERYONE + "Allow:\nDisallow: /", "/a", False),
    ("the root forbids all", EVERYONE + "Disallow: /", "/", False),
    ("a path without slash matches nothing", EVERYONE + "Disallow: tin", "/tin", True),
    ("the longer rule holds", EVERYONE + "Disallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("the longer rule holds the other way", EVERYONE + "Allow: /a\nDisallow: /a/b", "/a/b/c", False),
    ("the longer rule holds in any order", EVERYONE + "Allow: /a/b\nDisallow: /a", "/a/b/c", True),
    ("the shorter holds elsewhere", EVERYONE + "Disallow: /a\nAllow: /a/b", "/a/c", False),
    ("allow holds between equals", EVERYONE + "Disallow: /a\nAllow: /a", "/a", True),
    ("allow holds between equals in any order", EVERYONE + "Allow: /a\nDisallow: /a", "/a", True),
    ("three levels", EVERYONE + "Disallow: /\nAllow: /a\nDisallow: /a/b", "/a/b", False),
    ("three levels, the middle one", EVERYONE + "Disallow: /\nAllow: /a\nDisallow: /a/b", "/a/c", True),
    ("an exception to all", EVERYONE + "Disallow: /\nAllow: /$", "/", True),
    ("an exception to all is no more", EVERYONE + "Disallow: /\nAllow: /$", "/a", False),
    ("the query belongs to the path", EVERYONE + "Disallow: /a?p=", "/a?p=2", False),
    ("another query does not", EVERYONE + "Disallow: /a?p=", "/a?q=2", True),
    ("a rule for any query", EVERYONE + "Disallow: /*?", "/a/b?c", False),
    ("without one it is silent", EVERYONE + "Disallow: /*?", "/a/b", True),
    ("robots.txt itself is always allowed", EVERYONE + "Disallow: /", "/robots.txt", True),
    ("but not what is named like it", EVERYONE + "Disallow: /", "/a/robots.txt", False),
]

WILDCARDS = [  # 2.2.3: special characters
    ("a star is anything", EVERYONE + "Disallow: /*.pdf", "/a/b.pdf", False),
    ("a star may be nothing", EVERYONE + "Disallow: /a*b", "/ab", False),
    ("a star crosses folders", EVERYONE + "Disallow: /a*z", "/a/b/c/z", False),
    ("a star at the end adds nothing", EVERYONE + "Disallow: /a*", "/a", False),
    ("stars in a row are one", EVERYONE + "Disallow: /a***b", "/axb", False),
    ("a rule of a star alone", EVERYONE + "Disallow: *", "/a", False),
    ("a star before a name", EVERYONE + "Disallow: */print", "/tin/print", False),
    ("without it is allowed", EVERYONE + "Disallow: */print", "/tin/prin", True),
    ("a dollar is the end", EVERYONE + "Disallow: /*.php$", "/a.php", False),
    ("and nothing may follow", EVERYONE + "Disallow: /*.php$", "/a.php?x", True),
    ("a dollar after a plain path", EVERYONE + "Disallow: /a$", "/a", False),
    ("which is no prefix any more", EVERYONE + "Disallow: /a$", "/ab", True),
    ("a dollar in the middle is a dollar", EVERYONE + "Disallow: /a$b", "/a$b", False),
    ("a dollar in the middle is no end", EVERYONE + "Disallow: /a$b", "/a", True),
    ("a dollar alone is the root", EVERYONE + "Disallow: /$", "/", False),
    ("star and dollar", EVERYONE + "Disallow: /*$", "/anything", False),
    ("the last star takes the last chance", EVERYONE + "Disallow: /*ab$", "/aab", False),
    ("matching goes back where it must", EVERYONE + "Disallow: /*a*b$", "/xaxbxb", False),
    ("a question mark is itself", EVERYONE + "Disallow: /a?b", "/ab", True),
    ("a dot is itself", EVERYONE + "Disallow: /a.b", "/axb", True),
    ("brackets are themselves", EVERYONE + "Disallow: /[a-z]", "/b", True),
    ("a plus is itself", EVERYONE + "Disallow: /a+", "/aa", True),
    ("a longer rule with star wins", EVERYONE + "Allow: /a\nDisallow: /*.html", "/a.html", False),
    ("a shorter rule with star loses", EVERYONE + "Allow: /tin-tuc\nDisallow: /*.htm", "/tin-tuc.htm", True),
    ("equal lengths, star and plain", EVERYONE + "Allow: /a/b\nDisallow: /*/b", "/a/b", True),
    ("many stars", EVERYONE + "Disallow: /a*b*c*d*e", "/a1b2c3d4e5", False),
    ("many stars out of order", EVERYONE + "Disallow: /a*b*c*d*e", "/a1c2b3d4e", True),
]

ENCODINGS = [  # 2.2.2: octets outside of ASCII, and those that are encoded
    ("raw rule, encoded path", EVERYONE + "Disallow: /bài", "/b%C3%A0i", False),
    ("encoded rule, encoded path", EVERYONE + "Disallow: /b%C3%A0i", "/b%C3%A0i", False),
    ("small hex in the rule", EVERYONE + "Disallow: /b%c3%a0i", "/b%C3%A0i", False),
    ("another letter", EVERYONE + "Disallow: /bài", "/b%C3%A1i", True),
    ("decomposed is another", EVERYONE + "Disallow: /ba\u0300i", "/b%C3%A0i", True),
    ("unreserved letters need no escape", EVERYONE + "Disallow: /%62%61%7A", "/baz", False),  # Google's: allowed
    ("an escaped star is a star's letter", EVERYONE + "Disallow: /a%2Ab", "/a*b", False),
    ("an escaped star is no wildcard", EVERYONE + "Disallow: /a%2Ab", "/axb", True),
    ("an escaped dollar is no end", EVERYONE + "Disallow: /a%24", "/a$", False),
    ("an escaped dollar is no end elsewhere", EVERYONE + "Disallow: /a%24", "/a", True),
    ("an escaped slash is no slash", EVERYONE + "Disallow: /a%2Fb", "/a/b", True),
    ("an escaped slash is itself", EVERYONE + "Disallow: /a%2Fb", "/a%2Fb", False),
    ("an escaped space", EVERYONE + "Disallow: /a%20b", "/a%20b", False),
    ("a bare percent sign", EVERYONE + "Disallow: /100%", "/100%25", False),
    ("Japanese", EVERYONE + "Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84/1", False),
    ("in the query too", EVERYONE + "Disallow: /?q=đ", "/?q=%C4%91", False),
]

CASES = GROUPS + LINES + PATHS + WILDCARDS + ENCODINGS


@pytest.mark.parametrize(("body", "path", "is_allowed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_robots_say_what_rfc_9309_says(body: str, path: str, *, is_allowed: bool) -> None:
    robots = parse_robots(body.encode(), url="https://bao.vn/robots.txt")

    assert robots.allows(f"https://bao.vn{path}") is is_allowed


def test_the_table_is_long_enough_and_every_case_is_told_apart() -> None:
    assert len(CASES) >= 100
    assert len({name for name, *_ in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Sitemap: https://bao.vn/s.xml", ("https://bao.vn/s.xml",)),
        (
            "sitemap:https://bao.vn/s.xml\nSITEMAP : https://khac.vn/t.xml",
            ("https://bao.vn/s.xml", "https://khac.vn/t.xml"),
        ),
        ("User-agent: x\nDisallow: /\nSitemap: /s.xml", ("https://bao.vn/s.xml",)),
        ("Sitemap: https://bao.vn/s.xml\nSitemap: https://bao.vn/s.xml", ("https://bao.vn/s.xml",)),
        ("Sitemap: https://bao.vn/s.xml # news", ("https://bao.vn/s.xml",)),
        ("Site-map: https://bao.vn/s.xml", ("https://bao.vn/s.xml",)),
        ("Sitemap: javascript:alert(1)\nSitemap: ftp://bao.vn/s\nSitemap:", ()),
        ("\n".join(f"Sitemap: /{n}.xml" for n in range(5000)), None),
    ],
)
def test_sitemaps_are_named_for_everyone(body: str, expected: tuple[str, ...] | None) -> None:
    found = parse_robots(body.encode(), url="https://bao.vn/robots.txt").sitemaps

    assert found == expected if expected is not None else len(found) == 1000


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 7.5", 7.5),
        ("User-agent: luubao\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 9", 9.0),  # no rule between: one group
        ("User-agent: luubao\nCrawl-delay: 3\nDisallow:\nUser-agent: *\nCrawl-delay: 9", 3.0),
        ("User-agent: other\nCrawl-delay: 30\nUser-agent: *\nDisallow: /a", None),  # asked of those named before it
        ("User-agent: other\nCrawl-delay: 30", None),
        ("User-agent: *\nRequest-rate: 1/30", 30.0),
        ("User-agent: *\nRequest-rate: 10/1m", 6.0),
        ("User-agent: *\nRequest-rate: 1/5 0600-0845", 5.0),
        ("User-agent: *\nCrawl-delay: soon\nRequest-rate: fast", None),
        ("", None),
    ],
)
def test_the_pace_a_host_asks_for_is_ours_or_everyones(body: str, expected: float | None) -> None:
    assert parse_robots(body.encode(), url="https://bao.vn/robots.txt").crawl_delay_seconds == expected
