"""F77 in the web: what a page brought is no formula in a spreadsheet, and its text is there whole."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web.spreadsheets import without_formulas
from tests.archive.web.served import Served

FORMULAS = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"]


@pytest.mark.parametrize("more", ["", "&_dl=1", "&_stream=1", "&_size=max"])
def test_f77_no_cell_of_a_csv_is_a_formula(served: Served, more: str) -> None:
    sql = " union all ".join(f"select {n} as n, :v{n} as cell" for n in range(len(FORMULAS)))
    values = {f"v{n}": text for n, text in enumerate(FORMULAS)}

    answer = served.get(f"/archive.csv?{httpx.QueryParams({'sql': sql} | values)}{more}")

    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["n", "cell"]
    assert [cell for _, cell in rows[1:]] == [f"'{text}" for text in FORMULAS]


def test_numbers_stay_numbers_and_text_stays_whole(served: Served) -> None:
    numbers = served.get("/archive.csv?sql=select+-5+as+a,-1.5e-3+as+b,'đường,+\"phố\"'+as+c")

    assert numbers.text == 'a,b,c\r\n-5,-0.0015,"đường, ""phố"""\r\n'


def answered(chunks: Iterable[bytes]) -> bytes:
    """Return what comes of an answer that is sent in these pieces."""
    parts = list(chunks)
    sent: list[bytes] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"text/csv")]})
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    asyncio.run(without_formulas(app)({"type": "http", "path": "/a.csv"}, None, send))  # type: ignore[arg-type]
    return b"".join(sent)


@given(st.lists(st.lists(st.text(alphabet='=+-@a"\r\n,đ ', min_size=1), min_size=2, max_size=2)), st.integers(1, 9))
def test_f77_wherever_an_answer_is_cut_its_cells_are_the_same(rows: list[list[str]], size: int) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    whole = out.getvalue().encode()

    cut = answered(whole[at : at + size] for at in range(0, len(whole), size))

    cells = list(csv.reader(io.StringIO(cut.decode(), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in cells] == rows
    assert not any(cell.startswith(("=", "@")) for row in cells for cell in row)
