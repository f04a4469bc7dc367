"""Pictures of today's schema: archive/schema.sql and docs/schema.md. `python -m archive.picture` draws both anew."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.migrations import migrate

SCHEMA_SQL = Path(__file__).with_name("schema.sql")
SCHEMA_MD = Path(__file__).parents[1] / "docs" / "schema.md"

_OURS = """
SELECT type, name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'search_index_%' AND tbl_name NOT LIKE '%sqlite%'
ORDER BY rowid
"""
_HEAD = re.compile(r"CREATE (?:TABLE|VIEW) (?P<name>\w+)[^-\n]*(?:-- (?P<what>.*))?")
_COLUMN = re.compile(r"  (?P<name>[a-z]\w*) (?P<type>TEXT|INTEGER|REAL|BLOB)\b(?P<rest>[^\n]*?)(?:  -- (?P<what>.*))?$")


def draw() -> None:
    """Write both pictures."""
    SCHEMA_SQL.write_text(as_sql(), encoding="utf-8")
    SCHEMA_MD.write_text(as_markdown(), encoding="utf-8")


def as_sql() -> str:
    """Return the schema as a new archive has it."""
    return "-- Today's schema, drawn by archive/picture.py.\n\n" + "".join(f"{sql};\n\n" for _, _, sql in _objects())


def as_markdown() -> str:
    """Return the schema for people: what each table is, column by column."""
    objects = _objects()
    tables = [_table(sql) for kind, _, sql in objects if kind == "table" and not sql.startswith("CREATE VIRTUAL")]
    views = [_view(sql) for kind, _, sql in objects if kind == "view"]
    return _INTRODUCTION + "## Views\n\n" + "".join(views) + "\n## Tables\n\n" + "\n".join(tables)


def _objects() -> list[tuple[str, str, str]]:
    """Return (type, name, SQL) of what a new archive consists of, in the order made."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute("BEGIN")
        migrate(connection)
        return connection.execute(_OURS).fetchall()
    finally:
        connection.close()


def _view(sql: str) -> str:
    head = _HEAD.match(sql)
    return f"- `{head['name']}`: {head['what']}\n" if head else ""


def _table(sql: str) -> str:
    head = _HEAD.match(sql)
    if head is None:
        return ""
    rows = "".join(f"| `{name}` | {kind} | {what} |\n" for name, kind, what in _columns(sql))
    return (
        f"### {head['name']}\n\n{_sentence(head['what'])}\n\n| column | type | what it holds |\n|---|---|---|\n{rows}"
    )


def _columns(sql: str) -> Iterator[tuple[str, str, str]]:
    for line in sql.splitlines()[1:]:
        column = _COLUMN.match(line)
        if column is not None:
            refers = re.search(r"REFERENCES (\w+)", column["rest"])
            key = "key" if "PRIMARY KEY" in column["rest"] else ""
            facts = [column["what"] or key, f"→ `{refers[1]}`" if refers else ""]
            yield column["name"], column["type"], " ".join(filter(None, facts)).replace("|", "\\|")


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


_INTRODUCTION = """# The archive's schema

Drawn from the schema itself by `python -m archive.picture`; a test holds it in step. `.schema` in the `sqlite3` shell
shows the same comments. Times are ISO 8601 in UTC; days are the newspaper's own.

## Ask it with any SQLite tool

The newest articles, from a view that has the names of the JSON records:

```sh
sqlite-utils archive.db "SELECT title, published_at, site FROM articles_view
  WHERE kind = 'article' ORDER BY sort_at DESC LIMIT 20"
```

Full text, with accents or without; no extension is needed:

```sql
SELECT title, url FROM articles_view WHERE id IN
  (SELECT rowid FROM search_index WHERE search_index MATCH 'duong AND "Lê Duẩn"');
```

`search_index` holds each text twice: as written (`title`, `body`, `authors`, `section`, `captions`) and with đ folded
to d (`title_folded`, …), since SQLite folds every Vietnamese letter but that one. Without a column named, both are
searched. `INSERT INTO search_index(search_index) VALUES ('rebuild')` and `sqlite-utils rebuild-fts` are harmless.

A page as the newspaper sent it, without luubao:

```sh
sqlite3 archive.db "SELECT writefile('page.zst', data) FROM snapshots WHERE id = 1"
zstd -d page.zst -o page.html
```

Where `dictionary_id` is set, write `dictionaries.data` to a file and add `-D` with its name; where `base_id` is set,
the unpacked page of that snapshot is the dictionary. `codec` `none` is the page itself.

"""

if __name__ == "__main__":
    draw()
