"""Dependencies that were tampered with: F88."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"^([\w.-]+)==\S+", re.MULTILINE)
NO_LOCK = re.compile(r"https?://|--(?:extra-)?index|--find-links|--trusted-host|^-e |@ ", re.MULTILINE)


def wheel(folder: Path, code: str) -> Path:
    """Make a wheel of one module by hand, as an index might hand it out."""
    path = folder / "tinbao-1.0-py3-none-any.whl"
    files = {
        "tinbao.py": code,
        "tinbao-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tinbao\nVersion: 1.0\n",
        "tinbao-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text)}\n"
        archive.writestr("tinbao-1.0.dist-info/RECORD", record + "tinbao-1.0.dist-info/RECORD,,\n")
    return path


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_f88_every_dependency_is_locked_with_hashes_and_no_lock_names_an_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+==)", "\n" + text)[1:]

    assert len(entries) == len(PINNED.findall(text)) > 20
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not NO_LOCK.search(text)


def test_f88_what_luubao_needs_stands_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {name.lower() for name in PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))}

    assert {re.split(r"[<>=\[]", each)[0].lower() for each in project["dependencies"]} <= locked


def test_f88_every_installation_of_ours_asks_for_the_hashes() -> None:
    for file in (ROOT / "Makefile", ROOT / ".ci" / "run"):
        installs = [line for line in file.read_text(encoding="utf-8").splitlines() if "pip install" in line]

        assert installs
        assert all("--require-hashes" in line or "--no-deps" in line for line in installs), file


def test_f88_a_wheel_that_was_changed_is_not_installed(tmp_path: Path) -> None:
    right = hashlib.sha256(wheel(tmp_path, "NAME = 'tin'\n").read_bytes()).hexdigest()
    wheel(tmp_path, "NAME = 'another'\n")
    lock = tmp_path / "x.lock"
    lock.write_text(f"tinbao==1.0 --hash=sha256:{right}\n", encoding="utf-8")
    where = ["--no-index", "--find-links", str(tmp_path), "--target", str(tmp_path / "site")]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", *where]

    done = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "site" / "tinbao.py").exists()
