"""When the article appeared as the scripts of the page have it: the last resort, where nothing else shows a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from scraper.document import Document
from scraper.fields import date_formats
from scraper.fields.date_lines import Moment

MAX_SCRIPT_CHARS = 200_000  # of one script that are looked at
MAX_CALL_CHARS = 200  # a script that does nothing but write a date is shorter

_KEY = re.compile(
    r"""["']?\b(?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time|ed)|publication_?date"""
    r"""|article_?publish(?:ed)?_?date|first_?published(?:_?at)?|pub_?date|post_?date)["']?\s{0,3}[:=]\s{0,3}"""
    r"""["'](?P<when>[12]\d{3}[-/.]?[01]?\d[-/.]?[0-3]?\d[^"'\n]{0,25})["']""",
    re.IGNORECASE,
)
"""A key of the data that pages hand to their scripts, with its value: `"publishDate":"2024-03-05T10:00:00"`."""

_CALL = re.compile(
    r"""\s*(?:document\.write(?:ln)?\s?\(\s?)?[\w.]{1,60}\s?\(\s?["'](?P<when>[^"']{8,40})["'][^"'<>]{0,60}"""
)
"""A script that is one call with a date, in the place where the date is to stand: `showDate("2020/04/17 01:43:09")`."""


def read(document: Document) -> Iterator[tuple[str, Moment]]:
    """Yield (name, moment): what the data of the scripts agree on, then what a script writes into the text.

    Data that name several days speak of several articles, and tell nothing of this one.
    """
    scripts = [node.text()[:MAX_SCRIPT_CHARS] for node in document.tree.css("script:not([src])")]
    named = [moment for script in scripts for match in _KEY.finditer(script) if (moment := _moment(match["when"]))]
    if named and len({_day(moment) for moment in named}) == 1:
        yield "script:data", next((m for m in named if isinstance(m, datetime)), named[0])
    for script in scripts:
        call = _CALL.fullmatch(script) if len(script) <= MAX_CALL_CHARS else None
        moment = _moment(call["when"]) if call else None
        if moment is not None:
            yield "script:call", moment
            return


def _moment(text: str) -> Moment | None:
    read_ = date_formats.machine_readable(text)
    if read_ is not None:
        return read_
    found = date_formats.find(text)
    return found[0].value if found and found[0].problem is None else None


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
