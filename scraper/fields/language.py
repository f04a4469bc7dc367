"""In which language the article is written: what the page declares, checked against its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from scraper.document import Document
from scraper.fields import structured
from scraper.fields.candidates import Candidate, Chosen, first

SAMPLE_CHARS = 4_000
MIN_SHARE = 0.3  # of the letters, to tell a language by its script
MIN_VIETNAMESE_SHARE = 0.04  # of the letters, those that only Vietnamese has; running text has 0.10 to 0.25

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "uk": re.compile("[іїєґІЇЄҐ]"),
    "ru": re.compile("[а-яА-Я]"),
}
_SHARES = {"ja": 0.1, "uk": 0.03}  # where the telling letters are mixed with others
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = {
    "en": "the of and to in is that for was with",
    "de": "der die und das ist nicht mit von den ein",
    "fr": "le les des est une dans pour que qui du",
    "es": "el los las una por con del que para se",
    "it": "il di che della per una gli del sono con",
    "pt": "os uma não do da em para que com dos",
    "nl": "het een van de niet voor zijn met op en",
    "da": "og det er til en af at ikke på som",
    "no": "og det er til en av at ikke på som",
    "sv": "och det är att en som på av inte för",
    "pl": "się nie na jest że do to jak ale przez",
    "cs": "se na je že do jako ale který jsou byl",
    "tr": "bir ve bu için ile da de olarak daha çok",
    "id": "yang dan di dengan untuk dari ini itu pada tidak",
    "lt": "ir kad yra su tai bet kaip iš buvo apie",
}
_KNOWN = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_VIETNAMESE_TAGS = frozenset(["vi", "vn", "vie"])


def choose(document: Document, *, text: str = "") -> Chosen[str] | None:
    """Choose the language as a BCP 47 tag, `vi` or `en-GB`; None where nothing tells.

    `text` is the article's body. Vietnamese is known by its letters whatever the page declares, since templates of
    other countries are used unchanged; so are scripts that one language has. Declarations come next, a guess by the
    commonest words last.
    """
    sample = text[:SAMPLE_CHARS] or document.head_title
    letters = _letters(sample)
    found = first(chain(_certain(letters), _declared(document), _guessed(sample, letters)), _refuse_junk)
    return replace(found, value=normal(found.value)) if found else None


def is_vietnamese(text: str) -> bool:
    """Tell whether a text is Vietnamese, by letters that no other language has."""
    return _share(_letters(text), _VIETNAMESE) >= MIN_VIETNAMESE_SHARE


def _letters(text: str) -> Mapping[str, int]:
    """Count the letters of a text, each once, so that no letter is looked at again for each language."""
    return {mark: count for mark, count in Counter(text).items() if _LETTER.match(mark)}


def _share(letters: Mapping[str, int], script: re.Pattern[str]) -> float:
    """Return the share of the letters that are of the script, 0 to 1; 0 where there are none."""
    total = sum(letters.values())
    return sum(count for letter, count in letters.items() if script.match(letter)) / total if total else 0.0


def _certain(letters: Mapping[str, int]) -> Iterator[Candidate[str]]:
    if _share(letters, _VIETNAMESE) >= MIN_VIETNAMESE_SHARE:
        yield Candidate("letters", "vi")
    for name in ("ja", "ko"):
        if _share(letters, _SCRIPTS[name]) >= _SHARES.get(name, MIN_SHARE):
            yield Candidate("letters", name)


def _declared(document: Document) -> Iterator[Candidate[str]]:
    if document.language:
        yield Candidate("html:lang", document.language)
    node = structured.article_of(document)
    for text in structured.texts(node.get("inLanguage")) if node else ():
        yield Candidate("jsonld:inLanguage", text)
    for name in ("content-language", "language", "og:locale", "dc.language", "dcterms.language"):
        for text in document.meta.get(name, ()):
            yield Candidate(f"meta:{name}", text.split(",")[0])
    sent = next((value for name, value in document.headers if name.lower() == "content-language"), "")
    if sent:
        yield Candidate("header:content-language", sent.split(",")[0])


def _guessed(text: str, letters: Mapping[str, int]) -> Iterator[Candidate[str]]:
    for name, script in _SCRIPTS.items():
        if _share(letters, script) >= _SHARES.get(name, MIN_SHARE):
            yield Candidate("letters", name)
            return
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    counts = {name: sum(words[word] for word in known) for name, known in _KNOWN.items()}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= 3 and counts[best] >= 0.08 * words.total():  # noqa: PLR2004 - a share that running text exceeds
        yield Candidate("words", best)


def _refuse_junk(candidate: Candidate[str]) -> str | None:
    return None if _TAG.fullmatch(candidate.value.strip()) else "no language tag"


def normal(tag: str) -> str:
    """Return a tag in the usual case and with hyphens, `en_us` as `en-US`; country codes for Vietnamese as `vi`."""
    main, *rest = tag.strip().replace("_", "-").split("-")
    if main.lower() in _VIETNAMESE_TAGS:
        return "vi"
    return "-".join([main.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])  # noqa: PLR2004 - a region
