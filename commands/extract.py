"""luubao extract: very many stored pages into one dataset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.exchange.dataset import DUPLICATES, FAILURES, By
from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.records import write_json
from commands.registry import command_app
from commands.sharding import AddressOption, Runner, RunnerOption
from commands.working import bar

if TYPE_CHECKING:
    from scale.dataset import Dataset
    from scale.extract import Reader
    from scale.run import Done

app = command_app()


@app.command()
def extract(  # noqa: PLR0913 -- each is an option
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="WARC files, folders and patterns of them, s3:// and gs:// URLs, or archives."
        ),
    ],
    *,
    to: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The dataset: a folder, s3:// or gs:// URL.")
    ],
    runner: RunnerOption = Runner.NATIVE,
    address: AddressOption = None,
    site_files: Annotated[
        list[Path] | None,
        typer.Option("--sites", metavar="FILE", help="Rules of newspapers, before your own and those shipped."),
    ] = None,
    by: Annotated[
        By | None,
        typer.Option(
            "--by",
            metavar="site-month|month",
            help="What shares a file; month for very many newspapers. [default: as in DIR, else site-month]",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Pages read at once. [default: one a core]")
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Then find articles with nearly one text, over the whole dataset.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was read as JSON.")] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="KEY",
            hidden=True,
            help="One of what the names stand for: how a cluster is told what to read.",
        ),
    ] = None,
) -> ExitCode:
    """Read stored pages, as import does, into a dataset of Parquet files.

    Each page is read within the limits of memory and time of a crawl. What is in the dataset already is left out, so
    that the same command goes on after a stop or a kill. docs/scale.md tells which machines a collection needs.
    """
    from scale.cluster import cluster  # noqa: PLC0415 -- as above
    from scale.dataset import Dataset  # noqa: PLC0415 -- help need not load what reads
    from scale.duplicates import find, require_daft  # noqa: PLC0415 -- as above
    from scale.run import Report, read_here, read_on_cluster  # noqa: PLC0415 -- as above
    from scale.sources import units_of  # noqa: PLC0415 -- as above

    if address and runner is not Runner.RAY:
        raise UsageProblem("--address is for --runner ray")
    if address and workers:
        raise UsageProblem("--workers is for this machine; at --address all cores of the cluster read")
    if duplicates:
        require_daft()
    units = [unit for unit in units_of(sources) if only in {None, unit.key}]
    dataset = Dataset.open(to, by, luubao_version=version("luubao"))
    with bar() as tick:
        report = Report(output.say, tick)
        if runner is Runner.RAY:
            options = _options_of_task(dataset, site_files or [])
            done = read_on_cluster(units, dataset, options, address=address, cpus=workers, report=report)
        else:
            with _reader(site_files or [], workers) as reader:
                done = read_here(units, dataset, reader, report)
    groups = None
    if duplicates:
        with cluster(address, cpus=workers) if runner is Runner.RAY else nullcontext():
            groups = find(dataset, on_ray=runner is Runner.RAY)
    if json:
        write_json(_record(done) | ({} if groups is None else {"groups_of_duplicates": groups}))
    else:
        output.paragraph(_summary(done, to))
        if groups is not None:
            output.paragraph(f"{groups:,} groups of articles with nearly one text, in {to}/{DUPLICATES}")
    return ExitCode.OK if done.is_whole else ExitCode.PARTIAL if done.units or done.earlier else ExitCode.ERROR


def _options_of_task(dataset: Dataset, site_files: list[Path]) -> list[str]:
    """Return the options by which a machine of the cluster reads one file as this one would."""
    place = dataset.root.path if dataset.root.is_local else dataset.root.name
    rules = [word for path in site_files for word in ("--sites", str(path.absolute()))]
    return ["-o", place, "--by", str(dataset.by), "--workers", "1", "--json", *rules]


@contextmanager
def _reader(site_files: list[Path], workers: int | None) -> Iterator[Reader]:
    """Give what reads pages: processes with limits, by these rules, the user's own and those shipped."""
    from commands.joining import known_sites, own_site_files  # noqa: PLC0415 -- as above
    from scale.extract import Reader  # noqa: PLC0415 -- as above
    from scraper.reading import read_for_article  # noqa: PLC0415 -- as above
    from scraper.sites import RuleError, load  # noqa: PLC0415 -- as above
    from scraper.workers import Readers, workers_here  # noqa: PLC0415 -- as above

    try:
        known = (*map(load, site_files), *known_sites())
    except RuleError as error:
        raise UsageProblem(str(error)) from error
    count = workers or workers_here()
    with closing(Readers(workers=count, site_files=own_site_files(known), read_page=read_for_article)) as readers:
        yield Reader(readers.read_now, known, count)


def _record(done: Done) -> dict[str, object]:
    return {"files": done.units, "files_read_earlier": done.earlier, "refused": done.refused} | done.counts.to_dict()


def _summary(done: Done, to: str) -> str:
    counts = done.counts
    more = (
        (counts.failed, f"page{'s' * (counts.failed != 1)} without an article"),
        (counts.damaged, f"damaged record{'s' * (counts.damaged != 1)}"),
        (counts.listings, f"list{'s' * (counts.listings != 1)}"),
        (counts.revisits, "visited again without news"),
        (counts.no_pages, "not a page"),
        (done.earlier, f"file{'s' * (done.earlier != 1)} read before"),
        (len(done.refused), f"file{'s' * (len(done.refused) != 1)} that cannot be read"),
    )
    articles = f"{counts.articles:,} article{'s' * (counts.articles != 1)}"
    parts = [f"{articles} from {done.units:,} file{'s' * (done.units != 1)} to {to}"]
    parts += [f"{count:,} {what}" for count, what in more if count]
    return "; ".join(parts + ([f"why: {to}/{FAILURES}"] if counts.failed or counts.damaged else []))
