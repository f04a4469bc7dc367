"""What happens, a line each, in a file: what a person was told, and what came of each URL. No secret gets in."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from commands import output, sizes
from commands.exits import UsageProblem
from commands.records import json_text
from commands.run_options import LogFormat
from commands.text import visible
from scraper.models import Verdict
from scraper.tally import Event, Happening

NAME = "luubao"
OURS = (NAME, "scraper", "archive")  # whose messages from INFO on are written; of other libraries, warnings
FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT
logger = logging.getLogger(NAME)


@dataclass(frozen=True, slots=True)
class LogPlan:
    """Where to write, how, and how much to keep."""

    file: Path | None = None  # None: nowhere
    format: LogFormat = LogFormat.TEXT
    max_size: str = "10MB"  # of one file, beyond which the next begins
    files: int = 5  # kept, the one being written among them


@contextmanager
def logging_to(plan: LogPlan, command: str) -> Iterator[Callable[[Event], None]]:
    """Write what happens inside to the log, also how it ends; yields what is told of each event of a crawl.

    Raises UsageProblem for a file that cannot be written.
    """
    if plan.file is None:
        yield lambda _event: None
        return
    handler = _handler(plan, plan.file)
    try:
        _listen(handler)
        with output.heard_by(logger.info):
            logger.info("%s begins", command)
            yield _tell
            logger.info("%s has ended", command)
    except Exception as error:
        logger.error("%s: %s: %s", command, type(error).__name__, error)  # noqa: TRY400 -- a bug's traceback goes to stderr
        raise
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class _File(RotatingFileHandler):
    """The file; where it can be written no more, that is told once, and the work goes on."""

    has_failed = False

    def _open(self) -> TextIOWrapper:
        """Make the file readable to its user alone: it tells what is kept. One that is there keeps its rights."""
        return os.fdopen(os.open(self.baseFilename, FLAGS, 0o600), "a", encoding=self.encoding)

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """Say that lines are lost."""
        if not self.has_failed:
            self.has_failed = True
            output.say(f"Warning: the log {self.baseFilename} cannot be written; its lines are lost")


def _handler(plan: LogPlan, file: Path) -> _File:
    max_bytes = sizes.bytes_of(plan.max_size)
    try:
        handler = _File(file.expanduser(), maxBytes=max_bytes, backupCount=plan.files - 1, encoding="utf-8")
    except OSError as error:
        raise UsageProblem(f"--log {file}: {error.strerror}; name a file in a folder that is there") from error
    handler.setFormatter(_Json() if plan.format is LogFormat.JSON else _Text())
    return handler


def _listen(handler: logging.Handler) -> None:
    logging.getLogger().addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def reports(*tellers: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return what tells each of them of an event."""

    def report(event: Event) -> None:
        for tell in tellers:
            tell(event)

    return report


def tell_end(summary: str, code: int) -> None:
    """Write what a run brought, and with which code it ends."""
    logger.info("%s; exit code %d", summary, code)


def _tell(event: Event) -> None:
    """Write what came of one URL, or that a host is left alone."""
    facts = {
        "event": str(event.what),
        "url": event.task.url if event.task else None,
        "site": event.task.site if event.task else None,
        "host": event.host,
        "verdict": str(event.verdict) if event.verdict else None,
        "code": event.code,
        "title": event.title,
    }
    extra = {"facts": {name: value for name, value in facts.items() if value is not None}}
    if event.what is Happening.PARKED:
        logger.warning("%s is left alone for this run: %s", event.host, event.message or event.code, extra=extra)
    elif event.what is Happening.KEPT and event.task:
        is_failed = event.verdict is Verdict.FAILED
        told = event.message or event.code if is_failed else event.task.url
        logger.log(logging.WARNING if is_failed else logging.INFO, "%s %s", event.verdict, told, extra=extra)


# --- lines ------------------------------------------------------------------------------------------------------------


class _Text(logging.Formatter):
    """2026-11-28T03:17:05Z WARNING failed https://…: 404."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_at(record)} {record.levelname} {visible(without_secrets(record.getMessage()))}"


class _Json(logging.Formatter):
    """{"at": "2026-11-28T03:17:05Z", "level": "warning", "message": "failed …", "event": "kept", "url": …}."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        line = {"at": _at(record), "level": record.levelname.lower(), "message": record.getMessage(), **facts}
        safe = {name: without_secrets(str(value)) for name, value in line.items()}
        return json_text(safe)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


_SECRET_LINE = re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)\b([\"']?\s*[=:]).*")
_SECRET = re.compile(r"(?i)\b(password|passwd|token|api[_-]?key)\b([\"']?\s*[=:]\s*[\"']?)[^\s&;,\"']+")


def without_secrets(text: str) -> str:
    """Return a text without names and passwords in URLs, and without the values of cookies, tokens and passwords."""
    return _SECRET.sub(r"\1\2…", _SECRET_LINE.sub(r"\1\2 …", output.without_userinfo(text)))
