"""How much is meant: sizes as people write them."""

from __future__ import annotations

import re

from commands.exits import UsageProblem

UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}
_WRITTEN = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s?([KMGT]?B?)", re.IGNORECASE | re.ASCII)


def bytes_of(text: str) -> int:
    """Return the bytes of "500kB", "20MB", "1.5 GB", "2G", in decimal units; raises UsageProblem."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise UsageProblem(f"{text!r} is no size: write 500kB, 20MB, 1.5GB")
    unit = found[2].upper()
    return int(float(found[1]) * UNITS[unit if unit.endswith("B") or not unit else f"{unit}B"])
