"""Which messages are to be sent? `POST /v3/smtp/email`: kept, in the order of the calls, until somebody sends them.

201 {messageId}    one message          202 the same, when it is to be sent later
201 {messageIds}   one a version        400 what could never be sent
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.frame.answers import answer, invalid, missing
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import body_of
from collector.instant import parse_instant
from collector.services import Services
from collector.store.ports.definitions.mails import Mail
from sessionizer.identifier import canonical

MAX_PEOPLE, MAX_VERSIONS = 99, 1_000

Line = Annotated[str, Meta(max_length=998, pattern=r"^[^\x00\r\n]*$")]
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
    attachment: tuple[dict[str, Any], ...] | None = None
    message_versions: Annotated[tuple[Version, ...], Meta(min_length=1, max_length=MAX_VERSIONS)] | None = None
    scheduled_at: str | None = None
    batch_id: str | None = None


def routes(services: Services) -> list[Route]:
    """Asking for messages."""
    host = urlsplit(services.settings.url or "").hostname or "sentiero.localhost"

    async def send(request: Request) -> Response:
        """A message to be sent: it is kept, with an id of its own, until it is."""
        body = await body_of(request, NewMail)
        check(body)
        at = services.clock()
        send_at = instant_of(body.scheduled_at, at=at)
        mails = [Mail(message_id(host), one, send_at) for one in letters(body)]
        await asyncio.to_thread(lambda: services.mails.add(mails, at=at))
        ids = [mail.message for mail in mails]
        said = {"messageIds": ids} if body.message_versions else {"messageId": ids[0]}
        return answer(said, 202 if body.scheduled_at else 201)

    return [Route("/v3/smtp/email", require(services, "write", send), methods=["POST"])]


def message_id(host: str) -> str:
    """A Message-ID as RFC 5322 writes it."""
    return f"<{secrets.token_hex(16)}@{host}>"


def letters(body: NewMail) -> list[dict[str, Any]]:
    """What is kept: one a version, with what the message says for all."""
    whole = {name: value for name, value in msgspec.to_builtins(body).items() if value is not None}
    versions = whole.pop("messageVersions", None)
    if versions is None:
        return [whole]
    return [whole | {name: value for name, value in version.items() if value is not None} for version in versions]


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
