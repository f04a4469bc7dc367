"""What stands where authors do, written as their names are: agencies, newspapers, Vietnamese places and sections."""

from __future__ import annotations

import re

from scraper.text import folded

_LETTERS = """
AFP AP PA AAP PTI ANI IANS TNN PAP EFE DPA SID EPD KNA SDA ATS APA ANSA AGI MTI ČTK CTK STT NTB TT BNS ELTA LETA TASS
UPI CNN NBC ABC CBS BBC NPR CBC RTÉ NHK KBS ARD ZDF ORF SRF BR NDR WDR SWR MDR RBB TTXVN VNA VOV VTV VTC PV CTV BTV
BBT NLĐ SGGP QĐND CAND
"""

_NAMES = """
dân trí, thanh niên, tuổi trẻ, tuổi trẻ online, tiền phong, lao động, người lao động, dân việt, nhân dân, quân đội
nhân dân, công an nhân dân, công an, an ninh thủ đô, an ninh thế giới, đại đoàn kết, pháp luật, pháp luật việt nam,
đời sống, đời sống & pháp luật, đời sống và pháp luật, sức khỏe & đời sống, sức khỏe và đời sống, sức khỏe đời sống,
kinh tế & đô thị, kinh tế đô thị, hà nội mới, sài gòn giải phóng, tin tức, tổ quốc, văn hóa, công thương, đầu tư, tài
chính, thể thao, thể thao & văn hóa, bóng đá, gia đình, gia đình & xã hội, phụ nữ, phụ nữ việt nam, khoa học & đời
sống, khoa học và đời sống, tri thức, tri thức trực tuyến, giáo dục & thời đại, giáo dục và thời đại, nông nghiệp,
nông thôn ngày nay, giao thông, xây dựng, người đưa tin, người quan sát, nhịp sống thị trường, nhịp sống kinh tế, diễn
đàn doanh nghiệp, vietnamnet, vietnamplus, vnexpress, vneconomy, zing, znews, kenh14, soha, cafef, cafebiz, infonet,
genk, the guardian, daily mail, daily mirror, the independent, business insider, the verge, le monde, le figaro, el
país, die zeit, der spiegel, la repubblica, corriere della sera, sputnik, al jazeera, the sun, yonhap
"""

_PLACES = """
hà nội, hải phòng, đà nẵng, cần thơ, huế, thừa thiên huế, sài gòn, tp hcm, tphcm, tp hồ chí minh, thành phố hồ chí
minh, an giang, bà rịa, vũng tàu, bà rịa vũng tàu, bạc liêu, bắc giang, bắc kạn, bắc ninh, bến tre, bình dương, bình
định, bình phước, bình thuận, cà mau, cao bằng, đắk lắk, đăk lăk, đắk nông, điện biên, đồng nai, đồng tháp, gia lai,
hà giang, hà nam, hà tĩnh, hải dương, hậu giang, hòa bình, hưng yên, khánh hòa, kiên giang, kon tum, lai châu, lạng
sơn, lào cai, lâm đồng, long an, nam định, nghệ an, ninh bình, ninh thuận, phú thọ, phú yên, quảng bình, quảng nam,
quảng ngãi, quảng ninh, quảng trị, sóc trăng, sơn la, tây ninh, thái bình, thái nguyên, thanh hóa, tiền giang, trà
vinh, tuyên quang, vĩnh long, vĩnh phúc, yên bái, việt nam, đông nam bộ, tây nguyên, miền tây, miền trung
"""

_SECTIONS = r"""
tin tức|thời sự|kinh tế|xã hội|chính trị|văn hóa|văn hoá|thể thao|giáo dục|pháp luật|đời sống|thế giới|giải trí|du lịch
|sức khỏe|sức khoẻ|công nghệ|bạn đọc|quốc tế|trong nước|địa phương|an ninh|quốc phòng|khoa học|môi trường|nông nghiệp
|thị trường|doanh nghiệp|bất động sản|chuyên mục|trang chủ|nghe đọc|đọc bài|lượt xem|góc nhìn|tiêu điểm|nổi bật
|mới nhất|hoạt động|thông báo|đang cập nhật|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật
|ban (?:thời|bạn|kinh|xã|chuyên|thư|điện|tuyên|dân|quản|chỉ|tổ|biên|nội|văn|quốc|chính)
"""

AGENCIES = frozenset(_LETTERS.split())
"""Agencies and stations by their letters, in which they stand beside or after a name: `Anna Lis, PAP`."""

PAPERS = frozenset(folded(name) for name in _NAMES.split(","))
"""Newspapers, folded, whose names might be people's: `Theo Dân Trí`."""

PLACES = frozenset(folded(name) for name in _PLACES.split(","))
"""Vietnamese provinces and cities, folded, which stand before a date as authors do: `Hà Nội - 20/11/2026`."""

SECTIONS = re.compile(rf"(?:{''.join(_SECTIONS.splitlines())})\b", re.IGNORECASE)
"""What begins the name of a section, a desk or a button in Vietnamese."""
