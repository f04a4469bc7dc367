"""The words that newspapers put over their boxes of links, by what they mean, in the languages of the corpus."""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.models import Relation

MAX_LABEL_CHARS = 60
MAX_MORE_CHARS = 25  # that may follow the words of a label: "Đọc nhiều Thời sự"

_RELATED = r"""
(?:các |những )?(?:tin|tin tức|tin bài|tin, bài|bài|bài viết|bài báo|nội dung|thông tin|video|sự kiện|chủ đề)
(?: có)? (?:liên quan|tương tự)|(?:có )?liên quan(?=\W*$)|tham khảo thêm|(?:xem|đọc) thêm(?=\s?:)|xem thêm về
|mời (?:bạn |quý vị |độc giả )?(?:đọc|xem) thêm|bạn nên (?:đọc|xem)(?=\W*$)|(?:theo )?dòng sự kiện
|chuyên đề(?=\s?(?::|$))|(?:(?:các |những )?(?:tin|tin bài|bài|bài viết) )?cùng (?:chủ đề|sự kiện)
|>>+|»|related|read also|also read|read more(?=\s?:)|read next|see also
|more on this|more about this|on this topic|mehr zum thema|lesen sie auch|lesen sie hier|verwandte|passend dazu
|zum thema|mehr dazu|auch lesen|lire aussi|à lire aussi|à lire également|lire également|sur le même (?:sujet|thème)
|articles? liés?|voir aussi|à voir aussi|lee también|lea también|leer también|le puede interesar
|noticias relacionadas|artículos relacionados|relacionad[oa]s|ver también|leggi anche|articoli correlati|correlati
|vedi anche|approfondisci|leia também|leia mais(?=\s?:)|veja também|ver também|notícias relacionadas
|artigos relacionados|lees ook|gerelateerd|lees meer over|læs også|relaterede|mere om|les også|relaterte|mer om
|läs (?:också|även|mer)|relaterat|читайте также|читать также|по теме|материалы по теме|смотрите также|читайте також
|за темою|матеріали за темою|дивіться також|ilgili haberler?|ilgili konular|bunlar da ilgini|baca juga
|(?:berita|artikel) terkait|taip pat skaitykite|susij[ęe]|(?:czytaj|przeczytaj|zobacz) (?:także|też|również)
|powiązane|čtěte také|související|přečtěte si|संबंधित|यह भी पढ़ें|ये भी पढ़ें
|関連記事|関連ニュース|あわせて読みたい|関連する|관련기사|관련 기사
|관련 뉴스|相關新聞|相关新闻|相關文章|相关文章|延伸閱讀|延伸阅读|مواضيع ذات صلة|اقرأ أيضا
"""
_FEED = r"""
(?:các |những )?(?:tin|tin tức|tin bài|bài|bài viết|bài đăng) (?:khác|mới(?: hơn| nhất| nhận| cập nhật| đăng)?
|cũ hơn|gần đây|đã (?:đăng|đưa)|trước|sau|tiếp(?: theo)?|trong (?:chuyên mục|mục|ngày)|nổi bật|đáng chú ý|nên đọc
|tiêu điểm|hay)|(?:(?:các |những )?(?:tin|tin tức|tin bài|bài|bài viết) )?cùng (?:chuyên mục|danh mục|mục|loại)
|đọc thêm|xem thêm|đọc tiếp(?=\W*$)|mới nhất|mới cập nhật|(?:có thể )?bạn (?:có thể )?quan tâm|đừng bỏ lỡ
|có thể bạn (?:quan tâm|chưa biết|thích)|(?:gợi ý )?dành cho bạn|gợi ý cho bạn
|other (?:news|stories|articles)|more (?:news|stories|from|in|articles)|latest|recommended
|you (?:may|might) (?:also )?(?:like|be interested)|up next|editor'?s picks?|top stories|weitere
|mehr (?:aus|von|nachrichten)|neueste|aktuelle|empfehlungen|auch interessant|das könnte|plus de|dernières|à la une
|más noticias|últimas|otras noticias|te puede interesar|te recomendamos|altre notizie|altri articoli|ultime
|ti potrebbe|potrebbe interessarti|mais notícias|outras notícias|meer nieuws|laatste|flere|seneste|siste|fler
|senaste|другие новости|последние|новости|лента|інші новини|останні|son dakika|diğer haberler|berita lain|lainnya
|terkini|daugiau|naujausi|więcej|najnowsze|další|nejnovější|अन्य|और खबरें|ताजा|新着|最新|他の記事|おすすめ
|다른 기사|최신|其他新聞|其他新闻
|推薦|推荐
"""
_POPULAR = r"""
(?:tin |bài |bài viết |top )?(?:xem|đọc|quan tâm|bình luận) nhiều(?: nhất)?|nhiều người (?:đọc|xem)
|(?:tin |bài )?được (?:(?:đọc|quan tâm|xem) nhiều|quan tâm)|xu hướng
|tin nóng|nóng trong ngày|most[ -](?:read|popular|viewed|shared|commented)|popular|trending|top reads|meistgelesen
|am meisten gelesen|beliebt|meistkommentiert|les plus (?:lus|partagés|consultés)|les \+ lus|populaires|lo más
|más (?:leíd|vist)[oa]s|(?:i )?più (?:letti|visti|lette)|(?:as )?mais (?:lidas|lidos|vistas)
|meest (?:gelezen|bekeken)|mest (?:læst|lest|läst|lesta|lästa|leste|læste)|самое (?:читаемое|популярное)|популярн
|найпопулярніш|найчитаніш|en çok okunan|çok okunan|terpopuler|populer|skaitomiausi|populiariausi
|najczęściej czytane|najpopularniejsze|nejčtenější|सबसे ज्यादा पढ़|ट्रेंडिंग|アクセスランキング|ランキング
|人気|많이 본|인기|熱門|热门|人氣
|点击排行|الأكثر قراءة
"""


def _pattern(words: str) -> re.Pattern[str]:
    """Compile the words for texts in lower case; what minds no case would take ten times as long."""
    return re.compile(rf"^[\\s•|:+#*–-]*(?:{''.join(words.splitlines())})")


_PATTERNS = {
    Relation.POPULAR: _pattern(_POPULAR),
    Relation.RELATED: _pattern(_RELATED),
    Relation.SECTION: _pattern(_FEED),
}


@lru_cache(maxsize=4096)
def meaning(text: str) -> Relation | None:
    """Tell what a short text means as a label: RELATED, POPULAR, SECTION for other news of a section, or no label."""
    if len(text) > MAX_LABEL_CHARS or text.endswith("?"):
        return None
    text = text.lower()
    for relation, pattern in _PATTERNS.items():
        match = pattern.match(text)
        if match and len(text) - match.end() <= MAX_MORE_CHARS and not _goes_on(text[match.end() :]):
            return relation
    return None


def _goes_on(rest: str) -> bool:
    """Tell whether the label's last word is longer than an ending, and so another word."""
    return rest[:4].isalpha() and len(rest) >= 4  # noqa: PLR2004 - endings of words that are given as stems
