"""From when to when does one look? The address says it in days or by a preset, the API is asked in instants.

?last=7d                         the last seven days, up to now
?from=2026-11-01&to=2026-11-07   whole days, UTC, the last one included
?from=2026-11-01T10:00:00Z       as the API has it
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from collector.api.frame.params import instant_of
from collector.instant import instant
from collector.store.ports.sessions import SessionQuery
from collector.store.ports.totals import Step
from collector.ui.times import DAY_MS, HOUR_MS
from collector.ui.twins import OF_SCREENS

PRESETS: Mapping[str, int] = {"24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS}
USUAL = "7d"
BY_HOUR_MS = 3 * DAY_MS
"""Up to here a chart counts hours, beyond days."""
MOST_MS = 92 * DAY_MS
"""A chart's longest window: of a longer one it shows the end."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Window(NamedTuple):
    """The time that a chart shows: [since, until), ms UTC. step: what it counts."""

    since: int
    until: int

    @property
    def step(self) -> Step:
        """Hours while they are few."""
        return "hour" if self.until - self.since <= BY_HOUR_MS + HOUR_MS else "day"

    @property
    def places(self) -> range:
        """The beginning of each step."""
        step_ms = HOUR_MS if self.step == "hour" else DAY_MS
        return range(self.since // step_ms * step_ms, self.until, step_ms)


def preset_of(request: Request) -> str:
    """The preset that holds, "" when the address says another time or asks for one contact's whole history."""
    given = request.query_params
    if given.get("from") or given.get("to"):
        return ""
    if given.get("last") in PRESETS:
        return given["last"]
    return "" if given.get("contact") else USUAL


def as_asked(request: Request, now: int) -> Request:
    """The same question as the API understands it: instants, and none of the screen's own parameters."""
    given = [(name, value) for name, value in request.query_params.multi_items() if value and name not in OF_SCREENS]
    if preset := preset_of(request):
        begins = (now - PRESETS[preset]) // HOUR_MS * HOUR_MS
        given.append(("from", instant(begins)))
    asked = urlencode([(name, end_of(name, value)) for name, value in given])
    return Request({**request.scope, "query_string": asked.encode()}, request.receive)


def end_of(name: str, value: str) -> str:
    """A day as the instant at which it begins or, as the end, at which it is over; anything else as it is."""
    if name not in ("from", "to") or not _DAY.fullmatch(value):
        return value
    try:
        return instant(instant_of(f"{value}T00:00:00Z") + (DAY_MS if name == "to" else 0))
    except (ValueError, OverflowError):
        return value  # no day of any calendar: the API says so


def window_of(query: SessionQuery, now: int) -> Window:
    """What the chart of these sessions shows."""
    until = now if query.until is None else query.until
    usual = until - PRESETS[USUAL]
    since = usual if query.since is None else query.since
    return Window(max(since, until - MOST_MS) // HOUR_MS * HOUR_MS, until)
