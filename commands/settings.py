"""What does the user's luubao.toml say: read, checked, and handed to the options that take their defaults from it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commands.exits import UsageProblem
from commands.setting_checks import KNOWN, SITE_KEYS, TABLES, problems
from scraper.problems import Problem

MAX_FILE_BYTES = 1_000_000


def read(path: Path) -> dict[str, Any]:
    """Return the settings of a file by their keys, `log.file`; raises UsageProblem."""
    text = text_of(path)
    found = problems_of(text)
    if found:
        more = f" (and {len(found) - 1} more: luubao config check)" if len(found) > 1 else ""
        raise UsageProblem(f"{path}: {found[0]}{more}")
    return flat(parsed(text))


def text_of(path: Path) -> str:
    """Return the text of a file of settings; raises UsageProblem."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageProblem(f"{path}: there is no such file; luubao config edit makes one") from error
    except OSError as error:
        raise UsageProblem(f"{path}: it cannot be read: {error.strerror}; mind its rights") from error
    if len(content) > MAX_FILE_BYTES:
        raise UsageProblem(f"{path}: it is larger than 1 MB; is it the right file?")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{path}: it is not saved as UTF-8; save it again with encoding UTF-8") from error


def problems_of(text: str) -> list[Problem]:
    """Return all that is wrong with a text of settings, each with its line."""
    try:
        raw = parsed(text)
    except tomllib.TOMLDecodeError as error:
        fix = "mend that line: texts stand in quotes, lists in [ ], and each key stands once"
        return [Problem("", f"it is no TOML: {error}", fix)]
    return [Problem(each.key, each.reason, each.fix, line_of(text, each.key)) for each in problems(raw)]


def parsed(text: str) -> dict[str, Any]:
    """Return the content of a text of settings as it stands; raises TOMLDecodeError."""
    return tomllib.loads(text)


def flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their keys: those of tables as `log.file`, those of sites as options write them."""
    found = {key: value for key, value in raw.items() if key in KNOWN}
    for table in TABLES:
        found |= {f"{table}.{key}": value for key, value in raw.get(table, {}).items()}
    if sites := raw.get("sites"):
        found["sites"] = [f"{site}:{_written(rules)}" for site, rules in sites.items()]
    return found


def _written(rules: Mapping[str, Any]) -> str:
    return ",".join(f"{SITE_KEYS[key]}={value}" for key, value in rules.items())


def line_of(text: str, key: str) -> int | None:
    """Return the line of a key, `sites.tuoitre.delay_seconds`; that of its table where the key itself is not found."""
    wanted = _bare(key).split("[")[0]
    table, best = "", None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.split("#")[0].strip()
        if stripped.startswith("["):
            table = _bare(stripped.strip("[] ")) + "."
            here = table.rstrip(".")
        else:
            here = table + _bare(stripped.partition("=")[0].strip())
        if here == wanted:
            return number
        if here != table and wanted.startswith(here + "."):
            best = number
    return best


def _bare(key: str) -> str:
    return key.replace('"', "").replace("'", "").replace(" ", "")
