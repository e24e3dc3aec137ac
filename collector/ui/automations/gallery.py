"""How does one of the ready-made automations come to be? Its messages, segments and lists are made along, then a draft.

Writes messages, segments, lists and the automation. What is called as one that there is gets a number behind its name;
a list of that name is the one that is meant, and so is a segment that asks the same.
"""

import asyncio
from collections.abc import Collection
from itertools import count

from collector.api.automations.desk import Desk
from collector.api.messages.mailroom import Mailroom
from collector.api.people.segments import make
from collector.services import Services
from collector.store.ports.automations.definitions import Automation
from collector.ui.automations.known import House, house_of
from collector.ui.messages.forms import draft_of, form_of
from collector.ui.page import Language
from sessionizer.automations.definition import Definition
from sessionizer.automations.ready.table import READY, Ready, ReadySegment
from sessionizer.messages.starters.table import STARTERS
from sessionizer.segments import condition

FOLDER = 1


def ready(slug: str) -> Ready | None:
    """The one of that name."""
    return next((one for one in READY if one.slug == slug), None)


class Gallery:
    """Makes them."""

    def __init__(self, services: Services) -> None:
        self._services, self._room, self._desk = services, Mailroom(services), Desk(services)

    async def make(self, wanted: Ready, language: Language) -> Automation:
        """With everything that it needs, in the reader's language."""
        place, house = (0 if language == "it" else 1), await house_of(self._services)
        mails = [await self._mail(slug, language, house) for slug in wanted.mails]
        groups = [await self._group(one, place, house) for one in wanted.segments]
        lists = [await self._list(texts[place], house) for texts in wanted.lists]
        return await self.create(wanted.name[place], wanted.make(mails, groups, lists))

    async def create(self, name: str, definition: Definition) -> Automation:
        """A draft of that name, or of one that is free."""
        taken = {one.name for one in await self._desk.all()}
        return await self._desk.create(free(name, taken), definition)

    async def _mail(self, slug: str, language: Language, house: House) -> int:
        starter = next(one for one in STARTERS if (one.slug, one.language) == (slug, language))
        name = free(starter.name, {one.name for one in house.messages})
        form = form_of(starter.content, name=name, purpose=starter.purpose, event="/".join(starter.kind or ()))
        writing = draft_of(form).writing
        assert writing is not None, "a starter is a sound message"
        return (await self._room.create(name, writing)).id

    async def _group(self, wanted: ReadySegment, place: int, house: House) -> int:
        definition = condition.Definition(wanted.where)
        same = next((one.id for one in house.groups if one.definition == definition and not one.paused_at), None)
        if same is not None:
            return same
        name = free(wanted.name[place], {one.name for one in house.segments})
        return (await make(name, definition, list(house.segments), self._services)).id

    async def _list(self, name: str, house: House) -> str:
        if name not in house.lists:
            await asyncio.to_thread(self._services.lists.create, name, folder=FOLDER, at=self._services.clock())
        return name


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the first of `name 2`, `name 3` … that nothing has."""
    return next(each for n in count(1) if (each := name if n == 1 else f"{name} {n}") not in taken)
