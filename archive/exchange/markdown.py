"""Markdown: a file an article, with front matter; pictures are referred to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archive.exchange.choice import Chosen, Tick
from archive.exchange.fields import FRONT_MATTER
from archive.exchange.names import file_name
from archive.exchange.records import record

Render = Callable[[Mapping[str, Any]], str]
"""How an article is written as Markdown."""

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def write(chosen: Chosen, folder: Path, tick: Tick, *, render: Render) -> None:
    """Write a file for each article into an empty folder."""
    for article_id in chosen.each(tick):
        article = record(chosen.connection, article_id)
        path = folder / file_name(article["title"], article["url"], article_id, ".md")
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(f"{front_matter(article)}\n{render(article).rstrip()}\n")


def front_matter(article: Mapping[str, Any]) -> str:
    """Return what stands above the text: YAML, every value quoted as JSON does it, which YAML reads the same."""
    told = {name: article[name] for name in FRONT_MATTER if article[name] not in (None, [], "")}
    return "".join(("---\n", *(f"{name}: {_quoted(value)}\n" for name, value in told.items()), "---\n"))


def _quoted(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
