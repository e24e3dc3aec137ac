"""What does a message tell of this person? Just what its template reads, gathered from contacts and events."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from collector.store.ports.messages.gathering import Gathering, Need
from sessionizer.contact import Contact
from sessionizer.event import NOTHING
from sessionizer.messages.message import Channel
from sessionizer.messages.receipt import IDENTIFIERS
from sessionizer.messages.template import Needs

NAMES = {"EMAIL": "email_id", "SMS": "phone_id", "WHATSAPP": "whatsapp_id", "EXT_ID": "ext_id"}
"""How templates call identifiers, beside attributes."""


class About(NamedTuple):
    """Whom and what a message is about. contact: 0 when only the recipient is known, "" for neither. params: `event.*`
    as they were given; else those of the event of that id."""

    channel: Channel
    contact: int = 0
    recipient: str = ""
    params: Mapping[str, Any] = NOTHING
    event: str = ""


def gather(needs: Needs, about: About, gathering: Gathering) -> dict[str, Any]:
    """`contact` and `history` as far as a template reads them, and the `event`."""
    contact = find(about, gathering) if needs.contact or needs.history else None
    wanted = [Need(*need) for need in sorted(needs.history)]
    known = variables_of(contact, about)
    return {
        "contact": {name: known[name] for name in sorted(needs.contact) if name in known},
        "event": _event(about, gathering),  # all of it: `{{ event|json }}` names nothing
        "history": gathering.history(contact.id, wanted) if contact and wanted else {},
    }


def find(about: About, gathering: Gathering) -> Contact | None:
    """The person, by number, else by whom it goes to."""
    found = gathering.contact(about.contact) if about.contact else None
    kind = IDENTIFIERS.get(about.channel)
    if found is None and kind and about.recipient:
        return gathering.contact_of(kind, about.recipient)
    return found


def variables_of(contact: Contact | None, about: About) -> dict[str, Any]:
    """What `contact.*` may be: attributes, and how the person is reached. Never the contact's number."""
    kind = IDENTIFIERS.get(about.channel)
    reached = {kind: (about.recipient,)} if kind and about.recipient else {}
    held = {**(contact.identifiers if contact else {}), **reached}
    identifiers = {name: held[kind][0] for name, kind in NAMES.items() if held.get(kind)}
    return {**identifiers, **(contact.attributes if contact else {})}


def _event(about: About, gathering: Gathering) -> Mapping[str, Any]:
    if about.params or not about.event:
        return about.params
    happened = gathering.event(about.event)
    return happened.data if happened else {}
