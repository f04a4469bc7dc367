"""The pictures of the story: address at best resolution, caption, credit, alternative text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from scraper import urls
from scraper.document import TEXT, Document
from scraper.fields.body import Place
from scraper.fields.caption_words import Caption
from scraper.fields.captions import Captions, called_captions
from scraper.fields.region import inside
from scraper.models import Image
from scraper.sites.rules import Site

LAZY = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-full-src",
    "data-hi-res-src",
    "data-image",
)
LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
MIN_PIXELS = 60
"""A picture that declares to be smaller, in either direction, is an icon."""
MAX_IMAGES = 300
MAX_SRCSET_CHARS = 20_000
WIDTH_OF_DENSITY = 600
MIN_TEASER_CHARS = 15
"""A link with a picture and more words than these leads to another story."""

MAX_CHARS_ABOVE_TITLE = 700
"""A picture with its caption stands no farther above the headline."""
MAX_TEASER_CHARS = 600
MAX_TEASER_LEVELS = 3
MAX_TEASER_NODES = 200
MAX_LEVELS = 6

_CALLED_PICTURE = re.compile(r"image|img|picture|photo|bild")
_NOT_A_PICTURE = re.compile(
    r"avatar|logo|icon|emoji|sprite|pixel|spacer|blank\.|loading|placeholder|gravatar|tracking|/ads?/|badge|button|author|share"
    r"|(?<![a-z])qr(?:-?code)?(?![a-z])"
)
_SMALL_WORDS = re.compile(
    r"avatar|logo(?!s?-?wall)|(?<![a-z])icons?(?![a-z])|emoji|author|gravatar|(?<![a-z])ads?(?![a-z])|advert|profile-?(?:pic|image|photo)"
)

_DESCRIPTOR = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)([wx])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the element that shows it."""

    node: int
    image: Image


def choose(
    document: Document, place: Place, *, title: int | None, site: Site | None = None
) -> tuple[tuple[Picture, ...], Captions]:
    """Return the story's pictures in reading order, and the captions found with the nodes they take from the text."""
    start, end = region(document, place, title)
    shown = [i for i in _elements(document) if start <= i < end]
    shown = [i for i in shown if not _is_barred(document, place, i) and _is_picture(document, i)][:MAX_IMAGES]
    captions = Captions(document, place, shown, title=title, site=site)
    pictures: dict[str, Picture] = {}
    for i in shown:
        url = _url(document, i)
        if url is None:
            continue
        picture = _picture(document, i, url, captions.of(i))
        known = pictures.get(url)
        if known is None or (known.image.caption is None and picture.image.caption):
            pictures[url] = picture
    return tuple(sorted(pictures.values(), key=lambda picture: picture.node)), captions


def region(document: Document, place: Place, title: int | None) -> tuple[int, int]:
    """Return the nodes that may hold the story's pictures, from the headline (or what wraps both) to the body's end."""
    start, end = place.container, document.ends[place.container]
    if title is not None and title < start:
        start = title
        for wrapper in document.ancestors(title):
            if (
                document.tags[wrapper] in {"body", "html", "main"}
                or document.length(wrapper) > 2 * document.length(place.container) + 2000
            ):
                break
            if document.is_within(place.container, wrapper):
                return _with_lead_picture(document, wrapper, title), document.ends[wrapper]
    return (start if title is None else _with_lead_picture(document, start, title)), end


def _with_lead_picture(document: Document, start: int, title: int) -> int:
    """Return the start of the picture with a caption that stands right above the headline, else the start as it is."""
    end = min(start, title)
    first = bisect_left(document.chars, document.chars[title] - MAX_CHARS_ABOVE_TITLE)
    captions = [i for i in called_captions(document, first, end) if document.length(i)]
    above = [i for i in _elements(document) if captions and first <= i < captions[-1]]
    return above[-1] if above else start


def _elements(document: Document) -> list[int]:
    """Return the elements that show pictures: `<img>`, AMP's, custom ones with an address, the posters of videos."""
    found = document.having("img", "amp-img")
    posters = [i for i in document.by_tag.get("video", ()) if document.attribute(i, "poster")]
    custom = [tag for tag in document.by_tag if "-" in tag and _CALLED_PICTURE.search(tag) and tag != "amp-img"]
    own = [i for i in document.having(*custom) if any(document.attribute(i, name) for name in ("src", *LAZY))]
    return sorted({*found, *posters, *own}) if posters or own else found


def _figure(document: Document, i: int) -> int | None:
    return next((a for a in islice(document.ancestors(i), MAX_LEVELS) if document.tags[a] == "figure"), None)


def _is_alone(document: Document, i: int) -> bool:
    """Tell whether a drawing is all that its figure shows; beside a photograph it is a button."""
    figure = _figure(document, i)
    return figure is not None and not any(document.tags[j] == "img" and j != i for j in inside(document, figure))


def _is_barred(document: Document, place: Place, i: int) -> bool:
    """Tell whether a picture stands in what is no story; `aria-hidden` within a figure hides it from no eye."""
    if not place.is_barred(i, document):
        return False
    figure = _figure(document, i)
    return figure is None or place.is_barred(figure, document)


def _picture(document: Document, i: int, url: str, caption: Caption | None) -> Picture:
    alt = document.attribute(i, "alt") or None
    return Picture(i, Image(url, caption.text if caption else None, caption.credit if caption else None, alt))


def _is_picture(document: Document, i: int) -> bool:
    """Tell a picture from icons, avatars, pixels and teasers' thumbnails."""
    for name in ("width", "height"):
        value = document.attribute(i, name).removesuffix("px")
        if value.isdecimal() and int(value) < MIN_PIXELS:
            return False
    if _SMALL_WORDS.search(document.marks(i)):
        return False
    is_drawing = _bare_address(document.attribute(i, "src")).endswith(".svg")
    if is_drawing and not _is_alone(document, i):
        return False
    return not _is_thumbnail(document, i)


def _bare_address(address: str) -> str:
    """Return an address in lower case without query and fragment."""
    return re.split(r"[?#]", address, maxsplit=1)[0].lower()


def _is_thumbnail(document: Document, i: int) -> bool:
    """Tell whether the picture is the thumbnail of a link to another page: a link with words, or beside one."""
    for wrapper in document.ancestors(i):
        tag = document.tags[wrapper]
        if tag == "a":
            href = document.attribute(wrapper, "href")
            if re.search(r"\.(?:jpe?g|png|webp|gif|avif)\b", href.lower()):
                return False
            words = sum(document.length(j) for j in inside(document, wrapper) if _is_caption(document, j))
            return document.length(wrapper) - words > MIN_TEASER_CHARS or _has_twin(document, wrapper, href)
        if tag in {"figure", "p", "td", "article", "section", "body"}:
            return False
    return False


def _is_caption(document: Document, i: int) -> bool:
    return document.tags[i] == "figcaption" and _figure(document, i) is not None


def _has_twin(document: Document, link: int, href: str) -> bool:
    """Tell whether a headline near the picture leads where its link leads; a link in a sentence may be the source's."""
    for wrapper in islice(document.ancestors(link), MAX_TEASER_LEVELS):
        if document.length(wrapper) > MAX_TEASER_CHARS or document.ends[wrapper] - wrapper > MAX_TEASER_NODES:
            return False
        links = document.between(wrapper, document.ends[wrapper], "a")
        twins = (
            j
            for j in links
            if j != link and document.attribute(j, "href") == href and document.length(j) > MIN_TEASER_CHARS
        )
        if href and any(not _is_in_sentence(document, j) for j in twins):
            return True
    return False


def _is_in_sentence(document: Document, link: int) -> bool:
    return any(document.tags[j] == TEXT for j in document.children(document.parents[link]))


def _url(document: Document, i: int) -> str | None:
    """Return the picture's address at the best resolution that the page names, or None if it names none."""
    for address in _addresses(document, i):
        if (
            address
            and not address.startswith(("data:", "blob:", "about:"))
            and not _NOT_A_PICTURE.search(address.lower().rsplit("?")[0][-40:])
        ):
            joined = urls.join(document.base or document.url, address) if document.url or "://" in address else address
            if joined is not None:
                return joined
    return None


def _addresses(document: Document, i: int) -> Iterator[str]:
    sets = [document.attribute(i, name) for name in LAZY_SETS]
    sets += [document.attribute(j, name) for j in _sources(document, i) for name in ("srcset", "data-srcset")]
    best = max((pair for text in sets for pair in _entries(text)), default=None)
    for name in ("data-original", "data-full-src", "data-hi-res-src"):
        yield document.attribute(i, name)
    if best is not None and best[0] > 1:
        yield best[1]
    for name in LAZY:
        yield document.attribute(i, name)
    yield document.attribute(i, "src")
    yield document.attribute(i, "poster")
    if best is not None:
        yield best[1]


def _sources(document: Document, i: int) -> Sequence[int]:
    parent = document.parents[i]
    if parent < 0 or document.tags[parent] != "picture":
        return ()
    return [j for j in document.children(parent) if document.tags[j] == "source"]


def _entries(srcset: str) -> Iterator[tuple[float, str]]:
    """Yield (width or density, address) of a srcset (HTML, 4.8.4.2.1); 600 pixels stand for a density of 1."""
    address = ""
    for token in srcset[:MAX_SRCSET_CHARS].split():
        if not address:
            address = token
            if not token.endswith(","):
                continue
            size = "1x"
        else:
            size, _, following = token.partition(",")
            if following:
                yield _size(size), address.rstrip(",")
                address = following
                continue
        yield _size(size), address.rstrip(",")
        address = ""
    if address:
        yield 1.0, address.rstrip(",")


def _size(descriptor: str) -> float:
    match = _DESCRIPTOR.fullmatch(descriptor)
    if match is None:
        return 1.0
    return float(match[1]) * (WIDTH_OF_DENSITY if match[2] == "x" else 1)
