"""How do deliveries stand in a table? With the names of their contacts and messages.

Reads contacts and messages; writes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.messages.outbox import Delivery
from collector.ui.contacts.names import called
from collector.ui.messages.outbox.states import AGAIN, LABELS, TONES


async def rows_of(deliveries: Sequence[Delivery], services: Services) -> Mapping[str, Any]:
    """What templates need for them."""
    ids = tuple({one.contact for one in deliveries if one.contact})
    people = await services.store.contacts.find(ContactQuery(ids=ids), limit=len(ids)) if ids else []
    messages = await asyncio.to_thread(services.messages.all) if deliveries else []
    return {
        "deliveries": deliveries,
        "people": {one.id: one for one in people},
        "names": {one.id: one.name for one in messages},
        "labels": LABELS,
        "tones": TONES,
        "again": AGAIN,
        "called": called,
    }
