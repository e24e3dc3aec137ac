"""What is a delivery called? 26 characters that say nothing: in links, in the Message-ID, in receipts."""

import hashlib

from collector.access.tokens import fresh_id, visitor_id_of

new_delivery_id = fresh_id


def delivery_id_of(wish: str) -> str:
    """Of a wish that may be made again, such as a step of an automation's run: the same each time."""
    return visitor_id_of(hashlib.sha256(wish.encode()).digest())
