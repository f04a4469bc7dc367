"""The options that several commands share, each with its unit and default."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archive.queries import Filters
from commands import times
from commands.records import Format
from scraper.models import Kind
from scraper.text import nfc

ENVIRONMENT = "LUUBAO_ARCHIVE"
TOLD = "What it tells"
MANNERS = "How it asks"
"""Groups of options, in the help."""


class Sort(StrEnum):
    """In which order a list is given."""

    NEWEST = "newest"
    OLDEST = "oldest"


class AnyKind(StrEnum):
    """Which kinds of page are meant."""

    ARTICLE = "article"
    LISTING = "listing"
    OTHER = "other"
    ANY = "any"


def data_folder() -> Path:
    """Return where the user's programs keep their data."""
    from platformdirs import user_data_path  # noqa: PLC0415 -- only where no archive is named

    return user_data_path("luubao")


def default_archive() -> Path:
    """Return the archive that is used where none is named."""
    return data_folder() / "archive.db"


def archive_path(named: Path | None) -> Path:
    """Return the archive that was named, else the default one."""
    return named.expanduser() if named else default_archive()


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="FILE",
        envvar=ENVIRONMENT,
        help=f"The archive. [default: {_short(default_archive())}]",
    ),
]


def complete_site(incomplete: str) -> list[str]:
    """Return the ids of newspapers that begin so, for the shell's completion."""
    from scraper.sites import RuleError, all_sites, shipped, user_folder  # noqa: PLC0415 -- 0.1 s, for a press of TAB alone

    try:
        known = all_sites(user_folder())
    except RuleError:  # a file of the user's is at fault, which luubao sites lint tells
        known = shipped()
    return [site.id for site in known if site.id.startswith(incomplete)]


SiteOption = Annotated[
    list[str] | None,
    typer.Option(
        "--site",
        metavar="ID",
        autocompletion=complete_site,
        help="Only of this newspaper; may be given again. [default: all]",
    ),
]
KindOption = Annotated[
    list[AnyKind] | None,
    typer.Option(
        "--kind", metavar="KIND", help="Only of this kind: article, listing, other or any. [default: article]"
    ),
]
SectionOption = Annotated[str | None, typer.Option("--section", metavar="NAME", help="Only of this section.")]
AuthorOption = Annotated[
    str | None, typer.Option("--author", metavar="NAME", help="Only by this author, named as the page does.")
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DAY", help=f"Published on or after this day, by the newspaper's date: {times.FORMS}."
    ),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Published on or before this day, written as for --since.")
]
DiscoveredOption = Annotated[
    str | None,
    typer.Option("--discovered-since", metavar="TIME", help="First seen by luubao since then, written as for --since."),
]
UniqueOption = Annotated[bool, typer.Option("--unique", help="One of each group of articles with the very same text.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, metavar="N", help="At most so many; 0 is all.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]
FieldsOption = Annotated[
    str | None,
    typer.Option("--fields", metavar="A,B", help="These fields, in this order. [default: those of the format]"),
]
RawCsvOption = Annotated[
    bool,
    typer.Option(
        "--raw-csv", help="Write csv and tsv cells as they are, though a spreadsheet may run them as formulas."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ErrorFileOption = Annotated[
    Path | None,
    typer.Option(
        "--error-file",
        metavar="FILE",
        help="Write the URLs that failed, one a line, for luubao fetch -i FILE.",
        rich_help_panel=TOLD,
    ),
]

ContactOption = Annotated[
    str | None,
    typer.Option(
        "--contact",
        metavar="URL|MAIL",
        envvar="LUUBAO_CONTACT",
        help="Whom a newspaper can ask about us. [default: none]",
        rich_help_panel=MANNERS,
    ),
]
DelayOption = Annotated[
    float | None,
    typer.Option(
        "--delay",
        min=0,
        metavar="SECONDS",
        help="Between two requests to one host; its robots.txt may ask for more. [default: the site's, else 2]",
        rich_help_panel=MANNERS,
    ),
]
PrivateOption = Annotated[
    bool,
    typer.Option(
        "--allow-private", help="Let private addresses be asked too, as on an intranet.", rich_help_panel=MANNERS
    ),
]


def filters_of(  # noqa: PLR0913 -- each is an option
    *,
    site: list[str] | None = None,
    kind: list[AnyKind] | None = None,
    section: str | None = None,
    author: str | None = None,
    since: str | None = None,
    until: str | None = None,
    discovered_since: str | None = None,
    unique: bool = False,
    now: datetime | None = None,
) -> Filters:
    """Return which articles are meant by the options; raises UsageProblem for a date that is none."""
    local = now or datetime.now().astimezone()
    return Filters(
        sites=tuple(site or ()),
        kinds=_kinds(kind),
        since=times.first_day(since, local) if since else None,
        until=times.last_day(until, local) if until else None,
        discovered_since=times.instant(discovered_since, local) if discovered_since else None,
        section=nfc(section) if section else None,
        author=nfc(author) if author else None,
        unique=unique,
    )


def _kinds(chosen: list[AnyKind] | None) -> tuple[str, ...]:
    if not chosen:
        return (str(Kind.ARTICLE),)
    return () if AnyKind.ANY in chosen else tuple(map(str, chosen))
