"""What does the text of an option mean: the few types our commands use, read without pydantic.

Typer reads every value through a pydantic model, a plain string too, which takes 0.1 s of each command. `quicken` gives
a parameter a reader of our own in its place; with a Typer that is built otherwise, or a type not known here, nothing
happens and Typer's own way is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer

SLOT = "_runtime_param"
"""Where Typer keeps what reads a parameter's value, made when it is first wanted."""


def quicken(param: Any) -> None:  # noqa: ANN401 -- a class Typer keeps to itself
    """Let a parameter be read by us, if its type is one that we know."""
    annotation = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    convert = _converter(annotation)
    if hasattr(param, SLOT) and convert is not None:
        setattr(param, SLOT, Reader(convert, is_list=get_origin(annotation) is list))


def _converter(annotation: Any) -> Callable[[str], Any] | None:  # noqa: ANN401 -- a type, or what stands for one
    if get_origin(annotation) is list:
        return _converter(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(annotation)
    return _CONVERTERS.get(annotation)


def _flag(text: str) -> bool:
    raise ValueError(f"{text!r} is given, where nothing may be")


def _choice(kind: type[Enum]) -> Callable[[str], Enum]:
    def convert(text: str) -> Enum:
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is none of {', '.join(str(each.value) for each in kind)}") from error

    return convert


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no whole number") from error


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no number") from error
    if number - number != 0:
        raise ValueError(f"{text!r} is no number")
    return number


_CONVERTERS: dict[Any, Callable[[str], Any]] = {str: str, Path: Path, bool: _flag, int: _whole, float: _number}


class Reader:
    """Reads the values of one parameter, as Typer's own class does."""

    def __init__(self, convert: Callable[[str], Any], *, is_list: bool) -> None:
        self._convert = convert
        self._is_list = is_list

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 -- classes Typer keeps to itself
        """Return the value of the parameter's type; raise BadParameter with what it should be."""
        if value is None:
            return () if self._is_list else None
        if not self._is_list:
            return self._one(value, param, ctx)
        values: Sequence[Any] = value
        return [self._one(each, param, ctx) for each in values]

    def _one(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 -- as above
        if not isinstance(value, str) or isinstance(value, Enum):
            return value  # a default, which is of the type already
        try:
            found = self._convert(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from error
        _check_range(found, param, ctx)
        return found


def _check_range(number: Any, param: Any, ctx: Any) -> None:  # noqa: ANN401 -- as above
    info = param.type_descriptor.parameter_info
    if info.min is not None and number < info.min:
        raise typer.BadParameter(f"{number} is less than {info.min}", ctx=ctx, param=param)
    if info.max is not None and number > info.max:
        raise typer.BadParameter(f"{number} is more than {info.max}", ctx=ctx, param=param)
