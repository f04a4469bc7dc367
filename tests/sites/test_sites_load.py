"""Files of rules: what they say, and what is said of a bad one."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sites import RuleError, all_sites, load, shipped
from scraper.sites.checks import (
    EXPECTABLE,
    FAMILY_KEYS,
    LABELS,
    RULE_KEYS,
    SITE_KEYS,
    TEST_KEYS,
    VERIFIED_KEYS,
    problems,
)
from scraper.sites.files import SHIPPED, problems_of
from scraper.sites.rules import FIELDS, Pick, Rule, Status

HEAD = """
id = "lang"
name = "Báo Làng"
home = "https://baolang.vn/"
hosts = ["baolang.vn"]
"""


def write(folder: Path, text: str, name: str = "lang.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def first_problem(folder: Path, text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        load(write(folder, text))
    return caught.value


def test_a_selector_alone_is_a_rule(tmp_path: Path) -> None:
    site = load(write(tmp_path, HEAD + '[fields]\ntitle = "h1"\nauthors = [".a", { meta = "author" }]'))

    assert site.fields["title"] == (Rule(css="h1"),)
    assert site.fields["authors"] == (Rule(css=".a", pick=Pick.ALL), Rule(meta="author", pick=Pick.ALL))


def test_addresses_that_begin_with_a_slash_belong_to_the_front_page(tmp_path: Path) -> None:
    site = load(write(tmp_path, HEAD + 'sections = ["/xa-hoi", "https://khac.vn/x"]\nfeeds = ["/rss"]'))

    assert site.sections == ("https://baolang.vn/xa-hoi", "https://khac.vn/x")
    assert site.feeds == ("https://baolang.vn/rss",)


def test_the_sites_own_rules_come_before_those_of_its_family(tmp_path: Path) -> None:
    write(tmp_path, 'id = "nha"\nname = "Nhà"\n[fields]\ntitle = ".f"\nbody = "#b"\nremove = ".x"', "cms/nha.toml")

    site = load(write(tmp_path, HEAD + 'extends = "nha"\n[fields]\ntitle = "h1"\nremove = [".y"]'))

    assert [rule.css for rule in site.fields["title"]] == ["h1", ".f"]
    assert [rule.css for rule in site.fields["body"]] == ["#b"]
    assert site.remove == (".y", ".x")


def test_without_leaves_the_familys_rules_for_a_field_out(tmp_path: Path) -> None:
    write(tmp_path, 'id = "nha"\nname = "Nhà"\n[fields]\ntitle = ".f"\nlead = ".l"', "cms/nha.toml")

    site = load(write(tmp_path, HEAD + 'extends = "nha"\nwithout = ["title"]'))

    assert list(site.fields) == ["lead"]


def test_a_file_may_extend_a_family_that_is_shipped(tmp_path: Path) -> None:
    site = load(write(tmp_path, HEAD + 'extends = "onecms"'))

    assert site.fields["title"][0].css == "h1.sc-longform-header-title"


@pytest.mark.parametrize(
    ("text", "key", "fix"),
    [
        ('titel = "x"', "titel", "it can be id"),
        ('sectons = ["/a"]', "sectons", "did you mean `sections`?"),
        ('[fields]\ntitel = "h1"', "fields.titel", "did you mean `title`?"),
        ('[fields]\ntitle = { cs = "h1" }', "fields.title[1].cs", "did you mean `css`?"),
        ('[fields]\ntitle = "h1::::"', "fields.title[1]", "write it as h1.title"),
        ('[fields]\ntitle = { css = "h1", meta = "x" }', "fields.title[1]", "make two rules of it"),
        ('[fields]\ntitle = { attribute = "x" }', "fields.title[1]", "give css, meta"),
        ('[fields]\ntitle = { css = "h1", date = "day/month/year" }', "fields.title[1].date", "take it out"),
        ('[fields]\ntitle = { css = "h1", split = "," }', "fields.title[1].split", "take it out"),
        ('[fields]\nbody = { meta = "x" }', "fields.body[1]", "give css alone"),
        ('[fields]\npublished_at = { css = "p", date = "%d/%m" }', "fields.published_at[1].date", "day/month/year"),
        (
            '[fields]\npublished_at = { css = "p", date = "dd/mm/yyyy" }',
            "fields.published_at[1].date",
            "day/month/year",
        ),
        ("[fields]\ntitle = { css = 'h1', regex = '(a+)+$' }", "fields.title[1].regex", "no repeat within a repeat"),
        ("[fields]\ntitle = { css = 'h1', regex = '(a' }", "fields.title[1].regex", "single quotes"),
        ("article_id = '-\\d{1,9}$'", "article_id", "put the id in ( )"),
        ("article_url = '(.*)(.*)(.*)x'", "article_url", "no repeat within a repeat"),
        ('extends = "onecm"', "extends", "did you mean `onecms`?"),
        ('timezone = "Asia/Saigonn"', "timezone", "Asia/Ho_Chi_Minh"),
        ("delay_seconds = -1", "delay_seconds", "in seconds"),
        ("delay_seconds = true", "delay_seconds", "docs/adding-a-site.md"),
        ('sections = ["xa-hoi"]', "sections[1]", "https:// or /"),
        ('page_url = "?p="', "page_url", "{section}-p{page}"),
        ('[labels]\nrelatd = ["x"]', "labels.relatd", "did you mean `related`?"),
        ('[labels]\nrelated = "x"', "labels.related", "Tin liên quan"),
        ('[verified]\nstatus = "yes"', "verified.status", "unverified"),
        ('[verified]\nstatus = "verified"', "verified.on", "add the day"),
        ('[[test]]\nurl = "https://baolang.vn/a"\nhtml = "x"', "test[1].expect", "expect = { title"),
        ('[[test]]\nurl = "https://baolang.vn/a"\nexpect = { title = "a" }', "test[1].html", "as html or as a file"),
        ('[[test]]\nurl = "https://a.vn/a"\nhtml = "x"\nexpect = { titel = "a" }', "test[1].expect.titel", "`title`"),
        (
            '[[test]]\nurl = "https://a.vn/a"\nfile = "no.html"\nexpect = { title = "a" }',
            "test[1].file",
            "mend its name",
        ),
        (
            '[[test]]\nurl = "https://a.vn/a"\nfile = "../a"\nexpect = { title = "a" }',
            "test[1].file",
            "put the page into a folder",
        ),
        (
            '[fields]\ntitle = { css = "h1", valid_from = 2020-01-01, valid_until = 2019-01-01 }',
            "fields.title[1].valid_until",
            "swap the two days",
        ),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_fix(tmp_path: Path, text: str, key: str, fix: str) -> None:
    error = first_problem(tmp_path, HEAD + text)

    assert error.key == key
    assert fix in error.fix
    assert str(tmp_path / "lang.toml") in str(error)


def test_a_problem_names_its_line(tmp_path: Path) -> None:
    error = first_problem(tmp_path, HEAD + '[fields]\nlead = "p"\ntitel = "h1"')

    assert "line 8: fields.titel" in str(error)


@pytest.mark.parametrize("missing", ["id", "name", "home", "hosts"])
def test_what_every_site_needs_is_asked_for(tmp_path: Path, missing: str) -> None:
    text = "\n".join(line for line in HEAD.splitlines() if not line.startswith(missing))

    assert first_problem(tmp_path, text).key == missing


@pytest.mark.parametrize("content", [b"id = x", b"\xff\xfeid", b'id = "a"\nid = "b"'])
def test_a_file_that_is_no_toml_says_where(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lang.toml"
    path.write_bytes(content)

    with pytest.raises(RuleError, match=r"line|UTF-8"):
        load(path)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lang.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())

    assert load(path).name == "Báo Làng"


def test_a_file_that_is_not_there_is_an_error_of_rules(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load(tmp_path / "no.toml")


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + 'x = 1\n[fields]\ntitel = "h1"\nlead = "p::"')

    assert len(problems_of(path)) == 3
    with pytest.raises(RuleError, match="and 2 more"):
        load(path)


def test_an_error_of_rules_travels_between_processes(tmp_path: Path) -> None:
    error = first_problem(tmp_path, HEAD + "x = 1")

    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 -- our own bytes


def test_a_site_travels_between_processes(tmp_path: Path) -> None:
    site = load(write(tmp_path, HEAD + '[fields]\ntitle = "h1"'))

    assert pickle.loads(pickle.dumps(site)).fields == site.fields  # noqa: S301 -- our own bytes


LEAVES = st.one_of(
    st.text(max_size=12),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        ["h1", "a::", "(a+)+", "day/month/year", "%d", "https://a.vn/", "/a", "https://[", "a.vn", "Asia/x"]
    ),
)
KEYS = st.sampled_from([*SITE_KEYS, *RULE_KEYS, *VERIFIED_KEYS, *TEST_KEYS, *FIELDS, *LABELS, "remove", "x"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@given(st.dictionaries(KEYS, VALUES, max_size=6), st.booleans())
def test_whatever_a_file_says_its_problems_are_told_and_nothing_raises(raw: dict[str, object], is_family: bool) -> None:  # noqa: FBT001 -- given by position
    found = list(problems(raw, is_family=is_family))

    assert found or set(raw) >= {"id", "name"}
    assert all(problem.reason and problem.fix and "\n" not in str(problem) for problem in found)


# --- the hash of the rules --------------------------------------------------------------------------------------------


def test_the_hash_changes_with_the_rules_and_with_nothing_else(tmp_path: Path) -> None:
    plain = load(write(tmp_path, HEAD + '[fields]\ntitle = "h1"'))
    other_rule = load(write(tmp_path, HEAD + '[fields]\ntitle = "h2"'))
    other_talk = load(write(tmp_path, HEAD + '# a remark\nsections = ["/a"]\n\n[fields]\ntitle = ["h1"]'))

    assert plain.rules_hash != other_rule.rules_hash
    assert plain.rules_hash == other_talk.rules_hash


def test_the_hash_is_the_same_in_every_version_of_python(tmp_path: Path) -> None:
    rules = '[fields]\ntitle = "h1"\npublished_at = { css = ".d", date = "day/month/year", valid_until = 2020-01-31 }'
    site = load(write(tmp_path, HEAD + rules))

    assert site.rules_hash == "8e0f611a18c1952a0377c2260d6ba6b7ff2d23501a1f55eda24821ab2e3d41ab"


# --- what is shipped --------------------------------------------------------------------------------------------------

FILES = sorted([*SHIPPED.glob("*.toml"), *SHIPPED.glob("cms/*.toml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_is_without_fault(path: Path) -> None:
    assert not problems_of(path)


def test_shipped_sites_are_read_once_and_differ_in_id_and_host() -> None:
    sites = shipped()
    hosts = [host for site in sites for host in site.hosts]

    assert shipped() is sites
    assert len({site.id for site in sites}) == len(sites) > 15
    assert len(set(hosts)) == len(hosts)
    assert all(site.path and site.path.stem == site.id for site in sites)


@pytest.mark.parametrize("site", shipped(), ids=lambda site: site.id)
def test_loading_with_checks_gives_the_same_site_as_without(site: object) -> None:
    path = site.path  # type: ignore[attr-defined]

    assert load(path).rules_hash == site.rules_hash  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["baobinhthuan", "danvan"])
def test_the_first_targets_say_that_they_are_unverified(name: str) -> None:
    site = next(site for site in shipped() if site.id == name)

    assert site.verified.status is Status.UNVERIFIED
    assert site.verified.note


def test_whoever_is_called_verified_has_a_test() -> None:
    assert not [site.id for site in shipped() if site.verified and not site.tests]


# --- the user's own ---------------------------------------------------------------------------------------------------


def test_the_users_site_wins_over_the_shipped_one_of_its_id(tmp_path: Path) -> None:
    write(tmp_path, HEAD.replace('"lang"', '"tuoitre"'), "mine.toml")

    found = [site.name for site in all_sites(tmp_path) if site.id == "tuoitre"]

    assert found == ["Báo Làng"]
    assert len(all_sites(tmp_path)) == len(shipped())


def test_without_a_folder_of_the_user_the_shipped_sites_are_all(tmp_path: Path) -> None:
    assert all_sites(None) is shipped()
    assert all_sites(tmp_path / "no") is shipped()


def test_a_copy_of_a_shipped_file_works_in_the_users_folder(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "vnexpress.toml", tmp_path)
    shutil.copytree(SHIPPED / "pages", tmp_path / "pages")

    assert all_sites(tmp_path)[0].rules_hash == next(s for s in shipped() if s.id == "vnexpress").rules_hash


# --- the schema for editors -------------------------------------------------------------------------------------------


def test_the_schema_for_editors_knows_the_same_keys_as_the_checks() -> None:
    schema = json.loads((SHIPPED / "site.schema.json").read_text(encoding="utf-8"))
    top, rule = schema["properties"], schema["definitions"]["rule"]["oneOf"][1]["properties"]

    assert set(top) == set(SITE_KEYS) >= set(FAMILY_KEYS)
    assert set(rule) == set(RULE_KEYS)
    assert set(top["fields"]["properties"]) == {*FIELDS, "remove"}
    assert set(top["labels"]["properties"]) == set(LABELS)
    assert set(top["verified"]["properties"]) == set(VERIFIED_KEYS)
    assert set(top["test"]["items"]["properties"]) == set(TEST_KEYS)
    assert set(top["test"]["items"]["properties"]["expect"]["properties"]) == set(EXPECTABLE)
