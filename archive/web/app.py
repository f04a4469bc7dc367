"""The whole application: Datasette with our pages, behind the guards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasette.app import Datasette

from archive.web import plugin
from archive.web.answers import Web
from archive.web.assets import STATIC
from archive.web.database import NAME, ArchiveDatabase
from archive.web.guards import App, guarded
from archive.web.spreadsheets import without_formulas

SETTINGS = {
    "sql_time_limit_ms": 3000,
    "num_sql_threads": 4,
    "max_returned_rows": 1000,
    "allow_download": False,  # a copy of a file that is written to is no archive: luubao backup makes one
    "suggest_facets": False,  # each costs a question to a table of millions
    "default_cache_ttl": 0,
}


class Application:
    """An archive as an application that answers requests; `close` when it has ended."""

    def __init__(self, web: Web, *, hosts: Iterable[str]) -> None:
        plugin.register()
        self._datasette: Any = Datasette(
            [], settings=SETTINGS, metadata={"title": web.path.name}, static_mounts=[("static", str(STATIC))]
        )
        self._datasette.remove_database("_memory")
        self._database = ArchiveDatabase(self._datasette, web)
        self._datasette.add_database(self._database, name=NAME)
        self.asgi: App = guarded(without_formulas(self._datasette.app()), hosts)

    def close(self) -> None:
        """End the threads and close what they have open."""
        self._datasette.executor.shutdown()
        self._database.close()
