"""What would the shop's door have refused? A few mistakes of every kind that people who build websites make.

Reads nothing, writes nothing.
"""

import random
from typing import NamedTuple

from collector.demo.goods import BLOG, SHOP
from collector.errors import REFUSALS, Code
from collector.log.port import Rejection

EVENTS_EACH = 400
"""One refusal for so many events."""

MOST = 500


class Mistake(NamedTuple):
    """site: 0 when none is known. share: how often, against the others."""

    code: Code
    site: int
    share: int
    path: str = ""
    sample: str = ""


MISTAKES = (
    Mistake(Code.KEY_UNKNOWN, 0, 5),
    Mistake(Code.ORIGIN_REFUSED, SHOP, 4),
    Mistake(Code.BAD_TIME, SHOP, 3, "events[0].occurred_at", '{"key":"page_visited","occurred_at":"yesterday"}'),
    Mistake(Code.RESERVED_KEY, SHOP, 2, "events[0].key", '{"category":"push","key":"push_session_started"}'),
    Mistake(Code.BAD_IDENTIFIER, SHOP, 3, "events[0].identifiers.email_id", '{"identifiers":{"email_id":"undefined"}}'),
    Mistake(Code.BAD_KEY, BLOG, 2, "events[0].key", '{"key":"article read!"}'),
    Mistake(Code.MALFORMED, BLOG, 1, "", '{"events":[{"key":"article_read"'),
    Mistake(Code.RATE_LIMITED, SHOP, 1),
)


def refusals(events: int, *, seed: int, since: int, until: int) -> list[Rejection]:
    """Those of a history of `events` events from `since` to `until` (ms UTC), in order of time."""
    chance = random.Random(f"refusals of {seed}")
    instants = sorted(since + int(chance.random() * (until - since)) for _ in range(min(events // EVENTS_EACH, MOST)))
    shares = [mistake.share for mistake in MISTAKES]
    return [_refused(at, chance.choices(MISTAKES, shares)[0]) for at in instants]


def _refused(at: int, mistake: Mistake) -> Rejection:
    code, site, _, path, sample = mistake
    door = f"site:{site}" if site else "e"
    origin = "https://staging.bottega.example" if code is Code.ORIGIN_REFUSED else "https://www.bottega.example"
    return Rejection(at, site, code, path, REFUSALS[code].says, door, origin, sample)
