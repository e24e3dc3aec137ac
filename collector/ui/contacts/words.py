"""What do the pages of contacts say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "identifiers": ("Identificativi", "Identifiers"),
    "attributes": ("Attributi", "Attributes"),
    "visitors": ("Browser", "Browsers"),
    "consent": ("Consenso", "Consent"),
    "first_seen": ("Visto la prima volta", "First seen"),
    "last_seen": ("Visto l'ultima volta", "Last seen"),
    "anonymous": ("anonimo", "anonymous"),
    "no_contacts": ("Ancora nessun contatto", "No contacts yet"),
    "no_contacts_says": (
        "Ogni visitatore diventa un contatto anonimo, e una persona quando si identifica.",
        "Every visitor becomes an anonymous contact, and a person once identified.",
    ),
}
