"""A kept page made harmless, to be looked at in a browser: what it shows stays, what could act goes. Pure.

Only elements and attributes that are known to do nothing are written, each text escaped anew; so no quirk of a parser
can bring back what was left out (scripts, handlers, frames, forms, whatever is loaded from elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.harmless import safe_address, scrubbed

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-src 'none'"
)
"""What a browser may do with the page. In a meta element it does not obey `sandbox`: one more reason to leave out."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEFT_OUT = _words(
    """
    script template svg math iframe frame frameset object embed applet audio video canvas portal xmp plaintext noembed
    noframes select textarea input link meta base title head source track param
    """
)
"""Elements that go with all that stands in them."""

_KEPT = _words(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn
    div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark menu nav ol
    p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt
    u ul var wbr
    """
)
"""Elements that are written; of every other one only what stands in it is."""

_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_ATTRIBUTES = _words(
    """
    align alt bgcolor border cellpadding cellspacing class color colspan datetime dir face height id lang rowspan size
    start style title valign width
    """
)
_DATA_IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")

# The page's own styles may neither hide what we say of it nor stand over it, hence each `!important`.
_BANNER_STYLE = "; ".join(
    f"{rule} !important"
    for rule in (
        "all: initial",
        "display: block",
        "position: sticky",
        "top: 0",
        "z-index: 2",
        "padding: 10px 16px",
        "font: 14px sans-serif",
        "color: #222",
        "background: #ffe9a8",
        "overflow-wrap: anywhere",
    )
)
_FRAME_STYLE = "position: relative !important; z-index: 1 !important; contain: paint !important; margin: 0 !important"

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
{styles}
</head>
<body>
<div style="{banner_style}">{banner}</div>
<div style="{frame_style}">
{body}
</div>
</body>
</html>
"""


def harmless(markup: str | bytes, *, url: str, captured_at: datetime, told: str) -> str:
    """Return the page without anything that acts or is loaded, under a line that tells its address and time.

    `told` says which version it is.
    """
    tree = LexborHTMLParser(markup)
    title = tree.css_first("title")
    language = (tree.root.attributes.get("lang") if tree.root else None) or "und"
    address = escape(safe_address(url))
    return _PAGE.format(
        language=_text(language),
        policy=escape(POLICY),
        title=_text(title.text() if title else url),
        styles="\n".join(_style(node) for node in tree.css("head style")),
        banner_style=_BANNER_STYLE,
        banner=f"{_text(told)}, fetched {captured_at:%Y-%m-%d %H:%M} UTC, shown without scripts and pictures: "
        f'<a href="{address}" rel="noreferrer noopener">{_text(url)}</a>',
        frame_style=_FRAME_STYLE,
        body="".join(_written(tree.body, url)) if tree.body else "",
    )


def _written(root: LexborNode, url: str) -> Iterator[str]:
    """Yield what is written of the nodes below, in their order; by a stack of our own, however deep they are nested."""
    ahead: list[LexborNode | str] = [*_children(root)]
    while ahead:
        node = ahead.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield _text(node.text_content or "")
        elif node.tag == "style":
            yield _style(node)
        elif node.is_element_node and node.tag not in _LEFT_OUT:
            if node.tag in _KEPT:
                yield _opening(node, url)
                ahead.append("" if node.tag in _VOID else f"</{node.tag}>")
            ahead += _children(node)


def _children(node: LexborNode) -> list[LexborNode]:
    """Return the nodes directly below, the last first."""
    found, child = [], node.last_child
    while child is not None:
        found.append(child)
        child = child.prev
    return found


def _opening(node: LexborNode, url: str) -> str:
    found = {name: value or "" for name, value in node.attributes.items() if name in _ATTRIBUTES}
    if node.tag == "a":
        found |= _link(node.attributes.get("href"), url)
    if node.tag == "img" and (node.attributes.get("src") or "").startswith(_DATA_IMAGES):
        found["src"] = node.attributes["src"] or ""
    attributes = "".join(f' {name}="{_text(value)}"' for name, value in found.items())
    return f"<{node.tag}{attributes}>"


def _link(href: str | None, url: str) -> dict[str, str]:
    """Return the attributes of a link to a web page, made whole; none for any other."""
    try:
        target = urljoin(url, (href or "").strip())
    except ValueError:
        return {}
    address = safe_address(target) if href else "#"
    return {} if address == "#" else {"href": address, "rel": "noreferrer noopener nofollow"}


def _style(node: LexborNode) -> str:
    """Return a style sheet that stands in the page; the policy lets it load nothing."""
    rules = scrubbed(node.text() or "")
    return "" if "<" in rules else f"<style>{rules}</style>"


def _text(text: str) -> str:
    return escape(scrubbed(text))
