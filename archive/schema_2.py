"""Schema 2: what came after the first archive: new tables alone, so that upgrading copies nothing and takes no time."""

from __future__ import annotations

TABLES_2 = """
"""

SCHEMA_2 = TABLES_2
