"""luubao reparse as a user types it, with rules of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from commands.exits import ExitCode
from scraper.models import Role, Task, Visit
from scraper.reader import READER_VERSION, parse
from tests.archive.kit import NOW, SCRAPING, open_archive, page_of, value
from tests.archive.test_rereading import HEAD, NEW_RULES, html_of, url_of

Luubao = Callable[..., CompletedProcess[str]]


def keep_pages(path: Path, number: int) -> None:
    """Keep pages of a newspaper that has no rules yet."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for each in range(number):
            page = page_of(url_of(each), html_of(each))
            article = parse(page.body, page.url, fetched_at=page.fetched_at, sites=())
            archive.keep(Visit(Task(page.url, Role.ARTICLE, "baolang.vn"), page, article))
        archive.end_run(0, NOW)


def test_pages_are_read_again_by_rules_that_were_written_later(tmp_path: Path, luubao: Luubao) -> None:
    path, rules = tmp_path / "archive.db", tmp_path / "luubao" / "sites" / "lang.toml"
    assert SCRAPING.reader_version == READER_VERSION
    keep_pages(path, 9)
    env = {"LUUBAO_ARCHIVE": str(path), "XDG_CONFIG_HOME": str(tmp_path)}
    assert "all was read by today's reader" in luubao("reparse", "--stale", **env).stderr

    rules.parent.mkdir(parents=True)
    rules.write_text(HEAD + NEW_RULES, encoding="utf-8")
    tried = luubao("reparse", "--stale", "--dry-run", **env)
    done = luubao("reparse", "--stale", "--json", **env)
    again = luubao("reparse", "--stale", **env)

    assert (tried.returncode, done.returncode, again.returncode) == (ExitCode.OK, ExitCode.OK, ExitCode.OK)
    assert "9 pages read again: 9 articles would change" in tried.stdout
    assert "authors: 7 of 9" in tried.stdout
    assert "+ Trần Thị Bình" in tried.stdout
    assert json.loads(done.stdout)["fields"]["authors"]["changed"] == 7
    assert "all was read by today's reader" in again.stderr
    assert value(path, "SELECT count(*) FROM versions WHERE cause = 're-read'") == 9
    with open_archive(path):
        held = luubao("reparse", **env)
        beside = luubao("reparse", "--dry-run", **env)
    assert (held.returncode, beside.returncode) == (ExitCode.LOCKED, ExitCode.OK)
