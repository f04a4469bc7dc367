"""Fuzzes by atheris, which keeps the junk that reaches new code and goes on from there. Needs `make tools`.

    python -m tests.fuzz.deep                      each target in turn, FUZZ_SECONDS=600 in all
    python -m tests.fuzz.deep robots -runs=100000  one target, with libFuzzer's own options

What it found stays in build/fuzz/TARGET, and is where the next run begins.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["archive", "scraper"]):
    from tests.fuzz.seeds import WORDS, of
    from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "600"))
DEEP = ("decode", "text", "page", "robots", "sitemap", "feed", "url", "query")
FOLDER = Path("build/fuzz")
LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=20000", "-print_final_stats=1")


def fuzz(name: str, options: list[str]) -> None:
    """Fuzz one target until libFuzzer ends this process."""
    corpus = FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(of(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = FOLDER / f"{name}.words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS[name]), encoding="ascii")
    more = [f"-dict={words}", f"-artifact_prefix={FOLDER}/{name}-", *options, str(corpus)]
    atheris.Setup([sys.argv[0], *LIMITS, *more], TARGETS[name])
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def fuzz_all() -> int:
    """Fuzz all targets, each in a process of its own; return how many were broken."""
    broken = 0
    for name in DEEP:
        command = [sys.executable, "-m", "tests.fuzz.deep", name, f"-max_total_time={max(SECONDS // len(DEEP), 1)}"]
        broken += subprocess.run(command, check=False).returncode != 0
    return broken


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fuzz(sys.argv[1], sys.argv[2:])
    sys.exit(fuzz_all())
