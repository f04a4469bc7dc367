from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import ParseFailed, ParseMemory, ParserCrash, ParseTimeout
from scraper.models import Kind, Page, Role, Task
from scraper.workers import Readers, ReadPage, UnlimitedReaders, WorkerLimits, workers_for
from tests import worker_deeds

TITLE = "Cầu mới thông xe sau ba năm thi công"
PARAGRAPH = "người dân hai bờ sông đi lại dễ dàng hơn, hàng hóa về chợ sớm hơn trước."
ARTICLE = f"<html lang=vi><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>" + "".join(
    f"<p>Đoạn {n}: {PARAGRAPH}</p>" for n in range(9)
)


def page_of(body: bytes | str, url: str = "https://bao.example/cau-moi-thong-xe-100231.html") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), content, datetime.now(UTC))


def task_of(page: Page, role: Role = Role.ARTICLE) -> Task:
    return Task(page.url, role, "bao.example")


async def read_all(readers: Readers | UnlimitedReaders, *bodies: bytes | str) -> list[object]:
    pages = [page_of(body) for body in bodies]
    return await asyncio.gather(*(readers.read(task_of(page), page) for page in pages), return_exceptions=True)


def test_an_article_comes_home_whole_from_the_worker() -> None:
    async def scene() -> None:
        async with Readers() as readers:
            (there,) = await read_all(readers, ARTICLE)
        (here,) = await read_all(UnlimitedReaders(), ARTICLE)

        assert there == here
        assert here.article.kind is Kind.ARTICLE  # type: ignore[attr-defined]

    asyncio.run(scene())


def test_one_page_is_read_without_an_event_loop() -> None:
    page = page_of(ARTICLE)

    with Readers() as readers:
        reading = readers.read_now(task_of(page), page)

    assert reading.article is not None
    assert reading.article.title == TITLE


@pytest.mark.parametrize(
    ("deed", "word", "expected"),
    [
        (worker_deeds.crash_on_request, "crash", ParserCrash),
        (worker_deeds.hang_on_request, "hang", ParseTimeout),
        (worker_deeds.eat_on_request, "eat", ParseMemory),
    ],
)
def test_f68_a_worker_that_dies_is_one_failed_page_and_the_next_is_read(
    deed: ReadPage, word: str, expected: type[ParseFailed]
) -> None:
    async def scene() -> None:
        async with Readers(read_page=deed, limits=WorkerLimits(seconds=1.0)) as readers:
            (bad,) = await read_all(readers, word)
            (good,) = await read_all(readers, ARTICLE)

        assert isinstance(bad, expected)
        assert "the page is kept" in str(bad)
        assert good.article is not None  # type: ignore[attr-defined]

    asyncio.run(scene())


def test_pages_that_wait_behind_a_crash_are_still_read() -> None:
    async def scene() -> None:
        async with Readers(read_page=worker_deeds.crash_on_request) as readers:
            first, second, third = await read_all(readers, ARTICLE, "crash", ARTICLE)

        assert isinstance(second, ParserCrash)
        assert first == third

    asyncio.run(scene())


def test_a_worker_killed_while_idle_is_replaced(tmp_path: Path) -> None:
    ids = tmp_path / "ids"

    async def scene() -> None:
        async with Readers(read_page=worker_deeds.tell_process) as readers:
            await read_all(readers, str(ids))
            os.kill(int(ids.read_text().split()[0]), signal.SIGKILL)
            await asyncio.sleep(0.5)
            await read_all(readers, str(ids))

    asyncio.run(scene())

    assert len(set(ids.read_text().split())) == 2


def test_a_bug_in_the_reader_is_one_failed_page_and_named() -> None:
    page = page_of(ARTICLE)

    with Readers(read_page=worker_deeds.fail_by_a_bug) as readers, pytest.raises(ParseFailed) as caught:
        readers.read_now(task_of(page), page)

    assert caught.value.code == "parse_failed"
    assert "ZeroDivisionError in worker_deeds.py, line" in str(caught.value)


def test_pages_larger_than_a_pipe_pass_whole_and_in_order_however_workers_die() -> None:
    async def scene() -> None:
        large = ARTICLE + "<p>" + "chữ " * 50_000
        bodies = [large if n % 3 else "crash" + "x" * 300_000 for n in range(12)]
        async with Readers(read_page=worker_deeds.crash_on_request, workers=2) as readers:
            outcomes = await read_all(readers, *bodies)

        assert [isinstance(outcome, ParserCrash) for outcome in outcomes] == [not n % 3 for n in range(12)]

    asyncio.run(scene())


def test_signals_to_the_whole_group_leave_the_workers_to_finish_and_to_be_replaced(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    with Readers(read_page=worker_deeds.tell_process) as readers:
        page = page_of(str(ids))
        readers.read_now(task_of(page), page)
        worker = int(ids.read_text())
        origin = parent_of(worker)
        assert origin != os.getpid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(worker, number)
            os.kill(origin, number)
        readers.read_now(task_of(page), page)
        os.kill(worker, signal.SIGKILL)
        assert is_gone(worker)
        readers.read_now(task_of(page), page)
        first, second, third = map(int, ids.read_text().split())

        assert (first, parent_of(third)) == (second, origin)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_closing_gives_up_a_page_in_hand_at_once() -> None:
    async def scene() -> float:
        async with Readers(read_page=worker_deeds.hang_on_request) as readers:
            hanging = asyncio.ensure_future(read_all(readers, "hang"))
            await asyncio.sleep(1.0)
            hanging.cancel()
            began = time.monotonic()
        return time.monotonic() - began

    assert asyncio.run(scene()) < WorkerLimits().seconds / 2


def test_a_worker_is_replaced_after_its_share_of_pages(tmp_path: Path) -> None:
    ids = tmp_path / "ids"

    with Readers(read_page=worker_deeds.tell_process, limits=WorkerLimits(pages=2)) as readers:
        for _ in range(5):
            page = page_of(str(ids))
            readers.read_now(task_of(page), page)

    told = ids.read_text().split()
    assert len(told) == 5
    assert len(set(told)) == 3


def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    code = f"""
from tests.test_workers import page_of, task_of
from tests import worker_deeds
from scraper.workers import Readers
import os, signal
if __name__ == "__main__":
    readers = Readers(read_page=worker_deeds.tell_process)
    page = page_of({str(ids)!r})
    readers.read_now(task_of(page), page)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    script = tmp_path / "main.py"
    script.write_text(code, encoding="utf-8")
    root = Path(__file__).parents[1]

    ended = subprocess.run([sys.executable, str(script)], cwd=root, env={"PYTHONPATH": str(root)}, check=False)

    assert ended.returncode == -signal.SIGKILL
    assert is_gone(int(ids.read_text()))


def is_gone(pid: int, *, within_seconds: float = 10.0) -> bool:
    end = time.monotonic() + within_seconds
    while time.monotonic() < end:
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[1]:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("cpu_count", "free_gigabytes", "workers"), [(1, 8, 1), (2, 24, 2), (4, 3, 1), (64, 512, 8), (2, 0, 1)]
)
def test_as_many_workers_are_started_as_processors_and_free_memory_allow(
    cpu_count: int, free_gigabytes: int, workers: int
) -> None:
    assert workers_for(cpu_count, free_gigabytes << 30) == workers


def test_pages_that_come_one_by_one_are_read_by_one_worker(tmp_path: Path) -> None:
    ids = tmp_path / "ids"

    with Readers(read_page=worker_deeds.tell_process, workers=3) as readers:
        for _ in range(4):
            page = page_of(str(ids))
            readers.read_now(task_of(page), page)

    assert len(set(ids.read_text().split())) == 1
