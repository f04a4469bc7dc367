"""How fast stored pages become a dataset, beside a bare pipeline of Daft and a loop over warcio with trafilatura.

    python bench/extract_rates.py [--pages 400] [--kilobytes 65] [--corpus INDEX] [--rounds 2] [--memory PAGES]

Pages are those of bench/static_paper.py, or of an index as bench/read_pages.py takes it, in two WARC files in the form
of CC-NEWS. Counted is processor time of all processes of a run, in turns, the least of some rounds, without that of a
run over two pages, which is the start: pages a second of one core, whatever else the machine does. Wall time is told
beside it for one core and for two, each pinned to its own. --memory reads so many small pages and tells what main
process and readers hold as it goes. The peers are run by .venv-scale (`make scale`) and .venv-peers (`make peers`); one
that is missing is left out.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import processor
from bench.processor import Took
from bench.read_pages import pages as corpus_of
from bench.static_paper import article
from tests.scale.ccnews import NewsWarc, pages

HOME = Path(__file__).parents[1]
FILES = 2
SECONDS_BETWEEN_LOOKS = 5.0
DAFT = """
import sys, daft
daft.set_runner_native()
@daft.func.batch(return_dtype=daft.DataType.int64())
def length(contents):
    return [len(c.partition(b"\\r\\n\\r\\n")[2].decode("utf-8", "replace")) for c in contents.to_pylist()]
col = daft.col
answers = daft.read_warc(sys.argv[1:]).where(col("WARC-Type") == "response")
found = answers.select(length(col("warc_content")).alias("n"))
print(found.agg(col("n").count()).to_pydict()["n"][0])
"""
TRAFILATURA = """
import sys
from trafilatura import bare_extraction
from warcio.archiveiterator import ArchiveIterator
count = 0
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response" and "html" in (record.http_headers.get_header("content-type") or ""):
                url = record.rec_headers.get_header("WARC-Target-URI")
                bare_extraction(record.content_stream().read(), url=url, with_metadata=True)
                count += 1
print(count)
"""


def bodies(args: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """Yield URL and body of each page to read."""
    if args.corpus is None:
        for number in range(args.pages):
            yield (
                f"https://bao{number % 50}.vn/thoi-su/tin-so-{number}-{100_000 + number}.html",
                article(number, args.pages, args.kilobytes),
            )
        return
    found = [(url or f"https://bao.vn/tin-{n}.html", body) for n, (body, url) in enumerate(corpus_of(args.corpus))]
    for number in range(args.pages):
        url, body = found[number % len(found)]
        yield f"{url}{'&' if '?' in url else '?'}n={number}", body


def write(folder: Path, found: Iterator[tuple[str, bytes]]) -> list[str]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"CC-NEWS-{number}.warc.gz" for number in range(FILES)]
    files = [NewsWarc(path) for path in paths]
    for number, (url, body) in enumerate(found):
        files[number % FILES].respond(url, body)
    for file in files:
        file.__exit__()
    return [str(path) for path in paths]


# --- what is timed ----------------------------------------------------------------------------------------------------


def spent(command: Sequence[str], cores: int | None) -> Took:
    """Run a command on so many cores; return what it took."""
    if "-o" in command:
        shutil.rmtree(command[command.index("-o") + 1], ignore_errors=True)
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    done, took = processor.run(
        command, capture_output=True, text=True, check=False, preexec_fn=lambda: os.sched_setaffinity(0, allowed)
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return took


def commands(folder: Path, files: list[str]) -> dict[str, tuple[list[str], int]]:
    """Return what is compared: a name, the command, and the cores that it may have."""
    luubao = [sys.executable, "-m", "cli", "extract", *files, "-o"]
    found = {
        f"luubao extract, {n} core{'s' * (n > 1)}": ([*luubao, f"{folder}/set", "--workers", str(n)], n) for n in (1, 2)
    }
    peers = {"daft, decoding alone": (".venv-scale", DAFT), "warcio + trafilatura": (".venv-peers", TRAFILATURA)}
    for name, (where, program) in peers.items():
        python = HOME / where / "bin" / "python"
        if python.exists():
            found[name] = ([str(python), "-c", program, *files], 1)
        else:
            print(f"{name}: no {where}")
    return found


def compare(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        files = write(folder, bodies(args))
        few = write(folder / "few", itertools.islice(bodies(args), FILES))
        size = sum(Path(path).stat().st_size for path in files)
        print(f"{args.pages:,} pages in {FILES} files, {size / args.pages / 1000:.1f} kB a page compressed")
        best: dict[str, Took] = {}
        for _ in range(args.rounds):
            for name, (command, cores) in commands(folder, files).items():
                starting = [word for word in command if word not in files] + few
                whole, start = spent(command, cores), spent(starting, cores)
                took = Took(whole.processor - start.processor, whole.clock - start.clock)
                known = best.get(name, took)
                best[name] = Took(min(known.processor, took.processor), min(known.clock, took.clock))
        print(f"{'':28}{'pages/s of a core':>20}{'ms a page':>12}{'pages/s, clock':>16}")
        for name, took in best.items():
            rates = f"{args.pages / took.processor:>20.1f}{took.processor / args.pages * 1000:>12.1f}"
            rates += f"{args.pages / took.clock:>16.1f}"
            print(f"{name:28}{rates}")


# --- memory -----------------------------------------------------------------------------------------------------------


def resident(pid: int) -> int:
    """Return the megabytes that a process holds of its own, files aside."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) // 1024
    return 0


def watch_memory(count: int) -> None:
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        files = write(folder, ((url, body) for url, body, _ in pages(count)))
        command = [
            sys.executable,
            "-m",
            "cli",
            "extract",
            *files,
            "-o",
            f"{folder}/set",
            "--workers",
            "2",
            "--by",
            "month",
        ]
        run = subprocess.Popen(command, cwd=HOME)
        seen: list[tuple[int, int]] = []
        while run.poll() is None:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                readers = [resident(each) for each in processor.descendants(run.pid)]
                seen.append((resident(run.pid), max(readers, default=0)))
            except (OSError, ValueError):
                continue
        for tenth in range(10):
            part = seen[len(seen) * tenth // 10 : len(seen) * (tenth + 1) // 10] or [(0, 0)]
            print(f"tenth {tenth + 1}: main {max(m for m, _ in part)} MB, a reader {max(r for _, r in part)} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--kilobytes", type=int, default=65)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--memory", type=int, metavar="PAGES")
    args = parser.parse_args()
    if args.memory:
        watch_memory(args.memory)
    else:
        compare(args)


if __name__ == "__main__":
    main()
