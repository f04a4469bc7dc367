"""Where does an option get its value from that neither the line nor the environment gives: the user's luubao.toml.

The file is read when a first such option is met, so that help, completion and commands without one never touch it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

CONFIG_ENVIRONMENT = "LUUBAO_CONFIG"
FILE_NAME = "luubao.toml"

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        envvar=CONFIG_ENVIRONMENT,
        help="The settings. [default: luubao.toml in your config folder]",
    ),
]


def default_file() -> Path:
    """Return where the user's settings are looked for; it need not exist."""
    from platformdirs import user_config_path  # noqa: PLC0415 -- where no file is named

    return user_config_path("luubao") / FILE_NAME


def named_file(ctx: Any) -> Path | None:  # noqa: ANN401 -- a class Typer keeps to itself
    """Return the file of settings that the line or the environment names, None where neither does."""
    named = ctx.find_root().params.get("_config") or os.environ.get(CONFIG_ENVIRONMENT)
    return Path(named).expanduser() if named else None


def settings_of(ctx: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
    """Return the settings in force by their keys; raises UsageProblem for a file that is at fault."""
    named = named_file(ctx)
    path = named or default_file()
    if named is None and not path.is_file():
        return {}
    from commands.settings import read  # noqa: PLC0415 -- what reads TOML, where there is some

    return read(path)


class Defaults(dict[str, Any]):
    """What the file says of a command's options, by the names of its parameters."""

    def __init__(self, ctx: Any, keys: Mapping[str, str]) -> None:  # noqa: ANN401 -- as above
        super().__init__()
        self._ctx = ctx
        self._environments = keys
        self._is_read = False

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 -- whatever the file holds
        """Return what the file says of a parameter, `default` where that is nothing."""
        if name not in self._environments or self._ctx.resilient_parsing:
            return default
        self._read()
        return super().get(self._environments[name], default)

    def require_named_file(self) -> None:
        """Raise UsageProblem for a file that was named and is at fault, though nothing was wanted from it."""
        if self._environments and not self._ctx.resilient_parsing and named_file(self._ctx):
            self._read()

    def _read(self) -> None:
        if not self._is_read:
            self.update(_by_environment(settings_of(self._ctx)))
            self._is_read = True


def _by_environment(settings: Mapping[str, Any]) -> dict[str, Any]:
    if not settings:
        return {}
    from commands.setting_checks import KNOWN  # noqa: PLC0415 -- read already, with the file

    return {KNOWN[key].environment: value for key, value in settings.items()}


def defaults_of(ctx: Any, params: Iterable[Any]) -> Defaults:  # noqa: ANN401 -- as above
    """Return the defaults of a command: its options that the environment can give, the file can give as well."""
    return Defaults(ctx, {param.name: param.envvar for param in params if isinstance(param.envvar, str)})
