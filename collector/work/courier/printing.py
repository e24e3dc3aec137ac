"""How does a row of the outbox become a parcel? Its version, what that reads of the person, rendered, links followed.

Reads messages, contacts and events of the store; writes nothing. Compiled templates are kept by version.
"""

import base64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from collector.access.links import Links, Named
from collector.delivery.port import Attachment, Parcel
from collector.store.ports.definitions.messages import Messages, Writing
from collector.store.ports.gathering import Gathering, Need
from collector.store.ports.outbox import Delivery, Enclosed, Order, State
from sessionizer.contact import Contact
from sessionizer.messages.fault import Faults, RenderFailed
from sessionizer.messages.links import track_html, track_text, with_image
from sessionizer.messages.message import Rendered
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.messages.render import Now, render
from sessionizer.messages.template import Template, compile

KEPT = 256
BIG_BODY = 100_000
"""Characters: of what is written for one time, larger ones are not kept."""


class Unprintable(Exception):
    """It cannot be made: why. state: of its row from now on."""

    def __init__(self, says: str, state: State = "failed") -> None:
        super().__init__(says)
        self.state: State = state


class Printed(NamedTuple):
    """parcel: ready for its channel. shown: JSON of what it was rendered with, so that it can be shown again."""

    parcel: Parcel
    shown: str


class Sources(NamedTuple):
    """From where a printer has it. moment: an instant (ms UTC) as templates see it. host: in Message-IDs. bounces: an
    address such as `bounce@mail.shop.example`, "" for none: then bounces come back to the sender."""

    messages: Messages
    gathering: Gathering
    links: Links
    moment: Callable[[int], Now]
    url: str
    host: str
    bounces: str = ""


class Compiled(NamedTuple):
    """A writing, ready to be rendered."""

    writing: Writing
    template: Template


class Printer:
    """One a courier; for one thread."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._compiled: OrderedDict[object, Compiled] = OrderedDict()
        self._version = -1
        self._blocks: Mapping[str, str] = {}

    def print(self, delivery: Delivery, now: int) -> Printed:
        """The parcel. now: ms UTC. Raises Unprintable."""
        compiled = self._of(delivery)
        data = self._data(delivery, compiled.template)
        named = Named(delivery.id, delivery.channel, delivery.purpose)
        try:
            rendered = render(compiled.template, data | self._links_of(named), self._sources.moment(now))
        except RenderFailed as error:
            raise Unprintable(f"the message could not be made: {error}") from error
        rendered = self._tracked(rendered, named, compiled.writing, delivery.order)
        shown = msgspec.json.encode({"now": now, "data": data}).decode()
        return Printed(self._parcel(delivery, compiled.writing, rendered, named), shown)

    def _of(self, delivery: Delivery) -> Compiled:
        """The template, compiled once a version; blocks that have changed are a reason to compile anew."""
        version = self._sources.messages.data_version()
        if version != self._version:
            self._forget_changed(version)
        key = delivery.message, delivery.version, delivery.order.content, delivery.purpose
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(delivery)
            while len(self._compiled) > KEPT:
                self._compiled.popitem(last=False)
        return found

    def _forget_changed(self, version: int) -> None:
        self._version = version
        blocks = {name: block.body for name, block in self._sources.messages.blocks().items()}
        if blocks != self._blocks:
            self._blocks = blocks
            self._compiled.clear()

    def _compile(self, delivery: Delivery) -> Compiled:
        writing = self._writing(delivery)
        try:
            return Compiled(writing, compile(writing.content, self._blocks))
        except Faults as error:
            raise Unprintable(f"the message has a fault: {error}") from error

    def _writing(self, delivery: Delivery) -> Writing:
        """The version, as far as nothing else was written for this once."""
        content = delivery.order.content
        if not delivery.message:
            if content is None:
                raise Unprintable("nothing is said of what it should say")
            return Writing(purpose=delivery.purpose, content=content)
        version = self._sources.messages.version(delivery.message, delivery.version)
        if version is None:
            raise Unprintable(f"there is no message {delivery.message} of version {delivery.version}")
        return version.writing if content is None else msgspec.structs.replace(version.writing, content=content)

    def _data(self, delivery: Delivery, template: Template) -> dict[str, Any]:
        """Just what the template reads."""
        gathering, needs, order = self._sources.gathering, template.needs(), delivery.order
        contact = self._contact(delivery) if needs.contact or needs.history else None
        event: Mapping[str, Any] = order.params
        if needs.event and order.event and not event:
            happened = gathering.event(order.event)
            event = happened.data if happened else {}
        wanted = [Need(*need) for need in sorted(needs.history)]
        history = gathering.history(contact.id, wanted) if contact and wanted else {}
        known = variables_of(contact, delivery)
        return {
            "contact": {name: known[name] for name in sorted(needs.contact) if name in known},
            "event": {name: event[name] for name in sorted(needs.event) if name in event},
            "history": history,
        }

    def _contact(self, delivery: Delivery) -> Contact | None:
        if delivery.contact:
            found = self._sources.gathering.contact(delivery.contact)
            if found is not None:
                return found
        kind = IDENTIFIERS.get(delivery.channel)
        return self._sources.gathering.contact_of(kind, delivery.recipient) if kind else None

    def _links_of(self, named: Named) -> dict[str, str]:
        links = self._sources.links
        return {
            "unsubscribe": links.leave(named),
            "mirror": links.mirror(named),
            "update_profile": links.profile(named),
            "doubleoptin": links.confirm(named),
        }

    def _tracked(self, rendered: Rendered, named: Named, writing: Writing, order: Order) -> Rendered:
        links, own = self._sources.links, f"{self._sources.url}/"
        html, text = rendered.html, rendered.text
        if _is_on(order.track_clicks, writing.track_clicks):
            html = track_html(html, lambda target: links.click(named, target), own=own)
            if named.channel == "sms":
                text = track_text(text, lambda target: links.click(named, target), own=own)
        if html and _is_on(order.track_opens, writing.track_opens):
            html = with_image(html, links.image(named))
        return msgspec.structs.replace(rendered, html=html, text=text)

    def _parcel(self, delivery: Delivery, writing: Writing, rendered: Rendered, named: Named) -> Parcel:
        order, bounces = delivery.order, self._sources.bounces
        leave = self._sources.links.leave(named) if delivery.purpose == "marketing" else ""
        return Parcel(
            id=delivery.id, channel=delivery.channel, account=writing.account, recipient=delivery.recipient,
            recipient_name=order.name, sender=order.sender or writing.sender,
            sender_name=order.sender_name or writing.sender_name, reply_to=order.reply_to or writing.reply_to,
            subject=rendered.subject, preheader=rendered.preheader, html=rendered.html, text=rendered.text,
            headers={**order.headers, **_leaving(leave)}, message_id=f"<{delivery.id}@{self._sources.host}>",
            return_path=bounces.replace("@", f"+{delivery.id}@") if bounces else "",
            attachments=tuple(map(attached, order.attachments)),
            cc=tuple((one.email, one.name) for one in order.cc), bcc=tuple((one.email, one.name) for one in order.bcc),
        )  # fmt: skip


def attached(one: Enclosed) -> Attachment:
    """A file, as it goes along."""
    return Attachment(one.name, one.media_type, base64.b64decode(one.content))


def variables_of(contact: Contact | None, delivery: Delivery) -> dict[str, Any]:
    """What `contact.*` may be: attributes, and how the person is reached. Never the contact's number."""
    kind = IDENTIFIERS.get(delivery.channel)
    reached = {kind: (delivery.recipient,)} if kind else {}
    held = {**(contact.identifiers if contact else {}), **reached}
    names = {"EMAIL": "email_id", "SMS": "phone_id", "WHATSAPP": "whatsapp_id", "EXT_ID": "ext_id"}
    identifiers = {name: held[kind][0] for name, kind in names.items() if held.get(kind)}
    return {**identifiers, **(contact.attributes if contact else {})}


def _is_on(asked: bool | None, written: bool) -> bool:
    return written if asked is None else asked


def _leaving(address: str) -> Mapping[str, str]:
    """RFC 8058: a mailbox may offer to unsubscribe with one click."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
