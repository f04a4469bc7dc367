"""luubao sites: the newspapers that luubao has rules for, and the work on such rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.options import ContactOption, DelayOption, JsonOption, PrivateOption, complete_site
from commands.output import Column, Part, Style
from commands.records import write_json, write_json_list
from commands.registry import command_app
from commands.run_options import ProxyOption, checked_proxy
from scraper import sites
from scraper.sites import RuleError, Site
from scraper.sites.files import SHIPPED, problems_of
from scraper.sites.rules import warning_of, written

if TYPE_CHECKING:
    from scraper.sites.examine import Explained, Mismatch

app = command_app(no_args_is_help=True, help="Show, check and write the rules that newspapers are read by.")

COLUMNS = [
    Column("id", "id", Style.BOLD),
    Column("name", "name", gives_way=True),
    Column("home", "address", Style.DIM),
    Column("status", "rules"),
    Column("fields", "fields", is_number=True),
]
FOUND = " " * 6
TO_VERIFY = (
    'its rules are not verified yet; where they find what they should, write [verified] status = "verified" there'
)
SiteArgument = Annotated[
    str | None,
    typer.Argument(metavar="[ID]", autocompletion=complete_site, help="One newspaper. [default: all]"),
]


@app.command("list")
def list_(*, json: JsonOption = False) -> None:
    """List the newspapers that have rules: yours, then those shipped."""
    records = [_record(site) for site in _known()]
    if json:
        write_json_list(records)
        return
    if output.is_terminal():
        records = [record | {"home": str(record["home"]).split("://")[-1].rstrip("/")} for record in records]
    output.table(COLUMNS, [[str(record[column.field]) for column in COLUMNS] for record in records])


@app.command()
def show(
    site: Annotated[str, typer.Argument(metavar="ID", autocompletion=complete_site, help="The newspaper.")],
    *,
    json: JsonOption = False,
) -> None:
    """Show what is known of a newspaper, and its rules.

    Addresses, sections, and the rules of each field in order of trust.
    """
    found = _site(site)
    if json:
        write_json(
            _record(found) | {"rules": {name: list(map(written, rules)) for name, rules in found.fields.items()}}
        )
        return
    for name, value in _facts(found):
        output.line(Part(f"{name}: ", Style.DIM), value)
    for field, rules in found.fields.items():
        output.line(Part(field, Style.HEADING))
        for place, rule in enumerate(rules, 1):
            output.line(f"  {place}  ", written(rule))
    _list_of("remove", found.remove)


@app.command()
def lint(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="One file. [default: all]")] = None,
) -> None:
    """Check files of rules: keys, selectors, patterns, dates. Ends with 1 if something is wrong."""
    paths = [file] if file else _files()
    count = 0
    for path in paths:
        with _rule_errors():
            for problem in problems_of(path):
                output.line(Part(str(path), Style.BOLD), ": ", str(problem))
                count += 1
    output.say(f"{_counted(len(paths), 'file')}, {_counted(count, 'problem')}")
    raise typer.Exit(ExitCode.ERROR if count else ExitCode.OK)


@app.command("test")
def run(site: SiteArgument = None) -> None:
    """Run the tests that stand in the files of rules. Ends with 1 if a field is not as expected."""
    from scraper.sites.examine import run_tests  # noqa: PLC0415 -- the reader, which a list does not need

    chosen = [_site(site)] if site else list(_known())
    tried = [result for one in chosen for result in run_tests(one)]
    for result in tried:
        output.line(
            Part("ok  " if result.is_right else "FAIL", _colour(result.is_right)), f"  {result.site}  {result.url}"
        )
        for mismatch in result.mismatches:
            _print_mismatch(mismatch)
    wrong = sum(not result.is_right for result in tried)
    output.say(
        f"{_counted(len(tried), 'test')}, {wrong} failed"
        if tried
        else "no tests: add [[test]], see docs/adding-a-site.md"
    )
    raise typer.Exit(ExitCode.ERROR if wrong else ExitCode.OK)


@app.command("explain")
def explain_(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page, on the web or saved.")],
    *,
    url: Annotated[str | None, typer.Option("--url", help="The address of a saved page.")] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="ID", autocompletion=complete_site, help="Its rules. [default: by address]"),
    ] = None,
    allow_private: PrivateOption = False,
    contact: ContactOption = None,
    proxy: ProxyOption = None,
) -> None:
    """Tell what each rule finds on a page."""
    from commands.crawl_options import CrawlOptions  # noqa: PLC0415 -- the network and the reader, as in `new`
    from commands.single_page import document_of  # noqa: PLC0415 -- as above
    from scraper.sites.examine import explain  # noqa: PLC0415 -- as above

    options = CrawlOptions(contact=contact, allow_private=allow_private, proxy=checked_proxy(proxy))
    document = document_of(target, url, options)
    found = _site(site) if site else sites.find(_known(), document.url)
    if found is None:
        raise UsageProblem(f"no rules are known for {document.url}; name some with --site, see luubao sites list")
    _explain_address(found, document.url)
    _explain_rules(explain(found, document))
    if warning_of(found):
        output.say(f"{found.id}: {TO_VERIFY}")


@app.command()
def new(
    url: Annotated[str, typer.Argument(metavar="URL", help="A section page, the front page or an article.")],
    *,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Where to write. [default: your folder of rules]")
    ] = None,
    articles: Annotated[int, typer.Option("--articles", min=1, max=20, help="How many articles to look at.")] = 3,
    contact: ContactOption = None,
    delay: DelayOption = None,
    allow_private: PrivateOption = False,
    proxy: ProxyOption = None,
) -> None:
    """Write a first file of rules from a few pages.

    Looks at a section page and a few articles of a newspaper, and writes what it finds with tests on these pages.
    """
    from commands.crawl_options import CrawlOptions  # noqa: PLC0415 -- as above
    from commands.first_rules import look_at, write_first  # noqa: PLC0415 -- the network and the reader

    options = CrawlOptions(
        contact=contact, delay_seconds=delay, allow_private=allow_private, proxy=checked_proxy(proxy)
    )
    gathered = look_at(url, options, count=articles)
    with _rule_errors():
        written_file = write_first(gathered, folder or sites.user_folder())
    for proposal in written_file.draft.proposals:
        output.line(Part(proposal.field, Style.HEADING), "  ", proposal.rule)
        for text in proposal.found:
            output.paragraph(text, indent=FOUND)
    if written_file.draft.extends:
        output.line("all else by the rules of the family ", Part(written_file.draft.extends, Style.BOLD))
    output.say(f"wrote {written_file.path}; look through it, then: luubao sites test {written_file.draft.id}")


# --- which sites ------------------------------------------------------------------------------------------------------


@contextmanager
def _rule_errors() -> Iterator[None]:
    try:
        yield
    except RuleError as error:
        raise UsageProblem(str(error)) from error


def _known() -> tuple[Site, ...]:
    with _rule_errors():
        return sites.all_sites(sites.user_folder())


def _site(name: str) -> Site:
    """Return a site by its id, or by the file that holds its rules."""
    if name.endswith(".toml"):
        with _rule_errors():
            return sites.load(Path(name))
    found = next((site for site in _known() if site.id == name), None)
    if found is None:
        raise UsageProblem(f"no newspaper {name!r}; see luubao sites list")
    return found


def _files() -> list[Path]:
    folders = [sites.user_folder(), SHIPPED]
    return [path for folder in folders for path in (*sorted(folder.glob("*.toml")), *sorted(folder.glob("cms/*.toml")))]


# --- printing ---------------------------------------------------------------------------------------------------------


def _record(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "name": site.name,
        "home": site.home,
        "status": str(site.verified.status),
        "note": site.verified.note,
        "fields": len(site.fields),
        "hosts": list(site.hosts),
        "extends": site.extends,
        "path": str(site.path),
        "rules_hash": site.rules_hash,
    }


def _facts(site: Site) -> Iterable[tuple[str, str]]:
    yield "name", site.name
    yield "address", site.home
    yield "hosts", ", ".join(site.hosts)
    yield "rules", f"{site.verified.status}. {site.verified.note}"
    yield "file", str(site.path)
    yield "family", site.extends or "none"
    yield "articles", site.article_url or "told by the form of their addresses"
    yield "sections", ", ".join(site.sections) or "found on the front page"
    yield "feeds", ", ".join(site.feeds) or "none known"
    yield "sitemaps", ", ".join(site.sitemaps) or "those that robots.txt names"


def _list_of(name: str, values: Sequence[str]) -> None:
    if values:
        output.line(Part(name, Style.HEADING))
    for place, value in enumerate(values, 1):
        output.line(f"  {place}  ", value)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _colour(is_right: bool) -> Style:  # noqa: FBT001 -- private, and the only option
    return Style.GREEN if is_right else Style.RED


def _print_mismatch(mismatch: Mismatch) -> None:
    output.line("      ", Part(mismatch.field, Style.BOLD), f"  expected {mismatch.expected!r}")
    source = f"  from {mismatch.source}" if mismatch.source else ""
    output.line(" " * (8 + len(mismatch.field)), f"found    {mismatch.found!r}{source}")


def _explain_address(site: Site, url: str) -> None:
    is_article = {True: "an article's address", False: "no article's address", None: "not told by a rule"}
    output.line(Part(site.id, Style.BOLD), f"  {site.name}  ", Part(str(site.path), Style.DIM))
    output.line(
        "address   ", is_article[sites.is_article_url(site, url)], "; id ", sites.article_id(site, url) or "none"
    )


def _explain_rules(rules: Iterable[Explained]) -> None:
    for one in rules:
        state = "" if one.is_of_the_day else "  (not for pages of this day)"
        mark = Part("+" if one.found else "-", _colour(bool(one.found)))
        output.line(mark, f" {one.field} {one.place}  ", Part(one.rule, Style.DIM), state)
        for text in one.found[:5]:
            output.paragraph(text, indent=FOUND)
