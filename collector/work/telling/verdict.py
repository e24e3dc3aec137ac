"""What does an answer mean for a delivery? It has arrived, is tried again, or is given up after 24 hours. Pure."""

from typing import Final, NamedTuple

from collector.delivery.hooks.sink import Heard
from collector.delivery.retry import HOUR_MS, next_try
from collector.store.ports.webhooks.deliveries import Delivery

GIVE_UP_MS: Final = 24 * HOUR_MS
GONE: Final = 410
MOST_REASON: Final = 500


class Moment(NamedTuple):
    """now: ms UTC. chance: from 0 to 1."""

    now: int
    chance: float


def verdict(delivery: Delivery, heard: Heard, moment: Moment) -> Delivery:
    """The delivery as it stands after that answer."""
    now = moment.now
    tried = delivery._replace(
        tries=delivery.tries + 1,
        first_at=now if delivery.first_at is None else delivery.first_at,
        status=heard.status,
        reason=heard.reason[:MOST_REASON],
        took_ms=heard.took_ms,
    )
    if heard.is_fine:
        return tried._replace(state="done", settled_at=now)
    due_at = next_try(tried.tries, tried.first_at or now, now, moment.chance, heard.after_ms, GIVE_UP_MS)
    if due_at is None:
        return tried._replace(state="failed", settled_at=now)
    return tried._replace(due_at=due_at)


def dropped(delivery: Delivery, why: str, now: int) -> Delivery:
    """It is not to be told any more. now: ms UTC."""
    return delivery._replace(state="dropped", settled_at=now, reason=why)
