"""What a URL is: its canonical form, its host, its site, the article id in it. Pure; junk gives None or BadUrl."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

import idna

from scraper.errors import BadUrl

MAX_URL_CHARS = 2083
MAX_SHOWN_CHARS = 50_000  # of a URL that are looked at to show some: a password may be a long token
MAX_HOST_CHARS = 253
MAX_PORT = 65535
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Parts:
    """A URL of the web taken apart, each part in normal form."""

    scheme: str  # "http" or "https"
    host: str  # ASCII: "xn--bo-0ja.vn", "127.0.0.1", "::1" without brackets
    port: int
    path: str  # begins with a slash
    query: str  # without the question mark; empty where there is none

    @property
    def authority(self) -> str:
        """Return scheme, host and port, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def target(self) -> str:
        """Return what stands in the request line: path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return self.authority + self.target


@lru_cache(maxsize=4096)
def split(url: str) -> Parts:
    """Take an absolute http or https URL apart, as browsers read it (WHATWG URL); raise BadUrl for all else."""
    if len(url) > MAX_URL_CHARS:
        raise BadUrl(shown(url), f"longer than {MAX_URL_CHARS:,} characters")
    text = _cleaned(url)
    try:
        scheme, netloc, path, query, _fragment = urlsplit(text)
    except ValueError as error:
        raise BadUrl(shown(url), "no URL; give one such as https://example.vn/") from error
    if scheme not in DEFAULT_PORTS:
        raise BadUrl(shown(url), "only http and https URLs can be fetched")
    if "@" in netloc:
        raise BadUrl(shown(url), "it carries a user name; remove what stands before the @")
    try:
        host, port = _host_and_port(netloc)
    except ValueError as error:
        raise BadUrl(shown(url), str(error)) from None
    parts = Parts(scheme, host, port or DEFAULT_PORTS[scheme], _path(path), _UNSAFE_IN_QUERY.sub(_escaped, query))
    if len(str(parts)) > MAX_URL_CHARS:
        raise BadUrl(shown(url), f"longer than {MAX_URL_CHARS:,} characters once it is percent-encoded")
    return parts


def normal(url: str) -> str:
    """Return the URL as it goes over the network: normal form, no fragment, every parameter kept. Raises BadUrl."""
    return url if _is_plain(url, _PLAIN_WITH_QUERY) else str(split(url))


def canonical(url: str) -> str:
    """Return the form by which a URL is known: the normal form without tracking and session parameters.

    The order of the other parameters is kept. Raises BadUrl.
    """
    if _is_plain(url):
        return url
    parts = split(url)
    path = _SESSION_IN_PATH.sub("", parts.path)
    return str(Parts(parts.scheme, parts.host, parts.port, path, _without(parts.query, _is_tracking)))


def alias_key(url: str) -> str:
    """Return what URLs of one article have in common: no scheme, www., m., amp., AMP or print marks.

    "https://m.bao.vn/tin-1.html?amp=1" and "http://www.bao.vn/tin-1.html" both give "bao.vn/tin-1.html". Raises BadUrl.
    """
    parts = split(canonical(url))
    host = _VARIANT_HOST.sub("", parts.host) if parts.host.count(".") > 1 else parts.host
    path = _AMP_IN_PATH.sub("", parts.path).rstrip("/")
    query = _without(parts.query, _is_variant)
    port = "" if parts.port in DEFAULT_PORTS.values() else f":{parts.port}"
    return f"{host}{port}{path or '/'}" + (f"?{query}" if query else "")


def join(base: str, href: str) -> str | None:
    """Return the absolute URL of a link in normal form, or None where it leads to nothing that can be fetched."""
    if len(href) > MAX_URL_CHARS:
        return None
    if _is_plain(href, _PLAIN_WITH_QUERY):
        return href
    text = _cleaned(href)
    if _NO_HOST.match(text):  # urljoin would take it for the base
        return None
    try:
        return normal(text if _ABSOLUTE.match(text) else urljoin(base, text))
    except (BadUrl, ValueError):  # urljoin raises ValueError on "//[" and such
        return None


def is_plain_target(text: str) -> bool:
    """Tell whether a path, with its query, is in normal form beyond doubt, so that nothing need be worked out."""
    return len(text) <= _PLAIN_MAX_CHARS and "/." not in text and _PLAIN_TARGET.fullmatch(text) is not None


def is_fetchable(url: str) -> bool:
    """Tell whether the text is an http or https URL that can be asked for."""
    return _split_or_none(url) is not None


def host_of(url: str) -> str | None:
    """Return the host in ASCII and lower case, or None where the text is no URL."""
    if _is_plain(url):
        return url.split("/", 3)[2]
    parts = _split_or_none(url)
    return parts.host if parts else None


def authority_of(url: str) -> str | None:
    """Return "https://host" or "https://host:8443", to which robots.txt and pace belong; None where it is no URL."""
    parts = _split_or_none(url)
    return parts.authority if parts else None


def same_site(one: str, other: str) -> bool:
    """Tell whether two URLs belong to one registrable domain, whatever scheme and port; junk belongs to none."""
    first, second = host_of(one), host_of(other)
    return first is not None and second is not None and registrable(first) == registrable(second)


@lru_cache(maxsize=1024)
def registrable(host: str) -> str:
    """Return the domain that someone registered: "vietnamplus.vn", "binhthuan.gov.vn".

    An approximation without the Public Suffix List: the last two labels, or three where the last is a country and
    the one before it a usual second level (com.vn, gov.vn, co.uk, com.au), or under a well-known host of blogs.
    """
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    is_below_suffix = (len(labels[-1]) == _COUNTRY_CHARS and labels[-2:-1] and labels[-2] in _SECOND_LEVELS) or (
        ".".join(labels[-2:]) in _SHARED_HOSTS
    )
    return ".".join(labels[-3:] if is_below_suffix else labels[-2:])


def article_id(url: str, pattern: re.Pattern[str] | str) -> str | None:
    """Return the newspaper's own id of an article, or None: the group `id` of the pattern, else its first group."""
    match = re.search(pattern, url)
    if match is None or not match.re.groups:
        return None
    return match.groupdict().get("id") or match[1]


def shown(url: str, *, max_chars: int = 200) -> str:
    """Return a URL fit for messages: no user name or password, no control characters, not endless."""
    text = _USERINFO.sub(r"\1", url[:MAX_SHOWN_CHARS])[: max_chars + 1]
    text = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


# --- normal form ------------------------------------------------------------------------------------------------------

# What needs no work, and most links are so: a lower-case host, a path of unreserved letters, no dot segment.
_PLAIN_AUTHORITY = r"https?://(?:(?!-|xn--)[a-z0-9-]{1,63}(?<!-)\.){1,3}[a-z]{2,24}"
_PLAIN = re.compile(_PLAIN_AUTHORITY + r"/[A-Za-z0-9_~,./-]*")
_PLAIN_TARGET = re.compile(r"/[A-Za-z0-9_~,./-]*(?:\?[A-Za-z0-9_~,./=&:+-]+)?")
_PLAIN_WITH_QUERY = re.compile(_PLAIN_AUTHORITY + _PLAIN_TARGET.pattern)
_PLAIN_MAX_CHARS = 500
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_NO_HOST = re.compile(r"(?:https?:/*|//+)(?:[?#]|\Z)", re.IGNORECASE)
_USERINFO = re.compile(r"(//|\\\\|^[a-z]+:/*)[^/\\?#]*@", re.IGNORECASE)
_UNSAFE_IN_PATH = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]")
_UNSAFE_IN_QUERY = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_SURROGATE = re.compile("[\ud800-\udfff]")
_AT_ENDS = "".join(map(chr, range(0x21)))
_WITHIN = re.compile(r"[\t\n\r]")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SLASHES = re.compile(r"\A(https?):/*(?=[^/])", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]*))?")


def _is_plain(url: str, pattern: re.Pattern[str] = _PLAIN) -> bool:
    return len(url) <= _PLAIN_MAX_CHARS and "/." not in url and pattern.fullmatch(url) is not None


def _cleaned(url: str) -> str:
    """Drop what browsers drop, and read a backslash before the query as the slash that was meant."""
    text = _WITHIN.sub("", url.strip(_AT_ENDS))
    if "\\" in text and not _OTHER_SCHEME.match(text):
        end = min((i for mark in "?#" if (i := text.find(mark)) >= 0), default=len(text))
        text = text[:end].replace("\\", "/") + text[end:]
    return _SLASHES.sub(r"\1://", text, count=1)


@lru_cache(maxsize=4096)
def _host_and_port(netloc: str) -> tuple[str, int | None]:
    """Return the host in normal form, and the port, None where none is named; raise ValueError with what is wrong."""
    match = _HOST_AND_PORT.fullmatch(netloc)
    if match is None:
        raise ValueError("its host or port cannot be read")
    port = int(match[2][:6]) if match[2] else None
    if port is not None and not 0 < port <= MAX_PORT:
        raise ValueError(f"there is no port {port}")
    host = _ipv6(match[1][1:-1]) if match[1].startswith("[") else _host(match[1])
    if host is None:
        raise ValueError("its host is no name that can exist")
    return host, port


def _ipv6(text: str) -> str | None:
    try:
        return None if "%" in text else ipaddress.IPv6Address(text).compressed
    except ValueError:
        return None


_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def _host(text: str) -> str | None:
    """Return a host's name in ASCII and lower case, or an IPv4 address in its usual form; None if it cannot exist."""
    name = unquote(text) if "%" in text else text
    if not name or len(name) > MAX_HOST_CHARS:
        return None
    ascii_name = name.lower() if name.isascii() else _to_ascii(name)
    if ascii_name is None:
        return None
    ascii_name = ascii_name.removesuffix(".")
    labels = ascii_name.split(".")
    if _is_number(labels[-1]):
        return _ipv4(labels)
    is_name = all(_LABEL.fullmatch(label) and _is_idna(label) for label in labels)
    return ascii_name if is_name and len(ascii_name) <= MAX_HOST_CHARS else None


def _to_ascii(name: str) -> str | None:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (UnicodeError, ValueError, IndexError):  # idna.IDNAError is a UnicodeError; the rest it leaks on odd input
        return None


def _is_idna(label: str) -> bool:
    if not label.startswith("xn--"):
        return True
    try:
        return bool(idna.decode(label))
    except (UnicodeError, ValueError, IndexError):
        return False


def _is_number(label: str) -> bool:
    return re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", label) is not None


def _ipv4(labels: list[str]) -> str | None:
    """Read the forms that browsers and resolvers take for an address: 127.1, 0x7f.1, 2130706433, 017700000001."""
    if len(labels) > 4 or not all(_is_number(label) for label in labels):  # noqa: PLR2004 - an address has four bytes
        return None
    try:
        *firsts, last = [_int(label) for label in labels]
    except ValueError:  # 08 and 09 are no octal numbers
        return None
    if any(n > 0xFF for n in firsts) or last >= 1 << (8 * (5 - len(labels))):  # noqa: PLR2004 - a byte
        return None
    return str(ipaddress.IPv4Address(last + sum(n << (8 * (3 - i)) for i, n in enumerate(firsts))))


def _int(label: str) -> int:
    if label[:2] in {"0x", "0X"}:
        return int(label[2:] or "0", 16)
    return int(label, 8) if label.startswith("0") and label != "0" else int(label)


def _path(path: str) -> str:
    escaped = _UNSAFE_IN_PATH.sub(_escaped, path) or "/"
    if "/." not in escaped:
        return escaped
    kept: list[str] = []
    segments = escaped.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(unsafe: re.Match[str]) -> str:
    """Percent-encode what is not safe, undo it for what is unreserved (RFC 3986, 6.2.2), and write hex in capitals."""
    if unsafe[1]:
        letter = chr(int(unsafe[1], 16))
        return letter if letter in _UNRESERVED else "%" + unsafe[1].upper()
    return "".join(f"%{byte:02X}" for byte in _SURROGATE.sub("\ufffd", unsafe[0]).encode())


# --- what does not name the page --------------------------------------------------------------------------------------

_TRACKING_WORDS = """
fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id zarsrc zaloclid
mc_cid mc_eid mkt_tok _ga _gl _hsenc _hsmi vero_id oly_anon_id oly_enc_id wickedid s_cid cmpid phpsessid
jsessionid aspsessionid sessionid fb_source fb_ref fb_action_ids fb_action_types fb_comment_id
__twitter_impression ref_src ref_url
"""
_TRACKING = frozenset(_TRACKING_WORDS.split())
_TRACKING_PREFIXES = ("utm_", "utm-", "pk_", "mtm_", "hsa_", "stm_")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SESSION_VALUE = re.compile(r"(?:sid|s)=[0-9a-f]{16,}", re.IGNORECASE)
_VARIANTS = frozenset({"amp", "amp=1", "amp=true", "outputtype=amp", "print", "print=1", "print=true", "view=print"})
_VARIANT_HOST = re.compile(r"\A(?:www\d?\.|m\.|mobile\.|amp\.|wap\.)+")
_AMP_IN_PATH = re.compile(r"(?:/amp/?\Z|\A/amp(?=/.)|\.amp(?=\.html?\Z|\Z))", re.IGNORECASE)


def _without(query: str, is_dropped: Callable[[str], bool]) -> str:
    return "&".join(part for part in query.split("&") if part and not is_dropped(part)) if query else ""


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or _SESSION_VALUE.fullmatch(parameter) is not None


def _is_variant(parameter: str) -> bool:
    return parameter.lower() in _VARIANTS


# --- sites ------------------------------------------------------------------------------------------------------------

_COUNTRY_CHARS = 2
_SECOND_LEVEL_WORDS = """
com co net org gov edu ac or ne go info name biz int health pro mil gob gouv nom re me sch web id
"""
_SECOND_LEVELS = frozenset(_SECOND_LEVEL_WORDS.split())
_SHARED_HOST_WORDS = """
blogspot.com wordpress.com substack.com github.io gitlab.io pages.dev vercel.app netlify.app
"""
_SHARED_HOSTS = frozenset(_SHARED_HOST_WORDS.split())


def _split_or_none(url: str) -> Parts | None:
    try:
        return split(url)
    except BadUrl:
        return None
