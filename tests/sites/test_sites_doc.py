"""What docs/adding-a-site.md shows works as shown."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scraper.sites import find, load
from scraper.sites.examine import run_tests
from scraper.sites.files import problems_of
from scraper.sites.rules import FIELDS

DOC = (Path(__file__).parents[2] / "docs" / "adding-a-site.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
WHOLE = [text for text in EXAMPLES if text.startswith("id = ")]
HEAD = 'id = "baolang"\nname = "Báo Làng"\nhome = "https://baolang.vn/"\nhosts = ["baolang.vn"]\n'


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text[:30].replace("\n", " "))
def test_each_example_is_without_fault(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baolang.toml"
    is_bare_rule = text.startswith("authors")
    body = text if text.startswith("id = ") else HEAD + ("[fields]\n" if is_bare_rule else "") + text
    path.write_text(body, encoding="utf-8")

    assert problems_of(path) == []


def test_whole_examples_find_their_newspaper(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    for text in WHOLE:
        path.write_text(text, encoding="utf-8")
        site = load(path)

        assert find((site,), site.home) is site


def test_the_example_of_a_test_passes(tmp_path: Path) -> None:
    example = next(text for text in EXAMPLES if text.startswith("[[test]]"))
    path = tmp_path / "baolang.toml"
    rules = '[fields]\ntitle = "h1.title"\nbody = "#content"\npublished_at = ".date"\n'
    path.write_text(HEAD + rules + example, encoding="utf-8")

    (tried,) = run_tests(load(path))

    assert tried.is_right


def test_the_table_of_rules_holds_examples_that_are_toml() -> None:
    examples = re.findall(r"\| `(\{[^`]*\})` \|", DOC)

    assert len(examples) >= 9
    for example in examples:
        tomllib.loads(f"rule = {example}")


def test_every_field_is_told_of() -> None:
    for field in (*FIELDS, "remove"):
        assert f"`{field}`" in DOC
