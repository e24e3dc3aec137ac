"""When is a deferred delivery tried again, and when is it given up? From 5 seconds to 24 hours, with full jitter.

Pure: the time and chance are arguments. Source: SECURITY 2 (effects), "Exponential Backoff and Jitter" (AWS, 2015).
"""

from typing import Final

SECOND_MS, HOUR_MS = 1_000, 3_600_000
FIRST_MS: Final = 5 * SECOND_MS
LONGEST_MS: Final = 24 * HOUR_MS
GROWTH: Final = 3
"""Spans: 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, 9 h, 24 h: ten tries within two days."""
LEAST_MS: Final = SECOND_MS
GIVE_UP_MS: Final = 72 * HOUR_MS


def next_try(
    attempt: int, first_at: int, now: int, chance: float, after_ms: int | None = None, give_up_ms: int = GIVE_UP_MS
) -> int | None:
    """ms UTC of the next try; None: it is given up.

    attempt: how many were made, from 1. first_at: of the first one, ms UTC. chance: from 0 to 1, by the caller's dice.
    after_ms: what the other side asked to wait. The last try is right at the end, first_at + give_up_ms.
    """
    end = first_at + give_up_ms
    if now >= end:
        return None
    wait_ms = max(LEAST_MS, int(span_ms(attempt) * chance), min(after_ms or 0, LONGEST_MS))
    return min(now + wait_ms, end)


def span_ms(attempt: int) -> int:
    """How long the wait after so many attempts may be."""
    return min(LONGEST_MS, FIRST_MS * int(GROWTH ** min(max(attempt - 1, 0), 20)))
