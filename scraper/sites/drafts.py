"""Write a first file of rules for a newspaper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.models import Article
from scraper.sites.propose import Proposal, quoted


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a first file says."""

    id: str
    name: str
    home: str
    host: str
    language: str | None
    timezone: str | None  # IANA name; None where neither host nor language tells
    extends: str | None  # the family whose rules match, if one does
    sections: tuple[str, ...]
    article_url: str | None
    proposals: tuple[Proposal, ...]


_ENDING = re.compile(r"(?P<mark>[-_/][a-z]{0,5}?)(?P<digits>\d{4,20})(?P<end>(?:\.[a-z]{2,5})?/?)$")

_COUNTED = re.compile(r"\\d\{\d+,\d+\}")


def url_pattern(urls: Sequence[str]) -> str | None:
    r"""Return a pattern of the ids that end all these URLs, such as `-\d{5,7}\.html$`, or None if they differ."""
    matches = [_ENDING.search(url) for url in urls]
    found = [match for match in matches if match]
    if not found or len(found) < len(urls) or len({(match["mark"], match["end"]) for match in found}) > 1:
        return None
    sizes = [len(match["digits"]) for match in found]
    return f"{found[0]['mark']}\\d{{{max(min(sizes) - 1, 1)},{max(sizes) + 1}}}{re.escape(found[0]['end'])}$"


def toml_of(draft: Draft, *, tests: Sequence[tuple[str, str, Article]] = ()) -> str:
    """Write the file; `tests` are the URL of a page, the file that holds it, and what is read of it by these rules."""
    return "\n".join([*_head(draft), "", *_verified(len(tests)), "", *_fields(draft), *_tests(tests), ""])


def _head(draft: Draft) -> Iterator[str]:
    yield f"id = {quoted(draft.id)}"
    yield f"name = {quoted(draft.name)}"
    yield f"home = {quoted(draft.home)}"
    yield f"hosts = [{quoted(draft.host)}]"
    if draft.extends:
        yield f"extends = {quoted(draft.extends)}"
    if draft.timezone:
        yield f"timezone = {quoted(draft.timezone)}"
    if draft.language:
        yield f"language = {quoted(draft.language)}"
    if draft.article_url:
        yield f"article_url = '{draft.article_url}'"
        yield f"article_id = '{_COUNTED.sub(_in_group, draft.article_url)}'"
    if draft.sections:
        yield "sections = [\n" + "".join(f"    {quoted(url)},\n" for url in draft.sections) + "]"


def _in_group(match: re.Match[str]) -> str:
    return f"({match[0]})"


def _verified(count: int) -> Iterator[str]:
    yield "[verified]"
    yield 'status = "unverified"'
    yield f'note = "Written by luubao sites new from {count} articles; not yet looked through."'


def _fields(draft: Draft) -> Iterator[str]:
    yield "[fields]"
    names = dict.fromkeys(proposal.field for proposal in draft.proposals)
    for name in names:
        rules = [proposal.rule for proposal in draft.proposals if proposal.field == name]
        yield f"{name} = [{', '.join(rules)}]"


def _tests(tests: Sequence[tuple[str, str, Article]]) -> Iterator[str]:
    for url, file, article in tests:
        record = article.to_dict()
        yield f"\n[[test]]\nurl = {quoted(url)}\nfile = {quoted(file)}\n[test.expect]"
        for name in ("kind", "title", "published_at", "authors"):
            if record[name]:
                yield f"{name} = {json.dumps(record[name], ensure_ascii=False)}"
