"""Draws docs/luubao.svg, the picture in the READMEs: a real crawl, edit, search and diff of the demo's newspaper.

Run by `make picture`. The picture names no font and no address to load one from, so that looking at it asks nobody.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from commands.demo import EDITED, EDITED_TITLE
from commands.newspaper import Newspaper, serve

PICTURE = Path(__file__).with_name("luubao.svg")
PORT = 8000
COLUMNS = 92
CONTACT = "you@example.org"
CRAWL = f"luubao crawl http://127.0.0.1:{PORT}/ --allow-private --delay 0"
SEARCH = "luubao search duong le duan --sort relevance --limit 2"
FONT_FACES = re.compile(r"@font-face\s*\{\{.*?\}\}\s*", re.DOTALL)


def main() -> None:
    """Run the commands on a newspaper of our own, and draw what a terminal shows of them."""
    with tempfile.TemporaryDirectory() as folder, serve(Newspaper(), port=PORT) as server:
        env = os.environ | {
            "LUUBAO_ARCHIVE": f"{folder}/archive.db",
            "LUUBAO_CONTACT": CONTACT,
            "COLUMNS": str(COLUMNS),
            "TERM": "xterm-256color",
            "PAGER": "cat",
        }
        screen = [_shown(CRAWL, _piped(CRAWL, env))]
        server.newspaper.edit(EDITED, title=EDITED_TITLE)
        url = server.url(server.newspaper.article(EDITED).path)
        number = json.loads(_piped(f"luubao fetch {url} --allow-private --delay 0 --json", env))["id"]
        screen.append(_shown(SEARCH, _on_terminal(SEARCH, env)))
        diff = f"luubao diff {number}"
        screen.append(_shown(diff, _on_terminal(diff, env)))
    PICTURE.write_text(_drawn("\n\n".join(screen)), encoding="utf-8")


def _shown(command: str, printed: str) -> str:
    return f"\x1b[1m$ {command}\x1b[0m\n{printed.replace(chr(13), '').rstrip()}"


def _command(line: str) -> list[str]:
    return ["bash", "-c", line.replace("luubao", f"'{sys.executable}' -m cli", 1)]


def _piped(line: str, env: dict[str, str]) -> str:
    """Return what a command prints to a pipe; a crawl that met a missing page, as this one does, ends with 3."""
    return subprocess.run(_command(line), env=env, capture_output=True, encoding="utf-8", check=False).stdout


def _on_terminal(line: str, env: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(_command(line), stdin=theirs, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        printed = b"".join(_until_closed(ours))
    os.close(ours)
    return printed.decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(terminal, 65536):
            yield chunk
    except OSError:  # EIO: the last holder of the other end has closed it
        return


def _drawn(screen: str) -> str:
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi(screen))
    code_format = FONT_FACES.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code", "DejaVu Sans Mono")
    svg = console.export_svg(title="luubao", code_format=code_format)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
