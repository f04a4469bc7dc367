"""luubao sites, as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from commands.newspaper import Newspaper, Response, serve
from tests.warm import run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "scraper" / "sites" / "pages" / "tuoitre.html"
URL = "https://tuoitre.vn/cho-noi-20260307081500123.htm"


def luubao(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return run("sites", *args)


def own_folder(home: Path) -> Path:
    folder = home / ".config" / "luubao" / "sites"
    folder.mkdir(parents=True)
    return folder


def test_lists_newspapers_with_how_far_their_rules_were_seen_to_hold() -> None:
    done = luubao("list")

    rows = {line.split("\t")[0]: line.split("\t") for line in done.stdout.splitlines()}
    assert rows["tuoitre"][3] == "verified"
    assert rows["baobinhthuan"][3] == "unverified"
    assert done.returncode == 0


def test_lists_as_json_with_the_hash_of_the_rules() -> None:
    records = json.loads(luubao("list", "--json").stdout)

    assert all(len(record["rules_hash"]) == 64 for record in records)


def test_the_users_own_file_is_listed_first_and_wins(home: Path) -> None:
    (own_folder(home) / "mine.toml").write_text(
        'id = "tuoitre"\nname = "Của tôi"\nhome = "https://tuoitre.vn/"\nhosts = ["tuoitre.vn"]', encoding="utf-8"
    )

    assert luubao("list").stdout.startswith("tuoitre\tCủa tôi")


def test_shows_the_rules_of_a_newspaper_in_order() -> None:
    done = luubao("show", "vnexpress")

    assert "  1  h1.title-detail" in done.stdout
    assert "date day/month/year, hour:minute" in done.stdout


def test_an_unknown_newspaper_is_a_usage_error() -> None:
    done = luubao("show", "tuoitr")

    assert done.returncode == 2
    assert "luubao sites list" in done.stderr


def test_lint_names_line_key_and_fix_and_ends_with_one(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('id = "x"\nname = "X"\nhome = "https://x.vn/"\nhosts = ["x.vn"]\n[fields]\ntitel = "h1"')

    done = luubao("lint", path)

    assert done.returncode == 1
    assert "line 6: fields.titel: there is no such field; did you mean `title`?" in done.stdout


def test_lint_of_all_that_is_shipped_finds_nothing() -> None:
    done = luubao("lint")

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("command", [("sites", "list"), ("crawl", "tuoitre"), ("fetch", "https://tuoitre.vn/x")])
def test_a_bad_file_of_the_user_is_one_clear_line_and_no_traceback(home: Path, command: tuple[str, ...]) -> None:
    (own_folder(home) / "bad.toml").write_text("id = ")

    done = run(*command)

    assert done.returncode == 2
    assert "bad.toml: it is no TOML" in done.stderr
    assert "Traceback" not in done.stderr


def test_explains_a_saved_page_rule_by_rule() -> None:
    done = luubao("explain", PAGE, "--url", URL)

    assert "an article's address; id 20260307081500123" in done.stdout
    assert "+ title 1  h1.detail-title" in done.stdout
    assert "- section 2  .detail-breadcrumb a" in done.stdout


def test_a_saved_page_without_an_address_asks_for_it() -> None:
    done = luubao("explain", PAGE)

    assert done.returncode == 2
    assert "--url" in done.stderr


def test_says_that_unverified_rules_are_so() -> None:
    done = luubao("explain", PAGE, "--url", "https://baobinhthuan.com.vn/a-123456.html")

    assert "its rules are not verified yet" in done.stderr


def test_new_writes_a_file_that_passes_its_own_tests(tmp_path: Path) -> None:
    with serve(Newspaper()) as server:
        done = luubao("new", server.url("/"), "--allow-private", "--delay", "0", "--folder", tmp_path)
        again = luubao("new", server.url("/"), "--allow-private", "--delay", "0", "--folder", tmp_path)

    (path,) = tmp_path.glob("*.toml")
    assert done.returncode == 0, done.stderr
    assert "published_at" in done.stdout
    assert luubao("lint", path).returncode == 0
    assert luubao("test", path).returncode == 0
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_new_on_a_page_without_articles_says_what_to_give(tmp_path: Path) -> None:
    page = "<h1>Liên hệ</h1><p>Tòa soạn ở phố chợ.</p><a href='/'>Trang chủ</a>".encode()
    html = (("Content-Type", "text/html; charset=utf-8"),)
    with serve(Newspaper()) as server:
        server.fault("/lien-he", lambda _request: Response(200, html, page))
        done = luubao("new", server.url("/lien-he"), "--allow-private", "--delay", "0", "--folder", tmp_path)

    assert done.returncode == 2
    assert "give the address of a section page" in done.stderr
    assert not list(tmp_path.glob("*.toml"))


def test_new_on_a_page_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with serve(Newspaper()) as server:
        done = luubao("new", server.url("/khong-co"), "--allow-private", "--delay", "0", "--folder", tmp_path)

    assert done.returncode == 1
    assert "404" in done.stderr
    assert "Traceback" not in done.stderr


def test_explains_a_page_on_the_web() -> None:
    with serve(Newspaper()) as server:
        url = server.url(Newspaper().articles[0].path)
        done = luubao("explain", url, "--allow-private", "--site", "vnexpress")

    assert "title 1" in done.stdout
    assert done.returncode == 0
