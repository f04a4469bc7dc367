"""luubao export and luubao import, as they are typed."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from archive.errors import ExchangeError
from commands.exits import UsageProblem
from commands.export import Form, export
from commands.import_ import import_
from commands.newspaper import Newspaper, serve
from tests.archive.exchange_kit import articles_of, take_in
from tests.archive.warc_kit import URL, answer, html, record, write
from tests.crawl_scene import crawl_into, open_archive

Luubao = Callable[..., CompletedProcess[str]]


def test_out_and_in_again(kept: Path, luubao: Luubao, tmp_path: Path) -> None:
    file, other = tmp_path / "news.jsonl", tmp_path / "other.db"

    out = luubao("export", "jsonl", "-o", file, "--versions", "--kind", "any", "--archive", kept)
    back = luubao("import", file, "--archive", other)
    again = luubao("import", file, "--archive", other)

    assert (out.returncode, out.stdout) == (0, "")
    assert "articles to" in out.stderr
    assert "news.jsonl.manifest.json" in out.stderr
    assert back.returncode == again.returncode == 0
    assert f"{len(articles_of(kept))} new articles" in back.stdout
    assert again.stdout.startswith("0 new articles, 0 versions, 0 visits")
    assert articles_of(other) == articles_of(kept)
    listed = json.loads(luubao("runs", "--json", "--archive", other).stdout)
    assert [run["command"] for run in listed] == ["import", "import"]


def test_what_goes_to_stdout_is_the_articles_alone(kept: Path, luubao: Luubao, tmp_path: Path) -> None:
    lines = luubao("export", "jsonl", "-o", "-", "--sample", "3", "--seed", "5", "--archive", kept)
    table = luubao("export", "csv", "-o", "-", "--delimiter", ";", "--no-text", "--archive", kept)

    assert len([json.loads(line) for line in lines.stdout.splitlines()]) == 3
    assert lines.stderr == "3 articles\n"
    assert table.stdout.startswith("\ufeffid;url;site;")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "to", "options", "reason"),
    [
        (Form.WARC, "-", {}, "cannot go to stdout"),
        (Form.MARKDOWN, "x", {"no_text": True}, "nothing without text"),
        (Form.CSV, "x", {"versions": True}, "--versions is for jsonl"),
        (Form.CSV, "x", {"delimiter": "ab"}, "one character"),
        (Form.JSONL, "x", {"delimiter": ";"}, "--delimiter is for csv"),
    ],
)
def test_what_does_not_go_together_is_told(form: Form, to: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageProblem, match=reason):
        export(form, to=to, **options)


def test_a_file_that_is_there_is_not_overwritten_unasked(kept: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "mine.csv", b"mine")

    with pytest.raises(ExchangeError, match="--force replaces it"):
        export(Form.CSV, to=str(file), archive=kept)
    with pytest.raises(ExchangeError, match="make it first"):
        export(Form.CSV, to=str(tmp_path / "none" / "x.csv"), archive=kept)

    assert file.read_bytes() == b"mine"
    export(Form.CSV, to=str(file), archive=kept, force=True)
    assert file.read_bytes().startswith(b"\xef\xbb\xbfid,url")


def test_an_archive_is_never_replaced_by_its_own_export(kept: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(kept)

    for place in (kept, kept.with_name(f"{kept.name}-wal"), link):
        with pytest.raises(UsageProblem, match="the archive itself"):
            export(Form.CSV, to=str(place), archive=kept, force=True)


def test_an_import_tells_what_it_left_out_and_ends_with_3(luubao: Luubao, tmp_path: Path) -> None:
    bad = record("response", answer(html()), f"{URL}?2", WARC_Block_Digest="sha1:AAAA")
    gone = record("response", answer(b"", status="410 Gone"), f"{URL}?3")
    file = write(tmp_path / "pages.warc", record("response", answer(html())), bad, gone)

    done = luubao("import", file, "--archive", tmp_path / "a.db")

    assert done.returncode == 3
    assert done.stdout == "1 new article, 1 version, 2 visits; 1 record refused; failed: 1 not_found\n"
    assert "not what its digest says" in done.stderr


@pytest.mark.parametrize(
    ("files", "url", "reason"),
    [(1, None, "give it with --url"), (1, "no address", "write it whole"), (2, URL, "--url is for one")],
)
def test_a_saved_page_needs_an_address(files: int, url: str | None, reason: str, tmp_path: Path) -> None:
    page = write(tmp_path / "page.html", html())

    with pytest.raises(UsageProblem, match=reason):
        import_([page] * files, url=url, archive=tmp_path / "a.db")

    assert not (tmp_path / "a.db").exists()


def test_a_saved_page_is_read_in_a_worker_and_kept(luubao: Luubao, tmp_path: Path) -> None:
    page, archive = write(tmp_path / "page.html", html()), tmp_path / "a.db"

    named = luubao("import", page, "--url", URL, "--archive", archive)

    assert named.returncode == 0
    assert named.stdout.startswith("1 new article, ")


@pytest.mark.skipif(shutil.which("wget") is None, reason="there is no wget here")
def test_what_wget_took_is_what_a_crawl_takes(tmp_path: Path) -> None:
    with serve(Newspaper()) as server:
        arguments = ("--recursive", "--level=9", "--quiet", "--no-verbose", f"--warc-file={tmp_path / 'wget'}")
        subprocess.run(["wget", *arguments, server.url("/")], cwd=tmp_path, check=False, timeout=60)
        with open_archive(tmp_path / "crawled.db") as archive:
            asyncio.run(crawl_into(archive, server.url("/")))

    take_in(tmp_path / "imported.db", tmp_path / "wget.warc.gz")

    said = ("title", "body", "published_at", "authors", "section", "images", "related", "kind", "lead")
    imported, crawled = (
        {url: [article[name] for name in said] for url, article in articles_of(tmp_path / name).items()}
        for name in ("imported.db", "crawled.db")
    )
    assert imported == crawled
    assert len(imported) > 40
