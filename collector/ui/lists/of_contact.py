"""On which lists is one person? For the page of a contact."""

import asyncio
from collections.abc import Sequence

from collector.services import Services
from collector.store.ports.contacts import StoredContact


async def lists_of(contact: StoredContact, services: Services) -> Sequence[tuple[int, str]]:
    """(id, name) of each, by name."""
    names = await asyncio.to_thread(services.lists.names)
    return sorted(
        ((id, name) for id, name in names.items() if name in contact.lists), key=lambda one: one[1].casefold()
    )
