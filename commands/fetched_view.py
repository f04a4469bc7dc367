"""What is told of a URL that was fetched: for people, as JSON or as Markdown."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any

from archive.connect import open_reader
from archive.differences import changes
from archive.errors import ArchiveMissing, NotKept
from archive.queries import show
from commands import output
from commands.articles import minute, readable_time
from commands.fetching import Fetched
from commands.output import Part, Style
from commands.records import json_text, write_json
from commands.rendering import as_markdown
from scraper.errors import BadUrl
from scraper.models import Failed, Verdict
from scraper.urls import alias_key

STYLES = {Verdict.NEW: Style.GREEN, Verdict.CHANGED: Style.YELLOW, Verdict.REREAD: Style.YELLOW}
INDENT = " " * 9
MAX_CHANGES = 12


class Printed(StrEnum):
    """In which form."""

    SUMMARY = "summary"
    JSON = "json"
    MARKDOWN = "markdown"

    @classmethod
    def of(cls, *, json: bool, markdown: bool) -> Printed:
        """Return the form that two flags name."""
        if json:
            return cls.JSON
        return cls.MARKDOWN if markdown else cls.SUMMARY


class Printer:
    """Prints each URL's outcome as it comes, and counts."""

    def __init__(self, archive_path: Path | None, form: Printed, *, is_one: bool) -> None:
        self.failures: list[str] = []  # codes
        self.done = 0
        self._path = archive_path
        self._form = form
        self._is_one = is_one

    def tell(self, fetched: Fetched) -> None:
        """Print one outcome."""
        outcome = fetched.outcome
        if isinstance(outcome, Failed):
            self.failures.append(outcome.code)
            self._tell_failed(outcome)
            return
        self.done += 1
        kept = self._kept(outcome.page.url if outcome else fetched.url)
        article = outcome.article.to_dict() if outcome and outcome.article else kept
        self._print(article, kept, fetched.verdict)

    def has(self, url: str) -> bool:
        """Tell whether anything is kept of a URL."""
        return bool(self._kept(url))

    def _print(self, article: dict[str, Any], kept: dict[str, Any], verdict: Verdict | None) -> None:
        match self._form:
            case Printed.JSON:
                self._write_json(_facts(verdict, kept) | article)
            case Printed.MARKDOWN:
                output.lines(as_markdown(article))
            case Printed.SUMMARY:
                self._summarise(article, kept, verdict)

    def _tell_failed(self, failed: Failed) -> None:
        output.say(f"luubao: {failed.message}")
        if self._form is Printed.JSON:
            self._write_json({"url": failed.task.url, "error": failed.code, "message": failed.message})

    def _write_json(self, values: dict[str, Any]) -> None:
        if self._is_one:
            write_json(values)
        else:
            output.write(json_text(values) + "\n")

    def _kept(self, url: str) -> dict[str, Any]:
        """Return what the archive holds under the URL; nothing where it keeps nothing."""
        if self._path is None:
            return {}
        try:
            with closing(open_reader(self._path)) as connection:
                return show(connection, url, key=alias_key)
        except (NotKept, ArchiveMissing, BadUrl):
            return {}

    def _summarise(self, article: dict[str, Any], kept: dict[str, Any], verdict: Verdict | None) -> None:
        word = str(verdict or ("kept" if kept else "read")).upper()
        title = article.get("title") or "(without title)"
        style = STYLES.get(verdict, Style.DIM) if verdict else Style.DIM
        output.paragraph(Part(title, Style.BOLD), indent=Part(f"{word:<{len(INDENT)}}", style), hanging=INDENT)
        output.paragraph(_facts_line(article), indent=INDENT)
        output.line(INDENT, str(article.get("url", "")))
        if kept:
            output.paragraph(_kept_line(verdict, kept), indent=INDENT)
        if verdict is Verdict.CHANGED and self._path is not None:
            self._tell_changes(self._path, kept)

    def _tell_changes(self, path: Path, kept: dict[str, Any]) -> None:
        """Print what the newspaper changed since the version before."""
        with closing(open_reader(path)) as connection:
            before = show(connection, str(kept["id"]), version=kept["version"] - 1)
        found = changes(before, kept)
        for change in found[:MAX_CHANGES]:
            for mark, text, style in (("-", change.before, Style.RED), ("+", change.after, Style.GREEN)):
                if text:
                    output.paragraph(
                        Part(f"{mark} {change.field}: {text}", style), indent=INDENT, hanging=INDENT + "  "
                    )
        if len(found) > MAX_CHANGES:
            output.paragraph(f"and {len(found) - MAX_CHANGES} more changes", indent=INDENT)


def _facts(verdict: Verdict | None, kept: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": str(verdict) if verdict else None} | {
        name: kept.get(name) for name in ("id", "site", "version", "first_seen_at")
    }


def _facts_line(article: dict[str, Any]) -> str:
    """Write when, by whom and how long, in one line."""
    if article.get("kind") != "article":
        return f"not an article by its form: {article.get('kind')}"
    pictures = len(article.get("images", ()))
    length = f"{article.get('word_count', 0):,} words" + (
        f", {pictures} picture{'s' * (pictures > 1)}" if pictures else ""
    )
    when = minute(article) or "no date"
    return " · ".join(filter(None, (when, ", ".join(article.get("authors", ())), article.get("section"), length)))


def _kept_line(verdict: Verdict | None, kept: dict[str, Any]) -> str:
    number = f"article {kept['id']}"
    if verdict is Verdict.NEW:
        return f"kept as {number}; luubao show {kept['id']} shows it"
    since = readable_time(kept["first_seen_at"])
    return f"{number}, kept since {since} UTC, version {kept['version']}"
