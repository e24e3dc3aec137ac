"""What is a message? What a team writes, and what becomes of it for one person. Reads nothing, writes nothing."""

from typing import Literal

import msgspec

Channel = Literal["email", "sms", "whatsapp", "webhook"]
Purpose = Literal["marketing", "transactional", "sales"]


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sources, as somebody wrote them. Which of them a channel has is in `channels/`.

    html, mjml: one of the two. text: of an e-mail its text part, made from its HTML when empty; of an SMS or WhatsApp
    the message itself; of a webhook the JSON body.
    """

    channel: Channel
    subject: str = ""
    preheader: str = ""
    html: str = ""
    mjml: str = ""
    text: str = ""


class Rendered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one person gets. subject, preheader: one line of plain text each; html: escaped already."""

    subject: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""


def lines_of(text: str) -> tuple[str, ...]:
    """What is put into a template that WhatsApp has approved: a line of the text for each of its places, in order."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
