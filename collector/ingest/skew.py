"""When did it happen? What the client's clock says, corrected by the client's clock.

    occurred_at + (received_at − sent_at)     when the clocks differ by `skew` or more: a wrong zone, a wrong year
    received_at                               when it would be more than `ahead` in the future
    occurred_at                               else: transport and small errors are left alone

The settings clock_skew_minutes (55) and clock_ahead_minutes (5). Reads nothing, writes nothing. All instants in ms UTC.
Source: DESIGN 5.
"""

FIRST_AT = 946_684_800_000
"""2000-01-01T00:00:00Z: nothing that we are told of is older."""


def correction_ms(sent_at: int, received_at: int, *, skew_ms: int) -> int:
    """What is to be added to the client's times: 0 as long as the clocks differ by less than `skew_ms`."""
    gap = received_at - sent_at
    return gap if abs(gap) >= skew_ms else 0


def corrected(at: int, correction: int, received_at: int, *, ahead_ms: int) -> int:
    """When it happened by our clock; exactly `ahead_ms` in the future is still believed."""
    at += correction
    return at if at <= received_at + ahead_ms else received_at
