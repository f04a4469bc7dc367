"""What is known of one newspaper's pages: Site, its rules field by field, and what is wrong with a file of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from scraper.problems import Problem

FIELDS: Mapping[str, str] = {
    "title": "the headline",
    "lead": "the sapo: the paragraph that introduces the article",
    "body": "the container, or the containers, of the text",
    "published_at": "when the article appeared",
    "modified_at": "when it was last changed",
    "authors": "the byline",
    "section": "the section it stands in",
    "tags": "its topics",
    "image": "the block of one picture with its caption, such as figure",
    "caption": "the caption, inside the picture's block or anywhere in the body",
    "source_name": "of a reprint: whose text it is",
    "source_published_at": "of a reprint: when it appeared there",
    "related": "the box, or the links, of related news",
    "popular": "the box, or the links, of what is read most",
}
"""The fields that a rule can name, and what each is."""

NODE_FIELDS = frozenset({"body", "image", "caption", "related", "popular"})
"""Fields whose value is a piece of the page, and so can only be told by `css`."""

LIST_FIELDS = NODE_FIELDS | {"authors", "tags"}
"""Fields that take all that a rule matches; of the others, the first match counts."""

DATE_FIELDS = frozenset({"published_at", "modified_at", "source_published_at"})


class RuleError(Exception):
    """A file of rules cannot be used; `path`, `key`, `reason` and `fix` say where, why and what to do."""

    code = "bad_rules"

    def __init__(self, path: Path, problem: Problem, *, more: int = 0) -> None:
        rest = f" (and {more} more: luubao sites lint {path})" if more else ""
        super().__init__(f"{path}: {problem}{rest}")
        self.path = path
        self.problem = problem
        self.more = more

    def __reduce__(self) -> tuple[type[RuleError], tuple[Path, Problem]]:
        """Let the error travel between processes with its facts."""
        return type(self), (self.path, self.problem)

    @property
    def key(self) -> str:
        """Return the key that is wrong, such as `fields.title[2].css`."""
        return self.problem.key

    @property
    def reason(self) -> str:
        """Return what is wrong with it."""
        return self.problem.reason

    @property
    def fix(self) -> str:
        """Return what to do about it."""
        return self.problem.fix


class Pick(StrEnum):
    """Which of several matches a rule takes."""

    FIRST = "first"
    LAST = "last"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to find the value of a field. Exactly one of css, meta and jsonld, or regex alone, says where to look."""

    css: str | None = None
    attribute: str | None = None  # of what css matched; None takes its text
    meta: str | None = None  # name, property or itemprop of a <meta>
    jsonld: str | None = None  # "datePublished", "author.name", "NewsArticle.author.name"
    regex: str | None = None  # what to keep of the text: its first group, or all it matched
    date_form: str | None = None  # how the date is written: "day/month/year hour:minute"
    split: str | None = None  # what parts several names or topics in one text: ";"
    pick: Pick = Pick.FIRST
    valid_from: date | None = None  # first day on which the newspaper's pages were built so; None: since ever
    valid_until: date | None = None  # last such day; None: until now

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the rule is for pages fetched on this day; with None, the day being unknown, it is."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Status(StrEnum):
    """How far rules were seen to hold on real pages."""

    VERIFIED = "verified"  # every field of every real page that was at hand
    PARTLY = "partly"  # the note says what was seen and what was not
    UNVERIFIED = "unverified"  # only read about


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the rules were seen to hold, when, and on what."""

    status: Status = Status.UNVERIFIED
    on: date | None = None
    note: str = ""

    def __bool__(self) -> bool:
        """Tell whether the rules were seen to hold in full."""
        return self.status is Status.VERIFIED


@dataclass(frozen=True, slots=True)
class SiteTest:
    """A page, and what its fields must be."""

    url: str
    expect: Mapping[str, Any]
    html: str | None = None
    file: Path | None = None  # beside the rules; None where `html` holds the page
    fetched_on: date | None = None  # chooses among rules with valid_from and valid_until


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A newspaper: where it is, which of its pages are articles, and how to read them."""

    id: str
    name: str
    hosts: tuple[str, ...]  # the first is its own, the others are aliases
    home: str
    timezone: str | None = None  # IANA name; None: as the host and the language tell
    language: str | None = None
    article_url: str | None = None  # pattern of the URLs of articles; None where it is not known
    article_id: str | None = None  # pattern whose first group is the article's id in its URL
    sections: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    page_url: str | None = None  # of a section's further pages: "{section}-p{page}", with .htm or .html kept last
    delay_seconds: float | None = None  # None: as the user's policy says
    extends: str | None = None  # id of the CMS family
    fields: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)  # in order of trust
    remove: tuple[str, ...] = ()  # selectors of what stands in the body and is not of it
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "related": ("Tin liên quan",)
    verified: Verified = Verified()
    tests: tuple[SiteTest, ...] = ()
    path: Path | None = None
    rules_hash: str = ""  # SHA-256, hexadecimal, of all that decides how a page is read


# --- in words ---------------------------------------------------------------------------------------------------------


def warning_of(site: Site) -> str | None:
    """Return what to tell someone who reads pages by this site's rules, or None where they were seen to hold."""
    if site.verified.status is not Status.UNVERIFIED or not site.fields:
        return None
    return (
        f"{site.id}: its rules were never checked on a real page, and may miss what is there; "
        f"see what they find with luubao sites explain URL"
    )


def written(rule: Rule) -> str:
    """Write a rule as people do, in one line."""
    parts = [(name, getattr(rule, name)) for name in ("css", "attribute", "meta", "jsonld", "regex", "split")]
    parts += [("date", rule.date_form), ("from", rule.valid_from), ("until", rule.valid_until)]
    told = [(name, value) for name, value in parts if value is not None]
    if [name for name, _ in told] == ["css"]:
        return str(rule.css)
    return ", ".join(f"{name} {value}" for name, value in told)
