"""When the article appeared, and when it was last changed: to the minute where the page tells, and never by guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from scraper.document import Document
from scraper.fields import date_formats, date_lines, date_scripts, source, structured
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.date_lines import Moment
from scraper.fields.region import Region
from scraper.fields.source import Source
from scraper.fields.zones import is_month_first, localised, zone_of
from scraper.sites import apply
from scraper.sites.rules import Site

FIRST_WEB_YEAR = 1990  # an older date is not of a page, unless structured data say so of a digitised text
ZERO_OF_CLOCKS = datetime(1970, 1, 1, tzinfo=UTC)  # what a program writes that knows no date
FUTURE_DAYS = 1  # clocks differ, and so do time zones

_DATA = ("jsonld:", "meta:", "microdata:")
_SHOWN = ("time:below title:", "line:below title:")
_BY_TITLE = (*_SHOWN, "time:above title:", "line:above title:")

PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "article:published",
    "published_time",
    "publish-date",
    "publishdate",
    "publish_date",
    "publication_date",
    "publicationdate",
    "pubdate",
    "og:pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "citation_publication_date",
    "citation_online_date",
    "article_date_original",
    "originalpublicationdate",
    "displaydate",
    "vr:published_time",
    "iptc_date",
    "last-published",
    "dc.date",
    "dcterms.date",
    "date",
    "article:post_date",
    "post_date",
    "rnews:datepublished",
    "ptime",
    "publisheddate",
    "published-date",
    "published_date",
    "og:release_date",
)
MODIFIED_METAS = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "article.updated",
    "last-modified",
    "lastmod",
    "lastmodified",
    "modified_time",
    "dcterms.modified",
    "dc.date.modified",
    "revised",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """Both times of an article; None where the page does not tell, or tells what cannot be."""

    published: Chosen[Moment | None] | None
    modified: Chosen[Moment | None] | None
    origin: Chosen[Source] | None  # of a reprint: whose text it is, which tells its own date from that of the source


def choose(
    document: Document,
    *,
    language: str | None = None,
    title: int | None = None,
    body: int | None = None,
    site: Site | None = None,
) -> Dates:
    """Choose when the article appeared and when it was changed.

    `title` and `body` are the numbers of the headline's element and of the text's container, which tell the article's
    own date lines from those of other news; None where there is none. In order of trust: the rules of the site,
    JSON-LD, meta, microdata, `<time>`, the date line, the URL, and the scripts of pages with none of these. A day alone
    gives way to a time on that day.
    Where a reprint does not tell its own time, that of its source stands in, as `source:…` in the provenance; and where
    the page shows no other time than its update (`Cập nhật: …` is all that many portals show), that one, `…:modified`.
    """
    judge = _Judge(document, language, site)
    region = Region(document, title, body)
    lines = date_lines.read(document, region, language=judge.language, month_first=judge.month_first)
    origin = source.choose(document, language=language, body=body, site=site)
    shown = [line for line in lines.published if origin is None or line.node != origin.node]
    standing = [line for line in lines.modified if line.source.startswith(_BY_TITLE)]
    candidates = [*_published(document, judge, site), *shown, *_of_source(origin), *_of_url(document), *standing]
    modified = judge.best([*_modified(document, judge, site), *lines.modified])
    if not candidates:
        candidates = [Candidate(name, moment) for name, moment in date_scripts.read(document)]
    published = judge.best(candidates, modified=modified.value if modified else None)
    return Dates(published, _after(modified, published), origin)


# --- candidates -------------------------------------------------------------------------------------------------------


def _published(document: Document, judge: _Judge, site: Site | None) -> Iterator[Candidate[Moment | None]]:
    yield from _of_rules(document, judge, site, "published_at")
    node = structured.article_of(document)
    if node is not None:
        yield from _of_texts("jsonld:datePublished", structured.texts(node.get("datePublished")), judge)
    for name in PUBLISHED_METAS:
        yield from _of_texts(f"meta:{name}", judge.metas.get(name, ()), judge)
    yield from _of_microdata(document, judge, "datepublished")
    if node is not None:
        yield from _of_texts("jsonld:uploadDate", structured.texts(node.get("uploadDate")), judge)
    yield from _of_pages(document, judge, "datePublished")


def _modified(document: Document, judge: _Judge, site: Site | None) -> Iterator[Candidate[Moment | None]]:
    yield from _of_rules(document, judge, site, "modified_at")
    node = structured.article_of(document)
    if node is not None:
        yield from _of_texts("jsonld:dateModified", structured.texts(node.get("dateModified")), judge)
    for name in MODIFIED_METAS:
        yield from _of_texts(f"meta:{name}", judge.metas.get(name, ()), judge)
    yield from _of_microdata(document, judge, "datemodified")


def _of_rules(document: Document, judge: _Judge, site: Site | None, field: str) -> Iterator[Candidate[Moment | None]]:
    for hit in apply.candidates(site, field, document):
        yield from _of_texts(hit.source, hit.texts, judge)


def _of_pages(document: Document, judge: _Judge, key: str) -> Iterator[Candidate[Moment | None]]:
    """Yield what a WebPage says of itself; publishers without an article object in their JSON-LD have this."""
    for node in structured.of(document):
        if structured.types(node) & structured.PAGE_TYPES:
            yield from _of_texts(f"jsonld:WebPage.{key}", structured.texts(node.get(key)), judge)
            return


def _of_microdata(document: Document, judge: _Judge, name: str) -> Iterator[Candidate[Moment | None]]:
    for i in date_lines.microdata(document, name):
        attributes = [document.attribute(i, key) for key in ("datetime", "content", "title")]
        texts = [text for text in attributes if text] or [document.text(i)[: date_formats.MAX_CHARS]]
        yield from _of_texts(f"microdata:{name}", texts[:1], judge, node=i)
        return


def _of_texts(
    name: str, texts: Iterable[str], judge: _Judge, node: int | None = None
) -> Iterator[Candidate[Moment | None]]:
    for text in list(texts)[:1]:
        value = date_formats.machine_readable(text)
        if value is not None:
            yield Candidate(name, value, node)
            continue
        found = date_formats.find(text, month_first=judge.month_first)
        if found:
            yield Candidate(name, found[0].value, node, found[0].problem)
        elif any(mark.isdigit() for mark in text):
            yield Candidate(name, None, node, f"no date can be read from {text[:60]!r}")


def _of_source(origin: Chosen[Source] | None) -> Iterator[Candidate[Moment | None]]:
    if origin is not None and origin.value.published_at is not None:
        yield Candidate(f"source:{origin.value.name}", origin.value.published_at, origin.node)


def _of_url(document: Document) -> Iterator[Candidate[Moment | None]]:
    day = date_formats.in_url(document.url)
    if day is not None:
        yield Candidate("url", day)


# --- the choice -------------------------------------------------------------------------------------------------------


class _Judge:
    """What is known of the page that decides whether a date can be, and in which zone it is told."""

    def __init__(self, document: Document, language: str | None, site: Site | None) -> None:
        self.language = language or document.language
        self.zone = ZoneInfo(site.timezone) if site and site.timezone else zone_of(document.url, self.language)
        self.is_vietnamese = (self.language or "").lower().startswith("vi")
        self.latest = _latest(document)
        self.metas = document.meta
        self.month_first = is_month_first(document.url, self.language)

    def best(
        self, candidates: Sequence[Candidate[Moment | None]], *, modified: Moment | None = None
    ) -> Chosen[Moment | None] | None:
        """Choose the first candidate that can be; if it is a day alone, the first time of that day."""
        clocks = _shown_clocks(candidates) if self.is_vietnamese else frozenset()
        judged = _outvoted([self._judged(_remarked(candidate, clocks)) for candidate in candidates], modified)
        right = [candidate for candidate in judged if candidate.reason is None]
        if not right:
            return Chosen(None, chosen(judged[0], judged).provenance) if judged else None
        best = right[0]
        if not isinstance(best.value, datetime):
            best = next((c for c in right if _refines(c.value, best.value)), best)
        return chosen(best, [c for c in judged if c is not best])

    def _judged(self, candidate: Candidate[Moment | None]) -> Candidate[Moment | None]:
        value = candidate.value
        if candidate.reason or value is None:
            return candidate
        return replace(candidate, value=self._local(value), reason=self._impossible(value, candidate.source))

    def _local(self, value: Moment) -> Moment:
        """Return the value in the newspaper's zone; what has midnight for a time is a day."""
        if not isinstance(value, datetime):
            return value
        local = localised(value, self.zone)
        return value.date() if value.time() == time() else local.date() if local.time() == time() else local

    def _impossible(self, value: Moment, name: str) -> str | None:
        if self.latest is not None and _instant(value, self.zone) > self.latest + timedelta(days=FUTURE_DAYS):
            return "later than the page was fetched"
        if value.year < FIRST_WEB_YEAR and not name.startswith(("jsonld", "meta", "site")):
            return f"before {FIRST_WEB_YEAR}"
        if isinstance(value, datetime) and _instant(value, self.zone) == ZERO_OF_CLOCKS:
            return "the zero of a computer's clock, which stands for no date"
        return None


def _shown_clocks(candidates: Iterable[Candidate[Moment | None]]) -> frozenset[datetime]:
    """Return the days and times of day that date lines show as local, without zone and seconds."""
    lines = [c.value for c in candidates if c.source.startswith("line:") and isinstance(c.value, datetime)]
    return frozenset(_clock(value) for value in lines if value.utcoffset() != timedelta())


def _remarked(candidate: Candidate[Moment | None], clocks: frozenset[datetime]) -> Candidate[Moment | None]:
    """Take the mark of UTC from a time that the page shows, hand for hand, as local.

    Done for Vietnamese pages alone: their servers write local times, and some mark these as UTC in the data. Elsewhere
    pages are often made in UTC and turned to local time by a script, so that the same sight means the opposite.
    """
    value = candidate.value
    is_marked = isinstance(value, datetime) and value.utcoffset() == timedelta()
    if isinstance(value, datetime) and is_marked and _clock(value) in clocks:
        return replace(candidate, value=value.replace(tzinfo=None))
    return candidate


def _clock(value: datetime) -> datetime:
    return value.replace(tzinfo=None, second=0, microsecond=0)


def _outvoted(judged: Sequence[Candidate[Moment | None]], modified: Moment | None) -> list[Candidate[Moment | None]]:
    """Refuse the first date where the one that the page shows and another of its data agree on another day.

    So too where the first is later than the page's last change, and the page shows an earlier one: systems that move
    their articles write the day of the move.
    """
    right = [candidate for candidate in judged if candidate.reason is None and candidate.value is not None]
    first = next((c for c in right if c.source.startswith(_DATA)), None)
    shown = next((c for c in right if c.source.startswith(_SHOWN) and c.source.endswith(":published")), None)
    if first is None or shown is None or _day(first.value) == _day(shown.value):
        return list(judged)
    agreeing = [c for c in right if c.source.startswith(_DATA) and _day(c.value) == _day(shown.value)]
    is_late = _earlier(modified, first.value) and _earlier(shown.value, first.value)
    if not agreeing and not is_late:
        return list(judged)
    reason = "later than the last change" if is_late else f"{agreeing[0].source} and the page show another day"
    wrong = _day(first.value)
    return [replace(c, reason=reason) if c in right and _day(c.value) == wrong else c for c in judged]


def _refines(value: Moment | None, day: Moment | None) -> bool:
    return isinstance(value, datetime) and value.date() == day


def _earlier(one: Moment | None, other: Moment | None) -> bool:
    """Tell whether one is of an earlier day than the other; False where one is unknown."""
    days = _day(one), _day(other)
    return days[0] is not None and days[1] is not None and days[0] < days[1]


def _day(value: Moment | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _after(
    modified: Chosen[Moment | None] | None, published: Chosen[Moment | None] | None
) -> Chosen[Moment | None] | None:
    """Refuse a change before the publication: such a time is of the template, or of the wrong article."""
    if modified is None or modified.value is None or published is None or published.value is None:
        return modified
    if _instant(modified.value, None) + timedelta(days=1) < _instant(published.value, None):
        refused = Candidate(modified.provenance.source, modified.value, modified.node, "before the publication")
        return Chosen(None, chosen(refused, [refused]).provenance)
    return modified


def _instant(value: Moment, zone: ZoneInfo | None) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone or UTC)
    return value.astimezone(UTC)


def _latest(document: Document) -> datetime | None:
    """Return when the page was fetched, by our clock or else the server's (RFC 9110, 6.6.1)."""
    if document.fetched_at is not None:
        return _instant(document.fetched_at, None)
    sent = next((value for name, value in document.headers if name.lower() == "date"), "")
    try:
        return _instant(parsedate_to_datetime(sent), None) if sent else None
    except (ValueError, TypeError, OverflowError):
        return None
