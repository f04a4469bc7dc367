"""How alike two texts are: exactly, by their runs of three syllables, or at a glance, by a short signature. Pure.

Syllables are folded, since accents and the place of a tone differ between papers; a Vietnamese word has one or two of
them, so that three in a row are seldom shared by two texts that were not copied.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.fold import fold
from archive.schema_5 import BANDS, KEY_BYTES

SLOTS = 64
SEED = 2718
MIN_SHINGLES = 40  # a shorter text is a caption or a notice, and most of it may be the paper's own phrases
ALIKE = 0.3  # of all shingles of both, in both: what one paper leaves of another's text when it cuts it to a third
ALIKE_WITHIN_SITE = 0.7  # a paper's own phrases stand on all its pages, and it seldom reprints itself
MAX_CHARACTERS = 100_000  # a longer text is no article of a newspaper, and is compared by its beginning
SIGNED_AT_ONCE = 50  # texts: faster than one by one, and each has up to a megabyte of shingles
MIN_FIGURES = 5
FIGURES_OF_LIKENESS = 0.5  # figures of both, in both, as a part of the likeness: see `is_series`

_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(?:[.,/:-]\d+)*")
_MASK = 2**64 - 1
_SLOTS = struct.Struct(f"<{SLOTS}I")
_FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F  # odd: so that the order of syllables counts


@dataclass(frozen=True, slots=True)
class Text:
    """What of a text is compared."""

    shingles: frozenset[int]
    figures: frozenset[str]


def text_of(body: str) -> Text:
    """Take a text apart."""
    body = body[:MAX_CHARACTERS]
    return Text(frozenset(shingles(body)), frozenset(_FIGURE.findall(body)))


def shingles(body: str) -> list[int]:
    """Return a number of 64 bits for each run of three syllables, the same on every machine."""
    syllables = [_number(word) for word in _WORD.findall(body[:MAX_CHARACTERS])]
    runs = zip(syllables, syllables[1:], syllables[2:], strict=False)
    return [(one * _FIRST + two * _SECOND + three) & _MASK for one, two, three in runs]


@lru_cache(maxsize=65_536)  # Vietnamese has some seven thousand syllables
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(fold(word).encode(), digest_size=8).digest(), "little")


def likeness(one: Text, other: Text) -> float:
    """Return which part of all that stands in either text stands in both, from 0 to 1."""
    return _common(one.shingles, other.shingles)


def _common(one: frozenset[object], other: frozenset[object]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def is_one_text(one: Text, other: Text, *, is_same_site: bool) -> bool:
    """Tell whether one text is a copy of the other, or both of a third: whole, cut or edited."""
    alike = likeness(one, other)
    return alike >= (ALIKE_WITHIN_SITE if is_same_site else ALIKE) and not is_series(one, other, alike)


def is_series(one: Text, other: Text, alike: float) -> bool:
    """Tell two days of one column apart (gold prices, weather): the words are the same and the figures are not."""
    if min(len(one.figures), len(other.figures)) < MIN_FIGURES:
        return False
    return _common(one.figures, other.figures) < FIGURES_OF_LIKENESS * alike


# --- signatures -------------------------------------------------------------------------------------------------------


def algorithm() -> str:
    """Return what made a signature: those of another algorithm cannot be compared."""
    from rensa import RMinHash  # noqa: PLC0415 -- readers compare texts, never signatures

    return f"rensa R-MinHash {RMinHash.ALGORITHM_VERSION}, 3 folded syllables 1"


def signatures(bodies: Sequence[str]) -> list[bytes | None]:
    """Return the signature of each text, None for one too short to be compared."""
    parts = (bodies[first : first + SIGNED_AT_ONCE] for first in range(0, len(bodies), SIGNED_AT_ONCE))
    return [signature for part in parts for signature in _signed(part)]


def _signed(bodies: Sequence[str]) -> list[bytes | None]:
    from rensa import RMinHash  # noqa: PLC0415 -- as above

    runs = [shingles(body) for body in bodies]
    long = [each for each in runs if len(each) >= MIN_SHINGLES]
    rows = iter(RMinHash.digest_matrix_from_token_hash_sets(long, SLOTS, SEED).to_rows() if long else ())
    return [_SLOTS.pack(*next(rows)) if len(each) >= MIN_SHINGLES else None for each in runs]


def bands(signature: bytes) -> list[bytes]:
    """Return the pieces of a signature; two texts that are 0.3 alike have one in common with a chance of 0.95."""
    return [signature[KEY_BYTES * n : KEY_BYTES * (n + 1)] for n in range(BANDS)]


def estimate(one: bytes, other: bytes) -> float:
    """Return about how alike the texts of two signatures are; it errs by 0.06."""
    return sum(map(int.__eq__, _SLOTS.unpack(one), _SLOTS.unpack(other))) / SLOTS


def nearest(signature: bytes, others: Sequence[tuple[int, bytes]], *, least: float) -> list[int]:
    """Return the ids whose signatures are at least so much alike, the most alike first."""
    estimated = ((estimate(signature, other), article_id) for article_id, other in others)
    return [article_id for alike, article_id in sorted(estimated, key=lambda e: (-e[0], e[1])) if alike >= least]
