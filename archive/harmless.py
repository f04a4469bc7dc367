"""What text and addresses of strangers may not do in a page or a file: pure."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection)."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls: no page may hold them
    "\u202a-\u202e\u2066-\u2069"  # they show a text in another order than it has, beyond its end
    "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"  # invisible, and able to hide a text
)


def scrubbed(text: str) -> str:
    """Replace lone surrogates, which no encoder takes, by U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def seen(text: str) -> str:
    """Return what a page may show of a text: without controls, and without what turns its order round."""
    return text if text.isprintable() else _UNSEEN.sub("", scrubbed(text))


def safe_address(url: object) -> str:
    """Return a URL that a program may follow; another scheme than http and https becomes #."""
    text = str(url or "")
    try:
        is_web = urlsplit(text).scheme in {"http", "https"}
    except ValueError:
        is_web = False
    return quote(scrubbed(text), safe=":/?#[]@!$&'()*+,;=%~-._") if is_web else "#"
