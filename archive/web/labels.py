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
    "last_page": (
        "More are not listed here: choose a month, a section or more words.",
        "Danh sách dừng ở đây: hãy chọn tháng, chuyên mục hoặc thêm từ.",
    ),
    "number_of": ("{number} articles", "{number} bài"),
    "number_of_1": ("1 article", "1 bài"),
    "more_than": ("more than {number} articles", "hơn {number} bài"),
    "narrow": ("Narrow the list", "Thu hẹp danh sách"),
    "narrowed_by": ("The list is narrowed by", "Danh sách đang thu hẹp theo"),
    "remove": ("remove", "bỏ"),
    "more_values": ("{number} more", "thêm {number}"),
    "counted_latest": (
        "Counted in the latest {number} articles kept.",
        "Đếm trong {number} bài lưu gần nhất.",
    ),
    "facet_site": ("Newspaper", "Báo"),
    "facet_section": ("Section", "Chuyên mục"),
    "facet_author": ("Author", "Tác giả"),
    "facet_month": ("Month", "Tháng"),
    "folded_one": ("The same text once more", "Cùng văn bản này còn một nơi nữa"),
    "folded_many": ("The same text {number} times more", "Cùng văn bản này còn {number} nơi nữa"),
    "no_word": ("No article has {words}.", "Không bài nào có {words}."),
    "instead": ("Near it there is", "Gần giống có"),
    "without_filters": (
        "Without what narrows the list there would be {number}",
        "Nếu không thu hẹp thì có {number}",
    ),
    "nothing_kept": (
        "Nothing is kept yet: luubao fetch or luubao crawl begins.",
        "Chưa lưu gì: bắt đầu bằng luubao fetch hoặc luubao crawl.",
    ),
    "nothing": ("Nothing found", "Không tìm thấy gì"),
    # an article
    "by": ("By", "Tác giả"),
    "published": ("Published", "Đăng"),
    "modified": ("changed", "sửa"),
    "reprinted_from": ("Reprinted from {source}", "Đăng lại từ {source}"),
    "reprinted_when": ("published there", "đăng ở đó"),
    "original": ("Original page", "Trang gốc"),
    "as_kept": ("The page as it was kept", "Trang như khi được lưu"),
    "as_json": ("As JSON", "Dạng JSON"),
    "picture": ("Picture", "Ảnh"),
    "load_pictures": ("Load the pictures from {hosts}", "Tải ảnh từ {hosts}"),
    "hide_pictures": ("Do not load pictures", "Không tải ảnh"),
    "table": ("Table", "Bảng"),
    "tags": ("Tags", "Thẻ"),
    "older_version": ("This is version {number} of {newest}.", "Đây là bản {number} trong {newest} bản."),
    "to_newest": ("Read the newest", "Đọc bản mới nhất"),
    "state_missing": (
        "The newspaper's page was not there at the last visit.",
        "Lần xem gần nhất trang của báo không còn đó.",
    ),
    "state_removed": ("The newspaper took this article down.", "Báo đã gỡ bài này."),
    "page_not_kept": (
        "The page that this text was read from is not kept.",
        "Trang mà văn bản này được đọc từ đó không được lưu.",
    ),
    "page_damaged": (
        "The kept page of this text is damaged: its hash differs. The text below was read when it was whole.",
        "Trang lưu của bài này bị hỏng: mã băm không còn khớp. Văn bản dưới đây được đọc khi trang còn nguyên.",
    ),
    "related": ("Related", "Liên quan"),
    "kept_here": ("kept here", "có trong kho"),
    "elsewhere": ("on the web", "trên mạng"),
    "copies": ("The same text elsewhere", "Cùng văn bản này ở nơi khác"),
    "likely_original": ("likely the original", "có lẽ là bản gốc"),
    "history": ("What happened to it", "Chuyện gì đã xảy ra với bài này"),
    "see_changes": ("See what changed", "Xem thay đổi gì"),
    "read_version": ("Read version {number}", "Đọc bản {number}"),
    "replay_version": ("Page of version {number}", "Trang của bản {number}"),
    "words_changed": ("{came} words came, {went} went", "thêm {came} chữ, bớt {went} chữ"),
    "in_fields": ("in: {fields}", "ở: {fields}"),
    "happened_created": ("First kept", "Lưu lần đầu"),
    "happened_edited": ("Edited", "Sửa"),
    "happened_title-changed": ("Title changed", "Đổi tựa"),
    "happened_date-changed": ("Date changed", "Đổi ngày"),
    "happened_missing": ("Not there", "Không còn đó"),
    "happened_removed": ("Taken down", "Bị gỡ"),
    "happened_restored": ("There again", "Có lại"),
    "happened_moved": ("Moved", "Dời địa chỉ"),
    "happened_re-read": ("Read again by us; the page is the same", "Ta đọc lại; trang vẫn như cũ"),
    "reasons": ("Where each value came from", "Mỗi giá trị lấy từ đâu"),
    "field": ("Field", "Mục"),
    "value": ("Value", "Giá trị"),
    "source": ("Came from", "Lấy từ"),
    "rejected": ("What was turned down", "Những gì bị loại"),
    "because": ("Because", "Vì"),
    "kept": ("In the archive", "Trong kho lưu trữ"),
    "kept_facts": (
        "Article {number}, {words} words, first seen {first}, last seen {last}.",
        "Bài số {number}, {words} chữ, thấy lần đầu {first}, thấy lần cuối {last}.",
    ),
    # two versions
    "comparison": ("What changed: {title}", "Thay đổi: {title}"),
    "comparison_title": ("What changed", "Thay đổi"),
    "version_at": ("Version {number}, {time}", "Bản {number}, {time}"),
    "compared": ("From version {old} to version {new}", "Từ bản {old} đến bản {new}"),
    "no_difference": ("Nothing that is compared differs.", "Không có gì khác nhau."),
    "went": ("gone:", "bớt:"),
    "came": ("come:", "thêm:"),
    "back": ("Back to the article", "Trở lại bài viết"),
    "all_versions": ("Other pairs of versions", "So các bản khác"),
    "pick_from": ("The older version", "Bản cũ"),
    "pick_to": ("The newer version", "Bản mới"),
    "compare": ("Compare", "So sánh"),
    # fields
    "field_kind": ("kind", "loại"),
    "field_title": ("title", "tựa"),
    "field_lead": ("lead", "sapo"),
    "field_body": ("text", "văn bản"),
    "field_text": ("text", "văn bản"),
    "field_published_at": ("date", "ngày đăng"),
    "field_modified_at": ("date of change", "ngày sửa"),
    "field_authors": ("authors", "tác giả"),
    "field_section": ("section", "chuyên mục"),
    "field_tags": ("tags", "thẻ"),
    "field_language": ("language", "ngôn ngữ"),
    "field_source_name": ("source", "nguồn"),
    "field_source_published_at": ("the source's date", "ngày của nguồn"),
    "field_canonical_url": ("canonical address", "địa chỉ chuẩn"),
    "field_rights": ("rights", "bản quyền"),
    "field_images": ("pictures", "ảnh"),
    "field_picture": ("picture", "ảnh"),
    "field_related": ("related links", "bài liên quan"),
    "field_links": ("other links", "liên kết khác"),
    "field_blocks": ("form of the text", "cách trình bày"),
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
    # a page as it was kept
    "replayed": ("The page as it was kept", "Trang gốc như đã lưu"),
    "replayed_address": ("Address", "Địa chỉ"),
    "replayed_taken": ("Taken", "Thời điểm lưu"),
    "replayed_by": ("by {url}, copied on {day}", "bởi {url}, chép lại {day}"),
    "replayed_article": ("Read as", "Đọc bài"),
    "replayed_version": ("version {number}", "bản {number}"),
    "replayed_missing": ("Missing", "Còn thiếu"),
    "replayed_whole": ("nothing", "không thiếu gì"),
    "replayed_note": (
        "Only the page itself is kept, not what it loads from elsewhere; scripts do not run, links lead nowhere.",
        "Chỉ chính trang được lưu, không gồm những gì trang tải từ nơi khác; mã không chạy, liên kết không dẫn đi đâu.",
    ),
    "replayed_alone": ("See the page alone, without this frame", "Xem riêng trang này, không có khung"),
    "replayed_frame": ("Kept page: {title}", "Trang đã lưu: {title}"),
    "pictures": ("{number} pictures", "{number} hình"),
    "pictures_1": ("1 picture", "1 hình"),
    "scripts": ("{number} scripts", "{number} đoạn mã"),
    "scripts_1": ("1 script", "1 đoạn mã"),
    "styles": ("{number} style sheets", "{number} bảng kiểu"),
    "styles_1": ("1 style sheet", "1 bảng kiểu"),
    "frames": ("{number} frames", "{number} khung"),
    "frames_1": ("1 frame", "1 khung"),
    "players": ("{number} films or sounds", "{number} phim hoặc âm thanh"),
    "players_1": ("1 film or sound", "1 phim hoặc âm thanh"),
    # feeds
    "feeds": ("Feeds", "Nguồn tin"),
    "feed_new": ("new articles", "bài mới"),
    "feed_changes": ("edited or taken down", "bài sửa hoặc bị gỡ"),
    # how the archive does
    "health": ("Health", "Tình trạng"),
    "health_span": ("Days shown", "Số ngày hiện ra"),
    "health_days": ("{number} days", "{number} ngày"),
    "health_all_sites": ("All newspapers", "Tất cả các báo"),
    "health_last_run": ("Last run: {command} {id},", "Lần chạy cuối: {command} {id},"),
    "health_no_run": ("Nothing has run yet.", "Chưa có lần chạy nào."),
    "health_queue": ("Waiting: {due} due now, {later} later.", "Đang chờ: {due} đến lượt, {later} để sau."),
    "health_by_day": ("Up to {day}", "Cho đến ngày {day}"),
    "health_articles": ("Articles published {unit}", "Bài đăng {unit}"),
    "health_edits": ("Edits found {unit}", "Lần sửa bài {unit}"),
    "health_failures": ("Failures {unit}", "Lần không lấy được {unit}"),
    "health_each_1": ("a day", "mỗi ngày"),
    "health_each_7": ("a week", "mỗi tuần"),
    "health_each_30": ("in 30 days", "mỗi 30 ngày"),
    "health_from_1": ("Day", "Ngày"),
    "health_from_7": ("Week from", "Tuần từ"),
    "health_from_30": ("30 days from", "30 ngày từ"),
    "health_series": ("{total} in all, {most} at most ({day}).", "Tổng cộng {total}, nhiều nhất {most} ({day})."),
    "health_none": ("None.", "Không có."),
    "health_table": ("As a table", "Xem bảng"),
    "health_number": ("Number", "Số lượng"),
    "health_failed": ("What could not be had", "Không lấy được vì sao"),
    "health_failed_told": ("{total} in all, most often {code}.", "Tổng cộng {total}, nhiều nhất là {code}."),
    "health_code": ("Reason", "Lý do"),
    "health_latest": ("Latest", "Gần nhất"),
    "health_example": ("Its address", "Địa chỉ"),
    "health_newspapers": ("Newspapers", "Các báo"),
    "health_coverage": ("Addresses of articles", "Địa chỉ bài viết"),
    "health_coverage_told": ("{kept} of {named} are kept.", "Đã lưu {kept} trên {named}."),
    "health_site": ("Newspaper", "Báo"),
    "health_named": ("Named", "Biết đến"),
    "health_kept": ("Kept", "Đã lưu"),
    "health_waiting": ("Never tried", "Chưa thử"),
    "health_not_had": ("Not had", "Không lấy được"),
    "health_last_new": ("Last new article", "Bài mới gần nhất"),
    "health_more_sites": (
        "{number} more newspapers are not shown; luubao coverage SITE tells of each.",
        "Còn {number} báo không hiện ra; luubao coverage SITE cho biết từng báo.",
    ),
    "health_drift": ("Fields found in the latest articles", "Các mục tìm thấy trong bài mới nhất"),
    "health_fell_told": ("Less often than before: {which}", "Ít hơn trước: {which}"),
    "health_fell_none": (
        "In the last {latest} of each; none comes less often than in the {before} before.",
        "Trong {latest} bài cuối mỗi báo; không mục nào ít hơn {before} bài trước đó.",
    ),
    "health_share": ("Share of articles that have it", "Tỷ lệ bài có mục này"),
    "health_share_fell": ("less often than before", "ít hơn trước"),
    "health_runs_head": ("Runs", "Các lần chạy"),
    "health_runs": ("What the last runs brought", "Các lần chạy gần nhất đem về"),
    "health_runs_told": ("The last {number}, the latest first.", "{number} lần cuối, mới nhất trước."),
    "health_run": ("Run", "Lần chạy"),
    "health_began": ("Began", "Bắt đầu"),
    "health_took": ("Took", "Kéo dài"),
    "health_new": ("New", "Mới"),
    "health_changed": ("Changed", "Có sửa"),
    "health_same": ("Same", "Như cũ"),
    "health_ended": ("Exit code", "Mã thoát"),
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
        """Return what a label says, numbers as the language parts them; raises KeyError for one that is not there."""
        said = LABELS[name][self._at]
        shown = {key: self.number(value) if isinstance(value, int) else value for key, value in values.items()}
        return said.format(**shown) if values else said

    def number(self, value: int) -> str:
        """Write a whole number: 12,345, and 12.345 in Vietnamese."""
        return f"{value:,}".replace(",", "." if self.language == "vi" else ",")

    def field(self, name: str) -> str:
        """Return what a field of an article is called; one that is not in the table keeps its name."""
        return self(f"field_{name}") if f"field_{name}" in LABELS else name
