"""What the structured data of a page say: JSON-LD, made of pages as they are, read without raising."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # which hands its scripts over to read()
    from scraper.document import Document

Node = Mapping[str, Any]
"""One object of JSON-LD; its values are untrusted and of any type."""

MAX_CHARS = 5_000_000  # of all scripts of a page together; the longest seen on a newspaper has 0.6 million
MAX_NODES = 2_000
MAX_DEPTH = 200  # deeper JSON is no article, and would cost Python's stack
MAX_TIMES_ENCODED = 3  # JSON in a JSON string in a JSON string is seen

ARTICLE_TYPES = frozenset(
    {
        "adviewnewsarticle",
        "analysisnewsarticle",
        "article",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "liveblogposting",
        "medicalscholarlyarticle",
        "newsarticle",
        "opinionnewsarticle",
        "report",
        "reportagenewsarticle",
        "review",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
    }
)
PAGE_TYPES = frozenset({"webpage", "itempage", "aboutpage", "collectionpage"})

_INTO = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf")
_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)?\s*")
_STRING_COMMENT_OR_COMMA = re.compile(
    r'(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?$))'
    r"|(?P<comment>/\*(?:[^*]|\*(?!/))*+(?:\*/|$)|(?<!:)//[^\n]*)"
    r"|(?P<comma>,(?=\s{0,200}[\]}]))",
    re.DOTALL,
)
_PAIR = re.compile(
    r'"(?P<key>@type|headline|datePublished|dateModified|articleSection|inLanguage)"\s{0,20}:\s{0,20}'
    r'"(?P<value>[^"\\\n]{1,500})"'
)
_TO_BRACKETS = re.compile(r'(?:"(?:[^"\\]++|\\.)*+(?:"|\\?$)|[^"\[\]{}]++)*+(?P<brackets>[\[\]{}]*+)', re.DOTALL)
_VOCABULARY = re.compile(r".*[/#:]", re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_CLOSING = re.compile(r"(?:;|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|-->|\s)+\Z")


def read(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Read the texts of a page's JSON-LD scripts into one flat sequence of objects, in the page's order.

    Arrays, `@graph` and the parts of a page (`mainEntity`, `hasPart`, …) are opened; other objects stay inside theirs.
    What cannot be read even with forgiveness is left out. Never raises.
    """
    nodes: list[Node] = []
    left = MAX_CHARS
    for script in scripts:
        left -= len(script)
        if left < 0:
            break
        nodes.extend(_flatten(decode(script), MAX_NODES - len(nodes)))
    return tuple(nodes)


def of(document: Document) -> tuple[Node, ...]:
    """Return the objects of a page's JSON-LD as `read` gives them."""
    return document.jsonld


def decode(script: str) -> Any:  # noqa: ANN401 - JSON holds any type
    """Decode one script; None if it is no JSON, even after mending what publishers break.

    Mended: wrappings of CDATA and comments, a closing semicolon, control characters in strings, comments, trailing
    commas, HTML entities, JSON as a string within JSON. Of a script beyond mending the plain pairs of text that name
    the article are saved.
    """
    text = _unwrapped(script)
    if not text or _is_too_deep(text):
        return None
    for attempt in _mended(text):
        value = _loads(attempt)
        if value is not None:
            return value
    return _salvaged(text)


def article_of(document: Document) -> Node | None:
    """Return the object that describes a page's article, as `main_article` finds it; None if no object does."""
    return document.once(_article_of)


def _article_of(document: Document) -> Node | None:
    return main_article(document.jsonld, document.url)


def article_nodes(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return the objects that describe an article, in the page's order."""
    return tuple(node for node in nodes if types(node) & ARTICLE_TYPES)


def main_article(nodes: Sequence[Node], url: str = "") -> Node | None:
    """Return the object that describes this page's article; None if no object does.

    Where several do (teasers are often marked up too) the one that names the page's URL is meant, else the first
    with both headline and date, else the first.
    """
    articles = article_nodes(nodes)
    if len(articles) > 1 and url:
        named = [node for node in articles if _names_url(node, url)]
        articles = tuple(named) or articles
    whole = [node for node in articles if node.get("headline") and node.get("datePublished")]
    return next(iter(whole or articles), None)


def types(node: Node) -> frozenset[str]:
    """Return the types of an object, lower-cased, without the vocabulary's address."""
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return frozenset(_VOCABULARY.sub("", name).lower() for name in names if isinstance(name, str))


def texts(value: Any) -> list[str]:  # noqa: ANN401 - JSON holds any type
    """Return the texts of a value: itself, its items, or the `@value` or `name` of an object; unescaped, trimmed."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        inner = item
        if isinstance(item, dict):
            inner = item.get("@value") or item.get("name")
        if isinstance(inner, str) and inner.strip():
            found.append(html.unescape(inner).strip())
    return found


def resolve(nodes: Sequence[Node], value: Any) -> list[Node | str]:  # noqa: ANN401 - JSON holds any type
    """Return the items of a value, an `{"@id": …}` without more replaced by the object it points to."""
    found: list[Node | str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and set(item) <= {"@id", "@type"} and "@id" in item:
            found.extend(node for node in nodes if node.get("@id") == item["@id"] and len(node) > len(item))
        elif isinstance(item, dict | str):
            found.append(item)
    return found


# --- decoding ---------------------------------------------------------------------------------------------------------


def _unwrapped(script: str) -> str:
    text = script.lstrip("\ufeff")
    text = text[_WRAPPER.match(text).end() :]  # type: ignore[union-attr]  # matches the empty string too
    tail = text[-200:]
    return text[: len(text) - len(tail)] + _CLOSING.sub("", tail)


def _is_too_deep(text: str) -> bool:
    """Tell whether the brackets nest too deep, those in strings left out."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    brackets = "".join(match["brackets"] for match in _TO_BRACKETS.finditer(text))
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH


def _mended(text: str) -> Iterator[str]:
    yield text
    if text.startswith(('{\\"', '[{\\"')):
        yield text.replace('\\"', '"').replace("\\/", "/")
    plain = html.unescape(text) if "&quot;" in text or "&#34;" in text else text
    if plain is not text:
        yield plain
    without_comments = _STRING_COMMENT_OR_COMMA.sub(_keep_string, plain)
    yield without_comments
    if "*/" in plain or "//" in plain:  # a comma that a comment parted from its bracket
        yield _STRING_COMMENT_OR_COMMA.sub(_keep_string, without_comments)


def _keep_string(match: re.Match[str]) -> str:
    return match["string"] or ""


def _loads(text: str) -> Any:  # noqa: ANN401 - JSON holds any type
    value: Any = text
    for _ in range(MAX_TIMES_ENCODED):
        try:
            value = _DECODER.decode(value)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, str):
            return value
        if _is_too_deep(value):
            return None
    return None


def _no_number(_: str) -> None:
    """Read NaN and Infinity, which are no JSON, as null."""


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_number)


def _salvaged(text: str) -> dict[str, Any] | None:
    """Save the plain pairs of a broken script, if it holds one article; which pair is whose cannot be told of more."""
    pairs = [(m["key"], m["value"]) for m in _PAIR.finditer(text)]
    if [key for key, _ in pairs].count("datePublished") != 1:
        return None
    saved: dict[str, Any] = {}
    for key, value in pairs:
        if key != "@type" or value.lower() in ARTICLE_TYPES:
            saved.setdefault(key, value)
    return saved if "@type" in saved else None


def _flatten(value: Any, limit: int) -> Iterator[Node]:  # noqa: ANN401 - JSON holds any type
    waiting: list[Any] = [value]
    while waiting and limit > 0:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            limit -= 1
            yield item
            waiting.extend(item[key] for key in reversed(_INTO) if isinstance(item.get(key), dict | list))


def _names_url(node: Node, url: str) -> bool:
    page = node.get("mainEntityOfPage")
    named = [node.get("url"), node.get("@id"), page]
    if isinstance(page, dict):
        named += [page.get("@id"), page.get("url")]
    return any(isinstance(name, str) and _bare(name) == _bare(url) for name in named)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?|[?#].*$|/+$", "", url.strip())
