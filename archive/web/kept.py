"""The page around a kept page: what it is, when it was taken, what is missing; itself it stands in a frame."""

from __future__ import annotations

import sqlite3

from archive.captures import page_of
from archive.content import utc_text
from archive.errors import NotKept
from archive.loads import missing
from archive.queries import memento_of, versions_of_capture
from archive.web.answers import OWN_POLICY, Asked, Shown
from archive.web.replay import is_too_long, kind_of
from scraper.models import Page

MAX_ID_DIGITS = 18


def kept(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show the page of a capture; one that is not what was kept raises ArchiveDamaged, and is not shown."""
    if len(asked.parts["id"]) > MAX_ID_DIGITS:
        raise NotKept(f"no capture {asked.parts['id'][:MAX_ID_DIGITS]}…")
    capture_id = int(asked.parts["id"])
    page = page_of(connection, capture_id)
    values = {
        "page": page,
        "taken_at": utc_text(page.fetched_at),
        "versions": versions_of_capture(connection, capture_id),
        "memento": memento_of(connection, capture_id),
        "missing": _counted(page, asked),
        "source": f"{asked.web.replay_origin}/capture/{capture_id}",
    }
    return Shown("kept.html", values, policy=f"{OWN_POLICY}; frame-src {asked.web.replay_origin}")


def _counted(page: Page, asked: Asked) -> dict[str, int]:
    if kind_of(page) != "text/html" or is_too_long(page):
        return {}
    return missing(asked.web.decode(page.body, page.header("content-type"))).counts()
