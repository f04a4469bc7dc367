"""The demo newspaper's server: keep-alive, gzip, conditions, its log, faults, and a clean end."""

from __future__ import annotations

import gzip
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from commands.newspaper import Newspaper, Request, Response, Server, serve

SLUG = "ho-da-xep-tich-nuoc-som-cho-vu-he-thu"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(Newspaper()) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)  # type: ignore[arg-type]  # the host is a str
    yield connection
    connection.close()


def get(client: http.client.HTTPConnection, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    client.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = client.getresponse()
    return response, response.read()


def test_one_connection_carries_many_requests(server: Server, client: http.client.HTTPConnection) -> None:
    for path in ("/", "/thoi-su", "/robots.txt", "/khong-co"):
        get(client, path)

    assert [request.status for request in server.requests] == [200, 200, 200, 404]
    assert server.connections == 1


def test_texts_are_gzipped_for_those_who_take_it(client: http.client.HTTPConnection) -> None:
    plain, body = get(client, "/thoi-su")
    coded, coded_body = get(client, "/thoi-su", Accept_Encoding="gzip, deflate")

    assert plain.getheader("Content-Encoding") is None
    assert coded.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(coded_body)[:200] == body[:200]
    assert len(coded_body) < len(body) / 2


def test_an_unchanged_article_is_304_and_an_edited_one_is_not(
    server: Server, client: http.client.HTTPConnection
) -> None:
    path = server.newspaper.article(SLUG).path
    first, _ = get(client, path)
    etag, modified = first.getheader("ETag") or "", first.getheader("Last-Modified") or ""

    assert get(client, path, If_None_Match=etag)[0].status == 304
    assert get(client, path, If_None_Match=f'"other", {etag}')[0].status == 304
    assert get(client, path, If_Modified_Since=modified)[0].status == 304
    assert get(client, path, If_None_Match='"other"', If_Modified_Since=modified)[0].status == 200
    assert get(client, path, If_Modified_Since="no date")[0].status == 200

    server.newspaper.edit(SLUG, title="Tít mới")
    again, body = get(client, path, If_None_Match=etag, If_Modified_Since=modified)
    assert again.status == 200
    assert again.getheader("ETag") != etag
    assert "Tít mới".encode() in body


def test_a_304_has_no_body_and_no_length(client: http.client.HTTPConnection) -> None:
    etag = get(client, "/rss/home.rss")[0].getheader("ETag") or ""

    response, body = get(client, "/rss/home.rss", If_None_Match=etag)

    assert (response.status, body, response.getheader("Content-Length")) == (304, b"", None)
    assert get(client, "/")[0].status == 200, "the connection goes on"


def test_another_articles_edit_leaves_an_etag_as_it_is(server: Server, client: http.client.HTTPConnection) -> None:
    path = server.newspaper.article(SLUG).path
    etag = get(client, path)[0].getheader("ETag") or ""

    server.newspaper.edit("mua-ca-com-duoc-gia", title="Tít mới")
    server.newspaper.publish("Tin mới", "Một đoạn.", section="nong-nghiep")

    assert get(client, path, If_None_Match=etag)[0].status == 304


def test_head_has_the_length_of_the_body_and_no_body(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/logo.svg")
    response = client.getresponse()

    assert (response.status, response.read()) == (200, b"")
    assert int(response.getheader("Content-Length") or 0) > 100


def test_the_log_has_time_target_and_headers(server: Server, client: http.client.HTTPConnection) -> None:
    before = time.monotonic()

    get(client, "/thoi-su?p=2", User_Agent="thử".encode().decode("latin-1"), Accept="text/html")

    [request] = server.requests
    assert before <= request.at <= time.monotonic()
    assert (request.method, request.path, request.target) == ("GET", "/thoi-su", "/thoi-su?p=2")
    assert request.header("accept") == "text/html"
    server.forget_requests()
    assert server.requests == ()


def test_a_fault_answers_in_the_newspapers_place_until_it_is_healed(
    server: Server, client: http.client.HTTPConnection
) -> None:
    server.fault("/thoi-su", lambda _request: Response(503, (("Retry-After", "1"),), b"busy"))

    response, body = get(client, "/thoi-su?p=2")
    assert (response.status, response.getheader("Retry-After"), body) == (503, "1", b"busy")
    assert get(client, "/y-te")[0].status == 200

    server.heal("/thoi-su")
    assert get(client, "/thoi-su")[0].status == 200


def test_a_fault_may_pass_and_may_send_raw_bytes(server: Server) -> None:
    asked: list[Request] = []

    def torn_at_first(request: Request) -> Response | None:
        asked.append(request)
        return Response(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort") if len(asked) == 1 else None

    server.fault("*", torn_at_first)
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:  # type: ignore[arg-type]  # the host is a str
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(4096), b""))

    assert received.endswith(b"short"), "the server hung up"
    assert server.requests[0].status == 0
    assert server.respond(asked[0]).status == 200


def test_the_pages_name_the_address_they_are_served_at(server: Server, client: http.client.HTTPConnection) -> None:
    _, body = get(client, "/sitemap.xml")

    assert server.base_url.startswith("http://127.0.0.1:")
    assert f"<loc>{server.base_url}/sitemap-2025-06.xml</loc>".encode() in body


def test_leaving_the_block_ends_open_connections_and_threads() -> None:
    before = threading.active_count()

    with serve(Newspaper()) as server:
        idle = socket.create_connection(server.server_address[:2], timeout=10)  # type: ignore[arg-type]  # the host is a str
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.recv(100)
    while idle.recv(65536):
        pass
    idle.close()

    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.server_address[:2], timeout=1)  # type: ignore[arg-type]  # the host is a str


def test_readers_see_whole_editions_while_editors_work(server: Server) -> None:
    paths = [article.path for article in server.newspaper.articles if article.slug != SLUG]
    problems: list[object] = []

    def read(part: list[str]) -> None:
        connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)  # type: ignore[arg-type]  # the host is a str
        problems.extend(path for path in part if get(connection, path)[0].status != 200)
        connection.close()

    threads = [threading.Thread(target=read, args=(paths[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for n in range(30):
        server.newspaper.edit(SLUG, title=f"Lần {n}")
        server.newspaper.restore(server.newspaper.remove(SLUG))
        server.newspaper.publish(f"Tin số {n}", "Một đoạn.")
    for thread in threads:
        thread.join()

    assert not problems
    assert len({article.slug for article in server.newspaper.articles}) == len(paths) + 1 + 30


def test_last_modified_tells_the_edit(server: Server, client: http.client.HTTPConnection) -> None:
    at = datetime(2025, 7, 1, 1, 2, 3, tzinfo=UTC)

    article = server.newspaper.edit(SLUG, append="Thêm một đoạn.", at=at)

    assert get(client, article.path)[0].getheader("Last-Modified") == format_datetime(at, usegmt=True)
    assert article.paragraphs[-1] == "Thêm một đoạn."


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_alone_prints_its_address_and_ends_when_told(how: signal.Signals) -> None:
    command = [sys.executable, "-W", "error", "-m", "commands.newspaper", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline().strip()
        host, port = address.removeprefix("http://").strip("/").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        status = get(connection, "/")[0].status
        process.send_signal(how)
        connection.close()

        assert (status, process.wait(timeout=10)) == (200, 0)
        assert process.stderr.read() == ""
