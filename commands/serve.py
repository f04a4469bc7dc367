"""luubao serve: the archive in the browser, on this machine alone."""

from __future__ import annotations

import errno
import logging
import webbrowser
from contextlib import closing
from typing import Annotated

import typer

from archive.connect import open_reader
from commands import output
from commands.exits import UsageProblem
from commands.options import ArchiveOption, archive_path
from commands.registry import command_app
from commands.single_article import key
from scraper.charset import decode_html

app = command_app()

EXTRA = 'luubao serve needs more than luubao itself; install it with: pip install "luubao[web]"'


@app.command()
def serve(
    *,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port; 0 is any that is free.")
    ] = 0,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    archive: ArchiveOption = None,
) -> None:
    """Read, search and compare the archive in the browser.

    It answers on 127.0.0.1 alone, to reading alone, until Ctrl-C. A crawl may write meanwhile.
    """
    path = archive_path(archive).absolute()
    open_reader(path).close()  # what is wrong with the file is told here, and not page by page
    try:
        from archive.web.answers import Web  # noqa: PLC0415 -- an extra, and 0.5 s that no other command should pay
        from archive.web.app import Application  # noqa: PLC0415
        from archive.web.guards import hosts_of  # noqa: PLC0415
        from archive.web.replay import replaying  # noqa: PLC0415
        from archive.web.serving import Server, listen, origin_of, port_of  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageProblem(EXTRA) from error
    try:
        listener = listen(port)
    except OSError as error:
        raise UsageProblem(f"--port {port}: {_why(error)}; name another, or none for a free one") from error
    replay = listen()
    found, beside = port_of(listener), port_of(replay)
    for name in ("luubao.web", "uvicorn.error"):
        logging.getLogger(name).addHandler(_Said(logging.WARNING))
    web = Web(path, key, decode_html, origin_of(found), origin_of(beside))
    with closing(Application(web, hosts=hosts_of(found))) as application:
        _tell(web.origin, is_opened=open_)
        kept_pages = replaying(web, port=beside, framed_by=found)
        Server([(application.asgi, listener), (kept_pages, replay)]).run()


def _why(error: OSError) -> str:
    return "is taken" if error.errno == errno.EADDRINUSE else str(error.strerror)


def _tell(origin: str, *, is_opened: bool) -> None:
    address = f"{origin}/"
    output.line(address)
    output.flush()
    output.say("Ctrl-C ends it.")
    if is_opened and not webbrowser.open(address):
        output.say("There is no browser here; open the address in one.")


class _Said(logging.Handler):
    """What goes wrong in a page, on the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it line by line."""
        for line in self.format(record).splitlines():
            output.say(line)
