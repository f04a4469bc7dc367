"""Pages as WACZ, held against what others make of them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from archive.exchange import wacz_out
from archive.exchange.wacz_out import surt
from tests.archive.exchange_kit import articles_of, chosen_of, no_tick, take_in

PEERS = Path(__file__).parents[3] / ".venv-peers" / "bin"
needs_peers = pytest.mark.skipif(not (PEERS / "wacz").exists(), reason="no .venv-peers; make peers makes it")


def write_wacz(path: Path, to: Path) -> Path:
    with chosen_of(path) as chosen, to.open("wb") as file:
        wacz_out.write(chosen, file, no_tick, software="luubao test")
    return to


def test_it_comes_back_article_by_article_and_is_the_same_twice(crawled: Path, tmp_path: Path) -> None:
    one, two = write_wacz(crawled, tmp_path / "one.wacz"), write_wacz(crawled, tmp_path / "two.wacz")

    take_in(tmp_path / "other.db", one)

    assert one.read_bytes() == two.read_bytes()
    assert articles_of(tmp_path / "other.db") == articles_of(crawled)


def test_the_datapackage_has_the_hash_of_all_and_the_pages_have_their_text(crawled: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(write_wacz(crawled, tmp_path / "out.wacz")) as file:
        package = file.read("datapackage.json")
        digest = json.loads(file.read("datapackage-digest.json"))
        told = {each["path"]: (each["hash"], each["bytes"]) for each in json.loads(package)["resources"]}
        found = {name: file.read(name) for name in file.namelist() if not name.startswith("datapackage")}
        kinds = {info.filename: info.compress_type for info in file.infolist()}

    head, *pages = [json.loads(line) for line in found["pages/pages.jsonl"].splitlines()]
    assert digest["hash"] == f"sha256:{hashlib.sha256(package).hexdigest()}"
    assert told == {name: (f"sha256:{hashlib.sha256(text).hexdigest()}", len(text)) for name, text in found.items()}
    assert kinds["archive/data.warc.gz"] == zipfile.ZIP_STORED
    assert head["hasText"]
    assert len(pages) == sum(len(article["versions"]) for article in articles_of(crawled).values())
    assert all(page["url"] and page["title"] and page["text"] and page["ts"].endswith("Z") for page in pages)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Bao.vn/Tin?b=2&a=1", "vn,bao)/tin?a=1&b=2"),
        ("http://m.bao.vn:8080/", "vn,bao,m:8080)/"),
        ("https://bao.vn//a//b/?x", "vn,bao)/a/b?x"),
        ("https://bao.vn/%C4%90", "vn,bao)/%c4%90"),
        ("http://127.0.0.1/", "1,0,0,127)/"),
    ],
)
def test_keys_of_the_index_are_those_of_pywb(url: str, key: str) -> None:
    assert surt(url) == key


@needs_peers
def test_the_validator_of_wacz_passes_it_and_its_index_is_that_of_cdxj_indexer(crawled: Path, tmp_path: Path) -> None:
    path = write_wacz(crawled, tmp_path / "out.wacz")
    with zipfile.ZipFile(path) as file:
        ours = file.read("indexes/index.cdxj").decode().splitlines()
        warc = Path(file.extract("archive/data.warc.gz", tmp_path))

    validated = subprocess.run([PEERS / "wacz", "validate", "-f", path], capture_output=True, text=True, check=False)
    indexed = subprocess.run([PEERS / "cdxj-indexer", "-s", warc], capture_output=True, text=True, check=True)

    assert validated.returncode == 0, validated.stdout + validated.stderr
    assert "is valid" in validated.stdout
    assert ours == [line for line in indexed.stdout.splitlines() if '"mime": "application/json"' not in line]
