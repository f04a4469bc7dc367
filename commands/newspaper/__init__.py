"""A small Vietnamese newspaper of our own, served on loopback: what `luubao demo` crawls and the tests run on.

Province, people and events are invented. It knows what a reader should find on each of its pages:

    newspaper = Newspaper()
    with serve(newspaper) as server:
        server.url(newspaper.articles[0].path)   # http://127.0.0.1:43210/thoi-su/…-100231.html
        newspaper.edit("…", title="…")
        server.requests                          # who asked for what, and when
"""

from commands.newspaper.answers import Response
from commands.newspaper.paper import Edition, Newspaper
from commands.newspaper.server import Request, Server, serve
from commands.newspaper.stories import Layout, Photo, Piece, PieceKind, Section, Story, pieces_of
from commands.newspaper.truth import Truth

__all__ = [
    "Edition",
    "Layout",
    "Newspaper",
    "Photo",
    "Piece",
    "PieceKind",
    "Request",
    "Response",
    "Section",
    "Server",
    "Story",
    "Truth",
    "pieces_of",
    "serve",
]
