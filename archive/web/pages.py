"""From what was asked to the bytes of a page: ask the archive within its time, then fill in the template."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from archive.connect import errors_of, set_time_limit
from archive.harmless import safe_address, seen
from archive.web import links
from archive.web.answers import Asked, Page, Shown
from archive.web.labels import Labels
from archive.web.problems import problem
from archive.web.wording import day_words, language_tag, month_words, time_words

LIMIT_SECONDS = 10.0


def answered(page: Page, connection: sqlite3.Connection, asked: Asked) -> tuple[Shown, str]:
    """Return what a page shows, and its text; a problem becomes a page that tells it. Never raises ArchiveError."""
    try:
        shown = _ask(page, connection, asked)
        return shown, rendered(shown, asked)
    except Exception as error:  # noqa: BLE001 -- whatever happens, a page tells it; a bug is logged there
        shown = problem(error, asked)
        return shown, rendered(shown, asked)


def _ask(page: Page, connection: sqlite3.Connection, asked: Asked) -> Shown:
    set_time_limit(connection, LIMIT_SECONDS)
    try:
        with errors_of(asked.web.path):
            return page(connection, asked)
    finally:
        connection.set_progress_handler(None, 0)


def rendered(shown: Shown, asked: Asked) -> str:
    """Fill in the template; all that is not ours is escaped, and without what no page may hold."""
    if not shown.template:
        return shown.text
    labels = Labels(asked.language)
    return _templates().get_template(shown.template).render(
        t=labels, language=asked.language, path=asked.path, archive_name=asked.web.path.name, links=links,
        feeds=links.feeds(asked.path, asked.query),
        **shown.values,
    )  # fmt: skip


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("archive.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "href": safe_address,
        "lang": language_tag,
        "time": time_words,
        "day": day_words,
        "month": month_words,
    }
    return found


def _final(value: Any) -> Any:  # noqa: ANN401 -- whatever a template prints
    return seen(value) if type(value) is str else value
