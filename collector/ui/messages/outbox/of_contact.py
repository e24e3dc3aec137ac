"""Which messages went to one person, and how is one written to them? For the page of a contact."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.params import MAX_ID, is_digits
from collector.api.messages.mailroom import Mailroom, NoRecipient
from collector.services import Services
from collector.store.ports.contacts import StoredContact
from collector.store.ports.messages.outbox import Suppression
from collector.ui.guard import Form
from collector.ui.messages import faults
from collector.ui.messages.outbox.rows import rows_of
from collector.ui.page import language_of
from sessionizer.messages.fault import Faults
from sessionizer.messages.message import Content

LATEST = 10
LETTER = ("written", "wrong", "subject", "text")
"""Parameters of the contact's page that are about a letter."""
ALIKE = 20
MAX_KEPT = 1_500
"""Characters of a letter with a fault that come back by the address."""
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


class Letters:
    """A mail to one person, written for this once."""

    def __init__(self, services: Services) -> None:
        self._services, self._room = services, Mailroom(services)

    async def write(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Send it; with what is wrong back to the page otherwise."""
        text = request.path_params["id"]
        contact = int(text) if is_digits(text) and int(text) < MAX_ID else 0
        if await self._services.store.contacts.get(contact) is None:
            raise HTTPException(404)
        subject, body = form.get("subject", "").strip(), form.get("text", "").replace("\r\n", "\n").strip()
        content = Content("email", subject=subject, html=paragraphs(body), text=body)
        try:
            id = await self._room.write(contact, content)
        except Faults as error:
            wrong = faults.worded(error.faults[0].message, language_of(request))
            return _back(contact, wrong=wrong, subject=subject[:200], text=body[:MAX_KEPT])
        except NoRecipient:
            return _back(contact, wrong="")
        return _back(contact, written=id)


async def letters_of(contact: StoredContact, request: Request, services: Services) -> Mapping[str, Any]:
    """The latest, and the form."""
    found = await asyncio.to_thread(services.deliveries.find, contacts=[contact.id], limit=LATEST)
    address = next(iter(contact.identifiers.get("email_id", ())), "")
    given = request.query_params
    return {
        "letters": await rows_of(found, services),
        "mail_to": address,
        "silence": await asyncio.to_thread(_silence, address, services) if address else None,
        "written": any(one.id == given.get("written", "") for one in found),
        "letter": {name: given.get(name, "")[:MAX_KEPT] for name in ("wrong", "subject", "text")},
    }


def _silence(address: str, services: Services) -> Suppression | None:
    """Why the address is left alone; what forbids most first."""
    rows = services.deliveries.suppressions(limit=ALIKE, q=address)
    own = [row for row in rows if row.address == address and row.channel == "email"]
    return min(own, key=lambda row: row.scope, default=None)  # "all" is the first of the three


def paragraphs(text: str) -> str:
    """Plain text as the simplest HTML: an empty line parts paragraphs, addresses are links."""
    parts = (part for part in re.split(r"\n\s*\n", text) if part.strip())
    return "\n".join(f"<p>{_lines(part)}</p>" for part in parts)


def _lines(text: str) -> str:
    linked = _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text, quote=False))
    return linked.replace("\n", "<br>\n")


def _back(contact: int, **said: str) -> Response:
    return RedirectResponse(f"/contacts/{contact}?{urlencode(said, quote_via=quote)}#letters", 303)
