"""How did a visit go? Its pages in order, with the time spent on each, and what happened in between.

Pure: events of one session in, what the page shows out.

    10:00 /           10:04 /boots      10:05 cart_updated     10:07
    |---- 4 min ------|---- at least 3 min --------------------|  the last activity: nobody knows when the page was left
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from collector.store.ports.events import StoredEvent
from collector.ui.contacts.timeline import BEGINS, ENDS, kind_of
from sessionizer.session import Session

PAGE = ("website", "page_visited")


class Stop(NamedTuple):
    """One event of a visit. stayed_s: on a page, seconds until the next one; None: unknown, or no page.

    is_least: nothing says when the page was left, only until when something was done on it.
    """

    event: StoredEvent
    stayed_s: int | None = None
    is_least: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it is a page that was seen."""
        return kind_of(self.event) == PAGE


class Went(NamedTuple):
    """A visit. stops: the oldest first. began, ended: the derived events that say so; they are no stops."""

    stops: Sequence[Stop]
    began: StoredEvent | None = None
    ended: StoredEvent | None = None


def went(events: Iterable[StoredEvent], session: Session, *, until: int | None = None) -> Went:
    """How it went. events: the newest first, also of others about that time. until: ms UTC of the first one cut off."""
    own = [event for event in events if event.at <= session.ended_at or event.session == session.id][::-1]
    bounds = {kind_of(event): event for event in own if _bounds(event, session)}
    shown = [event for event in own if not _bounds(event, session)]
    return Went(stops_of(shown, session.ended_at, until), bounds.get(BEGINS), bounds.get(ENDS))


def _bounds(event: StoredEvent, session: Session) -> bool:
    """Whether it says that this session began or ended, and stands."""
    return kind_of(event) in (BEGINS, ENDS) and not event.superseded and event.session == session.id


def stops_of(events: Sequence[StoredEvent], ended_at: int, until: int | None = None) -> list[Stop]:
    """Each event with the time spent. events: the oldest first. until: of the next page, when the rest is cut off."""
    stops: list[Stop] = []
    left_at, is_least = (ended_at, True) if until is None else (until, False)
    for event in reversed(events):
        if kind_of(event) != PAGE:
            stops.append(Stop(event))
            continue
        stayed_ms = left_at - event.at
        is_known = stayed_ms > 0 or not is_least
        stops.append(Stop(event, stayed_ms // 1000 if is_known else None, is_least and is_known))
        left_at, is_least = event.at, False
    return stops[::-1]
