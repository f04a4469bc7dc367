"""Numbers of the archive as charts, each with a title, a sentence and a table: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from archive.coverage import Addresses
from archive.drift import BEFORE, FIELDS, LEAST, Fall, FieldShare, falls
from archive.series import Counts, in_spans
from archive.web import charts, links
from archive.web.charts import Bar, Cell, Named, Stack
from archive.web.labels import Labels
from archive.web.wording import day_words, short_day, time_words

SERIES = {"articles": "good", "edits": "mark", "failures": "bad"}
"""What is drawn day by day, and the class of its columns."""
MOST_TOLD = 3  # fields that fell, in the sentence over their chart


class Linked(NamedTuple):
    """A cell that leads to another page of ours."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, and the table beneath it; without rows there is nothing to draw."""

    id: str
    title: str
    told: str
    svg: Markup
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Linked]]
    is_folded: bool = False  # a long table, of what the chart shows as well


def of_days(name: str, counts: Counts, t: Labels) -> Figure:
    """Draw a series day by day."""
    days, firsts, sums = in_spans(counts)
    title = t(f"health_{name}", unit=t(f"health_each_{days}"))
    told = t("health_none")
    if any(sums):
        most = max(range(len(sums)), key=lambda at: sums[at])
        day = day_words(firsts[most].isoformat(), t.language)
        told = t("health_series", total=sum(sums), most=sums[most], day=day)
    bars = [Bar(short_day(day, t.language), count) for day, count in zip(firsts, sums, strict=True)]
    svg = charts.columns(Named(name, title, told, t.number), bars, SERIES[name])
    rows = [(day_words(day.isoformat(), t.language), t.number(count)) for day, count in zip(firsts, sums, strict=True)]
    heads = (t(f"health_from_{days}"), t("health_number"))
    shown = rows[::-1] if any(sums) else []
    return Figure(name, title, told, Markup(svg), heads, shown, is_folded=True)  # noqa: S704 -- charts escapes


def of_failures(failed: Sequence[Mapping[str, Any]], t: Labels) -> Figure:
    """Draw what failed, by code."""
    title = t("health_failed")
    total = sum(each["failures"] for each in failed)
    told = t("health_failed_told", total=total, code=failed[0]["code"]) if failed else t("health_none")
    svg = charts.rows(
        Named("failed", title, told, t.number), [Stack(each["code"], (each["failures"],)) for each in failed], ("bad",)
    )
    heads = (t("health_code"), t("health_number"), t("health_latest"), t("health_example"))
    rows = [
        (each["code"], t.number(each["failures"]), time_words(each["latest"], t.language), each["url"])
        for each in failed
    ]
    return Figure("failed", title, told, Markup(svg), heads, rows)  # noqa: S704 -- charts escapes


def of_addresses(standing: Sequence[Addresses], newest: Mapping[str, datetime], t: Labels) -> Figure:
    """Draw which addresses are kept; `newest` is when each site last gave a new article."""
    title = t("health_coverage")
    kept, named = sum(each.kept for each in standing), sum(each.named for each in standing)
    told = t("health_coverage_told", kept=kept, named=named) if standing else t("health_none")
    stacks = [Stack(each.site, (each.kept, each.waiting, each.failed)) for each in standing]
    svg = charts.rows(Named("coverage", title, told, t.number), stacks, ("good", "mark", "bad"))
    heads = ("site", "named", "kept", "waiting", "not_had", "last_new")
    rows: list[tuple[str | Linked, ...]] = [
        (
            Linked(each.site, links.address("/health", [("site", each.site)])),
            *map(t.number, (each.named, each.kept, each.waiting, each.failed)),
            _newest(each.site, newest, t),
        )
        for each in standing
    ]
    return Figure("coverage", title, told, Markup(svg), [t(f"health_{head}") for head in heads], rows)  # noqa: S704


def _newest(site: str, newest: Mapping[str, datetime], t: Labels) -> str:
    at = newest.get(site)
    return time_words(f"{at:%Y-%m-%dT%H:%M:%SZ}", t.language) if at else "–"


Windows = tuple[dict[str, FieldShare], dict[str, FieldShare]]


def of_fields(read: Mapping[str, Windows], t: Labels) -> Figure:
    """Draw how often each field was found, before and in the latest articles of each site."""
    title = t("health_drift")
    fallen = {site: falls(site, *both) for site, both in read.items()}
    lines = [(site, _cells(now, fallen[site])) for site, (_, now) in read.items()]
    found = [fall for each in fallen.values() for fall in each]
    told = (
        t("health_fell_told", which=_fallen(found, t)) if found else t("health_fell_none", latest=LEAST, before=BEFORE)
    )
    svg = charts.grid(Named("drift", title, told), [t.field(field) for field in FIELDS], lines)
    rows = [
        (site, *(_percent(now[field], next((f for f in fallen[site] if f.field == field), None)) for field in FIELDS))
        for site, (_, now) in read.items()
    ]
    return Figure("drift", title, told, Markup(svg), [t("health_site"), *map(t.field, FIELDS)], rows)  # noqa: S704


def _fallen(found: Sequence[Fall], t: Labels) -> str:
    told = [f"{fall.site}, {t.field(fall.field)}: {fall.share_before:.0%} → {fall.share_now:.0%}" for fall in found]
    return "; ".join(told[:MOST_TOLD]) + ("; …" if len(told) > MOST_TOLD else ".")


def _cells(now: Mapping[str, FieldShare], fallen: Iterable[Fall]) -> list[Cell]:
    names = {fall.field for fall in fallen}
    return [Cell(now[field].share if now[field].articles else None, has_fallen=field in names) for field in FIELDS]


def _percent(share: FieldShare, fall: Fall | None) -> str:
    if fall is not None:
        return f"{fall.share_before:.0%} → {fall.share_now:.0%}"
    return f"{share.share:.0%}" if share.articles else "–"


def of_runs(last_runs: Sequence[Mapping[str, Any]], t: Labels) -> Figure:
    """Draw what runs brought."""
    title = t("health_runs")
    told = t("health_runs_told", number=len(last_runs)) if last_runs else t("health_none")
    stacks = [Stack(f"{run['command']} {run['id']}", (run["new"], run["changed"], run["failed"])) for run in last_runs]
    svg = charts.rows(Named("runs", title, told, t.number), stacks, ("good", "mark", "bad"))
    heads = ("run", "began", "took", "new", "changed", "same", "not_had", "ended")
    rows = [
        (
            f"{run['command']} {run['id']}",
            time_words(run["started_at"], t.language),
            _lasted(run),
            *(t.number(run[name]) for name in ("new", "changed", "same", "failed")),
            "–" if run["exit_code"] is None else str(run["exit_code"]),
        )
        for run in last_runs
    ]
    return Figure("runs", title, told, Markup(svg), [t(f"health_{head}") for head in heads], rows)  # noqa: S704


def _lasted(run: Mapping[str, Any]) -> str:
    if run["ended_at"] is None:
        return "–"
    lasted = datetime.fromisoformat(run["ended_at"]) - datetime.fromisoformat(run["started_at"])
    minutes, seconds = divmod(round(lasted.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
