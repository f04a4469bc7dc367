"""Who wrote the article, as its byline has them: people; an outlet only where the page names nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import signs, structured
from scraper.fields.candidates import Candidate, Chosen, first
from scraper.fields.names import MAX_CHARS, names
from scraper.fields.signs import Sign
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded, one_line

Names = tuple[str, ...]

METAS = (
    "article:author_name",
    "author",
    "article:author",
    "dable:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "sailthru.byline_name",
    "cxenseparse:author",
    "byl",
    "byline",
    "authors",
    "lp.article:author",
    "og:article:author",
    "citation_author",
    "news_authors",
)
NEAR_TITLE_CHARS = 900
ABOVE_TITLE_CHARS = 300
NEAR_END_CHARS = 500
MAX_LAST_LINES = 5  # of the text, from its end, in which a pen-name is looked for
MAX_SIGNATURE_CHARS = 80
_PROFILE = re.compile(
    r"/(?:@|(?:authors?|autor(?:en|es|i|e)?|auteurs?|tac-?gia|people|persons?|staff|profiles?|reporters?|journalists?|by"
    r"|contributors?|profil|redaktion|redakcja|firmas?|writers?|nha-bao|yazarlar|penulis|skribent|bylines?|users?)(?:[/-]|$))",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\s*(?:by|von|par|por|di|av|af|door|written by|words by|text|tekst|autor(?:in)?|auteur|author|tác giả|thực hiện|oleh|yazar"
    r"|автор|(?:tin|bài|bài viết|nội dung)(?:\s*(?:,|và|&|-|–|/)\s*(?:ảnh|hình ảnh|hình|video|clip|bài))*)"
    r"(?:\s*:\s*|\s+(?=[^\W\d_]))",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"text-align:\s?(?:right|end)|(?<![a-z])(?:text-right|align-?right|tac-?gia|pauthor|author)(?![a-z])"
)
_REFUSED = (Sign.COMMENT, Sign.RELATED, Sign.FEED, Sign.POPULAR)


def choose(
    document: Document,
    *,
    language: str | None = None,
    title: int | None = None,
    body: int | None = None,
    site: Site | None = None,
) -> Chosen[Names] | None:
    """Choose the authors; None where the page has none.

    `title` and `body` are the numbers of the headline's element and of the text's container. In order of trust: the
    rules of the site, people of the JSON-LD, the byline at the headline or the end, meta, the signature that ends the
    text. An outlet that JSON-LD names as author is taken last, and never on Vietnamese pages, where it is a default of
    the CMS and the author signs the text.
    """
    finder = _Finder(document, title, body)
    is_vietnamese = (language or document.language or "").lower().startswith("vi")
    outlets = _own_names(document)
    found = first(
        [
            *_of_rules(document, site),
            *_of_structured(document, outlets),
            *finder.bylines(),
            *_of_meta(document, outlets),
            *finder.signature(is_vietnamese=is_vietnamese),
            *finder.labelled(),
            *([] if is_vietnamese else _of_outlets(document)),
        ],
        lambda candidate: None if candidate.value else "names no person",
    )
    return found


# --- structured data --------------------------------------------------------------------------------------------------


def _of_rules(document: Document, site: Site | None) -> Iterator[Candidate[Names]]:
    for hit in apply.candidates(site, "authors", document):
        yield Candidate(hit.source, _distinct(name for text in hit.texts for name in names(text)))


def _of_structured(document: Document, outlets: frozenset[str]) -> Iterator[Candidate[Names]]:
    texts = _author_texts(document, people=True)
    if texts:
        found = _distinct(name for text in texts for name in names(text) if folded(name) not in outlets)
        yield Candidate("jsonld:author", found)


def _of_outlets(document: Document) -> Iterator[Candidate[Names]]:
    texts = [text for text in _author_texts(document, people=False) if len(text) <= MAX_SIGNATURE_CHARS]
    if texts:
        yield Candidate("jsonld:author:outlet", _distinct(texts))


def _author_texts(document: Document, *, people: bool) -> list[str]:
    """Return the authors' names in the article's JSON-LD; with `people`, those not marked as organisations."""
    nodes = structured.of(document)
    article = structured.main_article(nodes, document.url)
    authors = structured.resolve(nodes, article.get("author") or article.get("creator")) if article else []
    kept: list[Any] = [a for a in authors if not people or isinstance(a, str) or not _is_organisation(a)]
    return [one_line(text) for text in structured.texts(kept) if "://" not in text]


def _is_organisation(author: Any) -> bool:  # noqa: ANN401 - JSON holds any type
    return any("organization" in kind or "brand" in kind for kind in structured.types(author))


def _of_meta(document: Document, outlets: frozenset[str]) -> Iterator[Candidate[Names]]:
    for name in METAS:
        texts = [text for text in document.meta.get(name, ()) if "://" not in text]
        if texts:
            found = _distinct(n for text in texts for n in names(text) if folded(n) not in outlets)
            yield Candidate(f"meta:{name}", found)


def _own_names(document: Document) -> frozenset[str]:
    """Return what the newspaper calls itself, folded: a name that is no author's."""
    host = re.sub(r"^https?://(?:www\.)?|[:/].*$", "", document.url)
    found = [
        *document.meta.get("og:site_name", ()),
        *document.meta.get("application-name", ()),
        host,
        host.split(".")[0],
    ]
    for node in structured.of(document):
        found += structured.texts(node.get("publisher"))
    return frozenset(folded(text) for text in found)


# --- bylines on the page ----------------------------------------------------------------------------------------------


class _Finder:
    """Looks for bylines around the headline, and at the end of the text."""

    def __init__(self, document: Document, title: int | None, body: int | None) -> None:
        self.document = document
        self.title = title
        self.body = body

    def bylines(self) -> Iterator[Candidate[Names]]:
        """Yield what elements called author, byline and the like name; the nearest to the headline first."""
        ranked = sorted((rank, i) for i in self._called_author() if (rank := self._rank(i)) is not None)
        for _, i in ranked[:12]:
            found = self._named_in(i)
            if found:
                yield Candidate(f"byline:{self._shown(i)}", found, i)

    def _called_author(self) -> Sequence[int]:
        document = self.document
        links = (i for i in document.by_tag.get("a", ()) if "author" in document.attribute(i, "rel").lower())
        items = (i for i in signs.of(document).having(Sign.AUTHOR) if document.length(i) <= MAX_CHARS)
        return sorted(
            {i for i in (*links, *items) if document.tags[i] not in {"meta", "img", "article", "form", "input"}}
        )

    def _shown(self, i: int) -> str:
        marks = self.document.marks(i).split()
        return f"{self.document.tags[i]}.{marks[0][:40]}" if marks else self.document.tags[i]

    def _rank(self, i: int) -> float | None:
        """Return how far a byline is from where one is expected; None where it is not the article's."""
        document, chars = self.document, self.document.chars
        if self._is_refused(i):
            return None
        if self.title is not None:
            below = chars[i] - chars[document.ends[self.title]]
            if i >= document.ends[self.title] and below <= NEAR_TITLE_CHARS:
                return below / NEAR_TITLE_CHARS
            if i < self.title and chars[self.title] - chars[document.ends[i]] <= ABOVE_TITLE_CHARS:
                return 1.5 + (chars[self.title] - chars[i]) / ABOVE_TITLE_CHARS
        if self.body is not None:
            end = document.ends[self.body]
            if self.body <= i < end and chars[end] - chars[i] <= NEAR_END_CHARS:
                return 1.2
            if i >= end and chars[i] - chars[end] <= NEAR_END_CHARS:
                return 1.3 + (chars[i] - chars[end]) / NEAR_END_CHARS
        return 9 if self.title is None and self.body is None else None

    def _is_refused(self, i: int) -> bool:
        document = self.document
        root = next(
            (a for a in document.ancestors(i) if self.title is not None and document.is_within(self.title, a)), 0
        )
        if any(sign in signs.between(document, i, root) for sign in _REFUSED):
            return True
        for ancestor in document.ancestors(i):
            if ancestor <= root:
                break
            if document.tags[ancestor] in {"figure", "figcaption", "nav", "aside"}:
                return True
        return re.search(r"caption|credit|image|photo|media|avatar|social", document.marks(i)) is not None

    def _named_in(self, i: int) -> Names:
        """Return the names in an element: those of links to profiles, else of inner elements, else of its text."""
        document = self.document
        inside = range(i, document.ends[i])
        links = [j for j in inside if document.tags[j] == "a" and self._is_profile(j)]
        parts = links or [j for j in inside if "name" in document.marks(j) and not _has_inner_name(document, j)]
        found = _distinct(name for j in parts for name in names(document.text(j)))
        return found or self._of_lines(i)

    def _is_profile(self, i: int) -> bool:
        href = self.document.attribute(i, "href")
        return "author" in self.document.attribute(i, "rel").lower() or _PROFILE.search(href) is not None

    def _of_lines(self, i: int) -> Names:
        for text in (self.document.text(i), *_lines(self.document, i)):
            found = names(text)
            if found:
                return found
        return ()

    # --- the end of the text ---

    def signature(self, *, is_vietnamese: bool) -> Iterator[Candidate[Names]]:
        """Yield the pen-name that stands alone at the end of the text, right-aligned or bold, or labelled."""
        if self.body is None:
            return
        for i in self._last_lines():
            text = self.document.text(i)
            if len(text) > MAX_SIGNATURE_CHARS:
                continue
            is_signed = self._is_right(i) or (is_vietnamese and self._is_bold(i)) or _LABELLED.match(text) is not None
            found = names(text) if is_signed and not text.rstrip().endswith((":", "?", "!")) else ()
            if found and not _is_plain_source(text):
                yield Candidate("signature:end of the text", found, i)

    def _last_lines(self) -> list[int]:
        document = self.document
        body = self.body or 0
        lines: list[int] = []
        for i in range(document.ends[body] - 1, body, -1):
            if document.tags[i] == TEXT:
                block = _block(document, i)
                if block not in lines:
                    lines.append(block)
            if len(lines) >= MAX_LAST_LINES:
                break
        return lines

    def _is_right(self, i: int) -> bool:
        attributes = self.document.attributes[i]
        style = " ".join((attributes.get(key) or "") for key in ("style", "class", "align")).lower()
        return bool(_RIGHT.search(style)) or (attributes.get("align") or "").lower() == "right"

    def _is_bold(self, i: int) -> bool:
        """Tell whether all the text of a line is bold."""
        document = self.document
        bold = sum(document.length(j) for j in range(i, document.ends[i]) if document.tags[j] in {"b", "strong"})
        return bold >= document.length(i) * 0.9

    # --- bylines without a class ---

    def labelled(self) -> Iterator[Candidate[Names]]:
        """Yield what a line near the headline names that begins with a word such as By, Von, Por."""
        if self.title is None:
            return
        document, seen = self.document, set[int]()
        start = document.ends[self.title]
        for i in range(start, len(document.tags)):
            if document.chars[i] - document.chars[start] > NEAR_TITLE_CHARS:
                break
            text = document.texts[i]
            if not text or not _LABELLED.match(text):
                continue
            block = _block(document, i)
            line = document.text(block)
            if block not in seen and len(line) <= MAX_CHARS // 2 and _LABELLED.match(line) and not self._is_refused(i):
                yield Candidate("line:byline", names(line), block)
            seen.add(block)


def _lines(document: Document, i: int) -> Iterator[str]:
    for j in range(i, document.ends[i]):
        if document.tags[j] == TEXT:
            yield one_line(document.texts[j])


def _has_inner_name(document: Document, i: int) -> bool:
    return any("name" in document.marks(j) for j in range(i + 1, document.ends[i]))


def _block(document: Document, i: int) -> int:
    return next((a for a in document.ancestors(i) if document.tags[a] in BLOCK_TAGS), 0)


def _is_plain_source(text: str) -> bool:
    """Tell whether a last line names an outlet as its source: `Theo TTXVN`, `Nguồn: …`."""
    return re.match(r"\s*(?:nguồn|source|quelle|fuente|fonte)\b", text, re.IGNORECASE) is not None


def _distinct(found: Iterable[str]) -> Names:
    kept: dict[str, str] = {}
    for name in found:
        kept.setdefault(folded(name), name)
    return tuple(kept.values())
