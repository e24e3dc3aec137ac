"""Which messages are to be sent? `POST /v3/smtp/email`: into the outbox, one row a person.

201 {messageId}    one message          202 the same, when it is to be sent later
201 {messageIds}   one a version        400 what could never be sent

The same `Idempotency-Key` with the same body is answered the same, and nothing is sent twice.
"""

import asyncio
import mimetypes
import operator
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.delivery_id import new_delivery_id
from collector.api.brevo.frame.answers import BrevoProblem, answer, invalid, missing
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import BODY_S, MAX_BODY_BYTES, body_of
from collector.api.frame.operation import Media, operation
from collector.brevo import Fault
from collector.instant import parse_instant
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.store.ports.messages.outbox import Enclosed, Order, Post
from collector.store.ports.messages.outbox import Person as Addressee
from sessionizer.identifier import canonical
from sessionizer.messages.fault import Faults
from sessionizer.messages.message import Content
from sessionizer.messages.template import compile

MAX_PEOPLE, MAX_VERSIONS, MAX_ROWS = 99, 1_000, 2_000
MEDIA = Media(max_bytes=MAX_BODY_BYTES, within_s=BODY_S)
MAX_KEPT_CHARACTERS = 64 * 1024 * 1024
"""Of all rows of one request: each has the content and the files of its own."""
OURS = frozenset(
    "from to cc bcc subject date message-id mime-version sender reply-to return-path received content-type "
    "content-transfer-encoding content-disposition".split()
)
"""Headers that a message has already."""

Line = Annotated[str, Meta(max_length=998, pattern=r"^[^\x00\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*$")]
"""What becomes a header of the message: one line."""


class Person(msgspec.Struct, frozen=True):
    """Who is written to."""

    email: Line
    name: Line | None = None


class Sender(msgspec.Struct, frozen=True):
    """Who writes: an address, or the number of a sender that is known."""

    email: Line | None = None
    name: Line | None = None
    id: int | None = None


class File(msgspec.Struct, frozen=True):
    """A file that goes along: its content, in Base64. An address is not fetched."""

    name: Line
    content: bytes


People = Annotated[tuple[Person, ...], Meta(min_length=1, max_length=MAX_PEOPLE)]


class Letter(msgspec.Struct, frozen=True, rename="camel"):
    """What a message and a version of one have in common."""

    to: People | None = None
    cc: People | None = None
    bcc: People | None = None
    reply_to: Person | None = None
    subject: Line | None = None
    html_content: str | None = None
    text_content: str | None = None
    params: dict[str, Any] | None = None


class Version(Letter, frozen=True, rename="camel"):
    """The message for some: what it does not say is as in the message."""


class NewMail(Letter, frozen=True, rename="camel"):
    """Body of POST /v3/smtp/email."""

    sender: Sender | None = None
    template_id: int | None = None
    headers: dict[Annotated[str, Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")], Line] | None = None
    tags: Annotated[tuple[Line, ...], Meta(max_length=50)] | None = None
    attachment: Annotated[tuple[File, ...], Meta(max_length=20)] | None = None
    message_versions: Annotated[tuple[Version, ...], Meta(min_length=1, max_length=MAX_VERSIONS)] | None = None
    scheduled_at: str | None = None
    batch_id: str | None = None


def routes(services: Services) -> list[Route]:
    """Asking for messages."""
    host = urlsplit(services.settings.url).hostname or "sentiero.localhost"

    @operation(body=NewMail, answers={201: None, 202: None}, media=MEDIA)
    async def send(request: Request) -> Response:
        """A message to be sent: it is kept, with an id of its own, until it is."""
        body = await body_of(request, NewMail)
        check(body)
        at = services.clock()
        send_at = instant_of(body.scheduled_at, at=at)
        message = await asyncio.to_thread(_message, services, body)
        posts = [posts_of(body, part, message, due_at=send_at) for part in body.message_versions or (body,)]
        await asyncio.to_thread(services.deliveries.put, [post for several in posts for post in several], at=at)
        ids = [f"<{several[0].id}@{host}>" for several in posts]
        said = {"messageIds": ids} if body.message_versions else {"messageId": ids[0]}
        return answer(said, 202 if body.scheduled_at else 201)

    return [Route("/v3/smtp/email", require(services, "write", send), methods=["POST"])]


def _message(services: Services, body: NewMail) -> Message | None:
    """The message that is named, and whether all that is said of it can be sent. Raises BrevoProblem 400."""
    message = None if body.template_id is None else services.messages.one(body.template_id)
    if body.template_id is not None and (message is None or message.writing.channel != "email"):
        raise invalid("templateId", f"there is no e-mail message {body.template_id}")
    blocks = {name: block.body for name, block in services.messages.blocks().items()}
    for part in (body, *(body.message_versions or ())):
        if (content := content_of(body, part, message)) is not None:
            try:
                compile(content, blocks)
            except Faults as error:
                raise invalid("htmlContent", str(error)) from None
    return message


def content_of(body: NewMail, part: Letter, message: Message | None) -> Content | None:
    """What is written for this once: of a message that is named, what is said otherwise. None: nothing."""
    written = {
        "subject": part.subject or body.subject,
        "html": part.html_content or body.html_content,
        "text": part.text_content or body.text_content,
    }
    said = {name: value for name, value in written.items() if value}
    if message is None:
        return Content(channel="email", **said)
    return msgspec.structs.replace(message.writing.content, **said) if said else None


def posts_of(body: NewMail, part: Letter, message: Message | None, *, due_at: int) -> list[Post]:
    """A row for each person who is written to; copies go with the first."""
    to = part.to or body.to or ()
    sender, reply_to = body.sender or Sender(), part.reply_to or body.reply_to
    cc, bcc = part.cc or body.cc or (), part.bcc or body.bcc or ()
    order = Order(
        params={**(body.params or {}), **(part.params or {})},
        content=content_of(body, part, message),
        sender=sender.email or "",
        sender_name=sender.name or "",
        reply_to=reply_to.email if reply_to else "",
        to=tuple(map(named, to)) if len(to) > 1 else (),
        headers=body.headers or {},
        tags=body.tags or (),
        attachments=tuple(Enclosed(one.name, one.content, media_type_of(one.name)) for one in body.attachment or ()),
    )
    first = msgspec.structs.replace(order, cc=tuple(map(named, cc)), bcc=tuple(map(named, bcc)))
    return [
        Post(
            id=new_delivery_id(),
            channel="email",
            purpose=message.writing.purpose if message else "transactional",
            recipient=canonical("email_id", person.email) or "",
            due_at=due_at,
            order=msgspec.structs.replace(order if place else first, name=person.name or ""),
            message=message.id if message else 0,
            version=message.version if message else 0,
        )
        for place, person in enumerate(to)
    ]


def named(person: Person) -> Addressee:
    """As the outbox has it."""
    return Addressee(person.email, person.name or "")


def media_type_of(name: str) -> str:
    """By the end of a file's name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def check(body: NewMail) -> None:
    """Raises BrevoProblem 400 for what could never be sent."""
    if body.template_id is None:
        _check_written(body)
    parts: Sequence[Letter] = body.message_versions or (body,)
    for part in parts:
        if part.to is None:
            raise missing("to")
    for part in (body, *parts):
        for name, people in (("to", part.to), ("cc", part.cc), ("bcc", part.bcc)):
            _check_people(name, people or ())
        _check_people("replyTo", (part.reply_to,) if part.reply_to else ())
    if ours := [name for name in body.headers or () if name.lower() in OURS]:
        raise invalid("headers", f"{ours[0]} is said elsewhere")
    _check_size(body, parts)


def _check_size(body: NewMail, parts: Sequence[Letter]) -> None:
    """A small request may ask for more than a disk holds: much content, for many, in each of their rows."""
    files = sum(len(one.content) for one in body.attachment or ())
    people = [len(part.to or ()) for part in parts]
    sizes = [
        files + len(part.html_content or body.html_content or "") + len(part.text_content or body.text_content or "")
        for part in parts
    ]
    if sum(people) > MAX_ROWS or sum(map(operator.mul, people, sizes)) > MAX_KEPT_CHARACTERS:
        raise BrevoProblem(400, Fault.OUT_OF_RANGE, f"At most {MAX_ROWS:,} people, and less content for so many.")


def _check_written(body: NewMail) -> None:
    """A message without a template says itself who writes, about what, and what."""
    if body.sender is None or not (body.sender.email or body.sender.id):
        raise missing("sender")
    if body.sender.email and canonical("email_id", body.sender.email) is None:
        raise invalid("sender.email", "not an e-mail address")
    for part in body.message_versions or (body,):
        if not (part.subject or body.subject):
            raise missing("subject")
        if not (part.html_content or part.text_content or body.html_content or body.text_content):
            raise missing("htmlContent")


def _check_people(name: str, people: Sequence[Person]) -> None:
    for person in people:
        if canonical("email_id", person.email) is None:
            raise invalid(f"{name}.email", "not an e-mail address")


def instant_of(text: str | None, *, at: int) -> int:
    """When it is to be sent, ms UTC. Raises BrevoProblem 400."""
    if text is None:
        return at
    found = parse_instant(text)
    if found is None:
        raise invalid("scheduledAt", "a time such as 2026-11-24T10:00:00.000Z")
    return max(found, at)
