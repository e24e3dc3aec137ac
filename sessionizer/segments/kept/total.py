"""What do the values of a property come to? Of events that stay in the window for ever that alone is kept.

Of those that come or go each one with its numbers. Sums are kept as exact parts (`history.exact_parts`), so that they
are to the last bit what the definition's are.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

import msgspec

from sessionizer.event import NOTHING, Event
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import Today
from sessionizer.segments.evaluate import worked_out_passes
from sessionizer.segments.history import currency_of, exact_parts, matches, numbers, on_page
from sessionizer.segments.kept.keeper import MOST, MOST_BYTES, Answer, Kept, weight
from sessionizer.segments.window import NEVER, Stay
from sessionizer.thread import FOREVER

Value = bool | int | float | str
Entry = tuple[int, str, str, tuple[Value, ...]]
"""An event: instant, id, currency, and the values that its property has."""


class Values(Kept, frozen=True, tag="v"):
    """settled: of events that stay in the window, by currency: what their values come to, and how many they are.

    entries: of those that come or go, sorted. Before lost_until others may count that are not kept.
    """

    settled: Mapping[str, tuple[tuple[Value, ...], int]] = NOTHING
    entries: tuple[Entry, ...] = ()
    lost_until: int = 0


class Total:
    """Sum, average, smallest, greatest, number of distinct values."""

    grows = False

    def __init__(self, wanted: asks.Aggregate, zone: tzinfo) -> None:
        self.kinds = frozenset({wanted.kind})
        self._wanted, self._window, self._today = wanted, wanted.window, Today(date.min, zone)
        self._path = names_of(wanted.property)
        self._currency = wanted.currency.upper() if wanted.currency else None
        self._moves = wanted.window.ago is not None or wanted.window.last is not None

    def looks_at(self, url: str) -> bool:
        """See the protocol."""
        return on_page(self._wanted, url, self._today)

    def heard(self, kept: Values | None, event: Event) -> Values | None:
        """See the protocol."""
        if not matches(self._wanted, event, self._today) or self._stay(event.at) is NEVER:
            return kept
        currency = currency_of(event)
        if self._currency not in (None, currency):
            return kept
        kept, values = kept or Values(), self._plain(values_at(event.properties, self._path))
        if not self._moves:
            return self._settled(kept, currency, values)
        entries = [*kept.entries]
        insort(entries, (event.at, event.id, currency, values), key=_order)
        return self._trimmed(kept, entries)

    def _plain(self, values: Sequence[Any]) -> tuple[Value, ...]:
        if self._wanted.function == "distinct":
            return tuple(value for value in values if isinstance(value, str | int | float))
        return tuple(numbers(values))

    def _stay(self, at: int) -> Stay:
        return self._window.stay(at, self._today.zone)

    def _settled(self, kept: Values, currency: str, values: Sequence[Value]) -> Values:
        """With what they come to, all together."""
        before, number = kept.settled.get(currency, ((), 0))
        settled = {**kept.settled, currency: (self._reduced([*before, *values]), number + len(values))}
        if len(settled[currency][0]) > MOST or weight(settled) > MOST_BYTES:
            return msgspec.structs.replace(kept, lost_until=FOREVER)
        return msgspec.structs.replace(kept, settled=settled)

    def _reduced(self, values: Sequence[Any]) -> tuple[Value, ...]:
        """As few values as come to the same."""
        function = self._wanted.function
        if function in ("sum", "average"):
            return exact_parts(values)
        if function == "distinct":
            return tuple({(isinstance(value, bool), value): value for value in values}.values())
        return ((min if function == "minimum" else max)(values),) if values else ()

    def _trimmed(self, kept: Values, entries: Sequence[Entry]) -> Values:
        """Without those that are gone, and never too many."""
        newest, until = entries[-1][0], kept.lost_until
        if self._window.last is None:
            for _, _, currency, values in (entry for entry in entries if self._stay(entry[0]).enters <= newest):
                kept = self._settled(kept, currency, values)
            return Values(kept.settled, tuple(e for e in entries if self._stay(e[0]).enters > newest), kept.lost_until)
        entries = [entry for entry in entries if self._stay(entry[0]).leaves > newest]
        if len(entries) > MOST or weight(entries) > MOST_BYTES:
            half = len(entries) // 2 + 1
            until = max(until, *(self._stay(entry[0]).leaves for entry in entries[:half]))
            entries = entries[half:]
        return Values(kept.settled, tuple(entries), until)

    def answer(self, kept: Values | None, now: int) -> Answer | None:
        """See the protocol."""
        kept = kept or Values()
        if now < kept.lost_until:
            return None
        stays = [(self._stay(entry[0]), entry) for entry in kept.entries]
        is_so = self._passes(kept, [entry for stay, entry in stays if stay.enters <= now < stay.leaves])
        ahead = ((edge, entry[1]) for stay, entry in stays for edge in stay if now < edge < FOREVER)
        return Answer(is_so, *min(ahead, default=(FOREVER, "")))

    def _passes(self, kept: Values, entries: Sequence[Entry]) -> bool:
        """Within one currency, or another."""
        found: dict[str, tuple[list[Any], int]] = {
            currency: ([*values], number) for currency, (values, number) in kept.settled.items()
        }
        for _, _, currency, more in entries:
            values, number = found.get(currency, ([], 0))
            found[currency] = ([*values, *more], number + len(more))
        together = list(found.values()) or [([], 0)]
        return any(worked_out_passes(self._wanted, values, self._today, number=number) for values, number in together)


def _order(entry: Entry) -> tuple[int, str]:
    return entry[:2]
