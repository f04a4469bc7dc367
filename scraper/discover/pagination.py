"""Which link leads to the next page of a listing: by rel=next, by its number, or by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

FIRST_PAGE = 1

_IN_QUERY = re.compile(
    r"(?:\A|&)(?:p|page|paged|trang|pg|pageindex|page_index|pageno|pagenumber|seite|pagina)=(\d{1,9})(?=&|\Z)",
    re.IGNORECASE,
)
_IN_PATH = re.compile(
    r"(?:/(?:page|trang|seite|pagina|pag|p)[/-]?|[-_](?:page-?|trang-?|p))(?P<number>\d{1,9})/?(?=\.[a-z0-9]{2,5}\Z|\Z)",
    re.IGNORECASE,
)
_HTML = re.compile(r"\.html?\Z")
_EXTENSION = re.compile(r"(?:/(?:index|default))?\.[a-z0-9]{2,5}\Z", re.IGNORECASE)
_NEXT_WORDS = re.compile(
    r"""[»›→>]+|next|older|next page|next [»›>→]|older (?:posts|articles)|load more|show more
    |sau|tiếp|trang (?:sau|tiếp|kế|tiếp theo)|tiếp theo|xem (?:tiếp|thêm)|(?:tin |bài )?cũ hơn
    |(?:page )?suivante?|weiter|nächste(?: seite)?|(?:página )?siguiente|próxim[ao]|seguinte|successiva|avanti|volgende
    |nästa|neste|næste|seuraava|następna|další|следующая|далее|наступна|sonraki|berikutnya|selanjutnya
    |次へ|次のページ|下一页|下一頁|다음|अगला""".replace("\n    ", ""),
    re.IGNORECASE,
)


def split_page(url: str) -> tuple[str, int]:
    """Return what a listing's pages have in common (scheme and extension apart), and the number of this one.

    "https://bao.vn/kinh-te/trang-2.htm" and "https://bao.vn/kinh-te.htm" give ("bao.vn/kinh-te", 2) and (…, 1).
    """
    parts = urlsplit(url)
    number = FIRST_PAGE
    query, path = parts.query, parts.path
    if match := _IN_QUERY.search(query):
        number, query = int(match[1]), _IN_QUERY.sub("", query).strip("&")
    elif match := _IN_PATH.search(path):
        number, path = int(match["number"]), path[: match.start()]
    stem = _EXTENSION.sub("", path).rstrip("/")
    return f"{parts.netloc.lower()}{stem}" + (f"?{query}" if query else ""), number


def next_page(url: str, links: Iterable[tuple[str, str, bool]]) -> str | None:
    """Return the URL of the page after `url` among links of (URL, text, whether it says rel=next); None on the last.

    A link by number must belong to the same listing; a link by words may, since load-more URLs are their own kind.
    """
    stem, number = split_page(url)
    by_words: str | None = None
    by_number: dict[int, str] = {}
    for target, text, is_next in links:
        target_stem, target_number = split_page(target)
        if is_next and target != url:
            return target
        if target_stem != stem or target_number <= number:
            continue
        by_number.setdefault(target_number, target)
        if by_words is None and _NEXT_WORDS.fullmatch(text.strip()):
            by_words = target
    return by_number.get(number + 1) or by_words


def next_page_by_rule(url: str, template: str) -> str:
    """Return the URL of the page after `url` by a site's rule such as "{section}-p{page}"; .htm and .html stay last.

    For newspapers whose pages have no link to the next, but a button that fetches it.
    """
    extension = _HTML.search(url)
    bare = url[: extension.start()] if extension else url
    pattern = re.escape(template).replace(r"\{section\}", "(?P<section>.+)").replace(r"\{page\}", r"(?P<page>\d{1,9})")
    match = re.fullmatch(pattern, bare)
    section, number = (match["section"], int(match["page"])) if match else (bare, FIRST_PAGE)
    following = template.replace("{section}", section).replace("{page}", str(number + 1))
    return following + (extension[0] if extension else "")
