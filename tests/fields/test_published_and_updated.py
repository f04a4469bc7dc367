"""Pages that show when they appeared and when they were changed: the publication is the date, in any order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper import parse

TEXT = "".join(
    f"<p>The harbour wall number {n} will be raised by forty centimetres before the winter.</p>" for n in "abc"
)

LINES = [
    ("en", '<div class="meta">Published: 12 April 2025 08:30 | Updated: 14 April 2025 10:00</div>'),
    ("en", '<div class="meta">Updated: 14 April 2025 10:00 | Published: 12 April 2025 08:30</div>'),
    ("vi", '<div class="date">Cập nhật: 14/04/2025 10:00 | Đăng lúc: 12/04/2025 08:30</div>'),
    ("vi", '<div class="date">Thứ bảy, 12/04/2025 08:30 (GMT+7)</div><div>Cập nhật lúc 14/04/2025 10:00</div>'),
    (
        "de",
        (
            '<time class="updated" datetime="2025-04-14T10:00:00+02:00">x</time>'
            '<time class="published" datetime="2025-04-12T08:30:00+02:00">y</time>'
        ),
    ),
    ("de", "<p>12.04.2025, 08:30 Uhr, aktualisiert 14.04.2025, 10:00 Uhr</p>"),
    ("fr", "<p>Publié le 12 avril 2025 à 08h30, mis à jour le 14 avril 2025 à 10h00</p>"),
    ("es", "<p>12 de abril de 2025 - 08:30. Actualizado 14 de abril de 2025 10:00</p>"),
    ("pt", "<p>Publicado em 12/04/2025 às 08h30 | Atualizado em 14/04/2025 às 10h00</p>"),
    ("it", "<p>Pubblicato il 12 aprile 2025 ore 08:30 - aggiornato il 14 aprile 2025 ore 10:00</p>"),
    ("nl", "<p>Gepubliceerd op 12 april 2025 om 08:30. Bijgewerkt op 14 april 2025 om 10:00</p>"),
    ("ru", "<p>12 апреля 2025, 08:30. Обновлено: 14 апреля 2025, 10:00</p>"),
    ("tr", "<p>Yayınlanma: 12.04.2025 - 08:30 Güncelleme: 14.04.2025 - 10:00</p>"),
    ("ja", "<p>公開日：2025年4月12日 8:30 更新日：2025年4月14日 10:00</p>"),
    ("ko", "<p>입력 2025.04.12. 08:30 수정 2025.04.14. 10:00</p>"),
    ("zh", "<p>发布时间：2025-04-12 08:30 更新时间：2025-04-14 10:00</p>"),
    ("no", "<p>Publisert 12. april 2025 kl. 08:30 Oppdatert 14. april 2025 kl. 10:00</p>"),
    ("sv", "<p>Publicerad 12 april 2025 08:30, Uppdaterad 14 april 2025 10:00</p>"),
    ("pl", "<p>Data publikacji: 12.04.2025, 08:30. Aktualizacja: 14.04.2025, 10:00</p>"),
    ("id", "<p>Sabtu, 12 April 2025 08:30 WIB. Diperbarui: 14 April 2025 10:00 WIB</p>"),
]


@pytest.mark.parametrize(("language", "line"), LINES)
def test_the_publication_wins_over_the_update(language: str, line: str) -> None:
    title = "Harbour wall to be raised before winter"
    now = datetime(2025, 6, 1, tzinfo=UTC)
    head = f'<html lang="{language}"><head><title>{title}</title></head>'
    page = f"{head}<body><main><h1>{title}</h1>{line}<div>{TEXT}</div></main></body></html>"

    article = parse(page.encode(), "https://paper.example/x-1234567.html", sites=(), fetched_at=now)

    assert str(article.published_at)[:16] == "2025-04-12 08:30"
    assert str(article.modified_at)[:16] == "2025-04-14 10:00"
