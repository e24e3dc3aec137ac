"""How fast may somebody send? Token buckets by address and by write key, in memory.

    address     50 events/s, at most 1,000 at once          write key     5,000 events/s, at most 10,000 at once

A bucket is kept as one number, the instant at which it will be full again (GCRA: the theoretical arrival time); one
that is full is the same as none, so that memory is bounded by forgetting full ones. Instants are whole numbers of the
time in which a thousandth of an event comes back: milliseconds with a fraction would lose 0.02 % of each event.
"""

import ipaddress
from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

MAX_BUCKETS = 20_000
EVENT = 1_000  # thousandths


class Rate(NamedTuple):
    """per_second: events that come back each second. burst: what a full bucket holds."""

    per_second: int
    burst: int


ADDRESS_RATE = Rate(50, 1_000)
WRITE_KEY_RATE = Rate(5_000, 10_000)


class Buckets:
    """Buckets of one rate, by name."""

    def __init__(self, rate: Rate, max_buckets: int = MAX_BUCKETS) -> None:
        """max_buckets: above, the full ones are forgotten, and if that is not enough the oldest half as well."""
        self._per_ms = rate.per_second  # as many thousandths as a second brings events
        self._span = rate.burst * EVENT
        self._max = max_buckets
        self._full_at: dict[Hashable, int] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._full_at)

    def wait_ms(self, name: Hashable, events: int, now: int) -> float:
        """How long until `events` fit, 0 when they fit now. Takes nothing."""
        return max(0, self._after(name, events, now) - now * self._per_ms - self._span) / self._per_ms

    def take(self, name: Hashable, events: int, now: int) -> None:
        """Take them; when they do not fit the bucket is empty."""
        if len(self._full_at) >= self._max and name not in self._full_at:
            self._forget(now)
        self._full_at[name] = min(self._after(name, events, now), now * self._per_ms + self._span)

    def _after(self, name: Hashable, events: int, now: int) -> int:
        """When it would be full again."""
        at = now * self._per_ms
        full_at = max(self._full_at.get(name, at), at)
        if full_at > at + self._span:  # the clock was set back: it is empty, and fills from now on, not from then
            full_at = self._full_at[name] = at + self._span
        return full_at + events * EVENT

    def _forget(self, now: int) -> None:
        at = now * self._per_ms
        self._full_at = {name: full_at for name, full_at in self._full_at.items() if full_at > at}
        if len(self._full_at) > self._max // 2:
            for name in list(self._full_at)[: self._max // 2]:
                del self._full_at[name]


@lru_cache(maxsize=4_096)
def network_of(address: str) -> str:
    """Who shares a bucket: one IPv4 address, the 64 bits of IPv6 that one connection is given."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address


class Limits:
    """Both limits of the public doors. The secret API has none."""

    def __init__(self, *, enabled: bool = True) -> None:
        """enabled: off for load tests (SENTIERO_RATE_LIMIT)."""
        self._enabled = enabled
        self._addresses = Buckets(ADDRESS_RATE)
        self._keys = Buckets(WRITE_KEY_RATE)

    def charge(self, address: str, write_key: int | None, events: int, *, now: int) -> float:
        """Take the events out of both buckets; 0, or the seconds to wait when they do not fit (then none is taken).

        address: "" where it is not known (a socket file): not limited. write_key: its id, None when it is not known.
        now: ms UTC.
        """
        if not self._enabled:
            return 0.0
        address = network_of(address)
        wait_ms = 0.0
        if address:
            wait_ms = self._addresses.wait_ms(address, events, now)
        if write_key is not None and not wait_ms:
            wait_ms = self._keys.wait_ms(write_key, events, now)
        if wait_ms:
            return wait_ms / 1000
        if address:
            self._addresses.take(address, events, now)
        if write_key is not None:
            self._keys.take(write_key, events, now)
        return 0.0
