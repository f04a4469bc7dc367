"""Agencies and newspapers that stand where authors do, in letters or in words written as people's names are."""

from __future__ import annotations

from scraper.text import folded

_LETTERS = """
AFP AP PA AAP PTI ANI IANS TNN PAP EFE DPA SID EPD KNA SDA ATS APA ANSA AGI MTI ČTK CTK STT NTB TT BNS ELTA LETA TASS
UPI CNN NBC ABC CBS BBC NPR CBC RTÉ NHK KBS TTXVN VNA VOV VTV VTC PV CTV BTV NLĐ SGGP QĐND CAND
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

AGENCIES = frozenset(_LETTERS.split())
"""Agencies and stations by their letters, in which they stand beside or after a name: `Anna Lis, PAP`."""

PAPERS = frozenset(folded(name) for name in _NAMES.split(","))
"""Newspapers, folded, whose names might be people's: `Theo Dân Trí`."""
