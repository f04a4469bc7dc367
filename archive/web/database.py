"""The archive as Datasette opens it: through the one door that all readers have, and for reading alone."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.database import Database

from archive.connect import open_reader
from archive.errors import ArchiveReadOnly
from archive.web.answers import Web

NAME = "archive"
"""What the archive is called in Datasette's own addresses: /archive, /archive/articles_view.json"""

BUSY_SECONDS = 3.0  # that a reader waits for another process: a person sits there


class ArchiveDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """An archive; each thread of Datasette gets a connection that can write nothing, attach nothing, load nothing."""

    def __init__(self, datasette: Any, web: Web) -> None:  # noqa: ANN401 -- as above
        super().__init__(datasette, path=str(web.path), is_mutable=True)
        self.web = web

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002 -- Datasette calls it so
        """Open the archive; raises ArchiveError."""
        if write:
            raise ArchiveReadOnly("nothing can be changed from the web", path=self.web.path)
        connection = open_reader(self.web.path, is_shared=True, busy_seconds=BUSY_SECONDS)
        self._all_file_connections.append(connection)
        return connection

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 -- Datasette's own
        """Ask as Datasette asks, and print nothing where the question was wrong: it is told to who asked."""
        return await super().execute(sql, params, **options | {"log_sql_errors": False})
