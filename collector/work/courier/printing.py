"""How does a row of the outbox become a parcel? Compiled, what it reads of the person, rendered, links followed."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import NamedTuple

import msgspec

from collector.access.links import Links, Named
from collector.delivery.bounces import way_back
from collector.delivery.port import Attachment, Parcel, Template
from collector.printing.as_sent import Shown
from collector.printing.compiled import Compiled, NoSuchMessage, Shelf, Wanted
from collector.printing.links import followed, links_of
from collector.printing.reading import About, gather
from collector.store.ports.definitions.messages import Writing
from collector.store.ports.messages.gathering import Gathering
from collector.store.ports.messages.outbox import Delivery, Enclosed
from sessionizer.messages.fault import Faults, RenderFailed
from sessionizer.messages.message import Rendered, lines_of
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.messages.render import render

DENIED = "denied"


class Unprintable(Exception):
    """It cannot be made: why."""


class Printed(NamedTuple):
    """parcel: ready for its channel. shown: JSON of what it was rendered with, so that it can be shown again."""

    parcel: Parcel
    shown: str


class Sources(NamedTuple):
    """From where a printer has it. zone: in which templates say dates. host: in Message-IDs. bounces: an address such
    as `bounce@mail.shop.example`, "" for none: then bounces come back to the sender."""

    shelf: Shelf
    gathering: Gathering
    links: Links
    zone: tzinfo
    host: str
    bounces: str = ""


class Printer:
    """One a courier; for one thread."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def refresh(self) -> None:
        """Look whether what messages share has changed."""
        self._sources.shelf.refresh()

    def account_of(self, delivery: Delivery) -> str:
        """Which account sends it; "" the channel's first, also where the message cannot be made."""
        try:
            return self._compiled(delivery).writing.account
        except Unprintable:
            return ""

    def consent_of(self, delivery: Delivery) -> str:
        """granted | denied | unknown: who has withdrawn it is sent no marketing, and nobody looks whether they read."""
        kind = IDENTIFIERS.get(delivery.channel)
        return self._sources.gathering.consent(delivery.contact, (kind, delivery.recipient) if kind else None)

    def print(self, delivery: Delivery, now: int) -> Printed:
        """The parcel. now: ms UTC. Raises Unprintable."""
        sources, order = self._sources, delivery.order
        compiled = self._compiled(delivery)
        writing, template, blocks = compiled
        data = gather(template.needs(), about_of(delivery), sources.gathering)
        named = Named(delivery.id, delivery.channel, delivery.purpose)
        try:
            rendered = render(
                template, data | links_of(sources.links, named, template.needs()), now=now, zone=sources.zone
            )
        except RenderFailed as error:
            raise Unprintable(f"the message could not be made: {error}") from error
        is_watched = self.consent_of(delivery) != DENIED
        opens = is_watched and (writing.track_opens if order.track_opens is None else order.track_opens)
        clicks = is_watched and (writing.track_clicks if order.track_clicks is None else order.track_clicks)
        rendered = followed(rendered, sources.links, named, opens=opens, clicks=clicks)
        shown = msgspec.json.encode(Shown(now, data, blocks)).decode()
        return Printed(self._parcel(delivery, compiled, rendered, named), shown)

    def _compiled(self, delivery: Delivery) -> Compiled:
        wanted = Wanted(delivery.message, delivery.version, delivery.purpose, delivery.order.content)
        try:
            return self._sources.shelf.get(wanted)
        except NoSuchMessage as error:
            raise Unprintable(str(error)) from error
        except Faults as error:
            raise Unprintable(f"the message has a fault: {error}") from error

    def _parcel(self, delivery: Delivery, compiled: Compiled, rendered: Rendered, named: Named) -> Parcel:
        order, writing, bounces = delivery.order, compiled.writing, self._sources.bounces
        leave = self._sources.links.leave(named) if delivery.purpose == "marketing" else ""
        return Parcel(
            id=delivery.id, channel=delivery.channel, account=writing.account, recipient=delivery.recipient,
            recipient_name=order.name, sender=order.sender or writing.sender,
            sender_name=order.sender_name or writing.sender_name, reply_to=order.reply_to or writing.reply_to,
            subject=rendered.subject, preheader=rendered.preheader, html=rendered.html, text=rendered.text,
            headers=_headers(order.headers, leave), message_id=f"<{delivery.id}@{self._sources.host}>",
            return_path=way_back(bounces, delivery.id) if bounces else "",
            template=template_of(writing, rendered), attachments=tuple(map(attached, order.attachments)),
            cc=tuple((one.email, one.name) for one in order.cc), bcc=tuple((one.email, one.name) for one in order.bcc),
        )  # fmt: skip


def about_of(delivery: Delivery) -> About:
    """Whose data stand in it: the recipient's, but for a test that shows what somebody else would get."""
    order = delivery.order
    if order.sample:
        return About(delivery.channel, order.sample, params=order.params, event=order.event)
    return About(delivery.channel, delivery.contact, delivery.recipient, order.params, order.event)


def template_of(writing: Writing, rendered: Rendered) -> Template | None:
    """One that WhatsApp has approved: the lines of the text are what is put into it."""
    if not writing.template:
        return None
    return Template(writing.template, writing.template_language or "en", lines_of(rendered.text))


def attached(one: Enclosed) -> Attachment:
    """A file, as it goes along."""
    return Attachment(one.name, one.media_type, one.content)


def _headers(asked: Mapping[str, str], leave: str) -> Mapping[str, str]:
    """RFC 8058: a mailbox may offer to unsubscribe with one click; ours counts, however another one is written."""
    if not leave:
        return asked
    ours = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    known = {name.lower() for name in ours}
    return {name: value for name, value in asked.items() if name.lower() not in known} | ours
