"""WARC files as others write them, and as those who mean harm do: F55, F82."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import resource
import zipfile
import zlib
from pathlib import Path

import pytest

from archive.errors import BadRecord
from archive.exchange.warc_in import Captured, captured_in
from archive.exchange.warc_records import MAX_BLOCK_BYTES, is_digest_of, records_in
from scraper.recorded import decode
from tests.archive.exchange_kit import articles_of, count, take_in
from tests.archive.kit import rows, value
from tests.archive.warc_kit import DATE, URL, answer, chunked, html, packed, record, sha1, write
from tests.bombs import gzip_bomb

COMPRESSED = gzip.compress(html())
FORMS = {
    "plain": record("response", answer(html())),
    "gzip a record": packed(record("warcinfo", b"software: x\r\n"), record("response", answer(html()))),
    "one gzip over all": gzip.compress(record("warcinfo", b"") + record("response", answer(html()))),
    "chunked": record("response", answer(chunked(html()), "Transfer-Encoding: chunked")),
    "chunked, digest as sent": record(
        "response", answer(chunked(html()), "Transfer-Encoding: chunked"), WARC_Payload_Digest=sha1(chunked(html()))
    ),
    "chunked, digest as meant": record(
        "response", answer(chunked(html()), "Transfer-Encoding: chunked"), WARC_Payload_Digest=sha1(html())
    ),
    "gzip": record("response", answer(COMPRESSED, "Content-Encoding: gzip"), WARC_Payload_Digest=sha1(COMPRESSED)),
    "deflate": record("response", answer(zlib.compress(html()), "content-encoding: deflate")),
    "chunked gzip": record(
        "response", answer(chunked(COMPRESSED), "Transfer-Encoding: Chunked", "Content-Encoding: gzip")
    ),
    "codings undone, headers left": record(
        "response", answer(html(), "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    ),
    "CC-NEWS": record(
        "response",
        answer(html(), "X-Crawl-Content-Encoding: gzip", f"Content-Length: {len(html())}"),
        WARC_Payload_Digest=sha1(html()),
        WARC_Identified_Payload_Type="text/html",
    ),
    "angle brackets": record("response", answer(html()), f"<{URL}>"),
    "http/2": record("response", answer(html()).replace(b"HTTP/1.1 200 OK", b"HTTP/2 200")),
    "resource": record("resource", html(), Content_Type="text/html"),
    "bare line ends": record("response", answer(html()).replace(b"\r\n", b"\n")),
    "a digest that nobody knows": record("response", answer(html()), WARC_Block_Digest="blake9:xyz"),
    "hexadecimal digest": record(
        "response", answer(html()), WARC_Block_Digest="sha256:" + hashlib.sha256(answer(html())).hexdigest()
    ),
    "without empty lines between": record("response", answer(html()))[:-4],
    "pictures and styles about": record("response", answer(b"\x89PNG", kind="image/png"), f"{URL}.png")
    + record("metadata", b"outlinks: 1\r\n")
    + record("response", answer(html()))
    + record("response", answer(b"a{}", kind="text/css"), f"{URL}.css")
    + record("response", b"20150601 dns", "dns:bao.example.vn")
    + record("response", answer(b"User-agent: *\n", kind="text/plain"), "https://bao.example.vn/robots.txt"),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_is_read_however_it_was_written(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    done = take_in(path, write(tmp_path / "pages.warc", FORMS[form]))

    assert done.heard.refused == 0
    assert rows(path, "SELECT url, title, first_seen_at FROM articles JOIN versions ON versions.id = version_id") == [
        (URL, "Thành phố mở đường Lê Duẩn", DATE)
    ]
    assert bytes.fromhex(value(path, "SELECT hex(sha256) FROM snapshots")) == hashlib.sha256(html()).digest()


def test_a_request_before_or_after_its_answer_and_the_redirect_before_it_belong_to_it(tmp_path: Path) -> None:
    old = "http://bao.example.vn/?p=200"
    asked = b"GET / HTTP/1.1\r\nUser-Agent: Wget/1.21\r\n\r\n"
    file = write(
        tmp_path / "pages.warc",
        record("request", asked, old, WARC_Record_ID="<urn:1>"),
        record(
            "response",
            answer(b"", f"Location: {URL}", status="301 Moved"),
            old,
            WARC_Record_ID="<urn:2>",
            WARC_Concurrent_To="<urn:1>",
        ),
        record("response", answer(html()), WARC_Record_ID="<urn:3>"),
        record("request", asked, WARC_Record_ID="<urn:4>", WARC_Concurrent_To="<urn:3>"),
    )

    take_in(tmp_path / "a.db", file)

    captures = rows(
        tmp_path / "a.db", "SELECT url, requested_url, status, request_headers FROM captures ORDER BY status"
    )
    wget = '[["User-Agent","Wget/1.21"]]'
    assert captures == [(URL, old, 200, wget), (old, None, 301, wget)]
    assert rows(tmp_path / "a.db", "SELECT url, met_as FROM urls ORDER BY url") == [
        (old, "redirect"),
        (URL, "fetched"),
    ]


def test_a_revisit_is_a_visit_that_found_the_page_as_it_was(tmp_path: Path) -> None:
    digest = sha1(html())
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    again = [f"2015-06-0{day}T00:00:00Z" for day in (2, 3, 4, 5)]
    head = answer(b"")
    pages = write(
        tmp_path / "pages.warc.gz",
        packed(
            record("response", answer(html()), WARC_Payload_Digest=digest),
            record("revisit", head, date=again[0], WARC_Profile=profile, WARC_Refers_To_Target_URI=URL),
            record("revisit", head, date=again[1], WARC_Profile=profile, WARC_Payload_Digest=digest),
            record("revisit", b"", date=again[2], WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date=DATE),
            record("revisit", head, f"{URL}?p=9", date=again[3], WARC_Payload_Digest=sha1(b"another")),
        ),
    )

    done = take_in(tmp_path / "a.db", pages)

    article = articles_of(tmp_path / "a.db")[URL]
    assert (article["first_seen_at"], article["last_seen_at"], len(article["versions"])) == (DATE, again[2], 1)
    assert done.heard.without_page == 1
    assert count(tmp_path / "a.db", "captures") == 4


def test_half_a_page_a_refusal_and_a_page_that_is_gone_are_failures(tmp_path: Path) -> None:
    file = write(
        tmp_path / "pages.warc",
        record("response", answer(html()), WARC_Truncated="length"),
        record("response", answer(html(), status="404 Not Found"), f"{URL}?1"),
        record("response", answer(html(), status="206 Partial Content"), f"{URL}?2"),
        record("response", answer(html(), status="403 Forbidden"), f"{URL}?3"),
        record("response", answer(b"<p>x" * 9, "Content-Encoding: br"), f"{URL}?4"),
        record("response", answer(b"\x0b\x02\x80", "Content-Encoding: br"), f"{URL}?5"),
    )

    done = take_in(tmp_path / "a.db", file)

    assert dict(done.heard.failures) == {"truncated": 2, "not_found": 1, "blocked": 1}
    assert done.heard.refused == 1  # brotli
    assert count(tmp_path / "a.db", "failures") == 4


def test_amp_and_mobile_forms_of_a_kept_article_are_no_edits_of_it(tmp_path: Path) -> None:
    path = "/thoi-su/mo-duong-le-duan-100200.html"
    file = write(
        tmp_path / "pages.warc",
        record("response", answer(html())),
        record("response", answer(html(more="khác")), f"https://m.bao.example.vn{path}"),
        record("response", answer(html(more="khác")), f"{URL}?amp=1"),
        record("response", answer(html()), f"http://www.bao.example.vn{path}?utm_source=x", "2015-06-02T00:00:00Z"),
    )

    done = take_in(tmp_path / "a.db", file)

    assert done.heard.other_forms == 2
    assert [len(article["versions"]) for article in articles_of(tmp_path / "a.db").values()] == [1]


def test_visits_are_told_in_order_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    """Three states of one page, the middle one first."""
    texts = {"2015": "một", "2017": "ba", "2016": "hai"}
    files = [
        write(
            tmp_path / f"{year}.warc",
            record("response", answer(html(more=texts[year])), date=f"{year}-01-01T00:00:00Z"),
        )
        for year in ("2016", "2015", "2017")
    ]

    take_in(tmp_path / "apart.db", *files)
    take_in(tmp_path / "one.db", write(tmp_path / "all.warc", *(file.read_bytes() for file in files)))

    for path in (tmp_path / "apart.db", tmp_path / "one.db"):
        found = rows(path, "SELECT number, cause, substr(read_at, 1, 4) FROM versions ORDER BY number")
        assert found == [(1, "created", "2015"), (2, "edited", "2016"), (3, "edited", "2017")]
        assert value(path, "SELECT last_changed_at FROM articles") == "2017-01-01T00:00:00Z"
        assert "ba" in value(path, "SELECT body FROM versions WHERE id = (SELECT version_id FROM articles)")


# --- those who mean harm, and files that took harm --------------------------------------------------------------------

GOOD = record("response", answer(html()), f"{URL}?good")
HARM = {
    "F82 block digest": record("response", answer(html()), WARC_Block_Digest=sha1(b"other")) + GOOD,
    "F82 payload digest": record("response", answer(html()), WARC_Payload_Digest=sha1(b"other")) + GOOD,
    "F82 wrong chunks": record("response", answer(b"5\r\nabc\r\nzz\r\n", "Transfer-Encoding: chunked")) + GOOD,
    "F82 chunk without end": record("response", answer(b"ffffff\r\nabc", "Transfer-Encoding: chunked")) + GOOD,
    "F82 gzip body cut": record("response", answer(COMPRESSED[:-20], "Content-Encoding: gzip")) + GOOD,
    "no HTTP": record("response", b"\0\1\2 what is this") + GOOD,
    "no date": record("response", answer(html()), date="yesterday") + GOOD,
    "a date before the web": record("response", answer(html()), date="0001-01-01T00:00:00+14:00") + GOOD,
    "no length": record("response", answer(html())).replace(b"Content-Length", b"Content-Breadth") + GOOD,
    "length too short": record("response", answer(html()), Content_Length="300") + GOOD,
    "fields without end": b"WARC/1.0\r\n" + b"a: b\r\n" * 100_000 + b"\r\n" + GOOD,
    "a line without end": b"WARC/1.0\r\n" + b"x" * 5_000_000 + b"\r\n" + GOOD,
    "garbage between": b"\xff\xfe garbage\r\n" * 50 + GOOD,
    "F55 body": record("response", answer(gzip_bomb(200), "Content-Encoding: gzip"), WARC_Type="response") + GOOD,
    "larger than any page": record("response", answer(html() + bytes(MAX_BLOCK_BYTES))) + GOOD,
    "file cut": packed(GOOD, record("response", answer(html())))[:-30],
    "gzip damaged": packed(GOOD) + b"\x1f\x8b\x08\x00" + b"\xff" * 400,
    "length too long": GOOD + record("response", answer(html()), Content_Length="999999"),
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_damaged_is_named_and_the_rest_is_kept(harm: str, tmp_path: Path) -> None:
    said: list[str] = []

    done = take_in(tmp_path / "a.db", write(tmp_path / "pages.warc", HARM[harm]), said=said)

    assert done.heard.refused == len(said) >= 1
    assert [url for (url,) in rows(tmp_path / "a.db", "SELECT url FROM articles")] == [f"{URL}?good"]


def test_f55_a_record_that_unfolds_to_gigabytes_ends_the_file_and_takes_no_memory() -> None:
    bomb = gzip_bomb(200, b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999999999\r\n\r\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = list(records_in(io.BytesIO(packed(GOOD) + bomb + packed(GOOD))))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
    assert "200 times" in str(found[-1])
    assert len(found) == 2


@pytest.mark.parametrize("seed", range(4))
def test_no_bytes_whatever_raise_anything_but_what_is_told(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- any bytes will do
    plain = b"".join(FORMS[form] for form in ("CC-NEWS", "chunked gzip", "pictures and styles about", "resource"))
    plain += record("revisit", answer(b""), WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date="2015")
    whole = packed(plain) if seed % 2 else plain

    for _ in range(60):
        mutated = bytearray(whole)
        for _ in range(dice.randrange(1, 12)):
            at = dice.randrange(len(mutated))
            mutated[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(4))
        found = list(captured_in(io.BytesIO(bytes(mutated)), decode=decode))

        assert all(isinstance(each, Captured | BadRecord) for each in found)


def test_digests_are_read_in_every_spelling() -> None:
    digest = hashlib.sha1(b"x", usedforsecurity=False).digest()
    spellings = (
        base64.b32encode(digest),
        base64.b32encode(digest).lower(),
        digest.hex().encode(),
        base64.b64encode(digest),
    )

    assert all(is_digest_of(f"SHA-1:{text.decode().rstrip('=')}", b"x") for text in spellings)
    assert is_digest_of("sha1:AAAA", b"x") is False
    assert is_digest_of("md9:AAAA", b"x") is None is is_digest_of(None, b"x")


# --- WACZ -------------------------------------------------------------------------------------------------------------


def zipped(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


EVIL = record("response", answer(html()), f"{URL}?evil")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_f82_entries_of_a_zip_that_mean_harm_are_refused_and_the_others_read(tmp_path: Path) -> None:
    zip_bomb = zipped(tmp_path / "42.zip", ("a", bytes(10**7))).read_bytes()
    hashes = b'{"resources": [{"path": "archive/changed.warc", "hash": "sha256:%b"}]}' % (b"0" * 64)
    file = zipped(
        tmp_path / "pages.wacz",
        ("datapackage.json", hashes),
        ("archive/good.warc", GOOD),
        ("../evil.warc", EVIL),
        ("/etc/evil.warc", EVIL),
        ("C:\\evil.warc", EVIL),
        ("archive\\..\\evil.warc", EVIL),
        (link("archive/link.warc"), b"/etc/passwd"),
        ("archive/twice.warc", EVIL),
        ("archive/twice.warc", EVIL),
        ("archive/bomb.warc", EVIL + bytes(50 * 2**20)),
        ("archive/42.zip", zip_bomb),
        ("archive/changed.warc", EVIL),
        ("indexes/index.cdxj", b"{}"),
    )
    said: list[str] = []

    done = take_in(tmp_path / "a.db", file, said=said)

    assert [url for (url,) in rows(tmp_path / "a.db", "SELECT url FROM articles")] == [f"{URL}?good"]
    assert done.heard.refused == 9
    assert sum("leads out" in line for line in said) == 4
    assert sum("same name" in line for line in said) == 2
    for reason in ("a link", "unfolds to", "hash in datapackage"):
        assert any(reason in line for line in said), reason


def test_a_zip_that_is_damaged_is_told(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "pages.wacz", ("archive/good.warc", GOOD)).read_bytes()
    cut = write(tmp_path / "cut.wacz", whole[:-30])
    flipped = write(tmp_path / "flipped.wacz", whole[:200] + bytes([whole[200] ^ 0xFF]) + whole[201:])
    said: list[str] = []

    assert take_in(tmp_path / "a.db", cut, said=said).is_damaged
    assert take_in(tmp_path / "a.db", flipped, said=said).heard.refused >= 1
    assert count(tmp_path / "a.db", "articles") == 0


def test_a_page_tells_where_its_record_lies_and_damage_costs_no_record_but_its_own(tmp_path: Path) -> None:
    records = [record("response", answer(html(f"Tin {n}")), WARC_Record_ID=f"<urn:uuid:{n}>") for n in range(40)]
    members = [packed(each) for each in records]
    members[20] = members[20][:200] + b"\0" * 60 + members[20][260:]  # a flipped page of the disk
    begins = [sum(map(len, members[:n])) for n in range(40)]
    packed_file = write(tmp_path / "a.warc.gz", *members)
    plain_file = write(tmp_path / "a.warc", *records)

    with packed_file.open("rb") as file:
        found = list(captured_in(file, decode=decode))
    with plain_file.open("rb") as file:
        plain = list(captured_in(file, decode=decode))

    bad = [each for each in found if isinstance(each, BadRecord)]
    whole = [each for each in found if isinstance(each, Captured)]
    assert [each.offset for each in bad] == begins[20:21]
    assert [each.offset for each in whole] == begins[:20] + begins[21:]
    assert [each.record_id for each in whole] == [f"urn:uuid:{n}" for n in range(40) if n != 20]
    assert [each.offset for each in plain] == [sum(map(len, records[:n])) for n in range(40)]
