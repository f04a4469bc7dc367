"""Schema 6: what came from a web archive."""

from __future__ import annotations

SCHEMA_6 = """
CREATE TABLE mementos (  -- visits that a web archive made: their capture has the archive's time, the newspaper's URL
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE,
  url TEXT NOT NULL,  -- where the web archive has it
  fetched_at TEXT NOT NULL  -- when it was fetched from there, to the microsecond
) STRICT;
"""
