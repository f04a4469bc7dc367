"""The words of the pages, in English and Vietnamese, and which of them a browser wants."""

from __future__ import annotations

import re

LANGUAGES = ("en", "vi")

LABELS: dict[str, tuple[str, str]] = {
    # everywhere
    "skip": ("Skip to the content", "Chuyển đến nội dung"),
    "menu": ("Pages", "Các trang"),
    "front": ("Articles", "Bài viết"),
    "tables": ("Tables and SQL", "Bảng và SQL"),
    "home": ("luubao: to the first page", "luubao: về trang đầu"),
    "footer": (
        "Read from {name}. Nothing can be changed here.",
        "Đọc từ {name}. Ở đây không thể thay đổi gì.",
    ),
    "no_title": ("(without title)", "(không có tiêu đề)"),
    "no_date": ("no date", "không rõ ngày"),
    # front
    "search": ("Search", "Tìm"),
    "search_label": ("Words to look for", "Từ cần tìm"),
    "search_hint": (
        "Accents need not be typed. “A phrase” in quotes, -without, title:cầu, author:hằng, after:2023-03.",
        "Không cần gõ dấu. “Cụm từ” trong ngoặc kép, -bỏ từ này, title:cầu, author:hằng, after:2023-03.",
    ),
    "exact_accents": ("only with the accents as typed", "chỉ những bài đúng dấu đã gõ"),
    "newest": ("Newest articles", "Bài mới nhất"),
    "results": ("Found for {words}", "Kết quả cho {words}"),
    "older": ("Older", "Cũ hơn"),
    "newer": ("Newer", "Mới hơn"),
    "pages": ("Pages of this list", "Các trang của danh sách này"),
    "page": ("Page {number}", "Trang {number}"),
    "nothing": ("Nothing found", "Không tìm thấy gì"),
    # an article
    "unknown_id": ("There is no such article", "Không có bài viết này"),
    # problems
    "problem_400": ("This cannot be asked so", "Không thể hỏi như vậy"),
    "problem_403": ("Not allowed", "Không được phép"),
    "problem_404": ("Not here", "Không có ở đây"),
    "problem_500": ("This archive cannot be read", "Không đọc được kho lưu trữ này"),
    "problem_503": ("The archive is busy", "Kho lưu trữ đang bận"),
    "problem_what": ("What happened", "Chuyện gì đã xảy ra"),
    "problem_on": ("Where to go from here", "Đi tiếp từ đây"),
    "problem_front": ("See the newest articles", "Xem các bài mới nhất"),
    "problem_again": ("Try again", "Thử lại"),
}
"""Name of a label -> what it says in the languages, in the order of LANGUAGES; names of values stand in braces."""

_WANTED = re.compile(r"\s*([a-z]{1,8}|\*)(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE)


def language_of(accepted: str | None) -> str:
    """Return which of our languages a browser likes best, by its Accept-Language (RFC 9110, 12.5.4); else English."""
    liked: dict[str, float] = {}
    for part in (accepted or "")[:1000].split(","):
        wanted = _WANTED.fullmatch(part)
        if wanted is not None:
            liked.setdefault(wanted[1].lower(), float(wanted[2] or 1))
    best = max(LANGUAGES, key=lambda language: liked.get(language, 0.0))
    return best if liked.get(best, 0.0) > 0 else LANGUAGES[0]


class Labels:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, name: str, /, **values: object) -> str:
        """Return what a label says; raises KeyError for one that is not in the table."""
        said = LABELS[name][self._at]
        return said.format(**values) if values else said
