"""Which messages went to one person, and how is one written to them? For the page of a contact."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

from collector.api.messages.mailroom import Mailroom, NoRecipient
from collector.services import Services
from collector.store.ports.contacts import StoredContact
from collector.store.ports.messages.outbox import Suppression
from collector.ui.guard import Form
from collector.ui.messages.faults import sentences
from collector.ui.messages.outbox.rows import rows_of
from collector.ui.page import Language, translator
from sessionizer.messages.fault import Faults
from sessionizer.messages.message import Content

LATEST = 10
ALIKE = 20
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


class Letter(NamedTuple):
    """What somebody has written, and what is wrong with it, "" for nothing."""

    subject: str = ""
    text: str = ""
    wrong: str = ""


class Letters:
    """A mail to one person, written for this once."""

    def __init__(self, services: Services) -> None:
        self._room = Mailroom(services)

    async def write(self, contact: int, form: Form, language: Language) -> str | Letter:
        """Send it: the delivery's id; or the letter, with what is wrong."""
        subject, text = form.get("subject", "").strip(), form.get("text", "").replace("\r\n", "\n").strip()
        content = Content("email", subject=subject, html=paragraphs(text), text=text)
        try:
            return await self._room.write(contact, content)
        except Faults as error:
            return Letter(subject, text, sentences.worded(error.faults[0].reason, language))
        except NoRecipient:
            return Letter(subject, text, translator(language)("messages_send_unreachable"))


async def letters_of(
    contact: StoredContact, services: Services, *, letter: Letter | None = None, written: str = ""
) -> Mapping[str, Any]:
    """The latest, and the form. letter: one that was not sent. written: the delivery of one that was."""
    found = await asyncio.to_thread(services.deliveries.find, contacts=[contact.id], limit=LATEST)
    address = next(iter(contact.identifiers.get("email_id", ())), "")
    return {
        "letters": await rows_of(found, services),
        "mail_to": address,
        "silence": await asyncio.to_thread(_silence, address, services) if address else None,
        "written": any(one.id == written for one in found),
        "letter": letter or Letter(),
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
