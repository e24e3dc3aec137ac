"""Token buckets on a clock that stands still: how much at once, how much later, what is forgotten."""

import pytest

from collector.access.limits import ADDRESS_RATE, WRITE_KEY_RATE, Buckets, Limits, Rate

NOW = 1_795_000_000_000
HOUR_MS = 3_600_000
ADDRESS, KEY = "203.0.113.7", 1


def spend(buckets: Buckets, events: int, at: int, *, each: int = 1) -> int:
    """How many of them fit, taken `each` at a time until one portion does not."""
    taken = 0
    while taken < events and buckets.wait_ms("a", each, at) == 0:
        buckets.take("a", each, at)
        taken += each
    return taken


def test_the_rates_are_those_that_are_promised() -> None:
    """50 a second and 1,000 at once for an address, 5,000 a second for a write key."""
    assert (Rate(50, 1_000), 5_000) == (ADDRESS_RATE, WRITE_KEY_RATE.per_second)


@pytest.mark.parametrize("rate", [ADDRESS_RATE, WRITE_KEY_RATE, Rate(3, 7)], ids=str)
@pytest.mark.parametrize("portion", ["one by one", "all at once"])
def test_a_full_bucket_holds_its_burst_exactly(rate: Rate, portion: str) -> None:
    """Neither one more nor one less, however it is taken."""
    each = 1 if portion == "one by one" else rate.burst
    assert rate.burst == spend(Buckets(rate), rate.burst + 100, NOW, each=each)
    assert Buckets(rate).wait_ms("a", rate.burst + 1, NOW) > 0


def test_the_wait_is_exact() -> None:
    """An empty bucket of 50 a second gives one event back every 20 ms, counted from when it was emptied."""
    buckets = Buckets(ADDRESS_RATE)
    buckets.take("a", 1_000, NOW)
    assert [20, 100, 20_000] == [buckets.wait_ms("a", events, NOW) for events in (1, 5, 1_000)]
    assert [1, 0, 0] == [buckets.wait_ms("a", 1, NOW + ms) for ms in (19, 20, 21)]
    assert [0, 20] == [buckets.wait_ms("a", events, NOW + 2_000) for events in (100, 101)]


def test_asking_takes_nothing() -> None:
    """A question may be repeated."""
    buckets = Buckets(Rate(50, 10))
    assert [0, 0, 0] == [buckets.wait_ms("a", 10, NOW) for _ in range(3)]
    assert 0 == len(buckets)


def test_a_bucket_fills_to_its_burst_and_no_further() -> None:
    """An hour of quiet gives what a minute does."""
    buckets = Buckets(ADDRESS_RATE)
    assert 1_000 == spend(buckets, 2_000, NOW)
    assert 1_000 == spend(buckets, 2_000, NOW + HOUR_MS)


def test_a_steady_sender_is_held_to_the_rate() -> None:
    """Who asks every millisecond for ten seconds gets the burst and ten seconds' worth, to the event."""
    buckets = Buckets(Rate(3, 7))
    assert 7 + 30 == sum(spend(buckets, 100, NOW + ms) for ms in range(10_001))


def test_taking_more_than_there_is_empties_it_only() -> None:
    """A debt is not carried: after the time of a whole burst it is full again."""
    buckets = Buckets(Rate(50, 10))
    buckets.take("a", 1_000_000, NOW)
    assert 20 == buckets.wait_ms("a", 1, NOW)
    assert 0 == buckets.wait_ms("a", 10, NOW + 200)


def test_buckets_do_not_know_each_other() -> None:
    """One who is too fast costs nobody else anything."""
    buckets = Buckets(Rate(50, 10))
    buckets.take("a", 10, NOW)
    assert [20, 0] == [buckets.wait_ms(name, 1, NOW) for name in ("a", "b")]


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    """At worst the bucket is empty: the next event comes back in its time, not in an hour."""
    buckets = Buckets(ADDRESS_RATE)
    buckets.take("a", 1, NOW)
    assert 20 == buckets.wait_ms("a", 1, NOW - HOUR_MS)
    assert 0 == buckets.wait_ms("a", 1, NOW - HOUR_MS + 20)


def test_full_buckets_are_forgotten_first() -> None:
    """Whoever has been quiet long enough is not remembered; who is being limited still is."""
    buckets = Buckets(Rate(50, 10), max_buckets=10)
    for number in range(9):
        buckets.take(number, 1, NOW)
    buckets.take("fast", 10, NOW + 20)
    buckets.take("new", 1, NOW + 20)
    assert 2 == len(buckets)
    assert [20, 0] == [buckets.wait_ms(name, 1, NOW + 20) for name in ("fast", 0)]


def test_memory_is_bounded_when_all_are_busy() -> None:
    """A flood of addresses costs the older half their memory, never the machine its own."""
    buckets = Buckets(Rate(50, 10), max_buckets=10)
    sizes = []
    for number in range(100):
        buckets.take(number, 10, NOW)
        sizes.append(len(buckets))
    assert 10 == max(sizes)
    assert 20 == buckets.wait_ms(99, 1, NOW)


def test_both_limits_must_agree() -> None:
    """A write key that is spread over many addresses is held to its own rate; then none of both is taken."""
    limits = Limits()
    for host in range(100):
        assert 0 == limits.charge(f"10.0.0.{host}", KEY, 100, now=NOW)
    assert 0.02 == limits.charge(ADDRESS, KEY, 100, now=NOW)
    assert 0 == limits.charge(ADDRESS, None, 1_000, now=NOW)


def test_an_address_that_is_too_fast_takes_nothing_of_the_key() -> None:
    """Somebody who copies a public key cannot use it up from one place."""
    limits = Limits()
    assert [0, 0.02] == [limits.charge(ADDRESS, KEY, events, now=NOW) for events in (1_000, 1)]
    assert [0.02] * 500 == [limits.charge(ADDRESS, KEY, 1, now=NOW) for _ in range(500)]
    assert [0] * 9 == [limits.charge(f"10.0.0.{host}", KEY, 1_000, now=NOW) for host in range(9)]


def test_the_wait_is_told_in_seconds() -> None:
    """For Retry-After."""
    limits = Limits()
    limits.charge(ADDRESS, None, 1_000, now=NOW)
    assert 2.0 == limits.charge(ADDRESS, None, 100, now=NOW)


def test_who_has_no_address_is_not_limited_by_it() -> None:
    """A socket file: only the key counts."""
    limits = Limits()
    assert [0.0] * 10 == [limits.charge("", KEY, 1_000, now=NOW) for _ in range(10)]
    assert 0 < limits.charge("", KEY, 1, now=NOW)


def test_load_tests_may_switch_them_off() -> None:
    """SENTIERO_RATE_LIMIT=off."""
    limits = Limits(enabled=False)
    assert {0.0} == {limits.charge(ADDRESS, KEY, 100_000, now=NOW) for _ in range(3)}


def test_the_addresses_of_one_ipv6_connection_share_a_bucket() -> None:
    """A /64 is what one customer is given: 18 quintillion addresses are not as many senders."""
    limits = Limits()
    assert 0 == limits.charge("2001:db8:1:2::1", None, ADDRESS_RATE.burst, now=NOW)
    assert 0 < limits.charge("2001:db8:1:2:ffff::9", None, 1, now=NOW)
    assert 0 == limits.charge("2001:db8:1:3::1", None, 1, now=NOW)
