"""Can a message reach this contact at all? An address of its channel is there, and they have not said no.

Reads nothing, writes nothing. Whether a mailbox still takes it is the delivery's business.
"""

from typing import NamedTuple

from sessionizer.contact import Contact
from sessionizer.messages.message import Channel, Purpose
from sessionizer.messages.receipt import IDENTIFIERS


class Mail(NamedTuple):
    """What a walk must know of a message. version: that is sent."""

    channel: Channel
    purpose: Purpose
    version: int = 1


def cannot_send(mail: Mail, contact: Contact) -> str:
    """Why not: `address` is missing, as always where contacts have none (webhook); `consent` was withdrawn; "" when it
    can."""
    kind = IDENTIFIERS.get(mail.channel)
    if kind is None or not contact.identifiers.get(kind):
        return "address"
    return "consent" if mail.purpose == "marketing" and contact.consent == "denied" else ""


def address_of(mail: Mail, contact: Contact) -> str:
    """Where it goes, of one that can be sent: the first of its kind."""
    return contact.identifiers[IDENTIFIERS[mail.channel]][0]
