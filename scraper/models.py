"""The values that pass from stage to stage: Page, Article, Visit, Failed and what they hold. All frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

Headers = tuple[tuple[str, str], ...]
"""Header lines in the order received: (name as sent, value)."""


# --- what came over the network ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of a fetch went, in seconds."""

    waited_seconds: float = 0.0  # for the pace of the host
    first_byte_seconds: float = 0.0  # from the request's start to its status line
    total_seconds: float = 0.0  # from the request's start to the last byte


@dataclass(frozen=True, slots=True)
class Page:
    """One HTTP exchange: what was asked, and what the server said to it.

    `requested_url` is what the caller asked for, `url` what this answer belongs to; they differ after redirects,
    which stand in `redirects`, each a Page of its own, in the order met.
    """

    requested_url: str
    url: str
    status: int
    headers: Headers
    body: bytes  # content coding undone, not yet decoded to text
    fetched_at: datetime  # UTC, aware: when the request began
    reason: str = ""
    http_version: str = "HTTP/1.1"
    request_headers: Headers = ()
    wire_body: bytes | None = None  # as received, with its content coding; None where it equals `body`
    server_address: str | None = None  # "203.0.113.9:443"; None where no connection was made (a saved file)
    timings: Timings = Timings()
    redirects: tuple[Page, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the values of a header joined by commas (RFC 9110, 5.3), or None if it was not sent."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        return ", ".join(values) if values else None


# --- what a page says -------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a page is."""

    ARTICLE = "article"
    LISTING = "listing"  # a front page, a section, a topic: its text is other pages' headlines
    OTHER = "other"


class BlockKind(StrEnum):
    """What a piece of the body is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    QUOTE = "quote"
    TABLE = "table"
    IMAGE = "image"


class Relation(StrEnum):
    """How a link stands to the article it was found on."""

    RELATED = "related"  # in a box after the text that the newspaper made for this article
    INLINE = "inline"  # in such a box inside the text
    POPULAR = "popular"  # most read, most viewed
    SECTION = "section"  # navigation, and lists of a section's news
    OTHER = "other"  # all the rest: links in sentences, tags, footers


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article. The caption is whole but for the credit, where that stands apart."""

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


class Link(NamedTuple):
    """A link on the page: absolute URL, title as shown. A tuple, since a page has hundreds."""

    url: str
    title: str | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body in reading order. Which values are set depends on the kind."""

    kind: BlockKind
    text: str = ""  # heading, paragraph, quote
    level: int | None = None  # heading: 2 to 6; None where the page has no heading tag
    items: tuple[str, ...] = ()  # list
    is_ordered: bool = False  # list
    rows: tuple[tuple[str, ...], ...] = ()  # table
    image: Image | None = None  # image

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values; only those that this kind has."""
        match self.kind:
            case BlockKind.LIST:
                return {"kind": "list", "ordered": self.is_ordered, "items": list(self.items)}
            case BlockKind.TABLE:
                return {"kind": "table", "rows": [list(row) for row in self.rows]}
            case BlockKind.IMAGE:
                return {"kind": "image"} | (_image_to_dict(self.image) if self.image else {})
            case BlockKind.HEADING:
                return {"kind": "heading", "level": self.level, "text": self.text}
            case _:
                return {"kind": str(self.kind), "text": self.text}


@dataclass(frozen=True, slots=True)
class Rights:
    """What page and headers say of rights; None where they say nothing."""

    robots: str | None = None  # robots meta and X-Robots-Tag, joined: "noarchive, max-image-preview:large"
    tdm_reservation: bool | None = None  # TDMRep: text and data mining reserved
    tdm_policy: str | None = None  # URL of the policy
    licence: str | None = None  # URL or name of a declared licence
    is_free: bool | None = None  # isAccessibleForFree

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "robots": self.robots,
            "tdm_reservation": self.tdm_reservation,
            "tdm_policy": self.tdm_policy,
            "licence": self.licence,
            "is_free": self.is_free,
        }


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was not chosen, and why."""

    source: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the value of one field came from: the name of the candidate, such as `jsonld:datePublished`."""

    source: str
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, field by field. A field that the page does not have is None or empty: nothing is made up.

    Times are aware `datetime`s with the newspaper's offset; naive ones where neither page nor host tells the zone;
    a plain `date` where the page has no time of day.
    """

    url: str
    kind: Kind
    canonical_url: str | None = None
    title: str | None = None
    lead: str | None = None
    body: str = ""  # paragraphs parted by blank lines, lead included
    blocks: tuple[Block, ...] = ()  # the body in reading order, pictures in place
    published_at: datetime | date | None = None
    modified_at: datetime | date | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None  # BCP 47: "vi"
    source_name: str | None = None  # of a reprint: whose text it is
    source_published_at: datetime | date | None = None  # of a reprint: when it appeared there
    images: tuple[Image, ...] = ()
    related: tuple[Link, ...] = ()  # what the newspaper calls related, after or inside the text
    links: tuple[Link, ...] = ()  # all other links
    rights: Rights = Rights()
    provenance: Mapping[str, Provenance] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def published_on(self) -> date | None:
        """Return the local day of publication, or None if the page does not tell."""
        return self.published_at.date() if isinstance(self.published_at, datetime) else self.published_at

    @property
    def word_count(self) -> int:
        """Return the number of words of the body, as white space parts them."""
        return len(self.body.split())

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values under the names of the fields; times as ISO 8601."""
        return {
            "url": self.url,
            "canonical_url": self.canonical_url,
            "kind": str(self.kind),
            "title": self.title,
            "lead": self.lead,
            "body": self.body,
            "blocks": [block.to_dict() for block in self.blocks],
            "published_at": iso(self.published_at),
            "published_on": iso(self.published_on),
            "modified_at": iso(self.modified_at),
            "authors": list(self.authors),
            "section": self.section,
            "tags": list(self.tags),
            "language": self.language,
            "source_name": self.source_name,
            "source_published_at": iso(self.source_published_at),
            "images": [_image_to_dict(image) for image in self.images],
            "related": [_link_to_dict(link) for link in self.related],
            "links": [_link_to_dict(link) for link in self.links],
            "word_count": self.word_count,
            "rights": self.rights.to_dict(),
            "provenance": {name: _provenance_to_dict(p) for name, p in self.provenance.items()},
        }


def iso(moment: datetime | date | None) -> str | None:
    """Write a time or a day as ISO 8601; times to the second."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat() if moment else None


def _image_to_dict(image: Image) -> dict[str, Any]:
    return {"url": image.url, "caption": image.caption, "credit": image.credit, "alt": image.alt}


def _link_to_dict(link: Link) -> dict[str, Any]:
    return {"url": link.url, "title": link.title, "relation": str(link.relation)}


def _provenance_to_dict(provenance: Provenance) -> dict[str, Any]:
    rejected = [{"source": r.source, "value": r.value, "reason": r.reason} for r in provenance.rejected]
    return {"source": provenance.source, "rejected": rejected}


# --- the crawl --------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a URL is fetched for."""

    ARTICLE = "article"
    LISTING = "listing"
    SITEMAP = "sitemap"  # a sitemap or an index of sitemaps
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Found:
    """A URL that a listing, feed, sitemap or article named, with what it said of it."""

    url: str
    role: Role
    title: str | None = None
    modified_at: datetime | None = None  # a sitemap's lastmod; naive or aware as written there
    is_next_page: bool = False  # the same listing, one page on: no deeper than the page that named it


@dataclass(frozen=True, slots=True)
class Task:
    """One thing the frontier wants fetched."""

    url: str
    role: Role
    site: str  # id of the site's rules, or the registrable host
    depth: int = 0  # links followed from a seed
    attempts: int = 0  # failures in a row
    etag: str | None = None  # of the kept answer; None where there is none
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A task that went well: the page, what it says, and what it named."""

    task: Task
    page: Page
    article: Article | None = None  # None for feeds, sitemaps and 304 answers
    found: tuple[Found, ...] = ()
    missed: str | None = None  # code of what came from a usual place of feeds and sitemaps that nobody had named


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that did not: a value, kept like any other outcome."""

    task: Task
    code: str  # of errors.py: "timeout", "robots_denied", …
    message: str  # one line, fit for people
    failed_at: datetime  # UTC, aware
    page: Page | None = None  # the answer, where one came
    retry_after_seconds: float | None = None  # what the server asked for; None where it did not


Outcome = Visit | Failed


class Verdict(StrEnum):
    """What keeping an outcome changed."""

    NEW = "new"  # a first version
    CHANGED = "changed"  # another version: the newspaper edited it
    REREAD = "re-read"  # another version: our reader or its rules changed, the page's text did not
    SAME = "same"  # seen again, nothing changed
    LISTED = "listed"  # a listing, feed or sitemap was read, or looked for
    FAILED = "failed"


class Keep(Protocol):
    """Commit one outcome, with all that follows from it for the frontier, in one transaction."""

    def __call__(self, outcome: Outcome) -> Verdict:
        """Return what changed; when this returns, it is on the disk."""
        ...


class Frontier(Protocol):
    """What to fetch next, and when; durable, so that a killed crawl goes on where it was."""

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:
        """Make the tasks due now, whether known or not."""
        ...

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:
        """Take the most urgent task that is due, of these sites and of no busy host; None if there is none."""
        ...

    def is_known(self, url: str) -> bool:
        """Tell whether the URL, in its canonical form, was ever a task."""
        ...

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:
        """Return the days of publication of those articles that are kept."""
        ...

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:
        """Tell whether a list names articles, and none that an earlier reading of it named, if there was one.

        Then articles may have come and gone unseen.
        """
        ...

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:
        """Return how many tasks are due now."""
        ...
