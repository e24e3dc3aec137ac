"""With which questions can one begin? Three that most teams ask, ready to be changed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sessionizer.event import Kind


def _event(kind: Kind, **more: Any) -> Mapping[str, Any]:
    return {"type": "event", "category": kind[0], "key": kind[1], **more}


DELIVERED, OPENED = ("marketing_email", "Delivered"), ("marketing_email", "Opened")
CART, BOUGHT = ("ecommerce", "cart_updated"), ("ecommerce", "order_completed")
THREE_MONTHS = {"last": {"n": 3, "unit": "months"}}


class Start(NamedTuple):
    """A question to begin with. name, says: keys of words."""

    slug: str
    name: str
    says: str
    where: Mapping[str, Any]


STARTS = (
    Start(
        "quiet",
        "segments_start_quiet",
        "segments_start_quiet_says",
        {
            "type": "all",
            "of": [
                _event(DELIVERED, window=THREE_MONTHS),
                {"type": "not", "of": _event(OPENED, window=THREE_MONTHS)},
            ],
        },
    ),
    Start(
        "cart",
        "segments_start_cart",
        "segments_start_cart_says",
        {
            "type": "all",
            "of": [
                {
                    "type": "inactivity",
                    "after": {"category": CART[0], "key": CART[1]},
                    "without": {"category": BOUGHT[0], "key": BOUGHT[1]},
                    "within": {"n": 1, "unit": "hours"},
                    "window": {"last": {"n": 30, "unit": "days"}},
                }
            ],
        },
    ),
    Start(
        "twice",
        "segments_start_twice",
        "segments_start_twice_says",
        {
            "type": "all",
            "of": [_event(BOUGHT, count={"op": "at_least", "value": 2}, window={"last": {"n": 90, "unit": "days"}})],
        },
    ),
)
"""In the order in which they are shown."""

EMPTY: Mapping[str, Any] = {"type": "all", "of": [{"type": "event", "category": "", "key": ""}]}
"""Nothing is asked yet: one condition, whose event is still to be chosen."""
