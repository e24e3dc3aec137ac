"""In which segments is one person now? For the page of a contact."""

from collections.abc import Sequence

from collector.api.people.membership import Membership
from collector.services import Services
from collector.store.ports.contacts import Resolved
from collector.store.ports.definitions.segments import Segment

AT_ONCE = 20
"""Segments that are asked while the page is made; of more, only when somebody wants to know."""


async def segments_of(who: Resolved, services: Services, *, many: bool) -> Sequence[Segment] | None:
    """Those in use that the person is in, by name; None when there are too many to ask unasked. many: ask them all."""
    members = Membership(services)
    every = await members.every()
    used = [one for one in every if one.archived_at is None]
    if len(used) > AT_ONCE and not many:
        return None
    found = [one for one in used if await members.has(one.definition.where, who, every)]
    return sorted(found, key=lambda one: one.name.casefold())
