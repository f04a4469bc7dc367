"""Files of rules: read, joined with the family they extend, checked, and gathered into the sites that we know."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scraper.problems import Problem, did_you_mean
from scraper.sites.rules import FIELDS, LIST_FIELDS, Pick, Rule, RuleError, Site, SiteTest, Status, Verified

SHIPPED = Path(__file__).parent
MAX_FILE_BYTES = 1_000_000

Raw = Mapping[str, Any]


def load(path: Path) -> Site:
    """Read, check and join one file of rules; raises RuleError, which names the file, the key and the fix."""
    raw = _read(path)
    found = problems_of(path, raw)
    if found:
        raise RuleError(path, found[0], more=len(found) - 1)
    return _site(raw, _family_of(raw, path), path)


def problems_of(path: Path, raw: Raw | None = None) -> list[Problem]:
    """Return all that is wrong with a file, each with its line; raises RuleError if it is no TOML at all."""
    from scraper.sites.checks import problems  # noqa: PLC0415 -- sites shipped are checked by the tests, not at start

    is_family = path.parent.name == "cms"
    raw = _read(path) if raw is None else raw
    text = path.read_text(encoding="utf-8")
    found = list(problems(raw, is_family=is_family))
    if not is_family:
        found += _problems_of_family(raw, path)
        found += _problems_of_tests(raw, path)
    return [Problem(p.key, p.reason, p.fix, _line_of(text, p.key)) for p in found]


def shipped() -> tuple[Site, ...]:
    """Return the sites that come with luubao, in the order of their ids."""
    return _shipped()


@cache
def _shipped() -> tuple[Site, ...]:
    return tuple(_load_unchecked(SHIPPED))


def _load_unchecked(folder: Path) -> Iterable[Site]:
    families: dict[str, Raw] = {path.stem: _read(path) for path in (folder / "cms").glob("*.toml")}
    for path in sorted(folder.glob("*.toml")):
        raw = _read(path)
        yield _site(raw, families.get(raw.get("extends", ""), {}), path)


def families() -> tuple[Site, ...]:
    """Return the shipped CMS families as sites without a host, in the order of their ids."""
    paths = sorted((SHIPPED / "cms").glob("*.toml"))
    return tuple(_site({**_read(path), "home": "", "hosts": []}, {}, path) for path in paths)


def user_folder() -> Path:
    """Return the folder where the user's own rules are looked for; it need not exist."""
    from platformdirs import user_config_path  # noqa: PLC0415 -- only commands ask for it

    return user_config_path("luubao") / "sites"


def all_sites(folder: Path | None) -> tuple[Site, ...]:
    """Return the user's sites, then those shipped that they do not replace by id; raises RuleError for a bad file."""
    if folder is None or not folder.is_dir():
        return shipped()
    own = tuple(load(path) for path in sorted(folder.glob("*.toml")))
    ids = {site.id for site in own}
    return own + tuple(site for site in shipped() if site.id not in ids)


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(path: Path) -> Raw:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleError(
            path, Problem("", f"it cannot be read: {error.strerror}", "check the name of the file")
        ) from error
    if len(content) > MAX_FILE_BYTES:
        raise RuleError(path, Problem("", "it is larger than 1 MB", "keep pages of tests in files of their own"))
    try:
        return tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise RuleError(path, Problem("", "it is not saved as UTF-8", "save it again with encoding UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        fix = "mend that line: texts stand in quotes, lists in [ ], and each key stands once"
        raise RuleError(path, Problem("", f"it is no TOML: {error}", fix)) from error


def _family_of(raw: Raw, path: Path) -> Raw:
    name = raw.get("extends")
    found = _family_path(name, path) if name else None
    return _read(found) if found else {}


def _family_path(name: str, path: Path) -> Path | None:
    places = (folder / "cms" / f"{Path(name).name}.toml" for folder in (path.parent, SHIPPED))
    return next((place for place in places if place.is_file()), None)


def _problems_of_family(raw: Raw, path: Path) -> list[Problem]:
    name = raw.get("extends")
    if not isinstance(name, str):
        return []
    found = _family_path(name, path)
    if found is None:
        known = tuple(sorted(p.stem for f in (path.parent, SHIPPED) for p in (f / "cms").glob("*.toml")))
        return [Problem("extends", f"there is no family `{name}`", did_you_mean(name, known))]
    if problems_of(found):
        return [Problem("extends", f"{found} has faults", f"luubao sites lint {found}")]
    return []


def _problems_of_tests(raw: Raw, path: Path) -> Iterable[Problem]:
    tests = raw.get("test", [])
    for place, test in enumerate(tests if isinstance(tests, list) else [], 1):
        name = test.get("file") if isinstance(test, Mapping) else None
        if not isinstance(name, str):
            continue
        if Path(name).is_absolute() or ".." in Path(name).parts:
            yield Problem(f"test[{place}].file", f"{name} is not beside the rules", "put the page into a folder there")
        elif not (path.parent / name).is_file():
            yield Problem(f"test[{place}].file", f"there is no file {path.parent / name}", "mend its name")


def _line_of(text: str, key: str) -> int | None:
    """Return the line where the last name of a key stands, or None; good enough to lead the eye there."""
    names = [name for name in re.split(r"[.\[\]]", key) if name and not name.isdigit()]
    for name in reversed(names):
        place = re.search(
            rf"(?m)^\s*{re.escape(name)}\s*=|[{{,]\s*{re.escape(name)}\s*=|^\[+{re.escape(name)}\]+", text
        )
        if place:
            return text.count("\n", 0, place.end()) + 1
    return None


# --- joining ----------------------------------------------------------------------------------------------------------


def _site(raw: Raw, family: Raw, path: Path) -> Site:
    fields = _joined_fields(raw, family)
    labels = {name: tuple(words) for name, words in (family.get("labels", {}) | raw.get("labels", {})).items()}
    both = {**family, **raw}
    remove = _joined_remove(raw, family)
    timezone, language = both.get("timezone"), both.get("language")
    return Site(
        id=raw["id"],
        name=raw["name"],
        hosts=tuple(raw["hosts"]),
        home=raw["home"],
        timezone=timezone,
        language=language,
        article_url=both.get("article_url"),
        article_id=both.get("article_id"),
        sections=_absolute(raw, "sections"),
        feeds=_absolute(raw, "feeds"),
        sitemaps=_absolute(raw, "sitemaps"),
        page_url=both.get("page_url"),
        delay_seconds=both.get("delay_seconds"),
        extends=raw.get("extends"),
        fields=fields,
        remove=remove,
        labels=labels,
        verified=_verified(raw.get("verified", {})),
        tests=tuple(_test(test, path) for test in raw.get("test", ())),
        path=path,
        rules_hash=_hash([raw["id"], timezone, language, _plain(fields), remove, labels]),
    )


def _joined_fields(raw: Raw, family: Raw) -> dict[str, tuple[Rule, ...]]:
    """Put the site's own rules before those of the family, for each field."""
    own, common = raw.get("fields", {}), family.get("fields", {})
    without = raw.get("without", ())
    joined = {}
    for name in FIELDS:
        rules = _listed(own.get(name)) + (_listed(common.get(name)) if name not in without else [])
        if rules:
            joined[name] = tuple(dict.fromkeys(_rule(rule, name) for rule in rules))
    return joined


def _joined_remove(raw: Raw, family: Raw) -> tuple[str, ...]:
    own = _listed(raw.get("fields", {}).get("remove"))
    common = [] if "remove" in raw.get("without", ()) else _listed(family.get("fields", {}).get("remove"))
    return tuple(dict.fromkeys(own + common))


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _rule(rule: str | Raw, field: str) -> Rule:
    default = Pick.ALL if field in LIST_FIELDS else Pick.FIRST
    if isinstance(rule, str):
        return Rule(css=rule, pick=default)
    given = {("date_form" if key == "date" else key): value for key, value in rule.items()}
    return Rule(**{**given, "pick": Pick(rule.get("pick", default))})


def _absolute(raw: Raw, key: str) -> tuple[str, ...]:
    home = raw["home"].rstrip("/")
    return tuple(home + url if url.startswith("/") else url for url in raw.get(key, ()))


def _verified(raw: Raw) -> Verified:
    return Verified(Status(raw.get("status", Status.UNVERIFIED)), raw.get("on"), raw.get("note", ""))


def _test(raw: Raw, path: Path) -> SiteTest:
    file = path.parent / raw["file"] if "file" in raw else None
    return SiteTest(raw["url"], raw["expect"], raw.get("html"), file, raw.get("fetched_on"))


def _plain(fields: Mapping[str, Sequence[Rule]]) -> dict[str, Any]:
    return {
        name: [[str(getattr(rule, key)) for key in Rule.__slots__] for rule in rules] for name, rules in fields.items()
    }


def _hash(value: object) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
