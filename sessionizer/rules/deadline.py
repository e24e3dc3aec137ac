"""When does an instant arrive that was announced? A meeting begins, a voucher and points expire.

    booked for 15:00     moved to 16:00                  16:00 meeting_started
    |--------------------|-------------------------------|
Says `meetings/meeting_started`, `loyalty/voucher_expired`, `loyalty/balance_value_expired`. Source: INTERFACES 7.
"""

from datetime import UTC, tzinfo

import msgspec

from sessionizer.contact import Contact
from sessionizer.event import Event, Kind
from sessionizer.rule import Fact, State, Step
from sessionizer.rules.given import LARGEST, id_of, instant_in, number_of
from sessionizer.wall_clock import text_of

DAY_MS = 86_400_000
REMEMBERED_MS = 400 * DAY_MS
"""How long a voucher that was spent, and said no expiry, is remembered: an update must not bring it back to life."""
MAX_LOTS = 96
"""Lots of one balance; beyond, the two that expire last become one, at the later instant. 14 KB at most."""

MEETING_STARTED: Kind = ("meetings", "meeting_started")
VOUCHER_EXPIRED: Kind = ("loyalty", "voucher_expired")
VALUE_EXPIRED: Kind = ("loyalty", "balance_value_expired")


class Meeting(State, frozen=True):
    """A meeting that is booked, or that has begun and is not over. Instants in ms UTC. cause: the last booking."""

    meeting: str
    starts_at: int
    over_at: int
    said: tuple[str, str]
    cause: str
    begun: bool = False


class Meetings:
    """A meeting begins at its start, unless it was cancelled; moved, at its new one.

    It is remembered until it is over, so that a booking said again does not begin it again.
    """

    name = "meetings"
    takes: tuple[str, ...] = ("meetings/meeting_booked", "meetings/meeting_canceled")
    says: tuple[Kind, ...] = (MEETING_STARTED,)
    states: tuple[type[State], ...] = (Meeting,)

    def __init__(self, zone: tzinfo = UTC) -> None:
        """zone: of times that name none."""
        self.zone = zone

    def key_of(self, event: Event) -> str | None:
        """The meeting."""
        return id_of(event, "meeting_id")

    def on_event(self, state: Meeting | None, event: Event, contact: Contact) -> Step:
        """Booked, moved, cancelled."""
        if event.key == "meeting_canceled":
            return Step()
        meeting = self._booked(event)
        if meeting is None or (state is not None and state.begun and state.starts_at == meeting.starts_at):
            return Step(state, (), None if state is None else _next_of(state))
        if meeting.starts_at > event.at:
            return Step(meeting, (), meeting.starts_at)
        return _begin(meeting, event.at) if meeting.over_at > event.at else Step()

    def on_time(self, state: Meeting, due: int, contact: Contact) -> Step:
        """It begins; later it is over and forgotten."""
        return Step() if state.begun else _begin(state, due)

    def _booked(self, event: Event) -> Meeting | None:
        starts_at, ends_at = instant_in(event, "starts_at", self.zone), instant_in(event, "ends_at", self.zone)
        if starts_at is None:
            return None
        over_at = ends_at if ends_at is not None and ends_at > starts_at else starts_at + DAY_MS
        said = (text_of(starts_at), text_of(ends_at) if ends_at is not None else "")
        return Meeting(id_of(event, "meeting_id") or "", starts_at, over_at, said, event.id)


def _begin(meeting: Meeting, at: int) -> Step:
    starts_at, ends_at = meeting.said
    data = {"meeting_id": meeting.meeting, "starts_at": starts_at, "ends_at": ends_at or None}
    begun = Meeting(meeting.meeting, meeting.starts_at, meeting.over_at, meeting.said, meeting.cause, begun=True)
    fact = Fact(MEETING_STARTED, meeting.cause, data)
    return Step(begun, (fact,), meeting.over_at) if meeting.over_at > at else Step(None, (fact,))


def _next_of(meeting: Meeting) -> int:
    return meeting.over_at if meeting.begun else meeting.starts_at


class Voucher(State, frozen=True):
    """A voucher. expires_at: ms UTC, None while none was said. spent: redeemed or revoked; remembered for a while."""

    voucher: str
    cause: str
    expires_at: int | None
    spent: bool = False


class Vouchers:
    """A voucher expires when its last instant has come, unless it was redeemed or revoked."""

    name = "vouchers"
    takes: tuple[str, ...] = tuple(f"loyalty/voucher_{what}" for what in ("created", "updated", "redeemed", "revoked"))
    says: tuple[Kind, ...] = (VOUCHER_EXPIRED,)
    states: tuple[type[State], ...] = (Voucher,)

    def __init__(self, zone: tzinfo = UTC) -> None:
        """zone: of dates and of times that name none."""
        self.zone = zone

    def key_of(self, event: Event) -> str | None:
        """The voucher."""
        return id_of(event, "voucher_id")

    def on_event(self, state: Voucher | None, event: Event, contact: Contact) -> Step:
        """Created, changed, spent. What was spent stays spent."""
        voucher = id_of(event, "voucher_id") or ""
        known = state.expires_at if state else None
        if event.key in ("voucher_redeemed", "voucher_revoked"):
            return _remembered(Voucher(voucher, event.id, known, spent=True), event.at)
        if state is not None and state.spent:
            return _remembered(state, event.at)
        said = instant_in(event, "expires_at", self.zone, through_the_day=True)
        return self._valid(state, Voucher(voucher, event.id, known if said is None else said), event.at)

    def on_time(self, state: Voucher, due: int, contact: Contact) -> Step:
        """Its time is over."""
        return Step() if state.spent else Step(None, (_expired(state),))

    def _valid(self, before: Voucher | None, voucher: Voucher, at: int) -> Step:
        """One that is said to have expired already expires now if it was valid before; else it never was."""
        if voucher.expires_at is None or voucher.expires_at > at:
            return Step(voucher, (), voucher.expires_at)
        return Step(None, (_expired(voucher),) if before else ())


def _remembered(voucher: Voucher, at: int) -> Step:
    until = voucher.expires_at
    return Step(voucher, (), until if until is not None and until > at else at + REMEMBERED_MS)


def _expired(voucher: Voucher) -> Fact:
    expires_at = voucher.expires_at or 0
    return Fact(VOUCHER_EXPIRED, voucher.cause, {"voucher_id": voucher.voucher, "expires_at": text_of(expires_at)})


class Lot(msgspec.Struct, frozen=True, array_like=True):
    """Points that expire together. cause: the event that gave them. expires_at: ms UTC."""

    expires_at: int
    amount: float
    cause: str


class Lots(State, frozen=True):
    """A balance with points that expire. lots: the first to expire first; the others, that never do, are not in one."""

    balance: str
    value: float
    lots: tuple[Lot, ...] = ()


class Expiries:
    """Points that are not spent in time are lost. What is spent is taken from those that expire first."""

    name = "expiries"
    takes: tuple[str, ...] = ("loyalty/balance_value_updated",)
    says: tuple[Kind, ...] = (VALUE_EXPIRED,)
    states: tuple[type[State], ...] = (Lots,)

    def __init__(self, zone: tzinfo = UTC) -> None:
        """zone: of dates and of times that name none."""
        self.zone = zone

    def key_of(self, event: Event) -> str | None:
        """The balance."""
        return id_of(event, "balance_id")

    def on_event(self, state: Lots | None, event: Event, contact: Contact) -> Step:
        """Points come or go."""
        balance = state or Lots(id_of(event, "balance_id") or "", 0)
        value = number_of(event, "value")
        change = number_of(event, "change")
        if change is None:
            change = 0 if value is None else value - balance.value
        expires_at = instant_in(event, "expires_at", self.zone, through_the_day=True)
        lots = balance.lots if change >= 0 else _spent(balance.lots, -change)
        if change > 0 and expires_at is not None and expires_at > event.at:
            lots = _with(lots, Lot(expires_at, change, event.id))
        return _waiting(Lots(balance.balance, _whole(balance.value + change) if value is None else value, lots))

    def on_time(self, state: Lots, due: int, contact: Contact) -> Step:
        """Everything of this instant is lost, together."""
        lost = [lot for lot in state.lots if lot.expires_at <= due]
        amount = _whole(sum(lot.amount for lot in lost))
        left = Lots(state.balance, _whole(state.value - amount), state.lots[len(lost) :])
        data = {"balance_id": state.balance, "amount": amount, "value": left.value}
        return _waiting(left, Fact(VALUE_EXPIRED, lost[0].cause, data))


def _waiting(balance: Lots, *facts: Fact) -> Step:
    """Until the first lot expires. One without lots is remembered for its value: what comes next may say no change."""
    return Step(balance, facts, balance.lots[0].expires_at if balance.lots else None)


def _spent(lots: tuple[Lot, ...], amount: float) -> tuple[Lot, ...]:
    """The lots without `amount`, taken from the first."""
    for place, lot in enumerate(lots):
        if lot.amount > amount:
            return (Lot(lot.expires_at, _whole(lot.amount - amount), lot.cause), *lots[place + 1 :])
        amount -= lot.amount
    return ()


def _with(lots: tuple[Lot, ...], new: Lot) -> tuple[Lot, ...]:
    *rest, last = sorted((*lots, new), key=lambda lot: lot.expires_at)
    if len(rest) < MAX_LOTS:
        return (*rest, last)
    return (*rest[:-1], Lot(last.expires_at, _whole(rest[-1].amount + last.amount), last.cause))


def _whole(number: float) -> float:
    """Without the dust of binary fractions: points have at most six digits behind the point.

    A sum beyond LARGEST stays a float: MessagePack has no whole numbers beyond 64 bits.
    """
    rounded = round(number, 6)
    return int(rounded) if abs(rounded) <= LARGEST and rounded == int(rounded) else float(rounded)
