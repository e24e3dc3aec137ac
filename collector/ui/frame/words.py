"""What do the frame and the pages of no noun say, and what do several pages say alike?

Key → (Italian, English): see ui/words.py.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "skip": ("Vai al contenuto", "Skip to the content"),
    "nav": ("Sezioni", "Sections"),
    "setup": ("Installazione", "Setup"),
    "events": ("Eventi", "Events"),
    "contacts": ("Contatti", "Contacts"),
    "segments": ("Segmenti", "Segments"),
    "sessions": ("Sessioni", "Sessions"),
    "catalogue": ("Catalogo", "Catalogue"),
    "settings": ("Impostazioni", "Settings"),
    "log_out": ("Esci", "Log out"),
    "other_language": ("English", "Italiano"),
    "not_found": ("Qui non c'è niente", "There is nothing here"),
    "not_found_says": (
        "L'indirizzo non porta a nessuna pagina. Forse è stato scritto male, o la cosa non c'è più.",
        "The address leads to no page. Perhaps it was mistyped, or the thing is no more.",
    ),
    "not_allowed": ("Questo non spetta al tuo ruolo", "This is not for your role"),
    "not_allowed_says": (
        "Chiedi a un amministratore: può farlo, o darti un altro ruolo.",
        "Ask an administrator, who can do it or give you another role.",
    ),
    "bad_address": ("Questo indirizzo chiede qualcosa che non c'è", "This address asks for what is not there"),
    "too_slow": ("La domanda era troppo grande", "The question was too large"),
    "too_slow_says": (
        "È stata fermata, per non rallentare gli altri. Restringila, per esempio nel tempo o a un evento.",
        "It was stopped, so that it slows nobody down. Narrow it, for example by time or to one event.",
    ),
    "failed": ("Qualcosa non ha funzionato", "Something went wrong"),
    "failed_says": ("È stato annotato. Riprova fra poco.", "It was noted. Try again in a while."),
    "copy": ("Copia", "Copy"),
    "copied": ("Copiato", "Copied"),
    "newest": ("Dall'inizio", "From the top"),
    "as_json": ("Questa lista in JSON", "This list as JSON"),
    "search": ("Cerca", "Search"),
    "search_hint": ("chiave, e-mail, /percorso", "key, e-mail, /path"),
    "category": ("Categoria", "Category"),
    "key": ("Chiave", "Key"),
    "filter": ("Filtra", "Filter"),
    "clear": ("Togli i filtri", "Clear the filters"),
    "when": ("Quando", "When"),
    "event": ("Evento", "Event"),
    "page": ("Pagina", "Page"),
    "contact": ("Contatto", "Contact"),
    "visitor": ("Visitatore", "Visitor"),
    "session": ("Sessione", "Session"),
    "site": ("Sito", "Site"),
    "device": ("Dispositivo", "Device"),
    "source": ("Fonte", "Source"),
    "properties": ("Proprietà", "Properties"),
    "older": ("Precedenti", "Older"),
    "no_match": ("Niente corrisponde", "Nothing matches"),
    "no_match_says": ("Prova con meno filtri.", "Try with fewer filters."),
}
