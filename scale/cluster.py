"""Commands of luubao as tasks on a cluster of Ray: one whose process or machine dies is run again, by another.

Ray is told the command and where it may run, nothing else: what a command does, and that it may be run twice, is its
own business, the same here as on one machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from archive.errors import ExchangeError

TRIES = 10
"""So often is a command run that is killed, and again by another machine where its own dies."""

IN_FLIGHT = 1_000
"""Commands that Ray is told of at once."""

STORE_BYTES = 100 * 2**20
"""Of memory that tasks share, on a cluster made here: ours hand over a few lines of text."""

ANSWER_SECONDS = 10
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)
OTHER_VERSION = -1000
TERMINATED = 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    told: str  # what it said on stderr

    @property
    def last_line(self) -> str:
        """Return the line that says why, where it could not be done."""
        lines = self.told.strip().splitlines() or [f"ended with code {self.code}"]
        return lines[-1].removeprefix("luubao: ")


@contextmanager
def cluster(address: str | None, *, cpus: int | None) -> Iterator[Any]:
    """Give the room of Ray, joined to a cluster; without an address one on this machine alone, on loopback.

    Raises ExchangeError where Ray is not installed, and where no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anyone
    if address is None:
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # else it listens on the address of the network
    try:
        import ray  # noqa: PLC0415 -- an extra
    except ImportError as error:
        told = "--runner ray needs Ray: pip install 'luubao[scale]' here and on each machine of the cluster"
        raise ExchangeError(told) from error
    made_here: dict[str, Any] = {
        "address": "local",  # and no other that may run on this machine
        "num_cpus": cpus,
        "include_dashboard": False,
        "object_store_memory": STORE_BYTES,
        "_node_ip_address": "127.0.0.1",
    }
    options = made_here if address is None else {"address": address}
    if address is not None:
        _require_answer(address)
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", **options)
    except (ConnectionError, RuntimeError, TimeoutError, ValueError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        told = " … ".join(dict.fromkeys(line.strip()[:200] for line in (lines[0], lines[-1])))
        raise ExchangeError(f"{address or 'Ray on this machine'}: no cluster of Ray answers there ({told})") from error
    try:
        with _ended_by_sigterm(), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            yield ray  # which writes on stdout of tasks that it retries
    finally:
        ray.shutdown()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end this process with its own code; Ray's answer is a list of calls and a segmentation fault."""
    is_ended = False

    def end(_number: int, _frame: object) -> NoReturn:
        nonlocal is_ended
        is_ended = True
        raise KeyboardInterrupt  # of SystemExit Ray makes one of its own, with code 1

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        if is_ended:
            raise SystemExit(TERMINATED) from None
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def _require_answer(address: str) -> None:
    """Raise ExchangeError where nothing answers at an address: Ray itself would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdecimal() and port.isascii()):
        raise ExchangeError(f"--address {address}: write ray://HOST:10001, or HOST:6379 on a machine of the cluster")
    try:
        with socket.create_connection((host, int(port)), ANSWER_SECONDS):
            pass
    except (OSError, OverflowError) as error:
        raise ExchangeError(f"--address {address}: no cluster of Ray answers there ({error})") from error


def run_all(ray: Any, commands: Mapping[str, Sequence[str]], *, cpus: float = 1) -> Iterator[tuple[str, Ran]]:  # noqa: ANN401 -- a module
    """Run commands, so many at once as the cluster has room for, and yield how each ended, under its name."""
    task = ray.remote(num_cpus=cpus, max_retries=TRIES)(run_here)
    waiting = iter(commands.items())
    running: dict[Any, str] = {}
    while True:
        while len(running) < IN_FLIGHT and (following := next(waiting, None)) is not None:
            running[task.remote(list(following[1]), version("luubao"))] = following[0]
        if not running:
            return
        ended, _ = ray.wait(list(running), num_returns=1)
        for each in ended:
            yield running.pop(each), _result(ray, each)


def _result(ray: Any, ended: Any) -> Ran:  # noqa: ANN401 -- as above
    try:
        ran: Ran = ray.get(ended)
    except ray.exceptions.RayError as error:
        told = (str(error).strip().splitlines() or [type(error).__name__])[-1]
        return Ran(1, "", f"its machine or process died again and again; the last time: {told[:300]}")
    return ran


# --- on a machine of the cluster --------------------------------------------------------------------------------------


def run_here(arguments: list[str], luubao_version: str) -> Ran:
    """Run a command in a process of its own, which ends when this one does; again where it is killed."""
    here = version("luubao")
    if here != luubao_version:
        return Ran(OTHER_VERSION, "", f"a machine of the cluster has luubao {here}, this one {luubao_version}")
    command = [sys.executable, "-P", "-m", "cli", *arguments]
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_die_with_parent)  # noqa: S603 -- a command of ours
        if done.returncode >= 0:
            return Ran(done.returncode, done.stdout, done.stderr)
    return Ran(1, "", f"killed {TRIES} times, the last time by {signal.Signals(-done.returncode).name}")


def _die_with_parent() -> None:
    """Ask the system to kill this process with its parent: between fork and exec, where little may be called."""
    _LIBC.prctl(DIES_WITH_PARENT, signal.SIGKILL)


_LIBC = ctypes.CDLL(None)
