"""What stands before every page, ours and Datasette's: F78, F80 and F85 in the web."""

from __future__ import annotations

import socket
from contextlib import closing

import httpx
import pytest

from archive.web.serving import listen
from tests.archive.web.served import Served

PAGES = ["/", "/?q=duong", "/article/1", "/article/3", "/article/999", "/archive", "/archive/articles_view"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_f80_a_host_that_is_not_ours_is_refused(served: Served, host: str) -> None:
    answer = served.get("/", host=host)

    assert answer.status_code in {400, 403}
    assert "Lê Duẩn" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_f80_nothing_is_changed_from_the_web(served: Served, method: str) -> None:
    answer = httpx.request(method, served.origin + "/archive", content=b"sql=delete from articles")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "address", ["//evil.example/", "//evil.example/%2e%2e", "/%2f/evil.example/", "/\\evil.example/"]
)
def test_f80_no_address_leads_elsewhere(served: Served, address: str) -> None:
    answer = served.get(address)

    assert not answer.headers.get("location", "").startswith(("//", "http", "/\\"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_forbids_scripts_within_it_frames_and_what_is_elsewhere(served: Served, address: str) -> None:
    answer = served.get(address)

    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy.get("script-src", "'none'") in {"'none'", "'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


def test_datasettes_own_switchboard_is_not_served(served: Served) -> None:
    for address in ("/-/settings", "/-/auth-token?token=x", "/-/messages", "/-/permissions", "/-/databases.json"):
        assert served.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/article/3", "/", "/?q=tựa", "/article/3?version=1", "/archive/articles_view"])
def test_f78_what_a_page_brought_stays_text(served: Served, address: str) -> None:
    text = served.get(address).text

    assert "<script>document.title" not in text
    assert "<img src=x" not in text
    assert "<svg onload" not in text
    assert 'onclick="x' not in text
    assert 'href="javascript:' not in text
    assert 'src="javascript:' not in text


@pytest.mark.parametrize(
    "sql",
    [
        "attach database '/tmp/luubao-web.db' as other",
        "pragma writable_schema = on",
        "select load_extension('/tmp/x')",
        "select printf('%.*c', 500000000, 'x')",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        "select * from sqlite_master where 1 = (select zeroblob(2000000000))",
        "delete from articles",
        "select edit('x')",
    ],
)
def test_f85_no_question_writes_attaches_or_runs_on(served: Served, sql: str) -> None:
    answer = served.get(f"/archive.json?{httpx.QueryParams({'sql': sql})}")

    assert answer.status_code == 400
    assert answer.json()["ok"] is False


def test_f85_a_question_that_reads_is_answered(served: Served) -> None:
    answer = served.get("/archive.json?sql=select+count(*)+from+articles_view&_shape=array")

    assert answer.json() == [{"count(*)": 4}]


def test_an_answer_leaves_at_once_and_waits_for_no_acknowledgement() -> None:
    with closing(listen()) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # asyncio sets TCP_NODELAY for no other
