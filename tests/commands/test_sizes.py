from __future__ import annotations

import pytest

from commands.exits import UsageProblem
from commands.sizes import bytes_of


@pytest.mark.parametrize(
    ("text", "count"),
    [("900", 900), ("500kB", 500_000), ("20MB", 20_000_000), ("1.5 GB", 1_500_000_000), ("2g", 2_000_000_000)],
)
def test_a_size_is_read_in_decimal_units(text: str, count: int) -> None:
    assert bytes_of(text) == count


@pytest.mark.parametrize("text", ["", "MB", "-5MB", "5 apples", "1e9", "٣MB", "9" * 40])
def test_what_is_no_size_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageProblem, match="write 500kB, 20MB"):
        bytes_of(text)
