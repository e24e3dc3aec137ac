"""What do the pages of sites say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "sites_say": (
        "Ogni sito ha le sue chiavi di scrittura, le origini ammesse e le sue regole.",
        "Each site has its own write keys, accepted origins and rules.",
    ),
    "new_site": ("Nuovo sito", "New site"),
    "make_site": ("Crea il sito", "Make the site"),
    "read_only": ("Solo un amministratore può cambiare un sito.", "Only an administrator can change a site."),
    "site_name": ("Nome", "Name"),
    "bad_name": ("Da 1 a 100 caratteri, su una riga.", "1 to 100 characters, on one line."),
    "site_origins": ("Origini ammesse", "Accepted origins"),
    "more_origins": ("e {n} altre", "and {n} more"),
    "origins_say": (
        "Una per riga, come https://www.shop.example, senza percorso. Nessuna: va bene qualsiasi sito web.",
        "One a line, such as https://www.shop.example, without a path. None: any website will do.",
    ),
    "bad_origins": (
        "Queste righe non sono origini: http o https, il nome, se serve la porta, e nient'altro.",
        "These lines are no origins: http or https, the name, a port if need be, and nothing else.",
    ),
    "consent_mode": ("Consenso", "Consent"),
    "consent_implied": (
        "si raccoglie subito; chi rifiuta viene contato senza cookie e senza nome.",
        "collects at once; whoever refuses is counted without cookie and name.",
    ),
    "consent_required": (
        "niente prima del sì: il tuo banner lo dice allo script.",
        "nothing before the yes: your banner tells the script.",
    ),
    "consent_off": (
        "non si chiede a nessuno (una intranet, un contratto); chi dice no viene ascoltato lo stesso.",
        "nobody is asked (an intranet, a contract); whoever says no is heard all the same.",
    ),
    "identify_mode": ("Chi si identifica nel browser", "Who identifies in the browser"),
    "identify_guarded": (
        "collega il visitatore e riempie i campi vuoti, senza mai sovrascrivere.",
        "links the visitor and fills empty fields, and never overwrites.",
    ),
    "identify_open": (
        "sovrascrive anche i campi già pieni: chiunque può farlo.",
        "overwrites fields that are filled as well: anybody can do it.",
    ),
    "identify_verified": (
        "quello che dice il browser non basta: identifica solo il tuo server, con l'API.",
        "what the browser says is not enough: only your server identifies, by the API.",
    ),
    "choose_one": ("Scegli una delle possibilità.", "Choose one of these."),
    "write_keys": ("Chiavi di scrittura", "Write keys"),
    "write_keys_say": (
        "Sono pubbliche, stanno nel tag di ogni pagina: permettono solo di inviare eventi.",
        "They are public and stand in the tag of every page: they can only send events.",
    ),
    "no_write_key": ("nessuna", "none"),
    "no_write_key_says": (
        "Senza una chiave di scrittura questo sito non può inviare niente.",
        "Without a write key this site cannot send anything.",
    ),
    "new_write_key": ("Nuova chiave di scrittura", "New write key"),
    "revoke_write_says": (
        "Entro un secondo le pagine che hanno questa chiave nel tag non potranno più inviare. Non si torna indietro.",
        "Within a second pages with this key in their tag can no longer send. This cannot be undone.",
    ),
    "revoked": ("revocata", "revoked"),
    "revoked_ones": ("Revocate ({n})", "Revoked ({n})"),
}
