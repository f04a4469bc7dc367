"""A crawl as a service and a timer of systemd, of the user's own, that may write in its archive's folder alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from commands.exits import ExitCode, UsageProblem

FOLDER = "~/.config/systemd/user"

SERVICE = """\
# {folder}/{name}.service
[Unit]
Description=Crawl newspapers into {archive}

[Service]
Type=oneshot
ExecStart={command}
SuccessExitStatus={partial}
Nice=10
IOSchedulingClass=idle
UMask=0077
KillMode=mixed
TimeoutStopSec=90
ReadWritePaths={folders}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
NoNewPrivileges=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""
TIMER = """\
# {folder}/{name}.timer
[Unit]
Description=When to crawl newspapers into {archive}

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""


def service(command: Sequence[str], archive: Path, folders: Sequence[Path]) -> str:
    """Return the unit that crawls once; it may write in these folders and nowhere else."""
    return SERVICE.format(
        folder=FOLDER,
        name=name_of(archive),
        archive=escaped(str(archive)),
        command=" ".join(quoted(word) for word in command),
        partial=int(ExitCode.PARTIAL),
        folders=" ".join(quoted(str(folder)) for folder in dict.fromkeys(folders)),
    )


def timer(calendar: str, archive: Path) -> str:
    """Return the unit that says when."""
    return TIMER.format(folder=FOLDER, name=name_of(archive), archive=escaped(str(archive)), calendar=calendar)


def name_of(archive: Path) -> str:
    """Return the name of the units of an archive."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", archive.stem).strip("-")
    return "luubao" if stem in {"", "archive"} else f"luubao-{stem}"


def quoted(word: str) -> str:
    """Return a word as ExecStart= reads it (systemd.service(5), systemd.unit(5))."""
    safe = escaped(word).replace("$", "$$")
    if re.fullmatch(r"[\w@%+=:,./$-]+", safe, re.ASCII):
        return safe
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(text: str) -> str:
    """Return text as a unit holds it; raises UsageProblem for what no line can hold."""
    if not text.isprintable():
        raise UsageProblem("a unit cannot hold line breaks and control characters; name other files")
    return text.replace("%", "%%")
