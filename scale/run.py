"""Read many units into a dataset, one after the other, going on where an earlier call stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archive.errors import ArchiveError, DiskFull
from archive.exchange.sources import Tick
from scale.dataset import Counts, Dataset
from scale.extract import Reader, extract
from scale.sources import Unit

Say = Callable[[str], None]


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
    return [unit for unit in units if unit.key not in finished or not dataset.is_current(unit)]


def read_here(units: Sequence[Unit], dataset: Dataset, reader: Reader, *, say: Say, tick: Tick) -> Done:
    """Read what is not in the dataset yet, in this process and its readers; raises DiskFull."""
    left = left_of(units, dataset)
    done = Done(earlier=len(units) - len(left))
    for number, unit in enumerate(left):
        tick("files", number, len(left))
        try:
            counts = extract(unit, dataset, reader, tick)
        except DiskFull:
            raise
        except (ArchiveError, OSError) as error:
            done.refused[unit.told] = str(error)
            say(f"{unit.told}: {error}")
        else:
            done.units += 1
            done.counts.add(counts.to_dict())
    return done
