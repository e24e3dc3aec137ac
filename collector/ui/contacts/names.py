"""What is somebody called? By name when the attributes have one, else by the first address, else not at all."""

from collector.store.ports.contacts import StoredContact

NAMES = (("FIRSTNAME", "LASTNAME"), ("NOME", "COGNOME"))
"""Attributes that make a name: Brevo's own, in its two languages."""

KINDS = ("email_id", "ext_id", "phone_id", "whatsapp_id", "landline_number_id")
"""Identifiers that stand for a person, the most telling first."""


def called(contact: StoredContact) -> str:
    """The name, else the first identifier; "" for somebody of whom nothing is known."""
    return full_name(contact) or next(iter(identifiers(contact)), "")


def full_name(contact: StoredContact) -> str:
    """`Ada Lovelace`, as the attributes have it; "" when they do not."""
    for names in NAMES:
        said = [str(contact.attributes[name]).strip() for name in names if contact.attributes.get(name)]
        if any(said):
            return " ".join(said)
    return ""


def identifiers(contact: StoredContact) -> tuple[str, ...]:
    """All values, the most telling first."""
    return tuple(value for kind in KINDS for value in contact.identifiers.get(kind, ()))


def initials(contact: StoredContact) -> str:
    """One or two letters for a circle; "" for somebody of whom nothing is known."""
    words = [word for word in called(contact).replace("@", " ").split() if word[0].isalnum()]
    last = words[-1:] if full_name(contact) and len(words) > 1 else []
    return "".join(word[0] for word in [*words[:1], *last]).upper()
