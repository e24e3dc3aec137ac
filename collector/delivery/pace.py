"""May this one leave now? Rates per channel, account and recipient's domain; and a pause for a domain that defers.

Decisions by the time that is given; reads no clock. One Pace a process: it is asked before a delivery is sent and told
what became of it.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

SECOND_MS: Final = 1_000
FIRST_PAUSE_MS: Final = 5_000
LONGEST_PAUSE_MS: Final = 15 * 60_000
MAX_KEPT: Final = 10_000


class Lane(NamedTuple):
    """By which way it goes. domain: the recipient's, "" for a telephone number."""

    channel: str
    account: str
    domain: str


def lane(channel: str, account: str, recipient: str) -> Lane:
    """recipient: an address or a number."""
    return Lane(channel, account, recipient.rpartition("@")[2].lower() if "@" in recipient else "")


class Rates(msgspec.Struct, frozen=True):
    """Deliveries a second; 0 or absent: no limit.

    accounts: by `channel/account`. firsts: the account of a channel that sends what names none. every_domain: of those
    not named in domains.
    """

    channels: Mapping[str, float] = {}
    accounts: Mapping[str, float] = {}
    firsts: Mapping[str, str] = {}
    domains: Mapping[str, float] = {}
    every_domain: float = 0.0


class _Bucket(msgspec.Struct):
    """tokens at the instant `at`: may be a fraction."""

    tokens: float
    at: int


class _Pause(msgspec.Struct):
    """until: ms UTC. deferrals: in a row."""

    until: int
    deferrals: int


class Pace:
    """What has left lately, and who has said: not now."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._buckets: dict[str, _Bucket] = {}
        self._pauses: dict[str, _Pause] = {}

    def take(self, lane: Lane, now: int) -> int:
        """0: go, it is counted. Else ms to wait before asking again; nothing is counted then. now: ms UTC."""
        limits = self._limits(lane)
        waits = [self._wait_ms(name, rate, now) for name, rate in limits]
        wait_ms = max(self._paused_ms(lane.domain, now), *waits, 0)
        if wait_ms == 0:
            for name, _ in limits:
                self._buckets[name].tokens -= 1
        return wait_ms

    def deferred(self, lane: Lane, now: int, after_ms: int | None = None) -> None:
        """Its domain has said: not now. Each time in a row the pause doubles: 5 s to 15 min, or as long as it asked."""
        if not lane.domain:
            return
        before = self._pauses.get(lane.domain)
        if before and before.until > now:
            return  # those that were under way when the pause began say nothing new
        deferrals = before.deferrals + 1 if before else 1
        pause_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(deferrals - 1, 20))
        self._pauses[lane.domain] = _Pause(now + max(pause_ms, min(after_ms or 0, LONGEST_PAUSE_MS)), deferrals)
        self._forget(now)

    def went(self, lane: Lane) -> None:
        """Its domain has taken one: the pause is over."""
        self._pauses.pop(lane.domain, None)

    def _limits(self, lane: Lane) -> list[tuple[str, float]]:
        """(bucket, rate) of each limit that applies."""
        account = f"{lane.channel}/{lane.account or self._rates.firsts.get(lane.channel, '')}"
        found = [
            (f"channel {lane.channel}", self._rates.channels.get(lane.channel, 0.0)),
            (f"account {account}", self._rates.accounts.get(account, 0.0)),
        ]
        if lane.domain:
            rate = self._rates.domains.get(lane.domain, self._rates.every_domain)
            found.append((f"domain {lane.domain}", rate))
        return [(name, rate) for name, rate in found if rate > 0]

    def _wait_ms(self, name: str, rate: float, now: int) -> int:
        """A bucket holds what one second lets through, one at least, and is full at first."""
        most = max(rate, 1.0)
        bucket = self._buckets.setdefault(name, _Bucket(most, now))
        bucket.tokens = min(most, bucket.tokens + max(now - bucket.at, 0) * rate / SECOND_MS)
        bucket.at = max(bucket.at, now)
        return 0 if bucket.tokens >= 1 else int((1 - bucket.tokens) * SECOND_MS / rate) + 1

    def _paused_ms(self, domain: str, now: int) -> int:
        pause = self._pauses.get(domain)
        return max(0, pause.until - now) if pause else 0

    def _forget(self, now: int) -> None:
        """Domains not heard of for an hour start afresh; a bucket that has filled is as good as none."""
        if len(self._pauses) + len(self._buckets) > MAX_KEPT:
            hour_ago = now - 3_600_000
            self._pauses = {name: pause for name, pause in self._pauses.items() if pause.until > hour_ago}
            self._buckets = {name: bucket for name, bucket in self._buckets.items() if bucket.at > hour_ago}
