"""What the live display shows of a crawl, and that neither its width nor a title can break it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.reports import Queue
from commands.live import Rate, View, told_queue
from commands.text import width
from scraper.models import Role, Task, Verdict
from scraper.tally import Event, Happening

TITLE = "Thông xe cầu Sông Mật mới, rút ngắn nửa giờ đường về huyện Đá Chồng, người dân hai bên bờ mừng vui"


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def task(host: str, path: str = "/tin-1.html") -> Task:
    return Task(f"https://{host}{path}", Role.ARTICLE, host)


def kept(host: str, verdict: Verdict, title: str | None = None, code: str | None = None) -> Event:
    return Event(Happening.KEPT, host, task(host), verdict, code, title=title, body_bytes=50_000)


def started(host: str, path: str = "/tin-1.html") -> Event:
    return Event(Happening.STARTED, host, task(host, path))


def shown(view: View, cells: int = 80) -> list[str]:
    return ["".join(text for text, _ in line) for line in view.lines(cells)]


def busy_view() -> View:
    view = View(Clock())
    for number in range(9):
        view.add(started(f"bao{number}.example.vn", "/muc/" + "rat-dai-" * 20))
    for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.SAME, Verdict.LISTED):
        view.add(kept("báo.example.vn", verdict, TITLE))
    view.add(kept("bao1.example.vn", Verdict.FAILED, code="timeout"))
    view.watch(lambda: Queue(340, 1203, datetime.now(UTC) + timedelta(minutes=5)))
    view.add(started("bao9.example.vn"))
    return view


def test_it_shows_counts_rate_queue_hosts_and_the_last_articles() -> None:
    counts, traffic, queue, *rest = shown(busy_view(), 120)

    assert counts == "1 new, 1 changed, 1 same, 1 failed (1 timeout)"
    assert traffic == "5 pages (1 list) in 0.0 s, 5.0/s in the last minute, 250.0 kB"
    assert queue.startswith("queue: 340 due, 1,203 later, the next ")
    assert rest[0].startswith("bao0.example.vn     0  /muc/rat-dai-")
    assert "and 4 other hosts" in rest
    assert rest[-2:] == [f"NEW      {TITLE}", f"CHANGED  {TITLE}"]


@pytest.mark.parametrize("cells", [20, 40, 79, 119])
def test_no_line_is_wider_than_the_terminal(cells: int) -> None:
    assert max(map(width, shown(busy_view(), cells))) <= cells


def test_the_title_of_a_page_does_not_act_on_the_terminal() -> None:
    view = View(Clock())
    view.add(kept("bao.example.vn", Verdict.NEW, "Tin\x1b[2J\x1b]0;tên\x07 [red]đỏ[/red]\r\n\u202e"))

    (line,) = [line for line in shown(view) if line.startswith("NEW")]
    assert line == r"NEW      Tin\x1b[2J\x1b]0;tên\x07 [red]đỏ[/red] \u202e"


def test_the_rate_is_that_of_the_last_minute() -> None:
    clock = Clock()
    rate = Rate(clock)
    for _ in range(100):
        rate.add()

    clock.seconds += 10
    early = rate.a_second()
    clock.seconds += 300
    for _ in range(30):
        rate.add()

    assert early == 10.0
    assert rate.a_second() == 0.5


def test_the_queue_is_looked_at_now_and_then_and_more_seldom_the_longer_it_takes() -> None:
    clock, looks = Clock(), []

    def slow_look() -> Queue:
        looks.append(clock.seconds)
        clock.seconds += 0.1
        return Queue(1, 0, None)

    view = View(clock)
    view.watch(slow_look)
    for _ in range(60):
        view.add(started("bao.example.vn"))
        clock.seconds += 1.0

    assert 5 <= len(looks) <= 7  # each took a hundredth of the pause after it


def test_what_is_due_on_another_day_is_told_with_its_day() -> None:
    later = datetime.now(UTC) + timedelta(days=3)

    assert told_queue(Queue(0, 1, later)) == f"0 due, 1 later, the next on {later.astimezone():%d %b %H:%M}"
    assert told_queue(Queue(0, 0, None)) == "0 due, 0 later"
