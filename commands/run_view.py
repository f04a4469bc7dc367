"""One run as people read it: what it brought, from where, what failed and why, what drifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from archive.drift import Fall
from commands import output
from commands.articles import heading, readable_time
from commands.closing import told_fall
from commands.exits import ExitCode
from commands.output import Column, Part, Style
from commands.progress import ENDS, counts, duration, size
from scraper.models import Verdict
from scraper.tally import End

VERDICTS = ("new", "changed", "re-read", "same", "listed", "failed")
SITES = [
    Column("site", "newspaper", gives_way=True),
    *(Column(name, name, is_number=True) for name in VERDICTS),
]
HOSTS = [
    Column("host", "host", gives_way=True),
    Column("requests", "answers", is_number=True),
    Column("seconds_each", "seconds each", is_number=True),
    Column("slowest_seconds", "slowest", is_number=True),
]
SITES_SHOWN = 30


def show_run(record: Mapping[str, Any]) -> None:
    """Print a run, as `archive.reports.record` gives it."""
    output.line(heading(f"Run {record['id']}: luubao {record['command']}"), " ", " ".join(targets_of(record)))
    output.table([Column("", ""), Column("", "", gives_way=True)], [list(row) for row in _facts(record)])
    _sites(record.get("sites", {}))
    _hosts(record.get("slowest_hosts", {}))
    _failures(record["failures"])
    _warnings(record)


def targets_of(record: Mapping[str, Any]) -> list[str]:
    """Return what a run was asked to crawl."""
    return list(map(str, record["arguments"].get("targets", ())))


def _facts(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield "started", f"{readable_time(record['started_at'])} UTC"
    yield "ended", _ended(record)
    yield "brought", _brought(record)
    yield "asked", _asked(record)
    if record.get("end") in set(ENDS):
        yield "end", ENDS[End(record["end"])]
    if record.get("parked"):
        yield "left alone", ", ".join(f"{host} ({code})" for host, code in record["parked"].items())


def _ended(record: Mapping[str, Any]) -> str:
    if record["ended_at"] is None:
        last = record.get("last_fetched_at")
        seen = f"; last heard of at {readable_time(last[:19] + 'Z')} UTC" if last else ""
        return f"not: it is at work, or was killed{seen}"
    span = (_time(record["ended_at"]) - _time(record["started_at"])).total_seconds()
    took = duration(record.get("seconds", span))
    return f"after {took}, exit code {told_code(record['exit_code'])}"


def told_code(code: int) -> str:
    """Write an exit code with its meaning."""
    known = next((one for one in ExitCode if one == code), None)
    return f"{code}: {known.meaning}" if known is not None else str(code)


def _brought(record: Mapping[str, Any]) -> str:
    verdicts = Counter({Verdict(name): record[name.replace("-", "")] for name in VERDICTS})
    return counts(verdicts, Counter({one["code"]: one["count"] for one in record["failures"]}))


def _asked(record: Mapping[str, Any]) -> str:
    each = record.get("requests_per_article")
    for_each = "" if each is None else f", {each:.1f} for each article kept"
    return f"{record['requests']:,} requests{for_each}, {size(record['body_bytes'])}"


def _sites(sites: Mapping[str, Mapping[str, int]]) -> None:
    if not sites:
        return
    _title("Newspapers")
    ranked = sorted(sites.items(), key=lambda item: (-item[1].get("new", 0), item[0]))
    rows = [[site, *(str(verdicts.get(name, 0)) for name in VERDICTS)] for site, verdicts in ranked[:SITES_SHOWN]]
    output.table(SITES, rows)
    if len(ranked) > SITES_SHOWN:
        output.line(f"and {len(ranked) - SITES_SHOWN:,} more; --json has all")


def _hosts(hosts: Mapping[str, Mapping[str, float]]) -> None:
    if hosts:
        _title("Slowest hosts")
        output.table(
            HOSTS, [[host, *(str(work[column.field]) for column in HOSTS[1:])] for host, work in hosts.items()]
        )


def _failures(classes: Iterable[Mapping[str, Any]]) -> None:
    for at, one in enumerate(classes):
        if at == 0:
            _title("Failed")
        output.line(Part(f"{one['count']:,} {one['code']}", Style.RED))
        for example in one["examples"]:
            output.paragraph(example["message"], indent="  ")
        if one["count"] > len(one["examples"]):
            output.line(f"  and {one['count'] - len(one['examples']):,} more")


def _warnings(record: Mapping[str, Any]) -> None:
    falls = [told_fall(_fall(fall)) for fall in record.get("drift", ())]
    stale = [
        f"{site} had given nothing new since {_time(at):%Y-%m-%d %H:%M} UTC"
        for site, at in record.get("stale", {}).items()
    ]
    gaps = [
        f"{gap['url']} named {gap['named']:,} articles and none that it had named before; its later pages, else the "
        "other lists, were read at once"
        for gap in record.get("gaps", ())
    ]
    lies = [
        f"{liar['host']} called a changed page not modified ({liar['lies']:,} found); it is asked for whole pages now"
        for liar in record.get("lying_servers", ())
    ]
    if falls or stale or gaps or lies:
        _title("To look into")
        for text in (*falls, *stale, *gaps, *lies):
            output.paragraph(text)


def _fall(told: Mapping[str, Any]) -> Fall:
    return Fall(**{field.name: told[field.name] for field in fields(Fall)})


def _title(text: str) -> None:
    output.line()
    output.line(heading(text))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
