"""Which commands are there: each is imported only when it is run, so that none pays for another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from commands.coercion import quicken
from commands.defaults import ConfigOption, defaults_of

EPILOG = "Begin with luubao demo. Each command has its own --help; the exit codes stand in docs/exit-codes.md."

NAME_CELLS = 30  # beyond which the help breaks the line after an option's name


@dataclass(frozen=True, slots=True)
class Registered:
    """A command: its name, its group in the help, and the first sentence of its own help."""

    name: str
    group: str
    summary: str
    module: str | None = None  # within commands/; None where it bears the command's name

    def load(self) -> Any:  # noqa: ANN401 -- a class Typer keeps to itself
        """Import the command's module, whose `app` it is."""
        module = import_module(f"commands.{self.module or self.name}")
        command = get_command(module.app)
        command.name = self.name
        return command


class PlainCommand(TyperCommand):
    """A command whose help names its arguments as their metavar is written: `[SITE|URL]...`, without Python's types."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- a class Typer keeps to itself
        """Read the arguments, by our own readers of values."""
        for param in self.get_params(ctx):
            quicken(param)
        ctx.default_map = defaults = defaults_of(ctx, self.get_params(ctx))
        left = super().parse_args(ctx, args)
        defaults.require_named_file()
        return left

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 -- a class Typer keeps to itself
        """Return what stands in the usage line after the command."""
        return ["[OPTIONS]", *(_metavar(param) for param in self.get_params(ctx) if _is_argument(param))]

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 -- as above
        """Write arguments, then options in the groups that they name, those that name none at the end."""
        arguments = [(_metavar(p), getattr(p, "help", "") or "") for p in self.params if _is_argument(p)]
        groups: dict[str, list[tuple[str, str]]] = {"Arguments": arguments}
        options = [p for p in self.get_params(ctx) if not _is_argument(p)]
        for option in sorted(options, key=lambda p: not _group(p)):
            if record := option.get_help_record(ctx):
                groups.setdefault(_group(option) or "Options", []).append(record)
        for title, rows in groups.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(_aligned(rows, groups.values()))


def _group(param: Any) -> str | None:  # noqa: ANN401 -- as above
    return getattr(param, "rich_help_panel", None)


def _aligned(rows: list[tuple[str, str]], groups: Iterable[list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return the lines of one group, its names as wide as the widest of all, so that the groups align."""
    cells = min(max(len(name) for group in groups for name, _ in group), NAME_CELLS)
    return [(name.ljust(cells), told) for name, told in rows]


def _is_argument(param: Any) -> bool:  # noqa: ANN401 -- as above
    return bool(param.param_type_name == "argument")


def _metavar(param: Any) -> str:  # noqa: ANN401 -- as above
    return str(param.metavar or param.name.upper())


class PlainGroup(TyperGroup):
    """A group of commands, whose own options are read by us too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- a class Typer keeps to itself
        """Read the arguments, by our own readers of values."""
        for param in self.get_params(ctx):
            quicken(param)
        return super().parse_args(ctx, args)


class _CommandApp(typer.Typer):
    def command(self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **options: Any) -> Any:  # noqa: ANN401 -- handed on to Typer
        """Register a command, plain unless told otherwise."""
        return super().command(name, cls=cls or PlainCommand, **options)


def command_app(**options: Any) -> typer.Typer:  # noqa: ANN401 -- handed on to Typer
    """Make the `app` of a command's module; without rich, which doubles the time that help takes."""
    options.setdefault("cls", PlainGroup)
    return _CommandApp(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, **options)


def application(*commands: Registered) -> typer.Typer:
    """Make the application of these commands, in this order."""
    registered = {command.name: command for command in commands}
    group = type("Commands", (_LazyGroup,), {"registered": registered})
    app = typer.Typer(
        cls=group, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True, epilog=EPILOG
    )
    app.callback()(_luubao)
    return app


class _LazyGroup(PlainGroup):
    """A group that knows its commands by their entries, and loads the one that is run."""

    registered: dict[str, Registered]

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- handed on to Typer
        super().__init__(**options)
        self.commands = cast("Any", dict.fromkeys(self.registered))  # a mistyped name is compared with these

    def list_commands(self, _ctx: Any) -> list[str]:  # noqa: ANN401 -- a class Typer keeps to itself
        """Return the names in the order of the help."""
        return list(self.registered)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 -- a class Typer keeps to itself
        """Load a command; None for a name that is none."""
        entry = self.registered.get(cmd_name)
        return entry.load() if entry else None

    def format_commands(self, _ctx: Any, formatter: Any) -> None:  # noqa: ANN401 -- classes Typer keeps to itself
        """Write the commands in groups, from their entries alone."""
        for title, entries in groupby(self.registered.values(), key=lambda entry: entry.group):
            with formatter.section(title):
                formatter.write_dl(_rows(list(entries), self.registered))


def _rows(entries: Sequence[Registered], everything: dict[str, Registered]) -> list[tuple[str, str]]:
    """Return the lines of one group, its names as wide as the widest of all, so that the groups align."""
    cells = max(map(len, everything))
    return [(entry.name.ljust(cells), entry.summary) for entry in entries]


def _show_version(wanted: bool) -> None:  # noqa: FBT001 -- Typer calls it so
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 -- 20 ms that no other command should pay

        from commands.output import line  # noqa: PLC0415 -- as above

        line(f"luubao {version('luubao')}")
        raise typer.Exit


def _luubao(
    *,
    _config: ConfigOption = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Keep newspapers: crawl a news site, read each article, and keep every version with its page in one file."""
