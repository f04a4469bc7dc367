"""Decides what the newspaper's server says to a path: status, headers, body. Pure; the edition is passed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from commands.newspaper import machines, pictures
from commands.newspaper.articles import amp_page, article_page, print_page
from commands.newspaper.frames import framed
from commands.newspaper.listings import NEWEST, front_page, listing_page
from commands.newspaper.paper import NAME, Edition
from commands.newspaper.stories import Story

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
XML = "text/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answers. With `raw` exactly these bytes go out in place of all else, and it hangs up."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    raw: bytes | None = None


def answer(edition: Edition, target: str) -> Response:
    """Return the answer to a request target such as `/thoi-su?p=2`, conditions and coding left aside."""
    parts = urlsplit(target)
    path = unquote(parts.path)
    page = (parse_qs(parts.query).get("p") or ["1"])[0]
    for pattern, respond in _ROUTES:
        if match := pattern.fullmatch(path):
            return respond(edition, *match.groups())
    return _listing(edition, path, page) or _article(edition, path) or missing(edition)


def unless_unchanged(response: Response, request_headers: Mapping[str, str]) -> Response:
    """Return 304 in place of an answer that the client already has (RFC 9110, 13.1).

    `request_headers` has lower-case names. If-None-Match counts before If-Modified-Since.
    """
    headers = dict(response.headers)
    if response.status != HTTPStatus.OK or "ETag" not in headers:
        return response
    if (tags := request_headers.get("if-none-match")) is not None:
        is_same = headers["ETag"] in [tag.strip() for tag in tags.split(",")]
    else:
        is_same = _is_not_newer(headers.get("Last-Modified"), request_headers.get("if-modified-since"))
    kept = tuple((name, value) for name, value in response.headers if name != "Content-Type")
    return Response(304, kept) if is_same else response


def missing(edition: Edition, status: int = 404) -> Response:
    """Return the page that says there is no such page."""
    main = '<div class="error"><h1>Không tìm thấy trang</h1><p>Trang bạn tìm không có hoặc đã được gỡ bỏ.</p></div>'
    html = framed(edition, f"<title>Không tìm thấy trang | {NAME}</title>", main)
    return Response(status, (("Content-Type", HTML),), html.encode())


def _is_not_newer(changed: str | None, since: str | None) -> bool:
    if changed is None or since is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except ValueError:  # a date that is none is no condition (RFC 9110, 13.1.3)
        return False


def _listing(edition: Edition, path: str, page: str) -> Response | None:
    section = {f"/{section.id}": section for section in (*edition.sections, NEWEST)}.get(path)
    if section is None:
        return None
    body = listing_page(edition, section, int(page) if page.isdecimal() else 1)
    return _html(body) if body else missing(edition)


def _listing_by_path(edition: Edition, section_id: str, page: str) -> Response:
    return _listing(edition, f"/{section_id}", page) or missing(edition)


def _article(edition: Edition, path: str) -> Response | None:
    if status := dict(edition.removed).get(path.removeprefix("/amp")):
        return missing(edition, status)
    for story in edition.stories:
        if path in (story.path, *story.aliases):
            return _story(story, article_page(edition, story), story.charset)
        if path in story.moved_from:
            return Response(301, (("Location", edition.base_url + story.path), ("Content-Type", HTML)))
        if story.has_amp and path == f"/amp{story.path}":
            return _story(story, amp_page(edition, story))
    return None


def _story(story: Story, body: bytes, charset: str = "utf-8") -> Response:
    """Answer with a story's page. Its ETag speaks of the story: the clock in the header does not change it."""
    changed_at = story.changed_at.astimezone(UTC)
    headers = (
        ("Content-Type", f"text/html; charset={charset}"),
        ("ETag", f'W/"{sha256(repr(story).encode()).hexdigest()[:16]}"'),
        ("Last-Modified", format_datetime(changed_at, usegmt=True)),
        ("Cache-Control", "max-age=60"),
    )
    return Response(200, headers, body)


def _print(edition: Edition, number: str) -> Response:
    story = next((story for story in edition.stories if str(story.number) == number), None)
    return _html(print_page(edition, story)) if story else missing(edition)


def _search(edition: Edition) -> Response:
    main = "<h1>Tìm kiếm</h1><p>Trang này robots.txt không cho máy đọc.</p>"
    return _html(framed(edition, f"<title>Tìm kiếm | {NAME}</title>", main).encode())


def _month(edition: Edition, month: str) -> Response:
    body = machines.month_sitemap(edition, month)
    return _with_etag(body, XML) if body else missing(edition)


def _feed(edition: Edition, name: str) -> Response:
    if name == "home":
        return _with_etag(machines.rss(edition, edition.stories, NAME), RSS)
    section = {section.id: section for section in edition.sections}.get(name)
    if section is None:
        return missing(edition)
    body = machines.rss(edition, edition.of(name), f"{NAME} – {section.name}")
    return _with_etag(body, RSS)


def _html(body: bytes) -> Response:
    return Response(200, (("Content-Type", HTML),), body)


def _with_etag(body: bytes, content_type: str) -> Response:
    return Response(200, (("Content-Type", content_type), ("ETag", f'W/"{sha256(body).hexdigest()[:16]}"')), body)


def _static(body: Callable[[str], bytes], content_type: str) -> Callable[..., Response]:
    return lambda _edition, name="": _with_etag(body(name), content_type)


_ROUTES: tuple[tuple[re.Pattern[str], Callable[..., Response]], ...] = (
    (re.compile(r"/"), lambda edition: _html(front_page(edition))),
    (re.compile(r"/robots\.txt"), lambda edition: _with_etag(machines.robots_txt(edition), TEXT)),
    (re.compile(r"/sitemap\.xml"), lambda edition: _with_etag(machines.sitemap_index(edition), XML)),
    (re.compile(r"/sitemap-news\.xml"), lambda edition: _with_etag(machines.news_sitemap(edition), XML)),
    (re.compile(r"/sitemap-(\d{4}-\d\d)\.xml"), _month),
    (re.compile(r"/rss/([a-z-]+)\.rss"), _feed),
    (re.compile(r"/([a-z-]+)/trang-(\d+)\.htm"), _listing_by_path),
    (re.compile(r"/in/(\d+)"), _print),
    (re.compile(r"/tim-kiem"), _search),
    (re.compile(r"/logo\.svg"), _static(lambda _name: pictures.LOGO, "image/svg+xml")),
    (re.compile(r"/images/([\w/-]+\.png)"), _static(pictures.landscape, "image/png")),
    (re.compile(r"/van-ban/([\w-]+)\.pdf"), _static(pictures.pdf, "application/pdf")),
)
