"""Print what reading costs: milliseconds a page for us, room by room, for a bare Lexbor parse, and for trafilatura.

    python bench/read_pages.py FOLDER_OR_INDEX [--rounds N] [--peer PYTHON]

Takes a folder of .html and .html.gz files, or an index of lines `{"path": …, "url": …}` beside them. Counted is
processor time, of each page its fastest round, and the sum over all pages: so the ratios hold on a busy machine. `cold`
is the first reading of each page by a new process, `warm` a later one, when all class words are known.
Trafilatura is run by the Python that has it: `make peers` sets one up.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial, wraps
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
PEER = HOME / ".venv-peers" / "bin" / "python"
TARGET_TIMES_BARE, TARGET_TIMES_TRAFILATURA = 5, 12
ROOMS = (
    "charset.decode document.Document units.gather body.find title.choose images.choose blocks.kept_units "
    "kind.choose language.choose people.choose lead.choose blocks.build dates.choose source.choose links.choose "
    "canonical.choose section.choose_section section.choose_tags rights.choose"
)

Corpus = list[tuple[bytes, str]]
Read = Callable[[bytes, str], object]


def pages(source: Path) -> Iterator[tuple[bytes, str]]:
    """Yield the bytes and URL of each page."""
    if source.is_dir():
        for path in sorted(source.rglob("*.html*")):
            yield contents(path), ""
        return
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield contents(source.parent / row["path"]), row.get("url") or ""


def contents(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


# --- what is timed ----------------------------------------------------------------------------------------------------


def bare() -> Read:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 -- each is loaded by the process that times it

    return lambda html, _: LexborHTMLParser(html)


def luubao() -> Read:
    sys.path.insert(0, str(HOME))
    from scraper import parse  # noqa: PLC0415 -- as above

    return lambda html, url: parse(html, url, sites=())


def trafilatura() -> Read:
    from trafilatura import bare_extraction  # type: ignore[import-not-found]  # noqa: PLC0415 -- in the peers' Python

    return lambda html, url: bare_extraction(html, url=url or None, with_metadata=True)


READERS = {"bare": bare, "luubao": luubao, "trafilatura": trafilatura}


def milliseconds(read: Read, corpus: Corpus) -> list[float]:
    """Return the processor time that each page takes."""
    found = []
    for html, url in corpus:
        start = time.thread_time()
        read(html, url)
        found.append(1000 * (time.thread_time() - start))
    return found


def rooms(read: Read, corpus: Corpus) -> dict[str, float]:
    """Return the time of each room of the reader, without that of the rooms it asks, over all pages."""
    from scraper import fields, reader  # noqa: PLC0415 -- only where they are timed

    spent: defaultdict[str, float] = defaultdict(float)
    inner: list[float] = []
    for name in ROOMS.split():
        module, function = name.split(".")
        owner = reader if hasattr(reader, function) else getattr(fields, module)
        setattr(owner, function, _timed(getattr(owner, function), name, spent, inner))
    spent["putting together"] = sum(milliseconds(read, corpus))
    spent["putting together"] -= sum(spent.values()) - spent["putting together"]
    return spent


def _timed(function: Any, name: str, spent: dict[str, float], inner: list[float]) -> Any:  # noqa: ANN401 -- any room
    @wraps(function)
    def timed(*args: object, **options: object) -> object:
        start = time.thread_time()
        inner.append(0.0)
        try:
            return function(*args, **options)
        finally:
            whole = 1000 * (time.thread_time() - start)
            spent[name] += whole - inner.pop()
            if inner:
                inner[-1] += whole

    return timed


# --- one process for each ---------------------------------------------------------------------------------------------


def time_one(reader: str, corpus: Corpus, rounds: int) -> dict[str, Any]:
    """Return the times of each page, cold and warm, and for us those of the rooms."""
    read = READERS[reader]()
    cold = milliseconds(read, corpus)
    warm = list(map(min, zip(*(milliseconds(read, corpus) for _ in range(rounds)), strict=True)))
    return {"cold": cold, "warm": warm, "rooms": rooms(read, corpus) if reader == "luubao" else {}}


def ask(python: str, reader: str, source: Path, rounds: int) -> dict[str, Any]:
    command = [python, __file__, str(source), "--rounds", str(rounds), "--only", reader]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", type=Path, default=PEER, help="a Python with trafilatura")
    parser.add_argument("--only", choices=READERS, help="time one, and print it as JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(time_one(options.only, list(pages(options.source)), options.rounds)))
        return
    show(options.source, partial(ask, source=options.source, rounds=options.rounds), options.peer)


def show(source: Path, ask_for: Callable[..., dict[str, Any]], peer: Path) -> None:
    count = sum(1 for _ in pages(source))
    found = {name: ask_for(sys.executable, name) for name in ("bare", "luubao")}
    if peer.exists():
        found["trafilatura"] = ask_for(str(peer), "trafilatura")
    floor = sum(found["bare"]["warm"])
    print(f"{count} pages; milliseconds of processor a page, and times a bare parse")
    for name, times in found.items():
        line = "  ".join(
            f"{how} {sum(times[how]) / count:6.2f} {sum(times[how]) / floor:6.1f}x" for how in ("cold", "warm")
        )
        print(f"  {name:12} {line}")
    if "trafilatura" in found:
        faster = [sum(found["trafilatura"][how]) / sum(found["luubao"][how]) for how in ("cold", "warm")]
        print(f"  faster than trafilatura: cold {faster[0]:.1f}x  warm {faster[1]:.1f}x")
    print(f"  aimed at: {TARGET_TIMES_BARE} times a bare parse, {TARGET_TIMES_TRAFILATURA}x faster than trafilatura")
    for name, spent in sorted(found["luubao"]["rooms"].items(), key=lambda pair: -pair[1]):
        print(f"    {name:24} {spent / count:6.3f}")


if __name__ == "__main__":
    main()
