"""How well copies are found, by how much of them was edited: `python bench/near_duplicates.py [rounds]`; 3 if not told.

Each story of the demo newspaper is kept with one copy of it in another paper, beside articles of one topic that quote,
days of a column, and short notices that end with their paper's own phrases. Recall: copies in one group with their
story. Precision: pairs in one group that are a story and its copy.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.duplicates import compare_new
from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper.models import Article, Kind, Page, Role, Task, Visit
from scraper.urls import alias_key
from tests.archive import copies

PARTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
START = datetime(2025, 1, 1, tzinfo=UTC)
NOTICES, TOPIC, DAYS = 20, 20, 20


@dataclass
class Score:
    """What was found, over some archives."""

    copies: int = 0
    found: int = 0
    pairs: int = 0
    true_pairs: int = 0

    @property
    def recall(self) -> float:
        """Return which part of the copies was found."""
        return self.found / self.copies

    @property
    def precision(self) -> float:
        """Return which part of the pairs found are pairs."""
        return self.true_pairs / self.pairs if self.pairs else 1.0


def visit(number: int, site: str, text: str) -> Visit:
    url = f"https://{site}.example.vn/tin-{number}.html"
    at = START + timedelta(hours=number)
    page = Page(url, url, 200, (("Content-Type", "text/html"),), text.encode(), at)
    return Visit(Task(url, Role.ARTICLE, site), page, Article(url, Kind.ARTICLE, title=text[:60], body=text))


def made(edit: copies.Edit, part: float, rng: random.Random) -> tuple[list[Visit], int]:
    """Return visits, of which the first are stories and the next their copies, and how many stories there are."""
    texts = [text for _, text in copies.originals()]
    others = {text: [other for other in texts if other != text] for text in texts}
    edited = [edit(text, part, others[text], rng) for text in texts]
    strange = copies.of_one_topic(TOPIC, rng) + [copies.column(day) for day in range(DAYS)]
    visits = [visit(n, "bao", text) for n, text in enumerate(texts)]
    visits += [visit(1000 + n, f"khac{n % 3}", text) for n, text in enumerate(edited)]
    visits += [visit(2000 + n, f"phu{n % 2}", text) for n, text in enumerate(strange)]
    visits += [visit(3000 + n, "nho", text) for n, text in enumerate(copies.notices(NOTICES, rng))]
    return visits, len(texts)


def measure(edit: copies.Edit, part: float, seed: int, score: Score) -> tuple[int, float]:
    visits, stories = made(edit, part, random.Random(seed))  # noqa: S311 -- the same each time
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
            for each in visits:
                archive.keep(each)
            began = time.process_time()
            compared = compare_new(archive.connection, archive.transaction)
            seconds = time.process_time() - began
            groups: dict[int, list[int]] = {}
            for article_id, group_id in archive.connection.execute("SELECT article_id, group_id FROM duplicates"):
                groups.setdefault(group_id, []).append(article_id)
    pairs = {pair for members in groups.values() for pair in combinations(sorted(members), 2)}
    true = {(n, n + stories) for n in range(1, stories + 1)}
    score.copies += stories
    score.found += len(pairs & true)
    score.pairs += len(pairs)
    score.true_pairs += len(pairs & true)
    return compared, seconds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    compared, seconds = 0, 0.0
    print(f"{'recall / precision':20}" + "".join(f"{part:13.0%}" for part in PARTS))
    for name, edit in copies.EDITS.items():
        cells = []
        for part in PARTS:
            score = Score()
            for seed in range(rounds):
                more, took = measure(edit, part, seed, score)
                compared, seconds = compared + more, seconds + took
            cells.append(f"{score.recall:6.3f} /{score.precision:5.3f}")
        print(f"{name:20}" + "".join(f"{cell:>13}" for cell in cells), flush=True)
    print(f"to compare an article: {seconds / compared * 1e6:,.0f} µs of processor time")


if __name__ == "__main__":
    main()
