"""What each field of an export means: the dictionary that its manifest carries."""

from __future__ import annotations

_PLACE = {
    "id": "number of the article in the archive that it came from",
    "url": "address of the article: the canonical one where the page names one",
    "site": "id of the newspaper's rules, or its registrable host",
    "kind": "article, listing or other",
    "state": "live; missing: not there when last asked for; removed: missing three times over a day",
}
_TEXT = {
    "title": "headline",
    "lead": "first paragraph or summary above the text (sapo)",
    "body": "paragraphs parted by blank lines, lead included",
    "published_at": "when it appeared, ISO 8601 with the newspaper's offset; without where the zone is unknown",
    "published_on": "day on which it appeared, by the newspaper's clock",
    "modified_at": "last change that the page names, as published_at",
    "section": "section of the newspaper",
    "authors": "people of the byline",
    "tags": "keywords of the newspaper",
    "language": "BCP 47",
    "source_name": "of a reprint: whose text it is",
    "source_published_at": "of a reprint: when it appeared there",
    "canonical_url": "what the page calls its own address",
    "word_count": "words of the body, as white space parts them",
    "rights": "what page and headers say: robots, text and data mining, licence, whether it is free to read",
}
_SEEN = {
    "first_seen_at": "first visit, UTC",
    "last_seen_at": "last visit that had the article, UTC",
    "last_changed_at": "visit that brought the newest version that the newspaper made, UTC",
    "version": "number of the version, from 1",
}
_READ = {
    "reader_version": "version of the reader that took the fields from the page",
    "rules_hash": "hash of the rules of the site; empty: read without rules",
    "content_sha256": "SHA-256 over the fields that make a version",
    "body_sha256": "SHA-256 over the words of the body; null: too short to tell two texts apart",
}

FLAT = _PLACE | _TEXT | {
    "images": "pictures: url, caption, credit, alt",
    "duplicate_of": "id of an earlier article with the very same text",
} | _SEEN  # fmt: skip
"""The columns of CSV and Parquet."""

LIGHT = _PLACE | {"published_on": _TEXT["published_on"]} | _SEEN | {
    "word_count": _TEXT["word_count"],
    "language": _TEXT["language"],
} | _READ | {
    "fetched_at": "when the page was asked for, UTC",
    "page_sha256": "SHA-256 of the page, content coding undone",
    "page_length": "bytes of the page",
}  # fmt: skip
"""What is handed on without a word of text."""

WHOLE = _PLACE | _TEXT | _SEEN | _READ | {
    "luubao": "number of this form of record",
    "missing_count": "answers in a row that said that it is not there",
    "missing_since": "since when, UTC; null: it is there",
    "duplicate_of": "address of an earlier article with the very same text",
    "blocks": "the body in reading order: headings, paragraphs, lists, quotes, tables, pictures",
    "images": FLAT["images"],
    "related": "links that the newspaper calls related: url, title, relation",
    "links": "all other links of the page, each a list: url, title, relation",
    "provenance": "where the value of each field came from",
    "cause": "why there is this version: created, edited, or re-read by another reader",
    "read_at": "when it was read, UTC",
    "capture": "the visit that it was read from: request, answer, time, hashes; the page itself is not here",
    "urls": "every address under which the article was met",
    "events": "missing, removed, restored, moved",
    "versions": "older versions, where they were asked for",
}  # fmt: skip
"""A line of JSONL."""

RECORDS = {
    "warcinfo": "who wrote the file",
    "response": "an answer; where its content coding was undone, X-Archive-Orig-… has the header as it came",
    "request": "what was asked",
    "revisit": "a visit that found the page, or its text, as before; WARC-Refers-To says where that stands",
    "metadata": "what was read from the answer that it refers to, as JSON",
}
"""The records of WARC and WACZ."""

FRONT_MATTER = {name: FLAT[name] for name in (
    "title", "url", "site", "id", "published_at", "modified_at", "authors", "section", "tags", "language",
    "source_name", "source_published_at", "first_seen_at", "last_seen_at", "version",
)}  # fmt: skip
"""What stands above the text of a Markdown file."""
