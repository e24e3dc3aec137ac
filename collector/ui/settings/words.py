"""What does the frame of the settings say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "sites": ("Siti", "Sites"),
    "api_keys": ("Chiavi API", "API keys"),
    "users": ("Utenti", "Users"),
    "account": ("Il tuo accesso", "Your login"),
    "saved": ("Salvato.", "Saved."),
    "save": ("Salva", "Save"),
    "cancel": ("Annulla", "Cancel"),
    "created": ("Creata", "Created"),
    "last_used": ("Usata l'ultima volta", "Last used"),
    "never": ("mai", "never"),
    "revoke": ("Revoca", "Revoke"),
    "revoke_now": ("Sì, revoca", "Yes, revoke it"),
}
