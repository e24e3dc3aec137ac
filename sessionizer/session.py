"""What is a session? The row that people read, and the half hour that ends it.

Reads nothing, writes nothing. The rule that opens and closes sessions is `rules/inactivity.py`.
"""

from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

import msgspec

from sessionizer.event import Agent

GAP_MS = 30 * 60_000
"""Inactivity that ends a session: a gap of exactly 30:00.000 splits, 29:59.999 does not."""


class Utm(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Campaign parameters of the entry page; "" where absent."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


class Session(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A run of a contact's activity without 30 minutes of inactivity inside. Instants in ms UTC.

    id: that of its `push_session_started`. ended_at: the last activity. events: given events that are activity.
    pages: page views among them.
    """

    id: str
    started_at: int
    ended_at: int
    open: bool
    events: int = 0
    pages: int = 0
    entry_page: str = ""
    exit_page: str = ""
    referrer: str = ""
    utm: Utm = Utm()
    agent: Agent = Agent()
    sites: tuple[int, ...] = ()
    visitor_ids: tuple[str, ...] = ()

    @property
    def duration_seconds(self) -> int:
        """From the first activity to the last, whole seconds, rounded down."""
        return (self.ended_at - self.started_at) // 1000

    @property
    def source(self) -> str:
        """Where the visit came from: the campaign's source, else the host of the page before, "" when it came direct.

        A page before on the host of the entry page itself is no source: the visit goes on after a pause.
        """
        if self.utm.source:
            return self.utm.source
        host = host_of(self.referrer)
        return "" if host == host_of(self.entry_page) else host


_NO_UTM = Utm()


@lru_cache(maxsize=4_096)
def host_of(url: str) -> str:
    """The host of an address, without `www.`; "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@lru_cache(maxsize=4_096)
def utm_of(url: str) -> Utm:
    """The campaign parameters in an address's query; of a repeated one the first. Each is cut at 128 characters."""
    if "utm_" not in url:  # nearly always: parsing costs twenty times as much
        return _NO_UTM
    try:
        query = parse_qs(urlsplit(url).query, max_num_fields=255)
    except ValueError:
        return _NO_UTM
    return Utm(*(query.get(f"utm_{name}", [""])[0][:128] for name in Utm.__struct_fields__))
