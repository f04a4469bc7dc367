"""Which settings are there, and what is wrong with a value, in words that help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from commands import sizes, times
from commands.exits import UsageProblem
from scraper.problems import Problem, did_you_mean

LOG_FORMATS = ("text", "json")
TABLES = ("log",)
SITE_KEYS = {"delay_seconds": "delay", "max_pages": "run", "max_pages_day": "day"}
"""Key of a site's table -> its name in --per-site."""

Problems = Iterator[Problem]
Check = Callable[[Any], str | None]
"""Returns what is wrong with a value, and None where nothing is: `5 is no number above 0; write 20`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a user can set in three places."""

    key: str  # in the file
    option: str  # on the command line
    environment: str
    check: Check
    default: str  # in words


def text(value: object) -> str | None:
    """Find fault with what is no text of one line."""
    if not isinstance(value, str) or not value.strip():
        return f"{value!r} is no text; put it in quotes"
    return None if value.isprintable() else f"{value!r} holds characters that cannot be seen; take them out"


def place(value: object) -> str | None:
    """Find fault with what is no file named whole: cron runs in another folder than its user."""
    if told := text(value):
        return told
    return (
        None
        if str(value).startswith(("/", "~"))
        else f"{value!r} begins nowhere; write it whole, with / or ~/ in front"
    )


def texts(value: object) -> str | None:
    """Find fault with what is no list of texts."""
    is_list = isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)
    return None if is_list else f'{value!r} is no list of texts; write ["baobinhthuan", "tuoitre"]'


def whole(value: object) -> str | None:
    """Find fault with what is no whole number above 0."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return None if is_whole else f"{value!r} is no whole number above 0; write 5, without quotes"


def several(value: object) -> str | None:
    """Find fault with what is no whole number above 1: of a single file, nothing could be taken away."""
    return whole(value) or (None if value != 1 else "1 keeps no older file; write 2 or more")


def amount(value: object) -> str | None:
    """Find fault with what is no number above 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
    return None if is_number else f"{value!r} is no number above 0; write 20 or 2.5, without quotes"


def length_of_time(value: object) -> str | None:
    """Find fault with what is no length of time."""
    try:
        times.seconds(str(value))
    except UsageProblem as problem:
        return str(problem)
    return text(value)


def size(value: object) -> str | None:
    """Find fault with what is no size above 0."""
    try:
        is_some = sizes.bytes_of(str(value)) > 0
    except UsageProblem as problem:
        return str(problem)
    return text(value) if is_some else f"{value!r} is nothing; write 10MB"


def log_format(value: object) -> str | None:
    """Find fault with what is no form of log."""
    return None if value in LOG_FORMATS else f'{value!r} is not known; it can be "text" or "json"'


def web_address(value: object) -> str | None:
    """Find fault with what is no http address."""
    return text(value) or (None if _is_url(str(value), "http", "https") else _no_address("https://…"))


def proxy(value: object) -> str | None:
    """Find fault with what is no address of an HTTP proxy; a password in it is not repeated."""
    return text(value) or (None if _is_url(str(value), "http") else _no_address("http://proxy.example:3128"))


def _no_address(example: str) -> str:
    return f'it is no address that can be used; write "{example}"'


def _is_url(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


SETTINGS = (
    Setting("archive", "--archive", "LUUBAO_ARCHIVE", place, "~/.local/share/luubao/archive.db"),
    Setting("contact", "--contact", "LUUBAO_CONTACT", text, "none"),
    Setting("crawl", "[SITE|URL]...", "LUUBAO_CRAWL", texts, "all this archive was crawled for"),
    Setting("max_pages", "--max-pages", "LUUBAO_MAX_PAGES", whole, "all that is due"),
    Setting("max_time", "--max-time", "LUUBAO_MAX_TIME", length_of_time, "no end"),
    Setting("max_archive_gb", "--max-archive-gb", "LUUBAO_MAX_ARCHIVE_GB", amount, "no limit"),
    Setting("stale_after", "--stale-after", "LUUBAO_STALE_AFTER", length_of_time, "never"),
    Setting("proxy", "--proxy", "LUUBAO_PROXY", proxy, "none"),
    Setting("ping", "--ping", "LUUBAO_PING", web_address, "none"),
    Setting("log.file", "--log", "LUUBAO_LOG", place, "none"),
    Setting("log.format", "--log-format", "LUUBAO_LOG_FORMAT", log_format, "text"),
    Setting("log.max_size", "--log-size", "LUUBAO_LOG_SIZE", size, "10MB"),
    Setting("log.files", "--log-files", "LUUBAO_LOG_FILES", several, "5"),
    Setting("sites", "--per-site", "LUUBAO_PER_SITE", lambda _value: None, "as their rules say"),
)
KNOWN = {setting.key: setting for setting in SETTINGS}


def problems(raw: Mapping[str, Any]) -> Problems:
    """Yield what is wrong with the content of a file, in the order of its keys."""
    top = {key: setting for key, setting in KNOWN.items() if "." not in key}
    for key, value in raw.items():
        if key == "sites":
            yield from _sites(value)
        elif key in TABLES:
            yield from _table(key, value)
        elif key not in top:
            yield Problem(key, "there is no such key", did_you_mean(key, [*top, *TABLES]))
        else:
            yield from _value(top[key], value)


def _table(name: str, value: object) -> Problems:
    known = {key.partition(".")[2]: setting for key, setting in KNOWN.items() if key.startswith(f"{name}.")}
    if not isinstance(value, Mapping):
        yield Problem(name, "a table is meant here", f"write [{name}] on a line of its own, then {', '.join(known)}")
        return
    for key, each in value.items():
        if key in known:
            yield from _value(known[key], each)
        else:
            yield Problem(f"{name}.{key}", "there is no such key", did_you_mean(key, list(known)))


def _value(setting: Setting, value: object) -> Problems:
    if told := setting.check(value):
        reason, _, fix = told.partition("; ")
        yield Problem(setting.key, reason, fix)


def _sites(value: object) -> Problems:
    if not isinstance(value, Mapping):
        yield Problem("sites", "a table is meant here", "write [sites.tuoitre] on a line of its own")
        return
    for site, rules in value.items():
        yield from _site(f"sites.{site}", site, rules)


def _site(key: str, site: str, rules: object) -> Problems:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,252}", site):
        yield Problem(key, f"`{site}` is no newspaper's id", "see luubao sites list")
    if not isinstance(rules, Mapping):
        yield Problem(key, "a table is meant here", f"write [{key}] on a line of its own")
        return
    for name, value in rules.items():
        if name not in SITE_KEYS:
            yield Problem(f"{key}.{name}", "there is no such key", did_you_mean(name, list(SITE_KEYS)))
        elif told := seconds_of_pause(value) if name == "delay_seconds" else whole(value):
            reason, _, fix = told.partition("; ")
            yield Problem(f"{key}.{name}", reason, fix)


def seconds_of_pause(value: object) -> str | None:
    """Find fault with what is no pause between pages, up to an hour."""
    is_pause = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600  # noqa: PLR2004 -- an hour
    return None if is_pause else f"{value!r} is no pause from 0 to 3600; write the seconds between two pages"
