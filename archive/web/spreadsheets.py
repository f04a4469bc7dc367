"""CSV of Datasette's in which no cell is the start of a formula, as in the CSV of our own commands."""

from __future__ import annotations

import codecs
import re

from archive.harmless import FORMULA_STARTS
from archive.web.guards import App, Message, Receive, Scope, Send

_CELL = re.compile(r'"(?:[^"]++|"")*+"|[^",\r\n]++')
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_KINDS = (b"text/csv", b"text/plain")  # Datasette calls it plain where it is to be looked at


def without_formulas(app: App) -> App:
    """Return the application, in whose CSV a cell that a spreadsheet would run begins with an apostrophe."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _Cells(send).send if scope.get("path", "").endswith(".csv") else send)

    return answer


class _Cells:
    """One answer: its rows are written anew as they come."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_csv = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ahead = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name.lower(), value) for name, value in message.get("headers", [])]
            self._is_csv = dict(headers).get(b"content-type", b"").startswith(_KINDS)
            if self._is_csv:
                message["headers"] = [each for each in headers if each[0] != b"content-length"]
        elif self._is_csv:
            is_last = not message.get("more_body", False)
            message["body"] = self._rows(message.get("body", b""), is_last=is_last).encode()
        await self._send(message)

    def _rows(self, body: bytes, *, is_last: bool) -> str:
        """Return the rows that are whole; a row ends with a line that closes all its quotes."""
        self._ahead += self._decoder.decode(body, final=is_last)
        if not is_last and (not self._ahead.endswith("\n") or self._ahead.count('"') % 2):
            return ""
        rows, self._ahead = self._ahead, ""
        return _CELL.sub(_safe, rows)


def _safe(cell: re.Match[str]) -> str:
    quote = '"' if cell[0].startswith('"') else ""
    text = cell[0].removeprefix(quote)
    is_formula = text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    return f"{quote}'{text}" if is_formula else cell[0]
