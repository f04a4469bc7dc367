"""What a page says where something went wrong: what it was, and where to go from there."""

from __future__ import annotations

import logging

from archive.errors import ArchiveError, ArchiveLocked, NotKept, QueryError, QueryStopped
from archive.web import links
from archive.web.answers import Asked, Shown

logger = logging.getLogger("luubao.web")

STATUSES: dict[type[ArchiveError], int] = {
    NotKept: 404,
    QueryError: 400,
    QueryStopped: 503,
    ArchiveLocked: 503,
    ArchiveError: 500,
}
"""Class of error -> HTTP status; a class that is missing has that of its nearest base."""

BUG = "This is a fault of luubao's own; the terminal that runs luubao serve tells more."


def problem(error: Exception, asked: Asked) -> Shown:
    """Return the page that tells an error; a bug is logged with its traceback."""
    status, said = _told(error)
    again = links.address(asked.path, asked.query) if status == 503 else None  # noqa: PLR2004 -- what may be better a moment later
    return Shown("problem.html", {"status": status, "said": said, "again": again, "title": f"problem_{status}"}, status)


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, ArchiveError):
        return next(STATUSES[base] for base in type(error).__mro__ if base in STATUSES), str(error)
    status = getattr(error, "status", None)  # Datasette's own errors carry one
    if isinstance(status, int) and 400 <= status < 500:  # noqa: PLR2004 -- the asker's mistakes
        return status if status in (400, 403, 404) else 400, str(error)
    logger.error("a page failed", exc_info=error)
    return 500, BUG
