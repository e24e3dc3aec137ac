"""How much was there of what? Totals that are kept beside the rows, so that no screen adds up a million of them."""

from typing import Literal, Protocol

import msgspec

Part = Literal["site", "source", "device"]
"""What sessions can be split by. source: a campaign's, else the host of the page before, "" when they came direct."""

Step = Literal["hour", "day"]


class KindTotal(msgspec.Struct, frozen=True):
    """The events of one (category, key) that stand and are no bot's. first_at, last_at: ms UTC of occurred_at.

    days: (days since 1970 UTC, events), the days asked for that had any, in order.
    """

    category: str
    key: str
    events: int
    first_at: int
    last_at: int
    days: tuple[tuple[int, int], ...] = ()


class SessionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions that began in [since, until), ms UTC of whole hours. Empty does not narrow; several values mean *or*."""

    since: int
    until: int
    sites: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


class SessionTotal(msgspec.Struct, frozen=True):
    """Sessions that began in one step. at: its beginning, ms UTC. part: of the split, "" without one."""

    at: int
    part: str
    sessions: int


class Totals(Protocol):
    """Sums."""

    async def kinds(self, *, since_day: int) -> list[KindTotal]:
        """Every kind that ever came, by category and key; its days from since_day (days since 1970) on."""

    async def sessions(self, which: SessionFilter, *, step: Step, by: Part | None = None) -> list[SessionTotal]:
        """Sessions a step, in order of time; steps without any are left out. by: split, else together."""
