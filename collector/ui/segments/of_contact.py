"""In which segments is one person now, and since when? For the page of a contact."""

from collections.abc import Sequence
from typing import NamedTuple

from collector.api.people.membership import Membership
from collector.services import Services
from collector.store.ports.contacts import Resolved
from collector.store.ports.definitions.segments import Segment

AT_ONCE = 20
"""Segments that are asked while the page is made; of more, only when somebody wants to know."""


class Belongs(NamedTuple):
    """A segment that somebody is in. since: ms UTC, None while the worker still asks."""

    segment: Segment
    since: int | None


async def segments_of(who: Resolved, services: Services, *, many: bool) -> Sequence[Belongs] | None:
    """Those in use that the person is in, by name; None when there are too many to ask unasked. many: ask them all.

    Those whose members are kept are not asked.
    """
    members = Membership(services)
    every = await members.every()
    used = [one for one in every if one.archived_at is None]
    followed, since = await members.followed(used, every), await members.since(who.survivor)
    found = [Belongs(one, since[one.id]) for one in used if followed[one.id].done and one.id in since]
    asked = [one for one in used if not followed[one.id].done]
    if len(asked) > AT_ONCE and not many:
        return None
    found += [Belongs(one, None) for one in asked if await members.has(one.definition.where, who, every)]
    return sorted(found, key=lambda one: one.segment.name.casefold())
