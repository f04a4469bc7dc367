"""One article, to be read: its text, and beside it why, when, where else and what before."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from archive.beside import captures, copies, kept_articles
from archive.differences import FIELDS, field_text
from archive.errors import ArchiveDamaged, NotKept
from archive.history import Kind, log
from archive.queries import kept_page, show
from archive.web.answers import OWN_POLICY, Asked, Shown
from archive.word_diff import WordDiff

WITH_PICTURES = OWN_POLICY.replace("img-src 'self' data:", "img-src 'self' data: http: https:")
VALUE_CHARS = 200
MOST_VERSIONS = 2**31

Values = Mapping[str, Any]


def article(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show an article, an older version of it with `version`; pictures are loaded where `images=1` asks for it."""
    number = asked.number("version", least=1, most=MOST_VERSIONS, default=1) if asked.first("version") else None
    whole = show(connection, asked.parts["id"], version=number)
    newest = whole["versions"][-1]["number"]
    has_pictures = asked.first("images") == "1"
    values = {
        "article": whole,
        "newest": newest,
        "is_newest": whole["version"] == newest,
        "blocks": laid_out(whole["blocks"], whole["body"]),
        "picture_hosts": sorted({urlsplit(image["url"]).netloc for image in whole["images"]} - {""}),
        "has_pictures": has_pictures,
        "fault": _fault(connection, whole),
        "related": _related(connection, whole, asked),
        "copies": copies(connection, [whole["id"]])[whole["id"]],
        "happenings": _happenings(connection, whole["id"]),
        "captures": captures(connection, whole["id"]) if asked.web.replay_origin else {},
        "reasons": reasons(whole),
        "rejected": rejected(whole),
    }
    return Shown("article.html", values, policy=WITH_PICTURES if has_pictures else OWN_POLICY)


def _fault(connection: sqlite3.Connection, whole: Values) -> tuple[str, str] | None:
    """Tell what is wrong with the page that the text was read from: a label, and what was found; None: nothing."""
    try:
        kept_page(connection, whole["id"], version=whole["version"])
    except NotKept:
        return "page_not_kept", ""
    except ArchiveDamaged as error:
        return "page_damaged", str(error)
    return None


def _related(connection: sqlite3.Connection, whole: Values, asked: Asked) -> list[dict[str, Any]]:
    """Return the related links, those to what is kept first."""
    links = whole["related"]
    kept = kept_articles(connection, [link["url"] for link in links], asked.web.key)
    return sorted(
        (link | {"kept_as": kept.get(link["url"])} for link in links), key=lambda link: link["kept_as"] is None
    )


def _happenings(connection: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """Return what befell the article, its old and new title as words that went, came and stayed."""
    comparing = WordDiff()
    return [
        each | {"words": comparing.runs(each["before"], each["after"]) if each["kind"] == Kind.TITLE_CHANGED else []}
        for each in log(connection, article_id)
    ]


# --- pure -------------------------------------------------------------------------------------------------------------


def laid_out(blocks: Sequence[Values], body: str) -> list[dict[str, Any]]:
    """Return the blocks of a text with the levels that their headings have on a page, 2 and below, none left out.

    Where there are none, the paragraphs of the body.
    """
    if not blocks:
        return [{"kind": "paragraph", "text": text} for text in body.split("\n\n") if text]
    found, level = [], 1
    for block in blocks:
        if block["kind"] == "heading":
            level = max(2, min(block.get("level") or 2, level + 1, 6))
            found.append(dict(block) | {"level": level})
        else:
            found.append(dict(block))
    return found


def reasons(whole: Values) -> list[tuple[str, str, str]]:
    """Return field, value and where it came from, of each field that says so."""
    return [
        (name, shortened(field_text(whole, name) or ""), whole["provenance"][name]["source"])
        for name in FIELDS
        if name in whole["provenance"]
    ]


def rejected(whole: Values) -> list[tuple[str, str, str, str]]:
    """Return field, value, source and reason of each candidate that was turned down."""
    return [
        (name, shortened(each["value"]), each["source"], each["reason"])
        for name, found in whole["provenance"].items()
        for each in found["rejected"]
    ]


def shortened(text: str) -> str:
    """Cut a long text, the cut shown by an ellipsis."""
    return text if len(text) <= VALUE_CHARS else text[: VALUE_CHARS - 1].rstrip() + "…"
