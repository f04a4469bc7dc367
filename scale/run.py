"""Read many units into a dataset, here or on a cluster, going on where an earlier call stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from archive.errors import ArchiveError, DiskFull
from archive.exchange.sources import Tick
from scale.cluster import Ran, cluster, run_all
from scale.dataset import Counts, Dataset
from scale.extract import Reader, extract
from scale.sources import Unit

NOTES_AT_ONCE = 16
"""Notes of what was read are asked for at once: an object store answers each in fifty milliseconds."""


@dataclass(frozen=True, slots=True)
class Report:
    """Who is told how far it is, and what went wrong."""

    say: Callable[[str], None]
    tick: Tick


@dataclass(slots=True)
class Done:
    """What came of a run."""

    units: int = 0  # read now
    earlier: int = 0  # read by an earlier call
    refused: dict[str, str] = field(default_factory=dict)  # unit that could not be read -> why
    counts: Counts = field(default_factory=Counts)  # of what was read now

    @property
    def is_whole(self) -> bool:
        """Tell whether all that was asked for is in the dataset, and nothing in it was damaged."""
        return not (self.refused or self.counts.damaged)


def left_of(units: Sequence[Unit], dataset: Dataset) -> list[Unit]:
    """Return the units that are not in the dataset yet, or have grown since."""
    finished = dataset.finished()
    with ThreadPoolExecutor(NOTES_AT_ONCE) as threads:
        is_done = threads.map(lambda unit: unit.key in finished and dataset.is_current(unit), units)
        return [unit for unit, is_whole in zip(units, is_done, strict=True) if not is_whole]


def read_here(units: Sequence[Unit], dataset: Dataset, reader: Reader, report: Report) -> Done:
    """Read what is not in the dataset yet, in this process and its readers; raises DiskFull, ArchiveReadOnly."""
    left = left_of(units, dataset)
    done = Done(earlier=len(units) - len(left))
    if left:
        dataset.require_writable()
    for number, unit in enumerate(left):
        report.tick("files", number, len(left))
        try:
            counts = extract(unit, dataset, reader, report.tick)
        except DiskFull:
            raise
        except (ArchiveError, OSError) as error:
            done.refused[unit.told] = _why(error)
            report.say(f"{unit.told}: {_why(error)}")
        else:
            done.units += 1
            done.counts.add(counts.to_dict())
    return done


def read_on_cluster(
    units: Sequence[Unit],
    dataset: Dataset,
    options: Sequence[str],
    *,
    address: str | None,
    cpus: int | None,
    report: Report,
) -> Done:
    """Read what is not in the dataset yet by tasks of Ray, a unit each; raises ExchangeError where none answers.

    `options` are those of luubao extract that each task is given.
    """
    left = {unit.key: unit for unit in left_of(units, dataset)}
    done = Done(earlier=len(units) - len(left))
    if not left:
        return done
    dataset.require_writable()
    commands = {key: ["extract", unit.name, "--only", key, *options] for key, unit in left.items()}
    with cluster(address, cpus=cpus) as ray:
        for number, (key, ran) in enumerate(run_all(ray, commands)):
            report.tick("files", number + 1, len(left))
            told = _told(ran)
            if told is None:
                done.refused[left[key].told] = ran.last_line
                report.say(f"{left[key].told}: {ran.last_line}")
            else:
                done.units += 1
                done.counts.add(told)
    return done


def _why(error: ArchiveError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _told(ran: Ran) -> dict[str, int] | None:
    """Return what a task counted; None where it could not read its unit."""
    try:
        told = json.loads(ran.out)
    except ValueError:
        return None
    return None if told["refused"] else told
