"""luubao log: the whole life of one article."""

from __future__ import annotations

from contextlib import closing

from archive import history
from archive.connect import errors_of, open_reader
from archive.queries import brief, find
from commands import output
from commands.articles import readable_time
from commands.happenings import KIND, TIME, write_happenings
from commands.options import ArchiveOption, FieldsOption, FormatOption, RawCsvOption, archive_path
from commands.output import Column, Part, Style
from commands.records import Format
from commands.registry import command_app
from commands.single_article import ArticleArgument, check_named, key

app = command_app()

COLUMNS = [TIME, KIND, Column("version", "version", is_number=True), Column("what", "what", gives_way=True)]
ON_PIPE = ("happened_at", "kind", "version", "what")


@app.command()
def log(
    article: ArticleArgument,
    *,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """List all that happened to one article.

    When it was first seen, edited, moved, taken down and put up again, and what changed each time. What is only our
    own, a page read again by a better reader, is called re-read. On a pipe the table is one line each: time, event,
    version, what changed, parted by tabs.
    """
    check_named(article)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        kept = brief(connection, find(connection, article, key=key))
        found = history.log(connection, kept["id"])
    is_for_people = format is Format.TABLE and output.is_terminal()
    if is_for_people:
        output.paragraph(Part(kept["title"] or "(without title)", Style.BOLD))
        output.line(Part(kept["url"], Style.DIM))
    write_happenings(found, format=format, fields=fields, is_raw_csv=raw_csv, for_people=COLUMNS, on_pipe=ON_PIPE)
    if is_for_people:
        state = "there" if kept["state"] == "live" else kept["state"]
        output.paragraph(Part(f"{state}, last seen {readable_time(kept['last_seen_at'])} UTC", Style.DIM))
