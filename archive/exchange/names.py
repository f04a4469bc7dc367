"""Names of files from titles that may hold anything: they say what is inside, and never leave their folder."""

from __future__ import annotations

import re
import unicodedata

from archive.fold import fold

MAX_SLUG_CHARS = 80
_OTHER = re.compile(r"[^a-z0-9]+")


def file_name(title: str | None, url: str, article_id: int, suffix: str) -> str:
    """Return a name of ASCII letters, digits and hyphens that ends with the article's id, so that no two are the same.

    A name of Windows' devices (CON, NUL) cannot come of it, nor a hidden file, a path, or one that is too long.
    """
    slug = _slug(title or "") or _slug(url.rsplit("/", 1)[-1]) or "article"
    return f"{slug}-{int(article_id)}{suffix}"


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", fold(text[: MAX_SLUG_CHARS * 4])).lower()
    ascii_letters = letters.encode("ascii", "ignore").decode("ascii")
    return _OTHER.sub("-", ascii_letters)[:MAX_SLUG_CHARS].strip("-")
