"""Is the ground sound on which an archive stands? One pure check each, handed what it judges by."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from archive.drift import Fall
from archive.ground import sqlite_warning
from archive.mounts import NETWORKED
from archive.room import LEAST_FREE_BYTES, Room
from commands.exits import ExitCode
from commands.progress import size

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
SOUND_EXPAT = (2, 7, 2)
"""Before it, a small document can ask for much memory (CVE-2025-59375)."""
KEPT_OPENSSL = (3, 0, 0)  # 1.1.1 has had no mends since September 2023
CLOCK_SLACK = timedelta(minutes=5)
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # no luubao is older
LONG_SILENCE = 2 * DAY
LARGE_LOG = 100_000_000  # bytes; a log is folded at a few MB, unless somebody still reads what is older
SOON = 90 * DAY  # a disk that is full before then is warned of
MEASURED = 30 * DAY  # of runs, from which the growth is taken


class Level(StrEnum):
    """How it stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    level: Level
    found: str
    todo: str = ""  # what to do about it; "" where that is nothing
    code: ExitCode = ExitCode.OK  # of luubao doctor, where it failed

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"check": self.check, "level": str(self.level).lower(), "found": self.found, "todo": self.todo or None}


def ok(check: str, found: str) -> Finding:
    """Return that all is well."""
    return Finding(check, Level.OK, found)


def warn(check: str, found: str, todo: str) -> Finding:
    """Return what should be looked into."""
    return Finding(check, Level.WARN, found, todo)


def fail(check: str, found: str, todo: str, code: ExitCode = ExitCode.ERROR) -> Finding:
    """Return what stands in the way of the work."""
    return Finding(check, Level.FAIL, found, todo, code)


WORST = (ExitCode.DAMAGED, ExitCode.DISK_LOW, ExitCode.MIGRATION_NEEDED, ExitCode.ERROR)


def worst(findings: Iterable[Finding]) -> ExitCode:
    """Return the code of the gravest failure, OK where there is none: a warning is none."""
    codes = {finding.code for finding in findings if finding.level is Level.FAIL}
    return next((code for code in WORST if code in codes), ExitCode.OK)


# --- programs ---------------------------------------------------------------------------------------------------------


def python(version: Sequence[int]) -> Finding:
    """Judge the Python that runs us."""
    told = _dotted(version)
    if tuple(version[:2]) < (3, 11):
        return fail("python", told, "luubao needs 3.11 or later: install it anew with a later Python")
    return ok("python", told)


def sqlite(version: tuple[int, ...]) -> Finding:
    """Judge the SQLite that Python brings."""
    if version < OLDEST_SQLITE:
        return fail("sqlite", _dotted(version), f"luubao needs {_dotted(OLDEST_SQLITE)} or later")
    if warning := sqlite_warning(version):
        found, _, todo = warning.partition(": ")
        return warn("sqlite", found, f"{todo}; a later Python brings a later SQLite")
    return ok("sqlite", _dotted(version))


def expat(version: tuple[int, ...]) -> Finding:
    """Judge the reader of XML, by which feeds and sitemaps are read, in a process with a limit of memory."""
    if version < SOUND_EXPAT:
        todo = "install the system's updates, which may mend it without a new number; the readers' limits hold anyway"
        return warn("expat", f"{_dotted(version)}, which a small hostile feed can make take much memory", todo)
    return ok("expat", _dotted(version))


def openssl(version: Sequence[int], name: str) -> Finding:
    """Judge what secure connections are made with."""
    if tuple(version[:3]) < KEPT_OPENSSL:
        return warn("openssl", f"{name}, which gets no mends any more", "a later Python, or system, brings a later one")
    return ok("openssl", name)


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version[:3]))


# --- the machine ------------------------------------------------------------------------------------------------------


def clock(now: datetime, latest: datetime | None) -> Finding:
    """Judge the clock by the latest moment that the archive knows; None: it knows none."""
    told = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if now < FIRST_DAY:
        return fail("clock", f"{told}, before there was a luubao", "set the clock: timedatectl set-ntp true")
    if latest is not None and latest > now + CLOCK_SLACK:
        return fail("clock", f"{told}, earlier than a run that has ended", "set the clock: timedatectl set-ntp true")
    return ok("clock", told)


def growth(used: int, runs: Sequence[Mapping[str, Any]], now: datetime) -> float | None:
    """Return the bytes a day that an archive grows by; None where its runs tell too little.

    `runs` as archive.queries gives them. An archive takes a share of the bodies that it was sent, which its whole life
    tells; the runs of the last 30 days tell how much is sent now.
    """
    told = [(datetime.fromisoformat(run["ended_at"]), run["body_bytes"]) for run in runs if _has_traffic(run)]
    total, recent = sum(sent for _, sent in told), [(at, sent) for at, sent in told if now - at <= MEASURED]
    if not recent or not total:
        return None
    span = now - min(at for at, _ in recent)
    return used / total * sum(sent for _, sent in recent) / (span / DAY) if span >= DAY else None


def _has_traffic(run: Mapping[str, Any]) -> bool:
    return bool(run["ended_at"] and run["body_bytes"])


def disk(room: Room, bytes_a_day: float | None) -> Finding:
    """Judge the room of disk and archive, and for how long it will do; a growth of None is not known yet."""
    told = f"the archive has {size(room.used)}, its disk {size(room.free)} left"
    if objection := room.objection():
        found, _, todo = objection.partition("; ")
        return fail("disk", f"{told}: it {found}" if found.startswith("has") else told, todo, ExitCode.DISK_LOW)
    if warning := room.warning():
        return warn("disk", f"it {warning}", "raise max_archive_gb, or begin another archive: docs/operations.md")
    if not bytes_a_day:
        return ok("disk", f"{told}; how fast it grows is known after a day of runs")
    left = min(room.free - LEAST_FREE_BYTES, (room.most - room.used) if room.most else room.free)
    days = timedelta(days=min(left / bytes_a_day, 36_500))
    told = f"{told}; it grows by {size(round(bytes_a_day))} a day, and has room for {_span(days)}"
    return warn("disk", told, "make room, or luubao compact: docs/operations.md") if days < SOON else ok("disk", told)


def _span(time: timedelta) -> str:
    return f"{time / DAY:.0f} days" if time < 2 * YEAR else f"{min(time / YEAR, 100):.0f} years"


def log(log_bytes: int) -> Finding:
    """Judge the write-ahead log beside the archive, which can be folded only when nobody reads what is older."""
    told = f"{size(log_bytes)} not folded into the archive yet" if log_bytes else "folded"
    if log_bytes > LARGE_LOG:
        return warn("log", told, "a program has had the archive open for long: end it (fuser FILE), the rest follows")
    return ok("log", told)


def file_system(kind: str) -> Finding:
    """Judge the file system that holds the archive; "" where it cannot be told."""
    if kind in NETWORKED:
        todo = "SQLite's locks do not hold there: move the archive to a disk of this machine"
        return fail("file system", f"{kind}, a disk of another machine", todo)
    return ok("file system", kind or "not known here")


def mode(bits: int) -> Finding:
    """Judge who may read and write the archive."""
    told = stat.filemode(bits)
    if bits & (stat.S_IWGRP | stat.S_IWOTH):
        return fail("file mode", f"{told}: others may write in it", "chmod 600 FILE")
    if bits & (stat.S_IRGRP | stat.S_IROTH):
        return warn("file mode", f"{told}: others may read what you keep", "chmod 600 FILE, unless that is meant")
    return ok("file mode", told)


# --- the work ---------------------------------------------------------------------------------------------------------


def last_run(runs: Sequence[Mapping[str, Any]], now: datetime, is_alive: Callable[[int], bool]) -> Finding:
    """Judge the latest run, the first of `runs`; one that has not ended is at work, or was killed."""
    if not runs:
        return warn("last run", "none yet", "luubao crawl, and then luubao schedule")
    run = runs[0]
    began, told = datetime.fromisoformat(run["started_at"]), f"run {run['id']}, begun {run['started_at']}"
    if run["ended_at"] is None and is_alive(run["pid"]):
        return ok("last run", f"{told}, is at work (process {run['pid']})")
    if run["ended_at"] is None:
        return warn("last run", f"{told}, was killed", "nothing that was kept is lost; the next one goes on there")
    told += f", ended with {run['exit_code']}"
    if now - began > LONG_SILENCE:
        ago = _span(now - began)
        return warn("last run", f"{told}, {ago} ago", "is cron at work? crontab -l, and docs/cron.md")
    if run["exit_code"] not in {ExitCode.OK, ExitCode.PARTIAL, ExitCode.INTERRUPTED, ExitCode.TERMINATED}:
        return warn("last run", told, f"luubao runs show {run['id']}")
    return ok("last run", told)


def stale(latest_new: Mapping[str, datetime], now: datetime, after: timedelta) -> Finding:
    """Judge the newspapers by when each last gave a new article."""
    old = sorted(site for site, at in latest_new.items() if now - at > after)
    if not old:
        return ok("newspapers", f"{len(latest_new):,}, each with something new in the last {_span(after)}")
    found = f"nothing new in {_span(after)} from {', '.join(old)}"
    return warn("newspapers", found, "luubao runs show; has the newspaper moved, or its pages changed?")


def drift(falls: Sequence[Fall]) -> Finding:
    """Judge whether fields come as they used to."""
    if not falls:
        return ok("drift", "fields come as they used to")
    fields: dict[str, list[str]] = {}
    for fall in falls:
        fields.setdefault(fall.site, []).append(fall.field)
    told = "; ".join(f"{site}: {', '.join(names)}" for site, names in fields.items())
    todo = "luubao stats --by field tells by what; mend the rules with luubao sites explain URL"
    return warn("drift", f"fields come less often, or from elsewhere: {told}", todo)


def reached(problems: Mapping[str, str | None]) -> Finding:
    """Judge whether newspapers answer; what each objects, None where nothing."""
    silent = {host: told for host, told in problems.items() if told}
    if not silent:
        return ok("network", f"{len(problems):,} of {len(problems):,} newspapers answer")
    code = ExitCode.ERROR if len(silent) == len(problems) else ExitCode.OK
    found, todo = "; ".join(silent.values()), "is this machine on the network? luubao fetch URL tells more"
    return fail("network", found, todo, code) if code else warn("network", found, todo)
