"""An article as others cite it: BibTeX and CSL-JSON, from the dict that the archive gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archive.harmless import scrubbed
from commands.text import visible

DAY_CHARS = len("2026-01-31")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The macros that every BibTeX style knows."""

FAMILY_NAME_FIRST = frozenset({"vi", "zh", "ja", "ko", "hu", "km"})
"""Languages whose names stay as they are written: cut into first and last name they would be turned round."""

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_OUTSIDE_URL = re.compile(r"[\\{}\s\"<>^`|]")


def as_bibtex(article: Mapping[str, Any], newspaper: str) -> str:
    """Return an entry of type article, in UTF-8; `newspaper` is its name."""
    published = _day(article.get("published_on") or article.get("published_at"))
    fields = {
        "title": f"{{{_latex(_title(article))}}}",
        "author": " and ".join(_bibtex_name(name, article) for name in article.get("authors") or ()),
        "journal": _latex(newspaper),
        "date": published,
        "year": published[:4],
        "url": _bibtex_url(str(article["url"])),
        "urldate": _day(article.get("fetched_at")),
        "language": _latex(article.get("language") or ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if published:
        lines.insert(len(lines) - 3, f"  month = {MONTHS[int(published[5:7]) - 1]},")
    return "\n".join([f"@article{{{_key(article, published)},", *lines, "}"])


def as_csl(article: Mapping[str, Any], newspaper: str) -> dict[str, Any]:
    """Return an item of CSL-JSON (citation-style-language/schema, csl-data)."""
    published = _day(article.get("published_on") or article.get("published_at"))
    item = {
        "id": _key(article, published),
        "type": "article-newspaper",
        "title": _title(article),
        "author": [{"literal": name} for name in article.get("authors") or ()],
        "container-title": newspaper,
        "section": article.get("section"),
        "issued": _date_parts(published),
        "accessed": _date_parts(_day(article.get("fetched_at"))),
        "URL": article["url"],
        "language": article.get("language"),
    }
    return {name: value for name, value in item.items() if value}


def _key(article: Mapping[str, Any], published: str) -> str:
    """Return a key that stays the same and that LaTeX takes: letters, digits and hyphens."""
    site = re.sub(r"[^a-z0-9]+", "-", str(article.get("site") or "article").lower()).strip("-")
    return "-".join(filter(None, (site or "article", published[:4], str(article["id"]))))


def _title(article: Mapping[str, Any]) -> str:
    return article.get("title") or "(without title)"


def _day(text: str | None) -> str:
    return (text or "")[:DAY_CHARS]


def _date_parts(day: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def _bibtex_name(name: str, article: Mapping[str, Any]) -> str:
    """Return a name; in braces where BibTeX must not look for its parts."""
    is_whole = (article.get("language") or "").split("-")[0] in FAMILY_NAME_FIRST
    is_misread = "," in name or " and " in f" {name.lower()} " or " " not in name.strip()
    return f"{{{_latex(name)}}}" if is_whole or is_misread else _latex(name)


def _latex(text: str) -> str:
    """Let text be text: what LaTeX and BibTeX would act on is escaped, in one visible line."""
    return _SPECIAL.sub(lambda match: _LATEX[match[0]], visible(scrubbed(text)))


def _bibtex_url(url: str) -> str:
    r"""Return a URL for \url{}, which takes % and # as they are; what would end the field is written in percent."""
    return _OUTSIDE_URL.sub(lambda match: _percent(match[0]), visible(scrubbed(url)))


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
