"""In which time zone a newspaper writes its times, as its host and its language tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from scraper.urls import host_of

# Countries with one time zone, or whose newspapers stand in one (top-level domain -> name in the zone database).
# Left out: countries over several zones (us, ca, au, br, ru, mx, id, …), domains that the world uses (io, tv, co).
_DOMAINS = """
    vn=Asia/Ho_Chi_Minh de=Europe/Berlin at=Europe/Vienna ch=Europe/Zurich li=Europe/Zurich fr=Europe/Paris
    be=Europe/Brussels nl=Europe/Amsterdam lu=Europe/Luxembourg it=Europe/Rome es=Europe/Madrid pt=Europe/Lisbon
    uk=Europe/London gb=Europe/London
    ie=Europe/Dublin dk=Europe/Copenhagen no=Europe/Oslo se=Europe/Stockholm fi=Europe/Helsinki
    is=Atlantic/Reykjavik ee=Europe/Tallinn lv=Europe/Riga lt=Europe/Vilnius pl=Europe/Warsaw cz=Europe/Prague
    sk=Europe/Bratislava hu=Europe/Budapest si=Europe/Ljubljana hr=Europe/Zagreb rs=Europe/Belgrade ro=Europe/Bucharest
    bg=Europe/Sofia gr=Europe/Athens tr=Europe/Istanbul ua=Europe/Kyiv by=Europe/Minsk md=Europe/Chisinau
    il=Asia/Jerusalem in=Asia/Kolkata pk=Asia/Karachi bd=Asia/Dhaka lk=Asia/Colombo np=Asia/Kathmandu
    th=Asia/Bangkok la=Asia/Vientiane kh=Asia/Phnom_Penh my=Asia/Kuala_Lumpur sg=Asia/Singapore ph=Asia/Manila
    cn=Asia/Shanghai tw=Asia/Taipei hk=Asia/Hong_Kong jp=Asia/Tokyo kr=Asia/Seoul ae=Asia/Dubai sa=Asia/Riyadh
    ir=Asia/Tehran iq=Asia/Baghdad eg=Africa/Cairo ma=Africa/Casablanca tn=Africa/Tunis dz=Africa/Algiers
    ng=Africa/Lagos gh=Africa/Accra ke=Africa/Nairobi za=Africa/Johannesburg
    ar=America/Argentina/Buenos_Aires uy=America/Montevideo pe=America/Lima ve=America/Caracas bo=America/La_Paz
    py=America/Asuncion cu=America/Havana cr=America/Costa_Rica gt=America/Guatemala do=America/Santo_Domingo
    nz=Pacific/Auckland
"""

# Languages of one country, or of neighbours in one zone. Not English, Spanish, Portuguese, Russian, Arabic.
_LANGUAGES = """
    vi=vn de=de it=it pl=pl cs=cz sk=sk hu=hu da=dk nb=no nn=no no=no sv=se fi=fi et=ee lv=lv lt=lt nl=nl tr=tr uk=ua
    ro=ro bg=bg el=gr he=il hi=in bn=bd th=th ja=jp ko=kr fr=fr
"""


def _pairs(table: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in table.split())


_BY_DOMAIN = _pairs(_DOMAINS)
_BY_LANGUAGE = _pairs(_LANGUAGES)


def zone_of(url: str, language: str | None) -> ZoneInfo | None:
    """Return the zone of the newspaper at a URL; None where neither its country nor its language has just one.

    The region of a language (`en-GB`) counts as a country; the host comes first.
    """
    domain = (host_of(url) or "").rsplit(".", 1)[-1]
    main, _, region = (language or "").lower().replace("_", "-").partition("-")
    country_of_language = _BY_LANGUAGE.get(main)
    for country in (domain, region, country_of_language):
        if country in _BY_DOMAIN:
            return _zone(_BY_DOMAIN[country])
    return None


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    """Return a zone, which `ZoneInfo` by itself would soon read from its file again."""
    return ZoneInfo(name)


def is_month_first(url: str, language: str | None) -> bool:
    """Tell whether 3/7/2026 is the seventh of March here: in the United States and the Philippines.

    English under a domain of no country is taken to be American, unless its region says otherwise.
    """
    main, _, region = (language or "").lower().replace("_", "-").partition("-")
    domain = (host_of(url) or "").rsplit(".", 1)[-1]
    if domain in {"us", "gov", "mil", "ph"} or region in {"us", "ph"}:
        return True
    return main in {"en", ""} and not region and len(domain) > 2  # noqa: PLR2004 - domains of countries have two letters


def localised(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """Return the moment with the newspaper's offset: given to a naive one, turned to from one told in UTC.

    Another offset than UTC is what the newspaper writes, and stays. The offset is fixed, so that the value is the
    same wherever it is read.
    """
    if zone is None:
        return moment
    if moment.tzinfo is None:
        return _fixed(moment.replace(tzinfo=zone))
    return _fixed(moment.astimezone(zone)) if not moment.utcoffset() else moment


def _fixed(moment: datetime) -> datetime:
    offset = moment.utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(offset) if offset else UTC, fold=0)
