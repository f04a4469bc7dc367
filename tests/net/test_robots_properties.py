"""No bytes in place of a robots.txt raise, or let us where a plain rule forbids it."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from scraper.net.robots import parse_robots

URL = "https://bao.vn/robots.txt"
WORDS = st.sampled_from(
    ["User-agent", "Disallow", "Allow", "Sitemap", "Crawl-delay", "Request-rate", ":", " ", "*", "luubao", "/", "\n",
     "\r", "$", "#", "/a", "1/5", "nan", "\0", "ế", "\u2028", "%", "%2", "\ufeff"]
)  # fmt: skip
JUNK = st.lists(WORDS, max_size=60).map("".join)


@given(st.one_of(st.binary(max_size=300), JUNK.map(str.encode)))
def test_f08_no_bytes_raise(body: bytes) -> None:
    robots = parse_robots(body, url="https://bao.vn/robots.txt")

    assert robots.allows("https://bao.vn/a") in {True, False}
    assert robots.allows("https://bao.vn/robots.txt")
    assert robots.crawl_delay_seconds is None or robots.crawl_delay_seconds >= 0


def test_a_request_rate_beyond_all_numbers_says_nothing_and_raises_nothing() -> None:
    robots = parse_robots(f"User-agent: *\nRequest-rate: 1/{'9' * 400}s\nDisallow: /no\n".encode(), url=URL)

    assert robots.crawl_delay_seconds is None
    assert not robots.allows("https://bao.vn/no")


@given(JUNK.filter(lambda text: "llow" not in text and "gent" not in text))
def test_f12_lines_that_mean_nothing_change_nothing(junk: str) -> None:
    body = f"User-agent: luubao\nNote: {junk.splitlines()[0] if junk.splitlines() else ''}\nDisallow: /no\n"

    robots = parse_robots(body.encode(), url="https://bao.vn/robots.txt")

    assert not robots.allows("https://bao.vn/no/1")
    assert robots.allows("https://bao.vn/yes")


@given(st.text("ab/*$?=%é", max_size=20), st.text("ab/?=", max_size=20))
def test_every_rule_forbids_the_url_it_spells_out(rule: str, rest: str) -> None:
    plain = "/" + rule.replace("*", "x").replace("$", "").replace("%", "") + rest.lstrip("/")
    pattern = "/" + rule.replace("$", "").replace("%", "")
    robots = parse_robots(f"User-agent: *\nDisallow: {pattern}\n".encode(), url="https://bao.vn/robots.txt")

    assert not robots.allows(f"https://bao.vn{plain}")


def test_f72_a_robots_made_to_be_slow_is_read_in_no_time() -> None:
    bodies = [
        b"User-agent: *\n" * 35_000, b"User-agent: luubao\nDisallow: /" + b"*a" * 250_000, b"Disallow: /a\n" * 40_000,
        b"User-agent: *\n" + b"Disallow: /*a*b*c\n" * 28_000, b" " * 500_000, b":" * 500_000, b"a " * 250_000,
        b"".join(b"User-agent: a%d\nUser-agent: b%d\n" % (n, n) for n in range(5_000)) + b"Disallow: /\n" * 20_000,
    ]  # fmt: skip

    for body in bodies:
        began = time.process_time()
        parse_robots(body[: 512 * 1024], url="https://bao.vn/robots.txt").allows("https://bao.vn/" + "ab" * 900)
        assert time.process_time() - began < 2, body[:40]
