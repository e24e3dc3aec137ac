"""What comes round again? Every month and every year since a subscription, until it is revoked.

    created 31 Jan 10:00     28 Feb 10:00   31 Mar 10:00   …   31 Jan 10:00
                             1 month        2 months           12 months, and 1 year

Wall time in the deployment's zone, counted from the beginning each time, so that a short month shortens no later one.
Says `loyalty/subscription_month_anniversary` and `…_year_anniversary`. Source: DESIGN 5, INTERFACES 7.
"""

from datetime import UTC, tzinfo

import msgspec

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.rule import Fact, State, Step
from sessionizer.rules.given import id_of
from sessionizer.wall_clock import instant_of, months_later, wall_of

MONTH: Kind = ("loyalty", "subscription_month_anniversary")
YEAR: Kind = ("loyalty", "subscription_year_anniversary")
CREATED, REVOKED = "subscription_created", "subscription_revoked"


class Membership(State, frozen=True):
    """A subscription that is not revoked. since: ms UTC, of the event `cause`. months: those that have passed."""

    subscription: str
    program: str
    since: int
    cause: str
    months: int = 0


class Anniversaries:
    """Counts the months of each subscription."""

    name = "anniversaries"
    takes: tuple[str, ...] = (f"loyalty/{CREATED}", f"loyalty/{REVOKED}")
    says: tuple[Kind, ...] = (MONTH, YEAR)
    states: tuple[type[State], ...] = (Membership,)

    def __init__(self, zone: tzinfo = UTC) -> None:
        """zone: the deployment's."""
        self.zone = zone

    def key_of(self, event: Event) -> str | None:
        """The subscription."""
        return id_of(event, "subscription_id")

    def on_event(self, state: Membership | None, event: Event, contact: Contact) -> Step:
        """It begins, or it is revoked; one that goes on already does not begin again."""
        if event.key == REVOKED:
            return Step()
        member = state or _begun(event)
        return Step(member, (), self._next(member))

    def on_time(self, state: Membership, due: int, contact: Contact) -> Step:
        """Another month has passed."""
        passed = msgspec.structs.replace(state, months=state.months + 1)
        return Step(passed, _facts(passed), self._next(passed))

    def _next(self, member: Membership) -> int | None:
        try:
            return instant_of(months_later(wall_of(member.since, self.zone), member.months + 1), self.zone)
        except (ValueError, OverflowError):
            return None


def _begun(event: Event) -> Membership:
    return Membership(
        id_of(event, "subscription_id") or "", id_of(event, "program_id") or "", since=event.at, cause=event.id
    )


def _facts(member: Membership) -> tuple[Fact, ...]:
    """A month, and at every twelfth a year."""
    of = {"subscription_id": member.subscription, "program_id": member.program}
    month = Fact(MONTH, member.cause, {**of, "months": member.months})
    years, rest = divmod(member.months, 12)
    return (month,) if rest else (month, Fact(YEAR, member.cause, {**of, "years": years}))
