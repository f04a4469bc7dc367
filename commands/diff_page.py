"""What changed between two versions as a page by itself: no scripts, nothing from elsewhere, all escaped. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from archive.differences import Change
from archive.harmless import safe_address, scrubbed
from archive.word_diff import Run, What
from commands.articles import readable_time

_PAGE = """<!doctype html>
<html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ max-width: 45em; margin: 2em auto; padding: 0 1em; font-family: serif; line-height: 1.5; }}
dt {{ font-family: sans-serif; font-size: 80%; color: #666; }}
dd {{ margin: 0 0 1em; }}
del {{ background: #fdd; }}
ins {{ background: #dfd; }}
</style>
<h1>{title}</h1>
<p><a href="{address}">{url}</a></p>
<p>{versions}</p>
<dl>
{changes}
</dl>
</html>"""

_TAGS = {What.SAME: "{}", What.GONE: "<del>{}</del>", What.COME: "<ins>{}</ins>"}


def as_page(facts: Mapping[str, Any], found: Sequence[tuple[Change, list[Run]]]) -> str:
    """Return the page; what went is in `del`, what came in `ins`."""
    versions = " → ".join(
        f"version {facts[side]['number']}, {facts[side]['cause']} {readable_time(facts[side]['read_at'])} UTC"
        for side in ("from", "to")
    )
    return _PAGE.format(
        title=_text(facts["title"] or facts["url"]),
        address=escape(safe_address(facts["url"])),
        url=_text(facts["url"]),
        versions=_text(versions),
        changes="\n".join(_change(change, runs) for change, runs in found),
    )


def _change(change: Change, runs: list[Run]) -> str:
    words = "".join(_TAGS[run.what].format(_text(run.text)) for run in runs)
    return f"<dt>{_text(change.field)}</dt>\n<dd>{words}</dd>"


def _text(text: str) -> str:
    return escape(scrubbed(text))
