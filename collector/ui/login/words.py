"""What do the pages say on which one logs in? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "log_in": ("Accedi", "Log in"),
    "name": ("Nome utente", "User name"),
    "password": ("Password", "Password"),
    "wrong": ("Nome utente o password non corretti.", "User name or password is not right."),
    "too_many": ("Troppi tentativi: riprova tra un minuto.", "Too many attempts: try again in a minute."),
    "no_users": (
        "Nessuno può ancora accedere. Il link per il primo accesso è stato stampato da sentiero serve.",
        "Nobody can log in yet. The link for the first time was printed by sentiero serve.",
    ),
    "welcome": ("Benvenuto in Sentiero", "Welcome to Sentiero"),
    "choose": ("Scegli una password per {name}.", "Choose a password for {name}."),
    "least": ("Almeno {n} caratteri.", "At least {n} characters."),
    "begin": ("Comincia", "Begin"),
    "link_used": (
        "Questo link non vale più: è stato usato, o è vecchio. Te ne dà un altro un amministratore, o un riavvio.",
        "This link is no longer good: it was used, or is old. An administrator can give you another, or a restart.",
    ),
    "forged": ("Richiesta non valida", "Not a valid request"),
    "forged_says": (
        "Questa modifica non viene da una pagina di questa console, o la pagina era vecchia. Ricarica e riprova.",
        "This change does not come from a page of this console, or the page was old. Load it again and retry.",
    ),
}
