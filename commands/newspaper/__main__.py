"""Serves the newspaper until it is stopped: `python -m commands.newspaper --port 8000`."""

from __future__ import annotations

import argparse
import signal
import sys

from commands.newspaper.paper import NAME, Newspaper
from commands.newspaper.server import serve


def main() -> int:
    """Serve, print the address, and wait for SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m commands.newspaper", description=f"Serve {NAME} on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    options = parser.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with serve(Newspaper(), port=options.port) as server:
        sys.stdout.write(server.url("/") + "\n")
        sys.stdout.flush()
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
