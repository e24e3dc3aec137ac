"""Who is meant by what somebody typed? For forms that ask for a person."""

from collector.api.frame.params import MAX_ID, is_digits
from collector.store.ports.contacts import ContactQuery, Contacts, StoredContact

ALIKE = 6
"""People that are shown where what was typed fits several."""


async def meant(contacts: Contacts, who: str) -> list[StoredContact]:
    """The person of that id, identifier or visitor; several where only the beginning was typed."""
    resolved = await contacts.resolve(int(who)) if is_digits(who) and 0 < int(who) < MAX_ID else None
    survivor = await contacts.get(resolved.survivor) if resolved else None
    if survivor:
        return [survivor]
    found = await contacts.find(ContactQuery(q=who), limit=ALIKE)
    return [one for one in found if who.casefold() in _known_by(one)] or found


def _known_by(contact: StoredContact) -> set[str]:
    values = {value.casefold() for values in contact.identifiers.values() for value in values}
    return values | {visitor.casefold() for visitor in contact.visitors}
