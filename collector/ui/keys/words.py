"""What does the page of API keys say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "keys_say": (
        "Per i tuoi server e programmi, nell'intestazione api-key. Sono segrete: mai in una pagina web.",
        "For your servers and programs, in the header api-key. They are secret: never in a web page.",
    ),
    "keys_docs": ("Che cosa possono chiedere", "What they can ask"),
    "key_name": ("Nome", "Name"),
    "key_name_hint": ("per che cosa, per esempio: negozio", "what it is for, such as: shop"),
    "key_begins": ("Comincia con", "Begins with"),
    "scope": ("Permesso", "Scope"),
    "scope_read": ("legge eventi, contatti, sessioni.", "reads events, contacts, sessions."),
    "scope_write": ("anche: invia eventi dai tuoi server.", "also: sends events from your servers."),
    "scope_admin": ("anche: cambia siti e chiavi.", "also: changes sites and keys."),
    "new_key": ("Nuova chiave", "New key"),
    "make_key": ("Crea la chiave", "Make the key"),
    "key_made": ("La tua nuova chiave", "Your new key"),
    "key_made_says": (
        "Copiala adesso: non verrà mostrata mai più. Se va persa, revocala e creane un'altra.",
        "Copy it now: it is never shown again. If it gets lost, revoke it and make another.",
    ),
    "no_keys": ("Nessuna chiave valida.", "No good key."),
    "revoke_api_says": (
        "I programmi che usano questa chiave saranno rifiutati entro un secondo. Non si torna indietro.",
        "Programs that use this key are refused within a second. This cannot be undone.",
    ),
    "key_revoked": ("Revocata: chi la usa viene rifiutato.", "Revoked: whoever uses it is refused."),
}
