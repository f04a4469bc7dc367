"""Documents made to hurt their reader, crawled through the real gate, workers and archive."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from scraper.discover.scope import Scope
from scraper.models import Role, Task
from scraper.seeds import Seed
from scraper.tally import Tally
from scraper.workers import Readers, WorkerLimits
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers.hostile import DOCUMENTS
from tests.servers.raw import Reply, Server, answer

LIMITS = WorkerLimits(seconds=1.5, memory_bytes=512 << 20)
STOPPED = {"parse_timeout", "parse_memory", "parser_crash"}
JUDGED = {"not_html", "soft_not_found", "blocked"}


def good_page(number: int) -> bytes:
    title = f"Cầu số {number} thông xe sau ba năm thi công"
    body = f"<p>Cầu {number}: người dân hai bờ sông đi lại dễ hơn, hàng hóa về chợ sớm hơn, cá cũng tươi hơn.</p>" * 9
    return f"<html lang=vi><title>{title}</title><article><h1>{title}</h1>{body}".encode()


def crawl_all(archive: Path, replies: dict[str, Reply | list[Reply]]) -> Tally:
    async def scene() -> Tally:
        async with Server(replies) as server, Readers(workers=2, limits=LIMITS) as readers:
            tasks = tuple(Task(server.url + path, Role.ARTICLE, "bao") for path in replies)
            seed = Seed("bao", tasks, Scope(frozenset()))
            with open_archive(archive) as opened:
                return await crawl_into(opened, seed, readers=readers)

    return asyncio.run(scene())


def test_f67_each_hostile_document_is_kept_and_read_or_given_up_by_name_and_the_next_page_is_read(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "archive.db"
    replies: dict[str, Reply | list[Reply]] = {}
    hashes = set()
    for number, make in enumerate(DOCUMENTS.values(), 100_001):
        body = make()
        hashes.add(hashlib.sha256(body).hexdigest())
        replies |= {f"/doc-{number}.html": answer(body), f"/tin-{number}.html": answer(good_page(number))}

    tally = crawl_all(archive, replies)

    kept = """SELECT lower(hex(s.sha256)) FROM captures c JOIN snapshots s ON s.id = c.snapshot_id
        WHERE c.url LIKE '%/doc-%'"""
    good = "SELECT count(*) FROM articles_view WHERE url LIKE '%/tin-%' AND title LIKE 'Cầu số % thông xe%'"
    assert len(DOCUMENTS) >= 30
    assert tally.pages == len(replies)
    assert set(tally.errors) <= STOPPED | JUDGED
    assert set(tally.errors) & STOPPED
    assert {sha256 for (sha256,) in rows(archive, kept)} == hashes
    assert rows(archive, good) == [(len(DOCUMENTS),)]
