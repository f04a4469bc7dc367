from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from commands.registry import command_app


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


app = command_app()
got: dict[str, Any] = {}


@app.command()
def paint(
    words: Annotated[list[str], typer.Argument()],
    *,
    count: Annotated[int, typer.Option(min=1, max=9)] = 3,
    share: float | None = None,
    colour: Colour = Colour.RED,
    colours: Annotated[list[Colour] | None, typer.Option("--also")] = None,
    file: Annotated[Path | None, typer.Option(envvar="PAINT_FILE")] = None,
    wet: bool = False,
) -> None:
    got.update(locals())


def test_values_are_of_their_types() -> None:
    args = ["a", "b", "--count", "9", "--share", "0.5", "--colour", "blue", "--also", "red", "--file", "x/y", "--wet"]

    done = CliRunner().invoke(app, args)

    assert done.exit_code == 0
    assert got == {
        "words": ["a", "b"],
        "count": 9,
        "share": 0.5,
        "colour": Colour.BLUE,
        "colours": [Colour.RED],
        "file": Path("x/y"),
        "wet": True,
    }


def test_defaults_and_the_environment_are_kept() -> None:
    done = CliRunner().invoke(app, ["a"], env={"PAINT_FILE": "z"})

    assert done.exit_code == 0
    assert (got["count"], got["share"], got["colour"], got["file"], got["wet"]) == (
        3,
        None,
        Colour.RED,
        Path("z"),
        False,
    )
    assert not got["colours"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--count", "many", "'many' is no whole number"),
        ("--count", "0", "0 is less than 1"),
        ("--count", "10", "10 is more than 9"),
        ("--share", "nan", "'nan' is no number"),
        ("--share", "half", "'half' is no number"),
        ("--colour", "green", "'green' is none of red, blue"),
        ("--also", "green", "'green' is none of red, blue"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_it_should_be(option: str, value: str, said: str) -> None:
    done = CliRunner().invoke(app, ["a", option, value])

    assert done.exit_code == 2
    assert said in done.output
