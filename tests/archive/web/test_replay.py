"""A kept page on its own origin: as it was, with nothing that acts; and the page around it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.archive.web.hostile_page import hostile, keep_pages
from tests.archive.web.served import Served, serving

HOSTILE, OLD, PICTURE, FEED, BROKEN, LONG, UNNAMED = range(1, 8)
OLD_TEXT = "<!doctype html><p>Đá và cá, ô tô</p>"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("replay") / "archive.db"
    keep_pages(
        path,
        (hostile("http://evil.example").encode(), "text/html"),
        (OLD_TEXT.encode("cp1258"), "text/html; charset=windows-1258"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png"),
        (b"<?xml version='1.0'?><rss><script>x</script></rss>", "application/rss+xml"),
        (b"<!doctype html>" + b"<p>trang bi hong</p>" * 40, "text/html"),
        (b"<!doctype html>" + b"a" * 20_000_001, "text/html"),
        (b"<!doctype html><p>no type</p>", ""),
    )
    damage(path, BROKEN)
    with serving(path) as served:
        yield served


def damage(path: Path, capture_id: int) -> None:
    """Change a byte of what is stored, as a failing disk would."""
    connection = sqlite3.connect(path)
    snapshot_id = connection.execute("SELECT snapshot_id FROM captures WHERE id = ?", (capture_id,)).fetchone()[0]
    data = bytearray(connection.execute("SELECT data FROM snapshots WHERE id = ?", (snapshot_id,)).fetchone()[0])
    data[len(data) // 2] ^= 0x20
    connection.execute("UPDATE snapshots SET data = ? WHERE id = ?", (bytes(data), snapshot_id))
    connection.commit()
    connection.close()


def replayed(kept: Served, capture: int | str, **headers: str) -> httpx.Response:
    return httpx.get(f"{kept.replay_origin}/capture/{capture}", headers=headers)


def test_f79_a_kept_page_comes_with_a_policy_that_allows_nothing(kept: Served) -> None:
    answer = replayed(kept, HOSTILE)

    policy = [part.strip() for part in answer.headers["content-security-policy"].split(";")]
    origins = " ".join(f"http://{name}:{kept.origin.rpartition(':')[2]}" for name in ("127.0.0.1", "localhost"))
    assert policy[:4] == ["sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"]
    assert policy[-1] == f"frame-ancestors {origins}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-dns-prefetch-control"] == "off"
    assert answer.headers["connection-allowlist"] == "()"
    assert "set-cookie" not in answer.headers
    assert "x-frame-options" not in answer.headers


def test_a_page_comes_in_the_encoding_it_was_written_in(kept: Served) -> None:
    answer = replayed(kept, OLD)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text == OLD_TEXT.replace(">", '><base target="_blank">', 1)


@pytest.mark.parametrize(
    ("capture", "status", "kind", "said"),
    [
        (UNNAMED, 200, "text/html", "<p>no type</p>"),
        (FEED, 200, "text/plain", "<rss>"),
        (PICTURE, 415, "text/html", "image/png"),
        (LONG, 413, "text/html", "20,000,016 bytes"),
        (BROKEN, 500, "text/html", "luubao verify"),
        (999, 404, "text/html", "no capture 999"),
        ("0", 404, "text/html", "Not here"),
        ("1/../2x", 404, "text/html", "Not here"),
        ("9" * 30, 404, "text/html", "Not here"),
    ],
)
def test_what_is_no_page_or_not_what_was_kept_is_told(
    kept: Served, capture: int | str, status: int, kind: str, said: str
) -> None:
    answer = replayed(kept, capture)

    assert answer.status_code == status
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert said in answer.text


def test_f80_the_second_origin_answers_to_its_own_name_and_to_reading_alone(kept: Served) -> None:
    address = f"{kept.replay_origin}/capture/{OLD}"

    assert replayed(kept, OLD, host="evil.example").status_code == 403
    assert replayed(kept, OLD, host=kept.origin.removeprefix("http://")).status_code == 403
    assert httpx.post(address).status_code == 405
    assert httpx.head(address).content == b""
    assert httpx.get(f"{kept.replay_origin}/archive.json").status_code == 404


def test_the_page_around_it_says_what_it_is_when_it_was_taken_and_what_is_missing(kept: Served) -> None:
    answer = kept.get(f"/replay/{HOSTILE}")

    page = " ".join(answer.text.split())
    assert '<iframe class="replay" sandbox="" credentialless referrerpolicy="no-referrer"' in page
    assert f'src="{kept.replay_origin}/capture/{HOSTILE}"' in page
    assert answer.headers["content-security-policy"].endswith(f"; frame-src {kept.replay_origin}")
    assert '<a href="https://bao.example.vn/tin-1.html" rel="noreferrer noopener">' in page
    assert '<time datetime="2026-03-01T08:00:00Z">1 March 2026, 08:00 (UTC)</time>' in page
    assert '<a href="/article/1?version=1" lang="vi">Bài 1</a>' in page
    assert "3 pictures, 4 scripts, 3 style sheets, 6 frames, 3 films or sounds" in page


@pytest.mark.parametrize(
    ("capture", "status", "said"),
    [
        (BROKEN, 500, "is not what was kept"),
        (999, 404, "no capture 999"),
        ("9" * 30, 404, "no capture"),
    ],
)
def test_a_page_that_fails_its_hash_is_not_shown_as_true(
    kept: Served, capture: int | str, status: int, said: str
) -> None:
    answer = kept.get(f"/replay/{capture}")

    assert answer.status_code == status
    assert said in answer.text
    assert "<iframe" not in answer.text


def test_a_page_that_nothing_is_missing_from_says_so_in_the_readers_language(kept: Served) -> None:
    page = kept.get(f"/replay/{OLD}", language="vi").text

    assert '<html lang="vi">' in page
    assert "không thiếu gì" in page
