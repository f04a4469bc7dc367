"""A newspaper of static files, and the nginx that serves it on loopback: what crawls are measured on.

python bench/static_paper.py FOLDER [--articles 2000] [--kilobytes 65]    writes the files alone
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

SECTIONS = ("thoi-su", "kinh-te", "the-gioi", "giao-duc", "suc-khoe", "the-thao", "van-hoa", "du-lich", "xe", "nha-dat")
SECTION_NAMES = (
    "Thời sự",
    "Kinh tế",
    "Thế giới",
    "Giáo dục",
    "Sức khỏe",
    "Thể thao",
    "Văn hóa",
    "Du lịch",
    "Xe",
    "Nhà đất",
)
PER_LISTING = 50
FIRST_ID = 100_000
NEWEST = datetime(2025, 6, 30, 18, 0, tzinfo=UTC)
NAMES = ("Lê An", "Trần Bình", "Phạm Chi", "Vũ Dung", "Hoàng Giang", "Ngô Hà", "Đỗ Khánh", "Bùi Lam")
WORDS = [
    "đường",
    "phố",
    "người",
    "dân",
    "thành",
    "tỉnh",
    "biển",
    "núi",
    "học",
    "sinh",
    "trường",
    "công",
    "ty",
    "nước",
    "nhà",
    "máy",
    "xe",
    "hàng",
    "chợ",
    "giá",
    "gạo",
    "cá",
    "lúa",
    "mưa",
    "nắng",
    "bão",
    "sông",
    "cầu",
    "đèo",
    "rừng",
    "trẻ",
    "già",
    "mới",
    "cũ",
    "xây",
    "dựng",
    "mở",
    "khánh",
    "hội",
    "nghị",
    "quyết",
    "định",
    "báo",
    "cáo",
    "kinh",
    "tế",
    "văn",
    "hóa",
    "thể",
    "thao",
    "du",
    "lịch",
    "y",
    "bệnh",
    "viện",
    "thuốc",
    "an",
    "ninh",
    "giao",
    "thông",
    "luật",
    "pháp",
    "tòa",
    "án",
    "bóng",
    "đá",
    "giải",
    "thưởng",
    "năm",
    "tháng",
    "ngày",
    "giờ",
    "sáng",
    "trưa",
    "chiều",
    "tối",
    "đêm",
    "được",
    "cho",
    "biết",
    "rằng",
    "các",
    "những",
    "một",
    "nhiều",
    "đã",
    "đang",
    "sẽ",
    "không",
    "có",
    "khi",
    "tại",
    "ở",
    "trong",
    "ngoài",
    "trên",
    "dưới",
    "với",
    "về",
    "từ",
    "đến",
]
SLUGS = ("cau-moi-thong-xe", "gia-gao-tang-nhe", "truong-hoc-mo-cua", "mua-lon-mien-trung", "doi-nha-thang-tran")
TITLES = ("Cầu mới thông xe", "Giá gạo tăng nhẹ", "Trường học mở cửa", "Mưa lớn miền Trung", "Đội nhà thắng trận")

NGINX = """
worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; application/xml xml; text/plain txt; }}
  default_type text/html; charset utf-8; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; index index.html; }}
}}
"""


# --- pages ------------------------------------------------------------------------------------------------------------


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."


def paragraph(rng: random.Random) -> str:
    return " ".join(sentence(rng, rng.randint(9, 22)) for _ in range(rng.randint(2, 4)))


def path_of(number: int) -> str:
    return f"/{SLUGS[number % 5]}-ky-{number % 97}-{FIRST_ID + number}.html"


def title_of(number: int) -> str:
    return f"{TITLES[number % 5]} sau ba năm chờ đợi, kỳ {number % 97} của loạt bài {FIRST_ID + number}"


def published_at(number: int) -> datetime:
    return NEWEST - timedelta(minutes=37 * number)


def head(title: str, more: str = "") -> str:
    style = "".join(f".box-{n}{{margin:{n}px;padding:{n % 7}px;color:#{n * 7919 % 4096:03x}}}" for n in range(120))
    return (
        f"<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>{title} - Báo Đo</title>"
        f'<meta name=viewport content="width=device-width"><link rel=stylesheet href=/css/bao.css>{more}'
        f"<style>{style}</style></head>"
    )


def menu() -> str:
    items = "".join(
        f'<li class="menu-item"><a href="/{slug}.html" title="{name}">{name}</a><ul class="sub">'
        + "".join(f'<li><a href="/{slug}.html?muc={n}" class="sub-link">{name} {n}</a></li>' for n in range(4))
        + "</ul></li>"
        for slug, name in zip(SECTIONS, SECTION_NAMES, strict=True)
    )
    return f'<header class="site-header"><a href="/" class="logo"><img src="/logo.svg" alt="Báo Đo"></a><nav class="main-menu"><ul>{items}</ul></nav></header>'  # noqa: E501 -- mark-up as it is sent


def footer() -> str:
    links = "".join(
        f'<li><a href="/{slug}.html">{name}</a></li>' for slug, name in zip(SECTIONS, SECTION_NAMES, strict=True)
    )
    return f'<footer class="site-footer"><ul>{links}</ul><p>Báo Đo, tòa soạn số 1 đường Đo. Điện thoại 0123 456 789.</p></footer>'  # noqa: E501 -- mark-up as it is sent


def card(number: int) -> str:
    return (
        f'<article class="story-card"><a class="thumb" href="{path_of(number)}" title="{title_of(number)}">'
        f'<img loading="lazy" src="/anh/{number}-nho.jpg" alt="{title_of(number)}"></a>'
        f'<h3 class="card-title"><a href="{path_of(number)}">{title_of(number)}</a></h3></article>'
    )


def structured(number: int) -> str:
    at = published_at(number).isoformat()
    story = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title_of(number),
        "datePublished": at,
        "dateModified": at,
        "author": {"@type": "Person", "name": NAMES[number % 8]},
        "publisher": {"@type": "Organization", "name": "Báo Đo"},
    }
    return (
        f'<meta property="og:title" content="{title_of(number)}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{at}">'
        f'<script type="application/ld+json">{json.dumps(story, ensure_ascii=False)}</script>'
    )


def story(rng: random.Random, number: int, articles: int) -> str:
    paragraphs = [f"<p>{paragraph(rng)}</p>" for _ in range(14)]
    for place in (3, 9):
        paragraphs.insert(
            place,
            f'<figure class="picture"><img src="/anh/{number}-{place}.jpg" alt="Ảnh"><figcaption>{sentence(rng, 12)} '
            f"Ảnh: {NAMES[(number + place) % 8]}</figcaption></figure>",
        )
    related = "".join(
        f'<li><a href="{path_of(other)}">{title_of(other)}</a></li>'
        for other in sorted({(number + n) % articles for n in (1, 2, 3, 5, 8)} - {number})
    )
    return (
        f'<main class="page"><article class="story"><ul class="crumbs"><li><a href="/{SECTIONS[number % 10]}.html">'
        f'{SECTION_NAMES[number % 10]}</a></li></ul><h1 class="story-title">{title_of(number)}</h1>'
        f'<div class="meta"><span class="author">{NAMES[number % 8]}</span><time datetime="'
        f'{published_at(number).isoformat()}">{published_at(number):%d/%m/%Y %H:%M}</time></div>'
        f'<p class="sapo">{paragraph(rng)}</p><div class="story-body">{"".join(paragraphs)}</div>'
        f'<div class="related"><h3>Tin liên quan</h3><ul>{related}</ul></div></article>'
    )


def aside(rng: random.Random, articles: int) -> str:
    boxes = "".join(
        f'<section class="box box-{n}"><h2>{SECTION_NAMES[n]}</h2>'
        + "".join(card(rng.randrange(articles)) for _ in range(5))
        + "</section>"
        for n in range(6)
    )
    return f'<aside class="side">{boxes}</aside></main>'


def scripts(rng: random.Random, missing_bytes: int) -> str:
    """Fill a page up to its size with inline scripts, as newspapers' pages are."""
    lines: list[str] = []
    size = 0
    while size < missing_bytes - 120:
        line = f'ads.push({{"slot":"div-{rng.randrange(10**9)}","sizes":[[{rng.randrange(900)},250]],"path":"/{rng.getrandbits(64):x}"}});\n'  # noqa: E501 -- mark-up as it is sent
        lines.append(line)
        size += len(line)
    thirds = [lines[n::3] for n in range(3)]
    return "".join(f"<script>{''.join(part)}</script>" for part in thirds)


def article(number: int, articles: int, kilobytes: int) -> bytes:
    rng = random.Random(number)  # noqa: S311 -- the same pages each time
    page = (
        f"{head(title_of(number), structured(number))}<body>{menu()}{story(rng, number, articles)}{aside(rng, articles)}"  # noqa: E501 -- mark-up as it is sent
        f"{footer()}"
    )
    return f"{page}{scripts(rng, kilobytes * 1000 - len(page.encode()))}</body></html>".encode()


def listing(title: str, numbers: range | list[int], following: str | None) -> bytes:
    more = f'<a rel="next" class="next" href="{following}">Trang sau</a>' if following else ""
    cards = "".join(card(number) for number in numbers)
    return f'{head(title)}<body>{menu()}<main class="list">{cards}<div class="pages">{more}</div></main>{footer()}</body></html>'.encode()  # noqa: E501 -- mark-up as it is sent


def pages_of(articles: int, kilobytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each file, and its bytes."""
    yield "index.html", listing("Báo Đo", list(range(min(40, articles))), None)
    yield from ((path_of(n).lstrip("/"), article(n, articles, kilobytes)) for n in range(articles))
    for place, (slug, name) in enumerate(zip(SECTIONS, SECTION_NAMES, strict=True)):
        own = list(range(place, articles, len(SECTIONS)))
        count = -(-len(own) // PER_LISTING)
        for page in range(count):
            file = f"{slug}-p{page + 1}.html" if page else f"{slug}.html"
            following = f"/{slug}-p{page + 2}.html" if page + 1 < count else None
            yield file, listing(name, own[page * PER_LISTING : (page + 1) * PER_LISTING], following)


def write_paper(folder: Path, base: str, *, articles: int, kilobytes: int) -> None:
    """Write the newspaper's files, robots.txt and the sitemap, which needs the address `base`, among them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pages_of(articles, kilobytes):
        (folder / name).write_bytes(content)
    rows = "".join(
        f"<url><loc>{base}{path_of(n)}</loc><lastmod>{published_at(n).isoformat()}</lastmod></url>"
        for n in range(articles)
    )
    sitemap = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    (folder / "sitemap.xml").write_text(sitemap, encoding="utf-8")
    (folder / "robots.txt").write_text(f"User-agent: *\nDisallow: /quan-tri/\nSitemap: {base}/sitemap.xml\n")


# --- the server -------------------------------------------------------------------------------------------------------


@contextmanager
def served_by_nginx(*, articles: int, kilobytes: int) -> Iterator[str]:
    """Write the newspaper, serve it by an nginx of our own, and yield its address; SystemExit without nginx."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise SystemExit("nginx is missing: apt-get install nginx-light, or put one on the PATH")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        folder.chmod(0o755)  # nginx, started by root, reads as another user
        base = f"http://127.0.0.1:{port}"
        write_paper(folder / "paper", base, articles=articles, kilobytes=kilobytes)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port, root=folder / "paper"))
        with subprocess.Popen([nginx, "-p", text, "-e", str(folder / "error.log"), "-c", str(config)]) as server:
            try:
                _wait_for(port)
                yield base
            finally:
                server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("nginx does not start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=65)
    options = parser.parse_args()
    write_paper(options.folder, "http://127.0.0.1:8080", articles=options.articles, kilobytes=options.kilobytes)


if __name__ == "__main__":
    main()
