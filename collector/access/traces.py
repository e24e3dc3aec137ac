"""Which pages were here lately but brought nothing? What a browser asks for before it sends, by the page's origin.

    asked     OPTIONS /e: the browser asks whether the page may send
    fetched   GET /tracker.js: the page has the tag
    brought   POST /e: whatever became of it

In memory, a process its own: for whoever sets up a website and looks at /setup. At most 100 origins, the oldest makes
room: what strangers send takes no more than that.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from collector.access.origins import normalise

MAX_ORIGINS = 100


class Trace(msgspec.Struct):
    """Of one origin: when it did each last, ms UTC, 0 for never."""

    origin: str
    asked_at: int = 0
    fetched_at: int = 0
    brought_at: int = 0


class Traces:
    """Remembers the last origins. On the event loop's thread."""

    def __init__(self, clock: Callable[[], int], *, max_origins: int = MAX_ORIGINS) -> None:
        """clock: ms UTC."""
        self._clock, self._max = clock, max_origins
        self._by_origin: dict[str, Trace] = {}

    def asked(self, origin: str) -> None:
        """A preflight of a page of this origin."""
        if trace := self._trace(origin):
            trace.asked_at = self._clock()

    def fetched(self, referrer: str) -> None:
        """The script, for a page. referrer: its address, or its origin only."""
        if trace := self._trace(_origin_of(referrer)):
            trace.fetched_at = self._clock()

    def brought(self, origin: str, at: int) -> None:
        """A batch. On the way of every event: one look-up, and an origin that did nothing before is not kept."""
        if trace := self._by_origin.get(origin):
            trace.brought_at = at

    def since(self, at: int) -> list[Trace]:
        """Those that asked or fetched at `at` (ms UTC) or later, the latest first."""
        found = [trace for trace in self._by_origin.values() if max(trace.asked_at, trace.fetched_at) >= at]
        return found[::-1]

    def _trace(self, origin: str) -> Trace | None:
        name = normalise(origin)
        if name is None:
            return None
        trace = self._by_origin.pop(name, None) or Trace(name)
        if len(self._by_origin) >= self._max:
            del self._by_origin[next(iter(self._by_origin))]
        self._by_origin[name] = trace  # at the end: the first is always the one that was quiet for longest
        return trace


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address[:2_000])
    except ValueError:  # half an IPv6 address
        return ""
    return f"{parts.scheme}://{parts.netloc}"
