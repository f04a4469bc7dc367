"""What can go wrong with one URL.

    ScraperError
    ├── BadUrl                 no URL that can be fetched
    ├── Refused                we do not ask
    │   ├── RobotsDenied       robots.txt forbids the page
    │   ├── RobotsUnreachable  robots.txt could not be had, so the whole host is left alone
    │   ├── AddressRefused     the host is at a private or special address
    │   ├── PortRefused        a port that no newspaper uses
    │   └── HostParked         the server asked for a longer pause than one run waits
    ├── NetworkError           no whole answer came
    │   ├── DnsError, ConnectError, TlsError, ConnectionLost
    │   ├── DeadlineExceeded   the whole fetch took too long
    │   ├── Truncated          the body ends before it should
    │   └── ProtocolError      what came is not HTTP
    ├── BadAnswer              a whole answer came, and it is no page
    │   ├── TooLarge, BadEncoding, BadRedirect, TooManyRedirects
    │   ├── HttpStatus         4xx or 5xx; NotFound (404, 410) apart
    │   ├── NotHtml            a PDF, a picture, …
    │   └── Blocked, Paywalled, SoftNotFound, MuchShorter
    └── ParseFailed            the page could not be read
        └── ParseTimeout, ParseMemory, ParserCrash

Every class has a `code`: stable, lower case, kept in the archive and shown to people.
"""

from __future__ import annotations

from typing import ClassVar, Self


class ScraperError(Exception):
    """Base of all that can go wrong with one URL; `url` is the URL that was asked for."""

    code: ClassVar[str] = "error"
    is_transient: ClassVar[bool] = False  # whether asking again soon may help

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason

    def __reduce__(self) -> tuple[type[ScraperError], tuple[str, str]]:
        """Let the error travel between processes with its facts."""
        return type(self), (self.url, self.reason)

    def bare(self) -> Self:
        """Return this error without the frames that it came through: the body of an answer, which they hold, goes."""
        self.__cause__ = self.__context__ = None
        return self.with_traceback(None)


class BadUrl(ScraperError):
    """The text is no URL that can be fetched."""

    code = "bad_url"


class Refused(ScraperError):
    """We do not ask for this URL, by rule."""

    code = "refused"


class RobotsDenied(Refused):
    """robots.txt forbids the page."""

    code = "robots_denied"


class RobotsUnreachable(Refused):
    """robots.txt could not be had, which forbids the whole host (RFC 9309, 2.3.1.4)."""

    code = "robots_unreachable"


class AddressRefused(Refused):
    """The host resolves to a private or special address."""

    code = "address_refused"


class PortRefused(Refused):
    """The URL names a port that no newspaper uses."""

    code = "port_refused"


class HostParked(Refused):
    """The server asked for a longer pause than one run waits."""

    code = "host_parked"

    def __init__(self, url: str, reason: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(url, reason)
        self.retry_after_seconds = retry_after_seconds


class NetworkError(ScraperError):
    """No whole answer came."""

    code = "network"
    is_transient = True


class DnsError(NetworkError):
    """The host's name has no address."""

    code = "dns"


class ConnectError(NetworkError):
    """The server takes no connection."""

    code = "connect"


class TlsError(NetworkError):
    """The server's certificate or TLS is not to be trusted."""

    code = "tls"
    is_transient = False


class ConnectionLost(NetworkError):
    """The server ended the connection before it answered."""

    code = "connection_lost"


class DeadlineExceeded(NetworkError):
    """The whole fetch took longer than its deadline."""

    code = "timeout"


class Truncated(NetworkError):
    """The body ends before it should."""

    code = "truncated"


class ProtocolError(NetworkError):
    """What came is not HTTP."""

    code = "protocol"
    is_transient = False


class BadAnswer(ScraperError):
    """A whole answer came, and it is no page."""

    code = "bad_answer"


class TooLarge(BadAnswer):
    """The body, as sent or decoded, is larger than the cap."""

    code = "too_large"


class BadEncoding(BadAnswer):
    """The Content-Encoding is unknown, or the body does not keep to it."""

    code = "bad_encoding"


class BadRedirect(BadAnswer):
    """The redirect leads to what cannot or must not be fetched."""

    code = "bad_redirect"


class TooManyRedirects(BadAnswer):
    """The redirects go round or on and on."""

    code = "too_many_redirects"


class HttpStatus(BadAnswer):
    """The server answered with an error; `status` is its number."""

    code = "http_error"

    def __init__(self, url: str, reason: str, *, status: int = 0) -> None:
        super().__init__(url, reason)
        self.status = status


class NotFound(HttpStatus):
    """The page is not there (404) or gone (410)."""

    code = "not_found"


class NotHtml(BadAnswer):
    """The answer is a PDF, a picture or another thing that is no page."""

    code = "not_html"


class Blocked(BadAnswer):
    """The site refuses this crawler, or shows a challenge in place of the page."""

    code = "blocked"


class Paywalled(BadAnswer):
    """The page shows too little of the article to keep it."""

    code = "paywall"


class SoftNotFound(BadAnswer):
    """The server says 200, and the page says that there is no such page."""

    code = "soft_not_found"


class MuchShorter(BadAnswer):
    """The page has only a part of the article that was kept from it before."""

    code = "much_shorter"


class ParseFailed(ScraperError):
    """The page could not be read."""

    code = "parse_failed"


class ParseTimeout(ParseFailed):
    """Reading the page took longer than the worker may."""

    code = "parse_timeout"


class ParseMemory(ParseFailed):
    """Reading the page took more memory than the worker may."""

    code = "parse_memory"


class ParserCrash(ParseFailed):
    """The worker died while reading the page."""

    code = "parser_crash"
