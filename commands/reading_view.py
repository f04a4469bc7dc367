"""An article as a person reads it in a terminal: title, byline, text with captions in place, related links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import output
from commands.articles import readable_time
from commands.output import Part, Style
from commands.rendering import caption_of, written_time

MAX_TEXT_COLUMNS = 92  # a longer line is hard to read
INDENT = "    "


def print_article(article: Mapping[str, Any]) -> None:
    """Print an article, given as `Article.to_dict` or the archive has it; wrapped on a terminal, plain on a pipe."""
    _paragraph(article.get("title") or "(without title)", style=Style.BOLD)
    for text in _heads(article):
        _paragraph(text, style=Style.DIM)
    _address(article.get("url"))
    for block in article.get("blocks") or ():
        output.line()
        _block(block)
    _related(article)
    _kept(article)


def _heads(article: Mapping[str, Any]) -> list[str]:
    names = ", ".join(article.get("authors") or ())
    published = written_time(article.get("published_at") or article.get("published_on"))
    modified = article.get("modified_at") if article.get("modified_at") != article.get("published_at") else None
    where = " · ".join(filter(None, (article.get("site"), article.get("section"))))
    times = " · ".join(filter(None, (published, modified and f"changed {written_time(modified)}")))
    source = article.get("source_name")
    reprint = " ".join(filter(None, (source and f"from {source}", written_time(article.get("source_published_at")))))
    return [text for text in (times, reprint, names, where) if text]


def _address(url: str | None, *, indent: str = "") -> None:
    """Print a URL in one piece, so that a terminal can open it and a person can copy it."""
    if url:
        output.line(indent, Part(url, Style.DIM))


def _block(block: Mapping[str, Any]) -> None:
    match block["kind"]:
        case "heading":
            _paragraph(block["text"], style=Style.HEADING)
        case "list":
            for number, item in enumerate(block["items"], 1):
                mark = f"{number}. " if block.get("ordered") else "• "
                _paragraph(item, indent=f"  {mark}", hanging=" " * (len(mark) + 2))
        case "quote":
            _paragraph(block["text"], indent="  │ ", hanging="  │ ")
        case "table":
            _table(block["rows"])
        case "image":
            _image(block)
        case _:
            _paragraph(block.get("text", ""))


def _image(block: Mapping[str, Any]) -> None:
    text = caption_of(block) or block.get("alt") or "picture"
    _paragraph(f"[{text}]", indent=INDENT, hanging=INDENT, style=Style.DIM)
    _address(block.get("url"), indent=INDENT)


def _table(rows: list[list[str]]) -> None:
    cells = max(map(len, rows), default=0)
    shown = [output.Column(str(at), "", gives_way=True) for at in range(cells)]
    output.table(shown, [[*row, *[""] * (cells - len(row))] for row in rows])


def _related(article: Mapping[str, Any]) -> None:
    links = article.get("related") or ()
    if not links:
        return
    output.line()
    _paragraph("Related", style=Style.HEADING)
    for link in links:
        _paragraph(link.get("title") or link["url"], indent="  • ", hanging=INDENT)
        _address(link["url"], indent=INDENT)


def _kept(article: Mapping[str, Any]) -> None:
    """Print what the archive knows beside the text."""
    if "first_seen_at" not in article:
        return
    versions = article.get("versions") or ()
    count = f"version {article['version']} of {len(versions)}" if len(versions) > 1 else "one version"
    state = "" if article.get("state") == "live" else f", {article.get('state')} since then"
    seen = f"last seen {readable_time(article['last_seen_at'])} UTC"
    output.line()
    _paragraph(
        f"Article {article['id']}: {count}, kept since {readable_time(article['first_seen_at'])} UTC, {seen}{state}.",
        style=Style.DIM,
    )


def _paragraph(text: str, *, indent: str = "", hanging: str | None = None, style: Style = Style.PLAIN) -> None:
    cells = min(output.columns(), MAX_TEXT_COLUMNS) if output.is_terminal() else None
    output.paragraph(Part(text, style), indent=indent, hanging=hanging, cells=cells)
