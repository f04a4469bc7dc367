"""What holds of every URL: canonical form is total, stable, and ASCII; what goes over the network is what was meant."""

from __future__ import annotations

import contextlib
import time

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.errors import BadUrl
from scraper.urls import (
    alias_key,
    canonical,
    host_of,
    is_fetchable,
    is_plain_target,
    join,
    normal,
    registrable,
    same_site,
    shown,
    split,
)

HOSTS = st.sampled_from(
    ["bao.vn", "BÁO.vn", "127.1", "[::1]", "xn--bo-mia.vn", "a_b.vn:8080", "m.bao.com.vn", "%62ao.vn"]
)
TAILS = st.text(
    st.one_of(st.sampled_from("/.?&=#%;:@\\ ế\t\n\0'\"<>|^`{}[]+2eE"), st.characters(codec=None)), max_size=60
)
URLISH = st.one_of(st.text(max_size=80), st.builds(lambda h, t: f"https://{h}/{t}", HOSTS, TAILS))


@given(URLISH)
@example("http://[")
@example("http://\ud800/")
@example("https://bao.vn/%%%2")
def test_f38_no_text_raises_anything_but_bad_url(text: str) -> None:
    for function in (canonical, normal, alias_key, split):
        with contextlib.suppress(BadUrl):
            function(text)
    host = host_of(text)
    if host is not None:
        registrable(host)
    same_site(text, text)
    join(text, text)
    join("https://bao.vn/a/", text)
    assert shown(text).isprintable()
    assert is_fetchable(text) == (host is not None)


@given(URLISH)
def test_the_canonical_form_is_ascii_stable_and_short_enough(text: str) -> None:
    with contextlib.suppress(BadUrl):
        once = canonical(text)

        assert canonical(once) == once
        assert once.isascii()
        assert once.isprintable()
        assert " " not in once
        assert len(once) <= 2083
        assert canonical(normal(text)) == once


@given(st.builds(lambda h, t: f"https://{h}/{t}", HOSTS, TAILS))
def test_the_network_is_asked_for_exactly_the_normal_form(text: str) -> None:
    with contextlib.suppress(BadUrl):
        url = normal(text)
        request = httpx.Request("GET", url)

        assert request.url.raw_path.decode() == split(url).target
        assert request.url.raw_host.decode() == split(url).host


@given(TAILS)
def test_a_link_joined_is_a_url_in_normal_form(href: str) -> None:
    joined = join("https://bao.vn/muc/trang?x=1", href)

    assert joined is None or normal(joined) == joined


@given(st.text("/", min_size=1, max_size=2), st.text("abA1/.-_~%?&=#:+;@ế ", max_size=40))
def test_a_plain_target_is_in_normal_form_under_every_host(slash: str, rest: str) -> None:
    target = slash + rest

    if is_plain_target(target):
        assert normal(f"https://bao.vn{target}") == f"https://bao.vn{target}"
        assert normal(f"http://127.0.0.1:8080{target}") == f"http://127.0.0.1:8080{target}"


@given(st.text("abc/.%2eE", max_size=40))
def test_no_dot_segment_survives(path: str) -> None:
    segments = split(f"https://bao.vn/{path}").path.split("/")

    assert not {".", ".."} & set(segments)


def test_f72_long_junk_is_told_apart_in_no_time() -> None:
    hostile = [
        "http://" + "a." * 1000 + "/", "http://" + "é" * 2000, "http://bao.vn/" + "%" * 2000,
        "http://bao.vn" + "/." * 1000, "http://bao.vn" + "/a/.." * 400, "http://" + "[" * 2000,
        "h" * 10_000_000, "http://bao.vn/?" + "&" * 2000,
        "http://" + "0x" * 1000, "http://" + "1." * 1000, "//" + "@" * 5_000_000, "http:" + "/" * 2000, "\\" * 2000,
    ]  # fmt: skip

    began = time.process_time()
    for text in hostile:
        with contextlib.suppress(BadUrl):
            alias_key(text)
        join("https://bao.vn/", text)
        shown(text)

    assert time.process_time() - began < 1
