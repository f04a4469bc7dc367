"""Where the files lie that are sent as they are: one stylesheet."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
