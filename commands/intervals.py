"""When is it every half an hour? Lengths of time as cron and systemd write them, spread over the hour."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from commands import times
from commands.exits import UsageProblem

MINUTE, HOUR, DAY = 60, 3600, 86400
HOURS = 24
FEW = 4  # numbers that are written one by one


@dataclass(frozen=True, slots=True)
class Interval:
    """From one run to the next, in whole minutes that part the hour, hours that part the day, or a day."""

    seconds: int
    minutes: tuple[int, ...]  # of each hour below
    hours: tuple[int, ...]  # of the day

    @property
    def cron(self) -> str:
        """Return the five fields of crontab(5)."""
        return f"{_spanned(self.minutes, 60)} {_spanned(self.hours, HOURS)} * * *"

    @property
    def calendar(self) -> str:
        """Return the same as OnCalendar= of systemd.timer(5)."""
        return f"*-*-* {_listed(self.hours, HOURS)}:{_listed(self.minutes, 60)}:00"


def _spanned(numbers: tuple[int, ...], whole: int) -> str:
    """Write many numbers as 3-58/5."""
    if len(numbers) <= FEW or len(numbers) == whole:
        return _listed(numbers, whole)
    return f"{numbers[0]}-{numbers[-1]}/{numbers[1] - numbers[0]}"


def _listed(numbers: tuple[int, ...], whole: int) -> str:
    return "*" if len(numbers) == whole else ",".join(map(str, numbers))


def interval(text: str, *, name: str) -> Interval:
    """Return when to run, for a length of time as 30m, 2h or 1d; raises UsageProblem.

    `name` tells one machine's archive from another's, so that not all ask at the full hour.
    """
    seconds = int(times.seconds(text))
    at = crc32(name.encode())
    if MINUTE <= seconds < HOUR and seconds % MINUTE == 0 and 60 % (step := seconds // MINUTE) == 0:
        first = 1 + at % (step - 1) if step > 1 else 0  # any but the full hour, when everybody asks
        return Interval(seconds, tuple(range(first, 60, step)), tuple(range(HOURS)))
    minute = (1 + at % 59,)
    if HOUR <= seconds <= DAY and seconds % HOUR == 0 and HOURS % (step := seconds // HOUR) == 0:
        return Interval(seconds, minute, tuple(range(at // 60 % step, HOURS, step)))
    raise UsageProblem(
        f"--every {text}: cron knows 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 and 30m, 1, 2, 3, 4, 6, 8 and 12h, and 1d"
    )


def shorter(seconds: int) -> str:
    """Return for how long a run may begin pages, so that it is over before the next one begins: five sixths."""
    most = seconds * 5 // 6
    return f"{most // MINUTE}m" if most >= 2 * MINUTE else f"{most}s"
