"""Bodies are unfolded exactly, within their bound, or not at all."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BadEncoding, ScraperError, TooLarge, Truncated
from scraper.net.decode import MAX_GZIP_MEMBERS, codings_of, decode_body, decode_prefix, gunzip

URL = "https://bao.vn/a"
BODIES = st.one_of(
    st.binary(max_size=3000), st.builds(lambda b, n: b * n, st.binary(max_size=9), st.integers(0, 20_000))
)


def decode(raw: bytes, coding: str | None, max_bytes: int = 1_000_000) -> bytes:
    return decode_body(raw, coding, url=URL, max_bytes=max_bytes)


def pack(body: bytes, coding: str) -> bytes:
    if coding == "deflate":
        return zlib.compress(body)
    if coding == "raw":
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(body) + packer.flush()
    return gzip.compress(body, mtime=0)


@given(BODIES, st.sampled_from(["gzip", "x-gzip", "deflate", "raw"]))
def test_what_was_packed_is_unpacked(body: bytes, coding: str) -> None:
    assert decode(pack(body, coding), "deflate" if coding == "raw" else coding) == body


@given(BODIES.filter(bool), st.integers(1, 200))
def test_a_cut_gzip_body_is_never_taken_for_a_whole_one(body: bytes, missing: int) -> None:
    packed = pack(body, "gzip")

    with pytest.raises(Truncated):
        decode(packed[: max(len(packed) - missing, 1)], "gzip")


@given(BODIES, st.integers(0, 10_000))
def test_no_more_comes_out_than_the_bound(body: bytes, max_bytes: int) -> None:
    packed = pack(body, "gzip")

    if len(body) > max_bytes:
        with pytest.raises(TooLarge):
            decode(packed, "gzip", max_bytes)
        prefix = decode_prefix(packed, "gzip", url=URL, max_bytes=max_bytes)
        assert (prefix.body, prefix.is_cut) == (body[:max_bytes], True)
    else:
        assert decode(packed, "gzip", max_bytes) == body


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "gzip, gzip", "deflate, gzip", "br", "", "gzip,"]))
def test_junk_raises_nothing_but_our_errors(raw: bytes, coding: str) -> None:
    try:
        decode(raw, coding, 1000)
    except ScraperError as error:
        assert error.url == URL  # noqa: PT017 - either outcome is right


@given(st.binary(min_size=1, max_size=300), st.integers(0, 400), st.integers(0, 255))
def test_a_flipped_byte_never_passes_unseen(body: bytes, place: int, byte: int) -> None:
    packed = bytearray(pack(body, "gzip"))
    place %= len(packed)
    packed[place] = byte

    try:
        found = decode(bytes(packed), "gzip")
    except ScraperError:
        return
    assert found in {body, b""} or found.startswith(body)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ()),
        ("", ()),
        ("identity", ()),
        ("gzip", ("gzip",)),
        (" GZip , identity,, Deflate ", ("gzip", "deflate")),
        ("utf-8", ()),  # servers that take it for the charset
    ],
)
def test_codings_are_read_in_order_without_what_means_none(header: str | None, expected: tuple[str, ...]) -> None:
    assert codings_of(header) == expected


def test_two_codings_are_undone_in_turn_and_three_are_refused() -> None:
    body = b"<p>Tin</p>" * 100

    assert decode(gzip.compress(zlib.compress(body)), "deflate, gzip") == body
    with pytest.raises(BadEncoding):
        decode(gzip.compress(gzip.compress(gzip.compress(body))), "gzip, gzip, gzip")


def test_members_of_one_gzip_body_are_joined_and_bounded_in_number() -> None:
    member = gzip.compress(b"tin", mtime=0)

    assert decode(member * 999, "gzip") == b"tin" * 999
    with pytest.raises(BadEncoding):
        decode(member * (MAX_GZIP_MEMBERS + 1), "gzip")


def test_an_empty_body_stays_empty_whatever_it_is_called() -> None:
    assert decode(b"", "gzip") == b""


def test_a_file_of_gzip_is_opened_within_its_bound() -> None:
    packed = gzip.compress(b"<urlset/>" * 100)

    assert gunzip(packed, url=URL, max_bytes=10_000) == b"<urlset/>" * 100
    with pytest.raises(TooLarge):
        gunzip(packed, url=URL, max_bytes=100)


def test_a_body_with_a_huge_tail_is_not_copied_over_and_over() -> None:
    members = gzip.compress(b"", mtime=0) * 900 + b"\0" * 20_000_000

    began = time.process_time()
    assert decode(members, "gzip") == b""

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("raw", "coding", "error", "told"),
    [
        (gzip.compress(b"ti", mtime=0)[:-1], "gzip", Truncated, "the gzip body ends before it should"),
        (zlib.compress(b"ti")[:-1], "deflate", Truncated, "the deflate body ends before it should"),
        (b"tin", "gzip", BadEncoding, "the body is not gzip, though the server says so"),
        (b"\xff", "deflate", BadEncoding, "the body is not deflate, though the server says so"),
        (b"tin", "br", BadEncoding, "content coding 'br', which we did not ask for"),
        (b"tin", "x" * 99, BadEncoding, f"content coding {'x' * 40!r}, which we did not ask for"),
        (b"tin", "gzip,gzip,br", BadEncoding, "3 content codings, one over the other"),
        (gzip.compress(b"", mtime=0) * 1001, "gzip", BadEncoding, "a gzip body of more than 1,000 members"),
        (gzip.compress(b"tin", mtime=0), "gzip", TooLarge, "the body unfolds to more than 2 bytes"),
    ],
)
def test_a_body_is_refused_in_words_that_name_the_page_and_what_is_wrong(
    raw: bytes, coding: str, error: type[ScraperError], told: str
) -> None:
    with pytest.raises(ScraperError) as caught:
        decode(raw, coding, max_bytes=2)

    assert type(caught.value) is error
    assert str(caught.value) == f"{URL}: {told}"


def test_a_damaged_file_of_gzip_is_told_by_its_url() -> None:
    with pytest.raises(Truncated) as caught:
        gunzip(gzip.compress(b"tin")[:-8] + bytes(8), url=URL, max_bytes=100)

    assert str(caught.value).startswith(f"{URL}: the gzip body is damaged (")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
@pytest.mark.parametrize(("max_bytes", "is_cut"), [(9, True), (10, False), (11, False)])
def test_a_body_as_long_as_the_bound_is_whole(coding: str, max_bytes: int, *, is_cut: bool) -> None:
    named = "deflate" if coding == "raw" else coding

    found = decode_prefix(pack(b"0123456789", coding), named, url=URL, max_bytes=max_bytes)

    assert (found.body, found.is_cut) == (b"0123456789"[:max_bytes], is_cut)


@given(st.binary(max_size=300))
def test_deflate_without_its_header_is_read_whatever_its_first_bytes_say(body: bytes) -> None:
    packer = zlib.compressobj(0, wbits=-15)  # stored blocks, whose first byte may look like a header's

    assert decode(packer.compress(body) + packer.flush(), "deflate") == body
