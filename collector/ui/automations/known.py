"""What do the pages of automations know of everything else? Names for sentences, what may be chosen, what is wrong.

Reads messages, segments, lists and sites; writes nothing.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from collector.api.automations.desk import Desk
from collector.api.people.membership import Membership
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.store.ports.definitions.segments import Segment
from sessionizer.automations.check import Fault, Known, faults
from sessionizer.automations.definition import Definition
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.segments.wording.voice import Names


class House(NamedTuple):
    """All that there is. names: of segments and sites."""

    messages: Sequence[Message]
    segments: Sequence[Segment]
    lists: Sequence[str]
    names: Names
    known: Known

    @property
    def mails(self) -> Sequence[Message]:
        """Messages in use that can be sent to contacts."""
        return [one for one in self.messages if one.archived_at is None and one.writing.channel in IDENTIFIERS]

    @property
    def groups(self) -> Sequence[Segment]:
        """Segments in use."""
        return [one for one in self.segments if one.archived_at is None]

    def faults(self, definition: Definition) -> list[Fault]:
        """What keeps an automation from letting anybody in."""
        return faults(definition, self.known)


async def house_of(services: Services) -> House:
    """As it is now."""
    members = Membership(services)
    every = await members.every()
    messages = await asyncio.to_thread(services.messages.all)
    lists = sorted((await asyncio.to_thread(services.lists.names)).values())
    return House(messages, every, lists, await members.names(every), await Desk(services).known())
