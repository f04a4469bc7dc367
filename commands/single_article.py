"""The one article that a command is asked for, by its number or any of its addresses."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.exits import UsageProblem
from scraper.urls import alias_key

ArticleArgument = Annotated[str, typer.Argument(metavar="ID|URL", help="Number of the article, or any address it has.")]


def check_named(article: str) -> None:
    """Raise UsageProblem for what is neither a number nor an address."""
    if not (article.isdecimal() or "." in article or ":" in article):
        raise UsageProblem(f"{article!r} is neither the number of an article nor its address; luubao list shows both")


def key(text: str) -> str:
    """Return what the variants of an address have in common; what is no URL is its own key."""
    from scraper.errors import BadUrl  # noqa: PLC0415 -- for a text that is no URL alone

    try:
        return alias_key(text)
    except BadUrl:
        return text
