"""luubao cite: articles as others cite them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.queries import show
from commands import output
from commands.citations import as_bibtex, as_csl
from commands.options import ArchiveOption, archive_path
from commands.records import write_json
from commands.registry import command_app
from commands.single_article import check_named, key

app = command_app()


class CitedAs(StrEnum):
    """In which form an article is cited."""

    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"


@app.command()
def cite(
    articles: Annotated[
        list[str], typer.Argument(metavar="ID|URL...", help="Numbers of articles, or any addresses they have.")
    ],
    *,
    format: Annotated[CitedAs, typer.Option("--format", "-f", help="How to print.")] = CitedAs.BIBTEX,  # noqa: A002 -- named as the option is
    archive: ArchiveOption = None,
) -> None:
    """Cite articles: BibTeX or CSL-JSON.

    With the newspaper's name, the day it gives, and the day on which the kept page was fetched. Names stay as they are
    written where the family name stands first.
    """
    for article in articles:
        check_named(article)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        found = [show(connection, article, key=key) for article in articles]
    names = _newspapers()
    cited = [(article, names.get(article["site"], article["site"])) for article in found]
    if format is CitedAs.CSL_JSON:
        write_json([as_csl(article, name) for article, name in cited])
    else:
        output.lines("\n\n".join(as_bibtex(article, name) for article, name in cited))


def _newspapers() -> Mapping[str, Any]:
    """Return the names of the newspapers that have rules, by their ids."""
    from commands.joining import known_sites  # noqa: PLC0415 -- loads the rules of all sites

    return {site.id: site.name for site in known_sites()}
