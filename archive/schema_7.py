"""Schema 7: how many articles there are of each newspaper, section, month and author.

Counted in the transaction that keeps an article: over a million of them a page of the web could not count anew.
"""

from __future__ import annotations

TABLES_7 = """
CREATE TABLE facet_counts (  -- how many articles there are of each newspaper, section, month and author; triggers count
  facet TEXT NOT NULL,  -- site, section, month or author
  site TEXT NOT NULL,
  value TEXT NOT NULL,
  articles INTEGER NOT NULL,  -- never 0
  PRIMARY KEY (facet, site, value)
) STRICT, WITHOUT ROWID;

CREATE VIEW facet_values AS  -- what each article is counted under
SELECT a.id, 'site' AS facet, a.site, a.site AS value FROM articles a
WHERE a.kind = 'article' AND a.version_id IS NOT NULL
UNION ALL
SELECT a.id, 'month', a.site, substr(a.published_on, 1, 7) FROM articles a
WHERE a.kind = 'article' AND a.version_id IS NOT NULL AND a.published_on IS NOT NULL
UNION ALL
SELECT a.id, 'section', a.site, v.section FROM articles a JOIN versions v ON v.id = a.version_id
WHERE a.kind = 'article' AND v.section IS NOT NULL
UNION ALL
SELECT a.id, 'author', a.site, e.value FROM articles a JOIN versions v ON v.id = a.version_id
  JOIN json_each(iif(json_valid(v.authors), v.authors, '[]')) e
WHERE a.kind = 'article';
"""

_CHANGES = "version_id, kind, site, published_on"
_IS_COUNTED = "{0}.kind = 'article' AND {0}.version_id IS NOT NULL"
_TAKE_OUT = """
  UPDATE facet_counts SET articles = articles - 1
  WHERE (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
  DELETE FROM facet_counts WHERE articles < 1
    AND (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
"""
_PUT_IN = """
  INSERT INTO facet_counts SELECT DISTINCT facet, site, value, 1 FROM facet_values WHERE id = new.id
  ON CONFLICT DO UPDATE SET articles = articles + 1;
"""
TRIGGERS_7 = f"""
CREATE TRIGGER facets_after_insert AFTER INSERT ON articles WHEN {_IS_COUNTED.format("new")}
BEGIN{_PUT_IN}END;

CREATE TRIGGER facets_before_update BEFORE UPDATE OF {_CHANGES} ON articles WHEN {_IS_COUNTED.format("old")}
BEGIN{_TAKE_OUT}END;

CREATE TRIGGER facets_after_update AFTER UPDATE OF {_CHANGES} ON articles WHEN {_IS_COUNTED.format("new")}
BEGIN{_PUT_IN}END;

CREATE TRIGGER facets_before_delete BEFORE DELETE ON articles WHEN {_IS_COUNTED.format("old")}
BEGIN{_TAKE_OUT}END;

INSERT INTO facet_counts SELECT facet, site, value, count(DISTINCT id) FROM facet_values GROUP BY facet, site, value;
"""  # noqa: S608 -- constants

SCHEMA_7 = TABLES_7 + TRIGGERS_7
