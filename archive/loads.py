"""What a kept page would load from elsewhere: counted, and the rest that no policy stops taken out. Pure.

Read as a browser's tokenizer reads it, from left to right, each letter once; no tree is made, since a page that is
nested without end costs a tree seconds and gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

MAX_COUNTED_CHARS = 4_000_000  # a second, for a page that was made to be slow

_ATTRIBUTES = r"""(?:=\s*+"[^"]*+"?|=\s*+'[^']*+'?|[^>])*+"""  # possessive: a page cannot make it go back
_TOKEN = re.compile(
    rf"""
    <(?:
      !--.*?(?:-->|\Z)
      | noscript(?=[\s/>]) .*? (?:</noscript|\Z)  # shown, but what it has stands outside it once more
      | (?P<script>script)(?=[\s/>]) (?P<of_script>{_ATTRIBUTES})>? .*? (?:</script|\Z)
      | style(?=[\s/>]) {_ATTRIBUTES}>? (?P<rules>.*?) (?:</style|\Z)
      | (?P<tag>img|image|iframe|frame|embed|object|video|audio|link)(?=[\s/>]) (?P<attributes>{_ATTRIBUTES})
    )
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,40})\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s"'>]++))""", re.IGNORECASE)
_IMPORT = re.compile(r"@import\b", re.IGNORECASE)

_KIND_OF = {
    "img": "pictures", "image": "pictures", "iframe": "frames", "frame": "frames", "embed": "frames",
    "object": "frames", "video": "players", "audio": "players",
}  # fmt: skip
_SOURCES = ("src", "srcset", "href", "xlink:href")
_LAZY = ("data-src", "data-srcset", "data-original", "data-lazy-src")
_DATA_TYPES = ("json", "template", "x-", "text/html", "speculationrules")


@dataclass(frozen=True, slots=True)
class Missing:
    """How much a page had that is not kept with it, or is not run."""

    pictures: int = 0
    scripts: int = 0
    styles: int = 0  # style sheets in files of their own
    frames: int = 0  # pages within the page
    players: int = 0  # films and sounds

    def counts(self) -> dict[str, int]:
        """Return what there is, by its name."""
        return {name: count for name, count in asdict(self).items() if count}


def missing(markup: str) -> Missing:
    """Count what a page would load or run, in its first MAX_COUNTED_CHARS."""
    counts = dict.fromkeys(("pictures", "scripts", "styles", "frames", "players"), 0)
    for token in _TOKEN.finditer(markup, 0, MAX_COUNTED_CHARS):
        if token["rules"]:
            counts["styles"] += len(_IMPORT.findall(token["rules"]))
        elif (kind := _kind(token)) is not None:
            counts[kind] += 1
    return Missing(**counts)


def _kind(token: re.Match[str]) -> str | None:
    """Return what a token would load or run; None for nothing."""
    if token["script"]:
        kind = _attributes(token["of_script"]).get("type", "").lower()
        return None if any(word in kind for word in _DATA_TYPES) else "scripts"
    tag = (token["tag"] or "").lower()
    found = _attributes(token["attributes"] or "")
    if tag == "link":
        is_sheet = "stylesheet" in found.get("rel", "").lower().split()
        return "styles" if is_sheet and not _is_data(found.get("href", "")) else None
    if _KIND_OF.get(tag) == "pictures" and not _is_elsewhere(found):
        return None
    return _KIND_OF.get(tag)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), "".join(values).strip())
    return found


def _is_elsewhere(found: dict[str, str]) -> bool:
    """Tell whether a picture stands in a file of its own, be it that a script was to fetch it later."""
    return any(found.get(name) for name in _LAZY) or any(
        found.get(name) and not _is_data(found[name]) for name in _SOURCES
    )


def _is_data(address: str) -> bool:
    return address[:5].lower() == "data:"


# --- out of reach -----------------------------------------------------------------------------------------------------

_REACHING = re.compile(r"<(?:(?P<link>link)|i?frame)(?=[\s/>])", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<!doctype[^>]*+>", re.IGNORECASE | re.DOTALL)


def out_of_reach(markup: str) -> str:
    """Take out of a page what a browser does although its policy allows nothing.

    For `<link rel=preconnect>` it connects to another server, and for a frame before it asks whether it may be loaded:
    that alone tells the server that the page is read. So each `link` becomes a `bgsound`, which stands wherever a link
    may and does nothing, and frames show nothing, by attributes set before their own, which then do not count (HTML,
    13.2.5.33; what looks ahead for links in Chromium would count them). A link that is clicked opens nowhere, instead
    of in the place of the page.
    """
    harmless = _REACHING.sub(_without_aim, markup)
    doctype = _DOCTYPE.match(harmless)
    at = doctype.end() if doctype else 0
    return f'{harmless[:at]}<base target="_blank">{harmless[at:]}'


def _without_aim(tag: re.Match[str]) -> str:
    """Without quotes, since what looks like a frame may stand in quotes itself."""
    return "<bgsound" if tag["link"] else f"{tag[0]} src=about:blank srcdoc=&#32; "
