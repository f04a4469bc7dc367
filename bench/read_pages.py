"""Print what reading costs: milliseconds a page for us, for a bare Lexbor parse, and for trafilatura where installed.

    python bench/read_pages.py FOLDER_OR_INDEX [--rounds N]

Takes a folder of .html and .html.gz files, or an index of lines `{"path": …, "url": …}` beside them. All three run in
one process, round by round; of each the fastest round counts, so that the ratios hold on a busy machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).parents[1]))

from scraper import parse

Reader = Callable[[bytes, str], object]


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


def readers() -> dict[str, Reader]:
    """Return what is compared, by name."""
    found: dict[str, Reader] = {
        "bare Lexbor parse": lambda html, _: LexborHTMLParser(html),
        "luubao": lambda html, url: parse(html, url, sites=()),
    }
    try:
        from trafilatura import bare_extraction  # noqa: PLC0415 -- compared only where it is installed
    except ImportError:
        return found
    return found | {"trafilatura": lambda html, url: bare_extraction(html, url=url or None, with_metadata=True)}


def seconds(read: Reader, corpus: list[tuple[bytes, str]]) -> float:
    """Return the processor time that reading all pages takes."""
    start = time.process_time()
    for html, url in corpus:
        read(html, url)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    corpus = list(pages(options.source))
    compared = readers()
    best = dict.fromkeys(compared, float("inf"))
    for _ in range(options.rounds):
        for name, read in compared.items():
            best[name] = min(best[name], seconds(read, corpus))
    bare = best["bare Lexbor parse"]
    print(f"{len(corpus)} pages, {sum(len(html) for html, _ in corpus) / 1e6:.1f} MB, best of {options.rounds} rounds")
    for name, total in best.items():
        print(f"{name:20} {1000 * total / len(corpus):8.2f} ms a page {total / bare:8.1f} times a bare parse")


if __name__ == "__main__":
    main()
