"""What is wrong with a file of rules, in words that help: keys, values, selectors, patterns, date forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.problems import Problem, did_you_mean
from scraper.sites.patterns import (
    MAX_PATTERN_CHARS,
    MAX_WAYS,
    MAX_WAYS_ON_PAGE,
    MAX_WAYS_ON_URL,
    BadDateForm,
    compiled,
    date_pattern,
    ways,
)
from scraper.sites.rules import DATE_FIELDS, FIELDS, LIST_FIELDS, NODE_FIELDS, Pick, Status

MAX_SELECTOR_CHARS = 500

_TEXT = str
_LIST = list
FAMILY_KEYS: Mapping[str, tuple[type, ...]] = {
    "id": (_TEXT,),
    "name": (_TEXT,),
    "timezone": (_TEXT,),
    "language": (_TEXT,),
    "article_url": (_TEXT,),
    "article_id": (_TEXT,),
    "page_url": (_TEXT,),
    "delay_seconds": (int, float),
    "fields": (dict,),
    "labels": (dict,),
    "verified": (dict,),
}
SITE_KEYS: Mapping[str, tuple[type, ...]] = {
    **FAMILY_KEYS,
    "home": (_TEXT,),
    "hosts": (_LIST,),
    "sections": (_LIST,),
    "feeds": (_LIST,),
    "sitemaps": (_LIST,),
    "extends": (_TEXT,),
    "without": (_LIST,),
    "test": (_LIST,),
}
RULE_KEYS: Mapping[str, tuple[type, ...]] = {
    "css": (_TEXT,),
    "attribute": (_TEXT,),
    "meta": (_TEXT,),
    "jsonld": (_TEXT,),
    "regex": (_TEXT,),
    "date": (_TEXT,),
    "split": (_TEXT,),
    "pick": (_TEXT,),
    "valid_from": (date,),
    "valid_until": (date,),
}
VERIFIED_KEYS: Mapping[str, tuple[type, ...]] = {"status": (_TEXT,), "on": (date,), "note": (_TEXT,)}
TEST_KEYS: Mapping[str, tuple[type, ...]] = {
    "url": (_TEXT,),
    "html": (_TEXT,),
    "file": (_TEXT,),
    "fetched_on": (date,),
    "expect": (dict,),
}
LABELS = ("related", "popular", "other")
_REQUIRED = ("id", "name", "home", "hosts")
_KINDS = {str: "a text in quotes", list: "a list in [ ]", dict: "a table", int: "a number", date: "a day, 2023-12-31"}

Raw = Mapping[str, Any]
Problems = Iterator[Problem]


def problems(raw: Raw, *, is_family: bool = False) -> Problems:
    """Yield what is wrong with the content of a file, in the order of its keys."""
    yield from _keys(raw, FAMILY_KEYS if is_family else SITE_KEYS, "")
    yield from _identity(raw, required=("id", "name") if is_family else _REQUIRED)
    yield from _places(raw)
    yield from _url_patterns(raw)
    yield from _fields(raw.get("fields", {}))
    yield from _labels(raw.get("labels", {}))
    yield from _verified(raw.get("verified", {}))
    for place, test in enumerate(_list(raw, "test"), 1):
        yield from _test(test, f"test[{place}]")


# --- keys and kinds ---------------------------------------------------------------------------------------------------


def _keys(raw: object, known: Mapping[str, tuple[type, ...]], prefix: str) -> Problems:
    if not isinstance(raw, Mapping):
        yield Problem(prefix.rstrip("."), "a table is meant here", "write { key = value } or a [section]")
        return
    for key, value in raw.items():
        if key not in known:
            yield Problem(prefix + key, "there is no such key", did_you_mean(key, known))
        elif not isinstance(value, known[key]) or isinstance(value, bool):
            yield Problem(prefix + key, f"{value!r} is not {_KINDS[known[key][0]]}", "see docs/adding-a-site.md")


def _list(raw: Raw, key: str) -> list[Any]:
    value = raw.get(key, [])
    return value if isinstance(value, list) else []


# --- the site itself --------------------------------------------------------------------------------------------------


def _identity(raw: Raw, *, required: tuple[str, ...]) -> Problems:
    for key in required:
        if not raw.get(key):
            yield Problem(key, "it is missing", f"add a line {key} = …")
    if isinstance(name := raw.get("id"), str) and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name):
        yield Problem("id", f"`{name}` is no short name", "use small letters, digits and -, such as baobinhthuan")
    if isinstance(zone := raw.get("timezone"), str) and not _is_zone(zone):
        yield Problem("timezone", f"there is no zone `{zone}`", 'write it as "Asia/Ho_Chi_Minh"')
    if isinstance(delay := raw.get("delay_seconds"), int | float) and not 0 <= delay <= 3600:  # noqa: PLR2004 -- an hour
        yield Problem("delay_seconds", f"{delay} is not from 0 to 3600", "write the pause between pages in seconds")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _places(raw: Raw) -> Problems:
    for place, host in enumerate(_list(raw, "hosts"), 1):
        if not isinstance(host, str) or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
            yield Problem(f"hosts[{place}]", f"{host!r} is no name of a host", 'write it as "baobinhthuan.com.vn"')
    if isinstance(home := raw.get("home"), str) and not _is_url(home):
        yield Problem("home", f"`{home}` is no address", "write it with https:// in front")
    for key in ("sections", "feeds", "sitemaps"):
        for place, url in enumerate(_list(raw, key), 1):
            if not isinstance(url, str) or not (_is_url(url) or url.startswith("/")):
                yield Problem(f"{key}[{place}]", f"{url!r} is no address", "write it with https:// or / in front")
    for place, name in enumerate(_list(raw, "without"), 1):
        if str(name) not in (*FIELDS, "remove"):
            yield Problem(f"without[{place}]", f"there is no field {name!r}", did_you_mean(str(name), FIELDS))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _url_patterns(raw: Raw) -> Problems:
    for key in ("article_url", "article_id"):
        if isinstance(pattern := raw.get(key), str):
            yield from _regex(pattern, key, most=MAX_WAYS_ON_URL)
    pattern = raw.get("article_id")
    if isinstance(pattern, str) and _is_regex(pattern) and compiled(pattern).groups != 1:
        yield Problem("article_id", "it must have one group", r"put the id in ( ), as in '-(\d+)\.html$'")
    page = raw.get("page_url")
    if isinstance(page, str) and not ("{page}" in page and "{section}" in page):
        yield Problem("page_url", "it must hold {section} and {page}", 'write it as "{section}-p{page}"')


def _is_regex(pattern: str) -> bool:
    try:
        compiled(pattern)
    except re.error:
        return False
    return True


# --- rules ------------------------------------------------------------------------------------------------------------


def _fields(fields: object) -> Problems:
    if not isinstance(fields, Mapping):
        return
    for name, value in fields.items():
        if name == "remove":
            yield from _selectors(value, "fields.remove")
        elif name not in FIELDS:
            yield Problem(f"fields.{name}", "there is no such field", did_you_mean(name, (*FIELDS, "remove")))
        else:
            yield from _rules(name, value)


def _selectors(value: object, key: str) -> Problems:
    for place, selector in enumerate(value if isinstance(value, list) else [value], 1):
        if isinstance(selector, str):
            yield from _css(selector, f"{key}[{place}]")
        else:
            yield Problem(f"{key}[{place}]", f"{selector!r} is not a text in quotes", 'write a selector: ".ads"')


def _rules(name: str, value: object) -> Problems:
    for place, rule in enumerate(value if isinstance(value, list) else [value], 1):
        key = f"fields.{name}[{place}]"
        if isinstance(rule, str):
            yield from _css(rule, key)
        elif isinstance(rule, Mapping):
            yield from _keys(rule, RULE_KEYS, f"{key}.")
            yield from _rule(name, rule, key)
        else:
            yield Problem(key, f"{rule!r} is no rule", 'write a selector in quotes, or { css = "…" }')


def _rule(name: str, rule: Raw, key: str) -> Problems:
    yield from _where(name, rule, key)
    if isinstance(css := rule.get("css"), str):
        yield from _css(css, f"{key}.css")
    if isinstance(regex := rule.get("regex"), str):
        yield from _regex(regex, f"{key}.regex", most=MAX_WAYS if "css" in rule else MAX_WAYS_ON_PAGE)
    yield from _date_form(name, rule, key)
    if "split" in rule and (name not in LIST_FIELDS or not rule["split"]):
        yield Problem(f"{key}.split", "only authors and tags have several values", "take it out")
    if rule.get("pick", "first") not in list(Pick):
        yield Problem(f"{key}.pick", f"{rule['pick']!r} is not known", 'it can be "first", "last" or "all"')
    first, last = rule.get("valid_from"), rule.get("valid_until")
    if isinstance(first, date) and isinstance(last, date) and first > last:
        yield Problem(f"{key}.valid_until", "it is before valid_from", "swap the two days")


def _where(name: str, rule: Raw, key: str) -> Problems:
    places = [kind for kind in ("css", "meta", "jsonld") if kind in rule]
    if len(places) > 1:
        yield Problem(key, f"it names {' and '.join(places)}", "make two rules of it, one after the other")
    if not places and "regex" not in rule:
        yield Problem(key, "it does not say where to look", "give css, meta, jsonld or regex")
    if name in NODE_FIELDS and (places != ["css"] or rule.keys() & {"regex", "date", "attribute", "split"}):
        yield Problem(key, f"{name} is a piece of the page", "give css alone")
    if "attribute" in rule and "css" not in rule:
        yield Problem(f"{key}.attribute", "an attribute of what?", "give css too")


def _css(selector: str, key: str) -> Problems:
    if len(selector) > MAX_SELECTOR_CHARS:
        yield Problem(key, f"the selector is longer than {MAX_SELECTOR_CHARS} characters", "make it shorter")
        return
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except (SelectolaxError, ValueError):
        yield Problem(key, f"`{selector}` is no CSS selector", "write it as h1.title or #content > p")


def _regex(pattern: str, key: str, *, most: int) -> Problems:
    try:
        compiled(pattern)
    except re.error as error:
        yield Problem(key, f"`{pattern}` is no regular expression: {error}", "put it in single quotes '…' and mend it")
        return
    if len(pattern) > MAX_PATTERN_CHARS:
        yield Problem(key, f"it is longer than {MAX_PATTERN_CHARS} characters", "make it shorter")
    elif ways(pattern) > most:
        fix = r"use \d{1,9} or [^/]{1,80} in place of + and *, and no repeat within a repeat"
        yield Problem(key, f"`{pattern}` could take for ever on some pages", fix)


def _date_form(name: str, rule: Raw, key: str) -> Problems:
    if not isinstance(form := rule.get("date"), str):
        return
    if name not in DATE_FIELDS:
        yield Problem(f"{key}.date", f"{name} is no date", "take it out")
    try:
        date_pattern(form)
    except BadDateForm as error:
        yield Problem(f"{key}.date", str(error), 'write it as "day/month/year hour:minute"')


# --- labels, verified, tests ------------------------------------------------------------------------------------------


def _labels(labels: object) -> Problems:
    if not isinstance(labels, Mapping):
        return
    for name, words in labels.items():
        if name not in LABELS:
            yield Problem(f"labels.{name}", "there is no such label", did_you_mean(name, LABELS))
        elif not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            yield Problem(f"labels.{name}", "it is no list of words", 'write ["Tin liên quan", "Xem thêm"]')


def _verified(verified: object) -> Problems:
    if not isinstance(verified, Mapping):
        return
    yield from _keys(verified, VERIFIED_KEYS, "verified.")
    status = verified.get("status")
    if status is not None and status not in list(Status):
        yield Problem("verified.status", f"{status!r} is not known", f"it can be {', '.join(Status)}")
    if status in ["verified", "partly"] and "on" not in verified:
        yield Problem("verified.on", "it is missing", "add the day on which real pages were looked at")


def _test(test: object, key: str) -> Problems:
    yield from _keys(test, TEST_KEYS, f"{key}.")
    if not isinstance(test, Mapping):
        return
    checks: tuple[tuple[str, Callable[[], bool], str], ...] = (
        ("url", lambda: isinstance(test.get("url"), str) and _is_url(test["url"]), "add the page's address"),
        ("expect", lambda: bool(test.get("expect")), 'add what is expected: expect = { title = "…" }'),
        ("html", lambda: ("html" in test) != ("file" in test), "give the page either as html or as a file"),
    )
    for name, is_well, fix in checks:
        if not is_well():
            yield Problem(f"{key}.{name}", "it is missing or not usable", fix)
    for name in test.get("expect", {}) if isinstance(test.get("expect"), Mapping) else ():
        if name not in EXPECTABLE:
            yield Problem(f"{key}.expect.{name}", "there is no such field", did_you_mean(name, EXPECTABLE))


EXPECTABLE = (
    "title",
    "lead",
    "body",
    "published_at",
    "published_on",
    "modified_at",
    "authors",
    "section",
    "tags",
    "captions",
    "credits",
    "source_name",
    "source_published_at",
    "related",
    "popular",
    "kind",
    "language",
    "contains",
    "lacks",
)
"""What a test can expect: fields of an article; `contains` and `lacks` are pieces of its body."""
