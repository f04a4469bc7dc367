"""Which page answers which address. A new page is a line here, a function and a template."""

from __future__ import annotations

from archive.web.answers import Page
from archive.web.article import article
from archive.web.comparison import comparison
from archive.web.feeds import changed, new
from archive.web.front import front
from archive.web.health import health
from archive.web.kept import kept

ROUTES: tuple[tuple[str, Page], ...] = (
    (r"/$", front),
    (r"/article/(?P<id>\d+)$", article),
    (r"/article/(?P<id>\d+)/changes$", comparison),
    (r"/feed/new\.atom$", new),
    (r"/feed/changes\.atom$", changed),
    (r"/health$", health),
    (r"/replay/(?P<id>\d+)$", kept),
)
"""Pattern of the path, its named parts being `asked.parts`, and the page; before Datasette's own addresses."""
