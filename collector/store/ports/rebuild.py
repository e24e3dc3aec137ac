"""What does a rebuild read? Whole histories, beside what was made of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from collector.store.ports.work import Said
from sessionizer.derived import Derived
from sessionizer.event import Event
from sessionizer.session import Session


class Whole(NamedTuple):
    """All that there is of one contact, read at one instant.

    history: given events, also those that came too late, by (at, id). said: the derived ones that stand. waiting: what
    is on its way into the log. sessions: by the id of their row. late: how many of the history came too late. wake_at:
    when its timers are to be looked at, ms UTC: what is due from then on the worker has not said yet. None: no timer is
    known of.
    """

    contact: int
    history: list[Event]
    said: list[Derived]
    waiting: list[Said]
    sessions: Mapping[str, Session]
    late: int
    wake_at: int | None


class Wholes(Protocol):
    """Reads beside the worker."""

    def contacts(self, since: int) -> list[int]:
        """Survivors of whom something happened at or after `since` (ms UTC), by id."""

    def read(self, contacts: Sequence[int]) -> list[Whole]:
        """In the order asked for, all of the same instant."""
