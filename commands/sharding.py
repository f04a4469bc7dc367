"""Crawls in shards: the options, and all shards of one command on a cluster of Ray."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.records import write_json
from commands.working import bar

if TYPE_CHECKING:
    from scale.cluster import Ran
    from scale.shards import Shard

SHARDS = "Past one machine"
COUNTED = ("new", "changed", "same", "failed")


class Runner(StrEnum):
    """Where the work is done."""

    NATIVE = "native"
    RAY = "ray"


RunnerOption = Annotated[
    Runner,
    typer.Option(
        "--runner", metavar="native|ray", help="On this machine, or on a cluster of Ray.", rich_help_panel=SHARDS
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="ADDR",
        help="Of Ray: ray://HOST:10001, HOST:6379. [default: one made here]",
        rich_help_panel=SHARDS,
    ),
]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="K/N",
        help="Part K of N newspapers alone, in an archive of its own: news-2-of-4.db beside news.db. [default: all]",
        rich_help_panel=SHARDS,
    ),
]
ShardsOption = Annotated[
    int | None,
    typer.Option(
        "--shards",
        min=1,
        max=10_000,
        metavar="N",
        help="All of N parts, each a task of Ray that begins again where it died.",
        rich_help_panel=SHARDS,
    ),
]


def checked_shard(text: str | None) -> Shard | None:
    """Return the shard that --shard names; raises UsageProblem."""
    if text is None:
        return None
    from scale.shards import shard_of  # noqa: PLC0415 -- for crawls in shards alone

    shard = shard_of(text)
    if shard is None:
        raise UsageProblem(f"--shard {text}: write 2/4 for the second of four")
    return shard


def checked_shards(runner: Runner, address: str | None, shards: int | None, shard: str | None) -> int | None:
    """Return how many shards Ray is to run, None where it is not to; raises UsageProblem for what does not fit."""
    if runner is Runner.NATIVE and (address or shards):
        raise UsageProblem("--address and --shards are for --runner ray; one shard on this machine is --shard 2/4")
    if runner is Runner.RAY and (shards is None or shard):
        raise UsageProblem("--runner ray needs --shards N, into how many parts, and runs all of them")
    return shards


def targets_of(targets: Sequence[str], shard: Shard | None) -> list[str]:
    """Return the targets that fall to a shard; raises UsageProblem for one that is none."""
    if shard is None:
        return list(targets)
    from commands.joining import sources_of  # noqa: PLC0415 -- loads what crawls

    seeds = sources_of(targets).seeds
    return [target for target, seed in zip(targets, seeds, strict=True) if shard.has(seed)]


def tell_empty(shard: Shard, *, is_json: bool) -> ExitCode:
    """Tell that none of the newspapers falls to a shard, which is well so."""
    if is_json:
        write_json({})
    output.say(f"none of these newspapers falls to shard {shard}")
    return ExitCode.OK


def crawl_shards(path: Path, count: int, address: str | None, *, files: Mapping[str, Path | None]) -> ExitCode:
    """Run this very command for each shard on a cluster of Ray, and tell how each ended; raises ExchangeError.

    `files` are what it writes beside the archive, by option; each shard has its own, named as its archive is.
    """
    from scale.cluster import cluster, run_all  # noqa: PLC0415 -- as in checked_shard
    from scale.shards import command_of, shards  # noqa: PLC0415 -- as in checked_shard

    named, path = path, path.absolute()
    parts = {str(shard): shard for shard in shards(count)}
    own = {option: file.expanduser().absolute() for option, file in files.items() if file}
    commands = {name: command_of(shard, sys.argv[1:], path, files=own) for name, shard in parts.items()}
    ended: dict[str, Ran] = {}
    with bar() as tick, cluster(address, cpus=count) as ray:
        for name, ran in run_all(ray, commands):
            ended[name] = ran
            tick("shards", len(ended), count)
    for name in parts:
        _tell(name, ended[name])
    before, _, after = str(parts[f"1/{count}"].path(named)).rpartition("-1-of-")
    all_of_them = f"{quote(f'{before}-')}*{quote(f'-of-{after}')}"
    output.say(f"luubao merge {all_of_them} --archive {quote(str(named))} joins them into one archive")
    return code_of([ran.code for ran in ended.values()])


def _tell(name: str, ran: Ran) -> None:
    """Tell how a shard ended: what it counted, or why it could not."""
    counted = _counted(ran.out)
    if counted is None:
        output.say(f"shard {name}: {ran.last_line}")
    else:
        output.line(f"shard {name}: {', '.join(f'{counted[each]:,} {each}' for each in COUNTED if each in counted)}")


def _counted(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def code_of(codes: Sequence[int]) -> ExitCode:
    """Return what several commands end with together: as all of them, where they agree."""
    agreed = next((code for code in ExitCode if set(codes) == {code}), None)
    if agreed is not None:
        return agreed
    if ExitCode.STALE in codes and set(codes) <= {ExitCode.OK, ExitCode.PARTIAL, ExitCode.STALE}:
        return ExitCode.STALE  # which outweighs the two in one crawl as well
    return ExitCode.PARTIAL if {ExitCode.OK, ExitCode.PARTIAL} & set(codes) else ExitCode.ERROR
