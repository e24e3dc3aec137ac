"""How fast deliveries leave, and how long a domain that defers is left in peace."""

from collector.delivery.pace import Lane, Pace, Rates, lane

MAIN = Lane("email", "main", "posta.example")


def gone(pace: Pace, lane: Lane, *, until_ms: int) -> int:
    """How many leave when one is tried every millisecond."""
    return sum(pace.take(lane, now) == 0 for now in range(until_ms))


def test_no_limit_no_wait() -> None:
    """Without rates everything leaves at once."""
    assert 1_000 == gone(Pace(Rates()), MAIN, until_ms=1_000)


def test_each_rate_holds() -> None:
    """Of channel, account, domain; the narrowest decides. A second's worth may leave at once."""
    for rates in (
        Rates(channels={"email": 10}),
        Rates(accounts={"email/main": 10}),
        Rates(domains={"posta.example": 10}, every_domain=1_000),
        Rates(every_domain=10, channels={"email": 500}),
    ):
        assert 10 + 29 == gone(Pace(rates), MAIN, until_ms=3_000)


def test_who_names_no_account_goes_by_the_first() -> None:
    """And shares its rate."""
    pace = Pace(Rates(accounts={"email/main": 2}, firsts={"email": "main"}))
    nameless = MAIN._replace(account="")
    assert [0, 0, 501] == [pace.take(nameless, 0), pace.take(MAIN, 0), pace.take(nameless, 0)]


def test_who_waits_takes_nothing_from_others() -> None:
    """A domain at its limit does not use up the channel's rate."""
    pace = Pace(Rates(channels={"email": 2}, domains={"lenta.example": 1}))
    slow = Lane("email", "main", "lenta.example")
    assert [0, 1_001, 0] == [pace.take(slow, 0), pace.take(slow, 0), pace.take(MAIN, 0)]


def test_the_wait_that_is_told_is_enough() -> None:
    """Asked again after it, it may go."""
    pace = Pace(Rates(channels={"email": 3}))
    for _ in range(3):
        pace.take(MAIN, 0)
    wait_ms = pace.take(MAIN, 0)
    assert (334, 0) == (wait_ms, pace.take(MAIN, wait_ms))


def test_a_domain_that_defers_is_left_in_peace() -> None:
    """5 s, then twice as long each time, at most 15 minutes; others go on."""
    pace, now, pauses = Pace(Rates()), 0, []
    for _ in range(10):
        pace.deferred(MAIN, now)
        pauses.append(pace.take(MAIN, now))
        now += pauses[-1]
    assert [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] == [pause // 1_000 for pause in pauses]
    assert 0 == pace.take(Lane("email", "main", "altra.example"), now)


def test_many_deferrals_at_once_are_one() -> None:
    """Those that were under way when the first was deferred do not double the pause."""
    pace = Pace(Rates())
    for _ in range(8):
        pace.deferred(MAIN, 0)
    assert 5_000 == pace.take(MAIN, 0)


def test_one_that_goes_ends_the_pause() -> None:
    """And the next pause starts at 5 s again. Who says when is heard."""
    pace = Pace(Rates())
    pace.deferred(MAIN, 0, after_ms=60_000)
    assert 60_000 == pace.take(MAIN, 0)
    pace.went(MAIN)
    assert 0 == pace.take(MAIN, 0)


def test_numbers_have_no_domain() -> None:
    """A deferred SMS pauses nobody else."""
    pace, sms = Pace(Rates()), Lane("sms", "twilio", "")
    pace.deferred(sms, 0)
    assert 0 == pace.take(sms, 0)


def test_a_lane_is_read_off_the_recipient() -> None:
    """Domains in lower case; a number has none."""
    assert MAIN == lane("email", "main", "Anna@Posta.Example")
    assert Lane("sms", "twilio", "") == lane("sms", "twilio", "+393331234567")


def test_memory_is_bounded() -> None:
    """A million domains that deferred long ago are forgotten."""
    pace = Pace(Rates(every_domain=5))
    for at in range(25_000):
        lane = Lane("email", "main", f"d{at}.example")
        pace.take(lane, at * 1_000)
        pace.deferred(lane, at * 1_000)
    assert len(pace._pauses) + len(pace._buckets) < 12_000
