"""What can be done with a message? Checked, saved, shown for one person, put into the outbox. Without HTTP.

Reads messages, contacts and events; writes messages and the outbox. API and console do the same by it.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, TypeVar

from collector.access.delivery_id import new_delivery_id
from collector.access.links import Named
from collector.printing.as_sent import AsSent
from collector.printing.compiled import NoSuchMessage
from collector.printing.links import links_of
from collector.printing.reading import NAMES, About, find, gather
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.definitions.messages import Message, MessageChange, Writing
from collector.store.ports.messages.outbox import Order, Post
from sessionizer.contact import Contact
from sessionizer.identifier import canonical
from sessionizer.messages.fault import Fault, Faults, RenderFailed
from sessionizer.messages.message import Channel, Content, Rendered
from sessionizer.messages.missing import Missing, lacking, missing
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.messages.render import render
from sessionizer.messages.sms import Segments, segments_of
from sessionizer.messages.template import Template, compile

T = TypeVar("T")

LATEST_CONTACTS = 200
CALLED = frozenset({"FIRSTNAME", "LASTNAME"})
"""Attributes that fill a variable although nobody has them yet: messages that are ready greet by them."""
SHOWN = Named("preview", "email", "transactional")
"""Whose links stand in a preview: nobody's."""


class Shown(NamedTuple):
    """What one person would get. rendered: None where there are faults. missing: what nothing that is known can fill;
    lacking: what this person and event do not have. segments: of an SMS."""

    rendered: Rendered | None
    faults: Sequence[Fault]
    missing: Sequence[Missing] = ()
    lacking: Sequence[Missing] = ()
    segments: Segments | None = None


class NoRecipient(ValueError):
    """The contact cannot be reached on that channel, or the text is no address: which, for people."""


class Mailroom:
    """One a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._messages, self._deliveries = services.messages, services.deliveries
        self._as_sent = AsSent(services.messages, services.links, services.settings.zone)

    async def all(self) -> list[Message]:
        """Every message, by id."""
        return await asyncio.to_thread(self._messages.all)

    async def one(self, id: int) -> Message | None:
        """One of them."""
        return await asyncio.to_thread(self._messages.one, id)

    async def create(self, name: str, writing: Writing) -> Message:
        """A new one. Raises Faults, NameTaken."""
        await self.check(writing)
        return await self._later(lambda at: self._messages.create(name, writing, at=at))

    async def change(self, id: int, change: MessageChange) -> Message | None:
        """As it is afterwards. Raises Faults, NameTaken."""
        if change.writing is not None:
            await self.check(change.writing)
        return await self._later(lambda at: self._messages.change(id, change, at=at))

    async def check(self, writing: Writing) -> Template:
        """Ready to be rendered. Raises Faults with everything that is wrong."""
        return await asyncio.to_thread(compile, writing.content, await self.blocks())

    async def blocks(self) -> Mapping[str, str]:
        """The shared parts, source by name."""
        return {name: block.body for name, block in (await asyncio.to_thread(self._messages.blocks)).items()}

    async def harm(self, name: str, body: str | None) -> list[tuple[Message, Faults]]:
        """The messages in use that a block of that text (None: without it) would break."""
        blocks = {**await self.blocks()}
        blocks.pop(name, None)
        if body is not None:
            blocks[name] = body
        return await asyncio.to_thread(self._broken, name, blocks)

    def _broken(self, name: str, blocks: Mapping[str, str]) -> list[tuple[Message, Faults]]:
        found = []
        for message in self._messages.all():
            if message.archived_at is None:
                try:
                    compile(message.writing.content, blocks)
                except Faults as faults:
                    if any(name in fault.message or name in fault.part for fault in faults.faults):
                        found.append((message, faults))
        return found

    async def shown(self, writing: Writing, about: About) -> Shown:
        """What the person would get, or what is wrong."""
        try:
            template = await self.check(writing)
        except Faults as error:
            return Shown(None, error.faults)
        names = await self.attributes()
        absent = missing(template, kind=writing.event, attributes=names)
        data = await asyncio.to_thread(gather, template.needs(), about, self._services.gathering)
        links = links_of(
            self._services.links, SHOWN._replace(channel=writing.channel, purpose=writing.purpose), template.needs()
        )
        try:
            rendered = await asyncio.to_thread(self._rendered, template, {**data, **links})
        except RenderFailed as error:
            fault = Fault(error.part, error.line, error.reason)
            return Shown(None, [fault], absent)
        segments = segments_of(rendered.text) if writing.channel == "sms" else None
        return Shown(rendered, (), absent, lacking(template, {**data, **links}), segments)

    def _rendered(self, template: Template, data: Mapping[str, object]) -> Rendered:
        return render(template, data, now=self._services.clock(), zone=self._services.settings.zone)

    async def attributes(self) -> Collection[str]:
        """The names that `contact.*` may have: those that are defined, those that contacts have, how they are reached,
        and those by which everybody's contacts are called."""
        defined = await asyncio.to_thread(self._services.attributes.all)
        people = await self._services.store.contacts.find(ContactQuery(anonymous=False), limit=LATEST_CONTACTS)
        return {*NAMES, *CALLED, *(one.name for one in defined), *(name for one in people for name in one.attributes)}

    async def post(self, message: Message, about: About, order: Order, *, due_at: int = 0) -> str:
        """Put it into the outbox; returns the delivery's id. about: whom it goes to. Raises NoRecipient."""
        recipient = await asyncio.to_thread(self._recipient, message.writing.channel, about)
        post = Post(
            id=new_delivery_id(),
            channel=message.writing.channel,
            purpose=message.writing.purpose,
            recipient=recipient,
            due_at=max(due_at, self._services.clock()),
            order=order,
            message=message.id,
            version=message.version,
            contact=about.contact,
        )
        await self._later(lambda at: self._deliveries.put([post], at=at))
        return post.id

    async def write(self, contact: int, content: Content) -> str:
        """A mail to one person, written for this once; returns the delivery's id. Raises Faults, NoRecipient."""
        await asyncio.to_thread(compile, content, {})
        about = About(content.channel, contact)
        post = Post(
            id=new_delivery_id(),
            channel=content.channel,
            purpose="sales",
            recipient=await asyncio.to_thread(self._recipient, content.channel, about),
            due_at=self._services.clock(),
            order=Order(content=content, origin="console"),
            contact=contact,
        )
        await self._later(lambda at: self._deliveries.put([post], at=at))
        return post.id

    async def sent(self, id: str) -> Rendered | None:
        """A delivery as it was rendered then, with links that tell nothing; None of one that was not."""
        return await asyncio.to_thread(self._sent, id)

    def _sent(self, id: str) -> Rendered | None:
        found = self._deliveries.shown(id)
        if found is None:
            return None
        delivery, _ = found
        of = SHOWN._replace(channel=delivery.channel, purpose=delivery.purpose)
        try:
            return self._as_sent.made(*found, of=of, clicks=False)
        except (NoSuchMessage, Faults, RenderFailed):
            return None

    def _recipient(self, channel: Channel, about: About) -> str:
        kind = IDENTIFIERS.get(channel)
        if kind is None:
            raise NoRecipient(f"a message of channel {channel} goes to no person")
        if about.recipient:
            address = canonical(kind, about.recipient)
            if address is None:
                raise NoRecipient(f"{about.recipient[:80]!r} is no {WHERE[channel]}")
            return address
        person = find(about, self._services.gathering)
        if person is None:
            raise NoRecipient(f"there is no contact {about.contact}")
        return address_of(person, channel)

    async def _later(self, write: Callable[[int], T]) -> T:
        """Write, in a thread. at: now, ms UTC."""
        return await asyncio.to_thread(write, self._services.clock())


WHERE = {"email": "e-mail address", "sms": "telephone number", "whatsapp": "WhatsApp number"}


def address_of(person: Contact, channel: str) -> str:
    """Where the person is reached. Raises NoRecipient."""
    kinds = ("whatsapp_id", "phone_id") if channel == "whatsapp" else (IDENTIFIERS[channel],)
    for kind in kinds:
        if values := person.identifiers.get(kind):
            return values[0]
    raise NoRecipient(f"contact {person.id} has no {WHERE[channel]}")
