"""Our pages as Datasette's plug-in: routes before its own, and our words where something goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

from archive.errors import QueryError
from archive.web.answers import Asked, Page, Shown, Web, read_query
from archive.web.database import NAME
from archive.web.labels import language_of
from archive.web.pages import answered, rendered
from archive.web.problems import problem
from archive.web.routes import ROUTES

View = Callable[..., Awaitable[Response]]


def register() -> None:
    """Make Datasette know us; its own handler of errors prints each with all its variables, and goes."""
    if not pm.has_plugin("luubao"):
        pm.register(_Plugin, "luubao")
        pm.unregister(name="datasette.handle_exception")


class _Plugin:
    """The hooks."""

    @staticmethod
    @hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
    def register_routes() -> list[tuple[str, View]]:
        return [(pattern, _view(page)) for pattern, page in ROUTES]

    @staticmethod
    @hookimpl  # type: ignore[untyped-decorator]  # as above
    def handle_exception(datasette: Any, request: Any, exception: Exception) -> Response:  # noqa: ANN401 -- as above
        """Answer what Datasette could not, for programs as JSON."""
        asked = _asked(datasette.get_database(NAME).web, request, is_broken=True)
        shown = problem(exception, asked)
        if request.path.endswith(".json"):
            told = {"ok": False, "error": shown.values["said"], "status": shown.status, "title": None}
            return Response.json(told, status=shown.status)
        return _response(shown, asked)


def _view(page: Page) -> View:
    async def view(request: Any, datasette: Any) -> Response:  # noqa: ANN401 -- as above
        database = datasette.get_database(NAME)
        try:
            asked = _asked(database.web, request)
        except QueryError as error:
            asked = _asked(database.web, request, is_broken=True)
            return _response(problem(error, asked), asked)
        shown, body = await database.execute_fn(lambda connection: answered(page, connection, asked))
        headers = dict(shown.headers) | _headers(shown)
        if _is_had(shown, request):
            return Response("", 304, headers, shown.content_type)
        return Response(body, shown.status, headers, shown.content_type)

    return view


def _is_had(shown: Shown, request: Any) -> bool:  # noqa: ANN401 -- as above
    """Tell whether who asks has this very answer: readers of feeds ask for ever (RFC 9110, 13.1.2)."""
    tag, had = shown.headers.get("etag"), request.headers.get("if-none-match") or ""
    return tag is not None and any(each.strip().removeprefix("W/") in {tag, "*"} for each in had.split(","))


def _asked(web: Web, request: Any, *, is_broken: bool = False) -> Asked:  # noqa: ANN401 -- as above
    query = () if is_broken else read_query(request.query_string)
    language = language_of(request.headers.get("accept-language"))
    return Asked(request.path, language, web, request.url_vars, query)


def _response(shown: Shown, asked: Asked) -> Response:
    return Response(rendered(shown, asked), shown.status, _headers(shown), shown.content_type)


def _headers(shown: Shown) -> dict[str, str]:
    return {"content-security-policy": shown.policy, "vary": "Accept-Language", "cache-control": "no-cache"}
