"""Texts of the demo newspaper as other papers would have them: cut, edited, mixed; and texts that only look alike."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from commands.newspaper.stories import PieceKind, read_texts

PROSE = (PieceKind.PARAGRAPH, PieceKind.HEADING, PieceKind.QUOTE)
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?”])\s+")
PHRASES_OF_A_PAPER = (
    "Mời bạn đọc theo dõi tin tức mới nhất trên trang của chúng tôi, tải ứng dụng và bấm quan tâm để không bỏ lỡ tin "
    "nóng. Mọi ý kiến đóng góp xin gửi về hộp thư của tòa soạn, bài viết hay sẽ được chọn đăng và trả nhuận bút theo "
    "quy định hiện hành của báo."
)


def originals() -> list[tuple[str, str]]:
    """Return (section, text) of each story of the newspaper that is not itself a reprint."""
    sections, stories = read_texts()
    del sections
    return [
        (story.section, "\n\n".join([story.lead or "", *(piece.text for piece in story.pieces if piece.kind in PROSE)]))
        for story in stories
        if story.reprint_of is None
    ]


def words_replaced(text: str, part: float, others: Sequence[str], rng: random.Random) -> str:
    """Put other words in place of some, here and there: what a thesaurus does."""
    return " ".join(rng.choice(others).split()[0] if rng.random() < part else word for word in text.split())


def cut(text: str, part: float, _others: Sequence[str], rng: random.Random) -> str:
    """Leave out a piece in one."""
    words = text.split()
    gone = round(len(words) * part)
    start = rng.randrange(len(words) - gone + 1)
    return " ".join([*words[:start], *words[start + gone :]])


def piece_replaced(text: str, part: float, others: Sequence[str], rng: random.Random) -> str:
    """Put strange words in place of a piece: a new beginning, a local angle."""
    words, strange = text.split(), _scrambled(rng.sample(others, 3), rng)
    size = round(len(words) * part)
    start = rng.randrange(len(words) - size + 1)
    return " ".join([*words[:start], *strange[:size], *words[start + size :]])


def sentences_replaced(text: str, part: float, others: Sequence[str], rng: random.Random) -> str:
    """Put strange words in place of some sentences, here and there."""
    sentences = BETWEEN_SENTENCES.split(text)
    left = round(len(text.split()) * part)
    for at in rng.sample(range(len(sentences)), len(sentences)):
        size = len(sentences[at].split())
        if size <= left + size // 2:
            sentences[at] = " ".join(_scrambled(rng.sample(others, 2), rng)[:size])
            left -= size
    return " ".join(sentences)


Edit = Callable[[str, float, Sequence[str], random.Random], str]
EDITS: dict[str, Edit] = {
    "cut": cut,
    "a piece replaced": piece_replaced,
    "sentences replaced": sentences_replaced,
    "words replaced": words_replaced,
}


def of_one_topic(number: int, rng: random.Random) -> list[str]:
    """Make articles that quote: half of each is its own, half are sentences of many stories of one section."""
    texts = originals()
    own = [sentence for _, text in texts for sentence in BETWEEN_SENTENCES.split(text)]
    section = rng.choice([section for section, _ in texts])
    quoted = [s for name, text in texts if name == section for s in BETWEEN_SENTENCES.split(text)]
    return [" ".join([*rng.sample(quoted, 4), *_scrambled(rng.sample(own, 4), rng)]) for _ in range(number)]


def notices(number: int, rng: random.Random) -> list[str]:
    """Make short notices of one paper, most of each its own phrases."""
    texts = [text for _, text in originals()]
    return [" ".join([*_scrambled(rng.sample(texts, 2), rng)[:30], PHRASES_OF_A_PAPER]) for _ in range(number)]


def _scrambled(sentences: Sequence[str], rng: random.Random) -> list[str]:
    words = " ".join(sentences).split()
    return rng.sample(words, len(words))


def column(day: int) -> str:
    """Make one day of a column: the same words, other figures."""
    rng = random.Random(day)  # noqa: S311 -- the same prices each time
    shops = ("SJC", "PNJ", "DOJI", "Phú Quý", "Bảo Tín", "Mi Hồng", "Ngọc Hải", "Rồng Vàng")
    lines = [
        f"Tại cửa hàng {shop}, giá vàng miếng mua vào {rng.randint(7000, 9000) / 100} triệu đồng mỗi lượng và bán ra "
        f"{rng.randint(7000, 9000) / 100} triệu đồng mỗi lượng, chênh lệch là {rng.randint(10, 400)} nghìn đồng."
        for shop in shops
    ]
    return "\n\n".join([f"Sáng ngày {day}, thị trường vàng trong nước có nhiều biến động.", *lines])
