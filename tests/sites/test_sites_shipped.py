"""The tests that stand in the files of rules, and the real pages where they are at hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scraper.document import Document
from scraper.reader import parse
from scraper.sites import Site, find, shipped
from scraper.sites.apply import candidates
from scraper.sites.examine import explain, run_tests
from scraper.sites.rules import SiteTest, warning_of

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
WITH_TESTS = [site for site in shipped() if site.tests]


@pytest.mark.parametrize("site", WITH_TESTS, ids=lambda site: site.id)
def test_each_sites_own_tests_pass(site: Site) -> None:
    tried = list(run_tests(site))

    assert [mismatch for result in tried for mismatch in result.mismatches] == []


@pytest.mark.parametrize("site", [site for site in WITH_TESTS if site.verified], ids=lambda site: site.id)
def test_the_first_rule_of_each_main_field_matches_its_page(site: Site) -> None:
    (test,) = site.tests
    assert test.file is not None
    document = Document(test.file.read_text(encoding="utf-8"), test.url)

    for field in ("title", "body", "published_at"):
        assert next(hit.source for hit in candidates(site, field, document)).endswith("/1")


def test_a_test_that_expects_something_else_fails_with_what_was_found() -> None:
    site = next(site for site in WITH_TESTS if site.id == "tuoitre")
    test = site.tests[0]
    wrong = SiteTest(test.url, {"title": "Khác", "lacks": ["Ghe nhỏ"], "authors": []}, file=test.file)
    changed = Site(**{name: getattr(site, name) for name in Site.__slots__} | {"tests": (wrong,)})

    (tried,) = run_tests(changed)

    assert [mismatch.field for mismatch in tried.mismatches] == ["title", "lacks", "authors"]
    assert tried.mismatches[0].source.startswith("site:tuoitre/title/")


def test_explains_every_rule_with_what_it_finds() -> None:
    site = next(site for site in WITH_TESTS if site.id == "vnexpress")
    test = site.tests[0]
    assert test.file is not None
    explained = list(explain(site, Document(test.file.read_text(encoding="utf-8"), test.url)))

    titles = [one for one in explained if one.field == "title"]
    assert [(one.rule, one.found) for one in titles] == [("h1.title-detail", ("Làng chiếu vào vụ dệt",))]
    assert any(one.field == "remove" and one.found for one in explained)
    assert any(not one.found for one in explained)


def test_warns_of_rules_that_no_one_has_seen_hold() -> None:
    warned = {site.id for site in shipped() if warning_of(site)}

    assert {"baobinhthuan", "danvan"} <= warned
    assert not warned & {"tuoitre", "vnexpress"}


# --- real pages -------------------------------------------------------------------------------------------------------


def rows() -> list[dict[str, object]]:
    if not (CORPUS / "index.jsonl").is_file():
        return []
    lines = (CORPUS / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for line in lines if (row := json.loads(line))["lang"] == "vi" and row["truth"]["kind"] == "article"]


def test_on_real_pages_of_verified_newspapers_rules_find_title_date_and_body() -> None:
    if not rows():
        pytest.skip("the real pages are not at hand")
    for row in rows():
        url, truth = str(row["url"]), row["truth"]
        assert isinstance(truth, dict)
        html = gzip.decompress((CORPUS / str(row["path"])).read_bytes())

        article = parse(html, url)

        site = find(shipped(), url)
        assert site is not None
        assert site.verified
        assert article.title == truth["title"]
        for field in ("title", "body", "published_at"):
            assert article.provenance[field].source.startswith(f"site:{site.id}/{field}/")
        assert str(article.to_dict()["published_at"])[:16] == truth["date"][:16]
        assert [author.casefold() for author in article.authors] == [a.casefold() for a in truth["authors"]]
