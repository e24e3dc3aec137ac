"""Which messages are about an event? For its page in the catalogue."""

import asyncio
from collections.abc import Sequence

from collector.services import Services
from collector.store.ports.definitions.messages import Message
from sessionizer.event import Kind


async def messages_of(kind: Kind, services: Services) -> Sequence[Message]:
    """Those in use that are written for it, by name."""
    found = await asyncio.to_thread(services.messages.all)
    about = [one for one in found if one.archived_at is None and one.writing.event == kind]
    return sorted(about, key=lambda one: one.name.casefold())
