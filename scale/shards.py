"""Which of several crawls has a newspaper: told by a hash of its domain, the same on every machine and in every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from scraper.seeds import Seed
from scraper.urls import host_of, registrable

MAX_SHARDS = 10_000
OF_CLUSTER = frozenset({"--runner", "--shards", "--address", "--archive", "--log", "--error-file"})
"""Options that say where shards run and write: those of one shard are its own."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One of so many parts of all newspapers, numbered from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def has(self, seed: Seed) -> bool:
        """Tell whether a newspaper is in this part: all addresses of a registrable domain are in one."""
        domain = registrable(host_of(seed.tasks[0].url) or "")
        return int.from_bytes(blake2b(domain.encode(), digest_size=8).digest()) % self.of == self.number - 1

    def path(self, whole: Path) -> Path:
        """Return the file of this part, beside the one that is named for all: news.db has news-2-of-4.db."""
        stem, dot, endings = whole.name.lstrip(".").partition(".")
        hidden = whole.name[: len(whole.name) - len(whole.name.lstrip("."))]
        return whole.with_name(f"{hidden}{stem}-{self.number}-of-{self.of}{dot}{endings}")


def shards(count: int) -> list[Shard]:
    """Return all parts."""
    return [Shard(number, count) for number in range(1, count + 1)]


def shard_of(text: str) -> Shard | None:
    """Read `2/4`; None for what is none."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and text.isascii() and len(text) < 12):  # noqa: PLR2004 -- of MAX_SHARDS
        return None
    shard = Shard(int(number), int(of))
    return shard if 1 <= shard.number <= shard.of <= MAX_SHARDS else None


def command_of(shard: Shard, arguments: Iterable[str], archive: Path, *, files: Mapping[str, Path]) -> Sequence[str]:
    """Return the arguments of one shard, from those of a command that is to run all of them.

    `files` are what else is written, by option: two crawls that write in one file would lose each other's lines.
    """
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in OF_CLUSTER:
            next(words, None)
        elif word.partition("=")[0] not in OF_CLUSTER:
            kept.append(word)
    own = [word for option, path in files.items() for word in (option, str(shard.path(path)))]
    end_of_options = kept.index("--") if "--" in kept else len(kept)
    kept[end_of_options:end_of_options] = [*own, "--archive", str(archive), "--shard", str(shard), "--json"]
    return kept
