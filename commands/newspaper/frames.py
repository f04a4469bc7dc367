"""What stands around the pages: header with today's clock, menu, sidebar, footer."""

from __future__ import annotations

from html import escape

from commands.newspaper import setting
from commands.newspaper.paper import Edition
from commands.newspaper.setting import template


def framed(edition: Edition, head: str, main: str) -> str:
    """Return a whole page of the newspaper's today design."""
    return template("frame").substitute(
        head=head,
        main=main,
        clock=setting.clock(edition.now),
        menu=menu(edition),
        popular=setting.items(edition.popular()),
    )


def menu(edition: Edition) -> str:
    """Return links to the sections."""
    return " ".join(f'<a href="/{section.id}">{escape(section.name)}</a>' for section in edition.sections)
