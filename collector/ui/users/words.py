"""What do the pages of users say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "role": ("Ruolo", "Role"),
    "role_viewer": ("guarda, senza cambiare niente.", "looks, and changes nothing."),
    "role_editor": ("cambia anche le definizioni.", "changes definitions as well."),
    "role_admin": ("cambia anche siti, chiavi e utenti.", "changes sites, keys and users as well."),
    "last_login": ("Ultimo accesso", "Last login"),
    "user_state": ("Stato", "State"),
    "state_active": ("attivo", "active"),
    "state_invited": ("invitato", "invited"),
    "state_expired": ("invito scaduto", "invitation expired"),
    "state_disabled": ("disattivato", "disabled"),
    "you": ("(sei tu)", "(you)"),
    "new_user": ("Nuovo utente", "New user"),
    "make_user": ("Aggiungi", "Add"),
    "new_user_says": (
        "Poi compare un link da consegnare: vale un giorno, una volta sola, e serve a scegliere la password.",
        "Then a link appears to be handed over: good for a day, once, and for choosing a password.",
    ),
    "name_taken": ("C'è già un utente con questo nome.", "There is a user of that name already."),
    "link_for": ("Il link per {name}", "The link for {name}"),
    "link_says": (
        "Copialo e consegnalo adesso: non verrà mostrato mai più. Vale un giorno, una volta sola.",
        "Copy it and hand it over now: it is never shown again. It is good for a day, once.",
    ),
    "since": ("Utente dal", "User since"),
    "entry": ("Accesso", "Access"),
    "new_link": ("Nuovo link", "New link"),
    "new_link_says": (
        "Per chi ha dimenticato la password, o ha lasciato scadere il link: quello di prima non vale più.",
        "For who has forgotten the password or let the link expire: the one before is no longer good.",
    ),
    "disable": ("Disattiva", "Disable"),
    "disable_says": (
        "{name} esce da ogni browser entro un secondo e non può più entrare, finché non lo riattivi.",
        "{name} is out of every browser within a second and cannot come in until enabled again.",
    ),
    "disable_now": ("Sì, disattiva", "Yes, disable"),
    "enable": ("Riattiva", "Enable"),
    "enable_says": (
        "Non può entrare. Riattivato, entra con la password di prima.",
        "Cannot come in. Once enabled, the password is the same as before.",
    ),
    "is_disabled": ("Prima riattiva l'utente.", "Enable the user first."),
    "last_admin": (
        "È l'ultimo amministratore che può entrare: prima dai questo ruolo a un altro.",
        "This is the last administrator who can log in: give somebody else the role first.",
    ),
    "change_password": ("Cambia la password", "Change the password"),
    "old_password": ("Password attuale", "Current password"),
    "new_password": ("Password nuova", "New password"),
    "wrong_old": ("La password attuale non è giusta.", "The current password is not right."),
    "others_out": ("Gli altri browser verranno disconnessi.", "Other browsers are logged out."),
    "password_changed": (
        "Password cambiata. Gli altri browser sono stati disconnessi.",
        "The password was changed. Other browsers were logged out.",
    ),
    "password_is_set": (
        "La password di admin è scritta anche in un'impostazione (SENTIERO_ADMIN_PASSWORD): al prossimo avvio torna "
        "quella.",
        "The password of admin is also given by a setting (SENTIERO_ADMIN_PASSWORD): at the next start that one counts "
        "again.",
    ),
    "out_everywhere": ("Esci da tutti i browser", "Log out everywhere"),
    "out_everywhere_says": (
        "Anche da questo. Utile se hai lasciato un computer aperto.",
        "This one as well. Useful if a computer was left open.",
    ),
}
