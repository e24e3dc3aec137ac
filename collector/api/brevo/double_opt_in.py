"""Does an address's owner want it? `POST /v3/contacts/doubleOptinConfirmation`: a mail that asks, and nothing yet.

201    it is on its way; the contact is made when its link is confirmed (`collector/ui/leaving/confirming.py`)
204    the same, of somebody who is a contact already
"""

import asyncio
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.delivery_id import new_delivery_id
from collector.api.brevo.contact_changes import Attributes, ListIds, attributes_of, names_of
from collector.api.brevo.contacts import by
from collector.api.brevo.frame.answers import answer, done, invalid
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import body_of
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.store.ports.messages.outbox import Order, Post
from sessionizer.identifier import canonical
from sessionizer.messages.fault import Faults
from sessionizer.messages.template import compile

MAX_REDIRECT = 2_000


class OptIn(msgspec.Struct, frozen=True, rename="camel"):
    """Body of POST /v3/contacts/doubleOptinConfirmation."""

    email: str
    include_list_ids: Annotated[ListIds, Meta(min_length=1)]
    template_id: int
    redirection_url: str
    attributes: Attributes = {}


def routes(services: Services) -> list[Route]:
    """The one address."""

    async def ask(request: Request) -> Response:
        """Ask the owner of an address whether they want it."""
        body = await body_of(request, OptIn)
        recipient = canonical("email_id", body.email)
        if recipient is None:
            raise invalid("email", "not an e-mail address")
        redirect, lists = redirect_of(body), await names_of(services, body.include_list_ids)
        message = await asyncio.to_thread(_message, services, body.template_id)
        defined = await asyncio.to_thread(services.attributes.all)
        confirms = {"lists": lists, "attributes": attributes_of(body.attributes, defined), "redirect": redirect}
        known, at = await by(services, "email_id", recipient), services.clock()
        post = post_of(message, recipient, Order(confirms=confirms, origin="opt-in"), at=at)
        await asyncio.to_thread(services.deliveries.put, [post], at=at)
        return done() if known else answer({}, 201)

    return [Route("/v3/contacts/doubleOptinConfirmation", require(services, "write", ask), methods=["POST"])]


def redirect_of(body: OptIn) -> str:
    """Where whoever confirms is led. Raises BrevoProblem 400."""
    address = body.redirection_url
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or not address.isprintable() or len(address) > MAX_REDIRECT:
        raise invalid("redirectionUrl", "an address that begins with http:// or https://")
    return address


def post_of(message: Message, recipient: str, order: Order, *, at: int) -> Post:
    """A question is no advertising, whatever the message is for: it also goes to whoever has left."""
    return Post(
        id=new_delivery_id(), channel="email", purpose="transactional", recipient=recipient, due_at=at, order=order,
        message=message.id, version=message.version,
    )  # fmt: skip


def _message(services: Services, id: int) -> Message:
    """The message that asks. Raises BrevoProblem 400 when there is none, or it has no link to confirm by."""
    message = services.messages.one(id)
    if message is None or message.writing.channel != "email":
        raise invalid("templateId", f"there is no e-mail message {id}")
    blocks = {name: block.body for name, block in services.messages.blocks().items()}
    try:
        links = compile(message.writing.content, blocks).needs().links
    except Faults as error:
        raise invalid("templateId", str(error)) from None
    if "doubleoptin" not in links:
        raise invalid("templateId", f"message {id} has no link to confirm by: {{{{ doubleoptin }}}}")
    return message
