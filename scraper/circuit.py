"""When is a host left alone for the rest of a run: a pure decider over what came of it so far."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SERIES = 5
"""So many refusals or failures in a row, and the host has said that it wants no more."""

AT_ONCE = frozenset({"robots_unreachable", "host_parked", "address_refused"})
"""What is true of the host as a whole, whichever page was asked for."""

SERIES = frozenset({
    "blocked", "http_error", "network", "dns", "connect", "tls", "connection_lost", "timeout", "truncated", "protocol",
})  # fmt: skip
"""What may be an accident, and is none when it comes in a series."""

UNASKED = frozenset({"robots_denied", "port_refused", "bad_url", "refused"})
"""What was decided without asking the host, and so says nothing of it."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of one host in this run."""

    failures_in_a_row: int = 0
    is_open: bool = False  # no further request goes to the host

    def after(self, code: str | None) -> Circuit:
        """Return the state after one more outcome; `code` is its error's, None where it went well."""
        if code in UNASKED:
            return self
        if code in AT_ONCE:
            return Circuit(self.failures_in_a_row + 1, is_open=True)
        if code not in SERIES:
            return Circuit(is_open=self.is_open)
        failures = self.failures_in_a_row + 1
        return Circuit(failures, is_open=self.is_open or failures >= LONGEST_SERIES)
