"""An article in other forms, from the dict that `Article.to_dict` and the archive give: Markdown and HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from archive.harmless import safe_address, scrubbed

Dict = Mapping[str, Any]

_MINUTE_CHARS, _SECOND_CHARS = len("2023-03-29T05:23"), len("2023-03-29T05:23:00")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")
_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)", re.MULTILINE)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def as_markdown(article: Dict) -> str:
    """Return the article as CommonMark: title, byline, body with pictures, related links."""
    head = [f"# {md_text(article.get('title') or '(without title)')}", md_text(byline(article)), _autolink(article)]
    body = [_md_block(block) for block in article.get("blocks") or ()]
    related = [f"- {md_link(link)}" for link in article.get("related") or ()]
    tail = ["## Related", "\n".join(related)] if related else []
    return scrubbed("\n\n".join(piece for piece in (*head, *body, *tail) if piece))


def byline(article: Dict) -> str:
    """Return when, where and by whom, in one line."""
    when = written_time(article.get("published_at") or article.get("published_on"))
    source = article.get("source_name")
    names = ", ".join(article.get("authors") or ())
    return " · ".join(filter(None, (when, names, article.get("section"), source and f"from {source}")))


def written_time(text: str | None) -> str:
    """Write an ISO 8601 time for people, with its zone: "2023-03-29 05:23 (+07:00)"."""
    short, zone = (text or "")[:_MINUTE_CHARS].replace("T", " "), (text or "")[_SECOND_CHARS:]
    return f"{short} ({zone})" if zone else short


def _md_block(block: Dict) -> str:
    match block["kind"]:
        case "heading":
            return f"{'#' * min(max(block.get('level') or 2, 2), 6)} {md_text(block['text'])}"
        case "list":
            marks = (f"{at}." for at in range(1, len(block["items"]) + 1)) if block.get("ordered") else None
            return "\n".join(f"{next(marks) if marks else '-'} {md_text(item)}" for item in block["items"])
        case "quote":
            return "\n".join(f"> {md_text(line)}" for line in block["text"].split("\n"))
        case "table":
            return _md_table(block["rows"])
        case "image":
            return _md_image(block)
    return md_text(block.get("text", ""))


def _md_table(rows: list[list[str]]) -> str:
    if not rows:
        return ""
    cells = max(map(len, rows))
    lines = ["| " + " | ".join(md_text(text) for text in (*row, *[""] * (cells - len(row)))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * cells, *lines[1:]])


def _md_image(block: Dict) -> str:
    caption = caption_of(block)
    picture = f"![{md_text(block.get('alt') or '')}](<{safe_address(block.get('url'))}>)"
    return f"{picture}\n\n*{md_text(caption)}*" if caption else picture


def md_link(link: Dict) -> str:
    """Return a link to a page of the web, under its title."""
    return f"[{md_text(link.get('title') or link['url'])}](<{safe_address(link['url'])}>)"


def _autolink(article: Dict) -> str:
    return f"<{safe_address(article.get('url'))}>" if article.get("url") else ""


def md_text(text: str) -> str:
    """Let text be text: what Markdown would act on is escaped."""
    return _LINE_START.sub(r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))


def caption_of(image: Dict) -> str:
    """Return caption and credit of a picture, as they are read."""
    return " ".join(filter(None, (image.get("caption"), image.get("credit") and f"({image['credit']})")))


# --- HTML -------------------------------------------------------------------------------------------------------------

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src http: https: data:">
<title>{title}</title>
<article>
{content}
</article>
</html>"""


def as_html(article: Dict) -> str:
    """Return the article as a page without scripts or styles; everything in it is escaped."""
    url = article.get("url")
    head = [f"<h1>{_h(article.get('title') or '(without title)')}</h1>", f"<p>{_h(byline(article))}</p>"]
    head += [f'<p><a href="{_attr(url)}">{_h(str(url))}</a></p>'] if url else []
    body = [_html_block(block) for block in article.get("blocks") or ()]
    links = "".join(f"<li>{_html_link(link)}</li>" for link in article.get("related") or ())
    tail = [f"<h2>Related</h2>\n<ul>{links}</ul>"] if links else []
    return _PAGE.format(
        language=_h(article.get("language") or "und"),
        title=_h(article.get("title") or ""),
        content="\n".join((*head, *body, *tail)),
    )


def _html_block(block: Dict) -> str:
    match block["kind"]:
        case "heading":
            level = min(max(block.get("level") or 2, 2), 6)
            return f"<h{level}>{_h(block['text'])}</h{level}>"
        case "list":
            tag = "ol" if block.get("ordered") else "ul"
            return f"<{tag}>{_wrapped('li', block['items'])}</{tag}>"
        case "quote":
            return f"<blockquote>{_h(block['text'])}</blockquote>"
        case "table":
            rows = "".join(f"<tr>{_wrapped('td', row)}</tr>" for row in block["rows"])
            return f"<table>{rows}</table>"
        case "image":
            caption = f"<figcaption>{_h(caption_of(block))}</figcaption>" if caption_of(block) else ""
            return f'<figure><img src="{_attr(block.get("url"))}" alt="{_h(block.get("alt") or "")}">{caption}</figure>'
    return f"<p>{_h(block.get('text', ''))}</p>"


def _wrapped(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{_h(text)}</{tag}>" for text in texts)


def _html_link(link: Dict) -> str:
    return f'<a href="{_attr(link["url"])}">{_h(link.get("title") or link["url"])}</a>'


def _h(text: str) -> str:
    return escape(scrubbed(text))


def _attr(url: object) -> str:
    return escape(safe_address(url))
