from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from commands.newspaper import Newspaper, Server, serve

Luubao = Callable[..., CompletedProcess[str]]


@pytest.fixture
def own_newspaper() -> Iterator[Server]:
    """A newspaper that the test may change."""
    with serve(Newspaper()) as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def fetch(luubao: Luubao, archive: Path, *args: str, stdin: str = "") -> CompletedProcess[str]:
    return luubao("fetch", *args, "--allow-private", "--delay", "0", "--archive", archive, stdin=stdin)


def test_one_url_prints_what_it_is_and_what_was_kept(luubao: Luubao, newspaper: Server, archive: Path) -> None:
    article = newspaper.newspaper.articles[0]

    done = fetch(luubao, archive, newspaper.url(article.path))

    first, facts, url, kept = done.stdout.splitlines()
    assert first == f"NEW      {article.title}"
    assert ", ".join(article.authors) in facts
    assert "words" in facts
    assert url.strip() == newspaper.url(article.path)
    assert kept.strip() == "kept as article 1; luubao show 1 shows it"
    assert done.returncode == 0


def test_an_article_kept_before_is_the_same_or_changed_with_what_changed(
    luubao: Luubao, own_newspaper: Server, archive: Path
) -> None:
    article = own_newspaper.newspaper.articles[0]
    url = own_newspaper.url(article.path)
    fetch(luubao, archive, url)

    same = fetch(luubao, archive, url).stdout
    own_newspaper.newspaper.edit(article.slug, title="Một tít khác hẳn cho bài này")
    changed = fetch(luubao, archive, url).stdout

    assert same.startswith(f"SAME     {article.title}\n")
    assert "article 1, kept since 20" in same
    assert changed.startswith("CHANGED  Một tít khác hẳn cho bài này\n")
    assert f"- title: {article.title}" in changed
    assert "+ title: Một tít khác hẳn cho bài này" in changed
    assert "version 2" in changed


def test_no_refresh_tells_what_is_kept_and_asks_nobody(luubao: Luubao, own_newspaper: Server, archive: Path) -> None:
    url = own_newspaper.url(own_newspaper.newspaper.articles[0].path)
    fetch(luubao, archive, url)
    own_newspaper.forget_requests()

    done = fetch(luubao, archive, url, "--no-refresh")

    assert done.stdout.startswith("KEPT ")
    assert not own_newspaper.requests


def test_no_save_keeps_nothing(luubao: Luubao, newspaper: Server, archive: Path) -> None:
    done = fetch(luubao, archive, newspaper.url(newspaper.newspaper.articles[0].path), "--no-save")

    assert done.stdout.startswith("READ ")
    assert not archive.exists()


def test_json_has_the_names_of_the_article_and_what_was_kept(luubao: Luubao, newspaper: Server, archive: Path) -> None:
    article = newspaper.newspaper.articles[0]

    done = fetch(luubao, archive, newspaper.url(article.path), "--json")

    record = json.loads(done.stdout)
    assert record["title"] == article.title
    assert record["verdict"] == "new"
    assert record["id"] == 1
    assert {"url", "body", "blocks", "published_at", "images", "related", "provenance", "first_seen_at"} <= set(record)


def test_markdown_is_the_article_as_a_text(luubao: Luubao, newspaper: Server, archive: Path) -> None:
    article = newspaper.newspaper.articles[0]

    done = fetch(luubao, archive, newspaper.url(article.path), "--markdown")

    assert done.stdout.startswith(f"# {article.title}\n")
    assert article.captions[0].split(".")[0] in done.stdout


def test_addresses_come_from_arguments_stdin_and_files_each_once(
    luubao: Luubao, newspaper: Server, archive: Path, tmp_path: Path
) -> None:
    one, two, three = (newspaper.url(article.path) for article in newspaper.newspaper.articles[:3])
    file = tmp_path / "urls.txt"
    file.write_text(f"\ufeff# two of them\n\n  {two}\n{three}\n", encoding="utf-8")

    done = fetch(luubao, archive, one, "-", "-i", str(file), "--json", stdin=f"{one}\n{two}\n")

    assert [json.loads(line)["url"] for line in done.stdout.splitlines()] == [one, two, three]


def test_some_that_fail_make_it_partial_and_programs_hear_of_them(
    luubao: Luubao, newspaper: Server, archive: Path
) -> None:
    good, bad = newspaper.url(newspaper.newspaper.articles[0].path), newspaper.url("/no-such-page")

    done = fetch(luubao, archive, good, bad, "--json")

    records = {record["url"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 3
    assert records[good]["verdict"] == "new"
    assert records[bad]["error"] == "not_found"
    assert done.stderr == f"luubao: {bad}: 404, there is no such page\n"
