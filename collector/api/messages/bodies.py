"""How do messages look to programs? Bodies, answers, and how the one becomes what is kept."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from collector.api.frame.answer import Instant
from collector.api.frame.params import MAX_ID
from collector.instant import instant
from collector.store.ports.definitions.messages import Message, Version, Writing
from collector.store.ports.messages.outbox import Delivery, State
from sessionizer.messages.message import Channel, Content, Purpose

MAX_SOURCE = 400_000
MessageName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[str, Meta(max_length=998, pattern=r"^[^\x00\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*$")]
"""What becomes a header of the message: one line."""
Source = Annotated[str, Meta(max_length=MAX_SOURCE)]
Id = Annotated[int, Meta(ge=1, lt=MAX_ID)]
EventId = Annotated[str, Meta(min_length=1, max_length=128)]
Properties = dict[str, Any]

PARTS = ("subject", "preheader", "html", "mjml", "text")
MANNERS = (
    "purpose", "sender", "sender_name", "reply_to", "account", "template", "template_language", "track_opens",
    "track_clicks",
)  # fmt: skip


class EventKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of event."""

    category: Annotated[str, Meta(min_length=1, max_length=64)]
    key: Annotated[str, Meta(min_length=1, max_length=255)]


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages. html or mjml, not both; text of an e-mail is made of its HTML where it is empty.

    template: of WhatsApp, one that Meta has approved, in template_language; the text's lines are its parameters.
    """

    name: MessageName
    channel: Channel = "email"
    purpose: Purpose = "transactional"
    subject: Source = ""
    preheader: Source = ""
    html: Source = ""
    mjml: Source = ""
    text: Source = ""
    event: EventKind | None = None
    sender: Line = ""
    sender_name: Line = ""
    reply_to: Line = ""
    account: Line = ""
    template: Line = ""
    template_language: Line = ""
    track_opens: bool = True
    track_clicks: bool = True


class ChangedMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/messages/<id>: what is not there stays. What it says from now on is a new version."""

    name: MessageName | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    subject: Source | UnsetType = UNSET
    preheader: Source | UnsetType = UNSET
    html: Source | UnsetType = UNSET
    mjml: Source | UnsetType = UNSET
    text: Source | UnsetType = UNSET
    event: EventKind | UnsetType | None = UNSET
    sender: Line | UnsetType = UNSET
    sender_name: Line | UnsetType = UNSET
    reply_to: Line | UnsetType = UNSET
    account: Line | UnsetType = UNSET
    template: Line | UnsetType = UNSET
    template_language: Line | UnsetType = UNSET
    track_opens: bool | UnsetType = UNSET
    track_clicks: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages/preview: a message as it is being written, for one person and one event. params: in
    the place of an event's properties."""

    channel: Channel = "email"
    purpose: Purpose = "transactional"
    subject: Source = ""
    preheader: Source = ""
    html: Source = ""
    mjml: Source = ""
    text: Source = ""
    kind: EventKind | None = None
    contact: Id | None = None
    event: EventId | None = None
    params: Properties | None = None


class Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages/<id>/test: to people of the team, as it would be for that contact and event."""

    to: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=10)]
    contact: Id | None = None
    event: EventId | None = None
    params: Properties | None = None


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/messages/<id>/send: to a contact, or to an address or number. at: not before."""

    contact: Id | None = None
    to: Line = ""
    event: EventId | None = None
    params: Properties | None = None
    at: Annotated[str, Meta(max_length=40)] | None = None


class FaultAnswer(msgspec.Struct, frozen=True):
    """What is wrong in a message. part: subject, preheader, html, mjml, text or block:<name>. line: of its source."""

    part: str
    line: int
    code: str
    message: str


class PreviewAnswer(msgspec.Struct, frozen=True):
    """What one person would get; empty where there are faults. missing: what nothing that is known can fill. lacking:
    what this person or event does not have. segments: of an SMS."""

    subject: str
    preheader: str
    html: str
    text: str
    faults: tuple[FaultAnswer, ...]
    missing: tuple[FaultAnswer, ...]
    lacking: tuple[str, ...]
    segments: int | None


class MessageAnswer(msgspec.Struct, frozen=True):
    """A message in its newest version."""

    id: int
    name: str
    channel: Channel
    purpose: Purpose
    version: int
    subject: str
    preheader: str
    html: str
    mjml: str
    text: str
    event: EventKind | None
    sender: str
    sender_name: str
    reply_to: str
    account: str
    template: str
    template_language: str
    track_opens: bool
    track_clicks: bool
    created_at: Instant
    modified_at: Instant
    archived_at: Instant | None


class VersionAnswer(msgspec.Struct, frozen=True):
    """What a message said once."""

    version: int
    written_at: Instant
    purpose: Purpose
    subject: str
    preheader: str
    html: str
    mjml: str
    text: str


class DeliveryAnswer(msgspec.Struct, frozen=True):
    """One message to one recipient. reason: what was said last. Instants: null for what has not happened."""

    id: str
    channel: Channel
    purpose: Purpose
    message: int | None
    version: int | None
    contact: int | None
    recipient: str
    state: State
    subject: str
    tries: int
    reason: str
    created_at: Instant
    due_at: Instant
    settled_at: Instant | None
    delivered_at: Instant | None
    opened_at: Instant | None
    proxied_at: Instant | None
    clicked_at: Instant | None
    bounced_at: Instant | None
    unsubscribed_at: Instant | None


class DayAnswer(msgspec.Struct, frozen=True):
    """What became of the deliveries that were asked for on one day. proxied: loaded by a proxy; no opening."""

    day: str
    sent: int
    delivered: int
    opened: int
    proxied: int
    clicked: int
    bounced: int
    unsubscribed: int
    failed: int


class ResultsAnswer(msgspec.Struct, frozen=True):
    """Day by day, the oldest first."""

    days: tuple[DayAnswer, ...]


class Accepted(msgspec.Struct, frozen=True):
    """What was put into the outbox."""

    deliveries: tuple[str, ...]


def writing_of(body: NewMessage) -> Writing:
    """What is kept of it."""
    content = Content(channel=body.channel, **{part: getattr(body, part) for part in PARTS})
    manners = {name: getattr(body, name) for name in MANNERS}
    return Writing(content=content, event=_kind(body.event), **manners)


def rewritten(writing: Writing, body: ChangedMessage) -> Writing:
    """As it is from now on. HTML in the place of MJML, or the other way round, takes that away."""
    said = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
    parts = {part: said[part] for part in PARTS if part in said}
    if "html" in parts and "mjml" not in parts and parts["html"]:
        parts["mjml"] = ""
    if "mjml" in parts and "html" not in parts and parts["mjml"]:
        parts["html"] = ""
    manners: dict[str, Any] = {name: said[name] for name in MANNERS if name in said}
    if "event" in said:
        manners["event"] = _kind(said["event"])
    return msgspec.structs.replace(writing, content=msgspec.structs.replace(writing.content, **parts), **manners)


def _kind(event: EventKind | None) -> tuple[str, str] | None:
    return None if event is None else (event.category, event.key)


def message_of(one: Message) -> MessageAnswer:
    """What the store knows → what programs see."""
    writing = one.writing
    return MessageAnswer(
        id=one.id,
        name=one.name,
        channel=writing.channel,
        version=one.version,
        event=None if writing.event is None else EventKind(*writing.event),
        created_at=instant(one.created_at),
        modified_at=instant(one.modified_at),
        archived_at=said_at(one.archived_at),
        **{part: getattr(writing.content, part) for part in PARTS},
        **{name: getattr(writing, name) for name in MANNERS},
    )


def version_of(one: Version) -> VersionAnswer:
    """What the store knows → what programs see."""
    content = one.writing.content
    parts = {part: getattr(content, part) for part in PARTS}
    return VersionAnswer(one.version, instant(one.written_at), one.writing.purpose, **parts)


def delivery_of(one: Delivery) -> DeliveryAnswer:
    """What the store knows → what programs see."""
    return DeliveryAnswer(
        id=one.id,
        channel=one.channel,
        purpose=one.purpose,
        message=one.message or None,
        version=one.version or None,
        contact=one.contact or None,
        recipient=one.recipient,
        state=one.state,
        subject=one.subject,
        tries=one.tries,
        reason=one.reason,
        created_at=instant(one.created_at),
        due_at=instant(one.due_at),
        settled_at=said_at(one.settled_at),
        delivered_at=said_at(one.delivered_at),
        opened_at=said_at(one.opened_at),
        proxied_at=said_at(one.proxied_at),
        clicked_at=said_at(one.clicked_at),
        bounced_at=said_at(one.bounced_at),
        unsubscribed_at=said_at(one.left_at),
    )


def said_at(at: int | None) -> str | None:
    """An instant that may not have come."""
    return None if at is None else instant(at)
