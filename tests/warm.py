"""The real command without the wait for its imports: a process that has made them once forks for each call.

The processes that read pages for a command are forked, as ever, by a fork server: one that these commands share.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any, NoReturn, TextIO, cast

ROOT = Path(__file__).parents[1]
ROOMS = ("archive", "commands", "scraper")
MAX_MESSAGE_BYTES = 1 << 20
BY_LINES, AS_USUAL = 1, -1
"""How streams hold text back: stderr writes each line at once, wherever it leads."""

READ_AT_START = ("PYTHON", "LC_", "LANG")
"""Variables by which an interpreter is set up before any module is imported."""


class Warm:
    """The process that forks; each command has environment, folder, and streams of its own, as if it were started."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.warm", str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
        self._socket = ours
        theirs.close()
        atexit.register(self._end)

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()

    def start(self, args: Sequence[str], *, env: Mapping[str, str], cwd: Path, streams: Sequence[int]) -> int:
        """Start a command on three file descriptors, and return its process id."""
        order = json.dumps({"args": list(args), "env": dict(env), "cwd": str(cwd)}).encode()
        socket.send_fds(self._socket, [order], list(streams))
        return int(self._socket.recv(MAX_MESSAGE_BYTES))

    def wait(self, pid: int, seconds: float) -> int:
        """Return the exit code of the command that was started last, killed if it takes longer."""
        self._socket.settimeout(seconds)
        try:
            return int(self._socket.recv(MAX_MESSAGE_BYTES))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._socket.settimeout(None)
            self._socket.recv(MAX_MESSAGE_BYTES)
            raise
        finally:
            self._socket.settimeout(None)


@cache
def warm() -> Warm:
    """Return the process of this run of pytest."""
    return Warm()


def run(
    *args: object,
    stdin: bytes = b"",
    env: Mapping[str, str] = MappingProxyType({}),
    cwd: Path = ROOT,
    seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with these variables added to ours; its output is decoded as UTF-8, strictly."""
    words = [*map(str, args)]
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        pid = warm().start(words, env=os.environ | env, cwd=cwd, streams=[f.fileno() for f in (given, out, err)])
        code = warm().wait(pid, seconds)
        return subprocess.CompletedProcess(words, code, *(_whole(file.fileno()).decode() for file in (out, err)))


def _whole(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "rb", closefd=False) as file:
        return file.read()


def suits(env: Mapping[str, str]) -> bool:
    """Tell whether these variables leave the interpreter as it is."""
    return not any(name.startswith(READ_AT_START) for name in env)


# --- in the process that forks ----------------------------------------------------------------------------------------


def _import_all() -> None:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if file.name != "__main__.py":
                parts = file.relative_to(ROOT).with_suffix("").parts
                import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    import_module("cli")


def _serve(door: socket.socket) -> None:
    """Fork for each order until nobody is left to give one; returns in a child that is to run the command."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, MAX_MESSAGE_BYTES, 3)
        if not message:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            door.close()
            _become(json.loads(message), descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        door.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        with suppress(BrokenPipeError):
            door.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(order: dict[str, Any], descriptors: Sequence[int]) -> None:
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    time.tzset()
    tempfile.tempdir = None  # it was found out before the command's TMPDIR was there
    _share_readers() if Path.cwd() == ROOT else _have_own_readers()
    sys.argv = ["luubao", *order["args"]]
    sys.stdin = _stream(0, "r", "strict")
    sys.stdout = _stream(1, "w", "strict")
    sys.stderr = _stream(2, "w", "backslashreplace", buffering=BY_LINES)


def _share_readers() -> None:
    """Take the fork server for running: it is our parent's child, and only for one's own can a process ask."""
    vars(forkserver._forkserver)["ensure_running"] = lambda: None


def _have_own_readers() -> None:
    """Let the command start a fork server in its own folder: which code it loads may hang on that."""
    vars(forkserver._forkserver)["_forkserver_pid"] = None


def _stream(descriptor: int, mode: str, errors: str, *, buffering: int = AS_USUAL) -> TextIO:
    """Open a standard stream as the interpreter does at its start."""
    return cast("TextIO", open(descriptor, mode, buffering, encoding="utf-8", errors=errors, closefd=False))


def _run() -> NoReturn:
    """Run the command and end as it ends, but leave out taking hundreds of modules apart, which costs 0.3 s."""
    code: object = 0
    try:
        import_module("cli").main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 -- as the interpreter does: a traceback, and 1
        sys.excepthook(*cast("Any", sys.exc_info()))
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter calls first at its end
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    _import_all()
    forkserver.set_forkserver_preload(["scraper.workers"])
    forkserver.ensure_running()
    gc.collect()
    gc.freeze()  # what is loaded stays, and is neither looked through nor copied
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _run()
