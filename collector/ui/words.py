"""What does the console say? Every text of every page: key → (Italian, English). `tests/collector/ui` finds what lacks.

{…} are filled by the page; texts of one page stand together.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # The frame
    "skip": ("Vai al contenuto", "Skip to the content"),
    "nav": ("Sezioni", "Sections"),
    "setup": ("Installazione", "Setup"),
    "events": ("Eventi", "Events"),
    "contacts": ("Contatti", "Contacts"),
    "log_out": ("Esci", "Log out"),
    "other_language": ("English", "Italiano"),
    "not_found": ("Qui non c'è niente", "There is nothing here"),
    "not_found_says": (
        "L'indirizzo non porta a nessuna pagina. Forse è stato scritto male, o la cosa non c'è più.",
        "The address leads to no page. Perhaps it was mistyped, or the thing is no more.",
    ),
    # Logging in
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
        "Questo link non vale più: è stato usato, o è più vecchio di un giorno. Un altro si ottiene riavviando.",
        "This link is no longer good: it was used, or is older than a day. Start the server again for another.",
    ),
    "forged": ("Richiesta non valida", "Not a valid request"),
    "forged_says": (
        "Questa modifica non viene da una pagina di questa console, o la pagina era vecchia. Ricarica e riprova.",
        "This change does not come from a page of this console, or the page was old. Load it again and retry.",
    ),
    # Setup
    "setup_title": ("Collega il tuo sito", "Connect your website"),
    "waiting": ("In attesa del primo evento…", "Waiting for the first event…"),
    "waiting_says": (
        "Incolla il tag qui sotto in una pagina e aprila: l'evento compare qui da solo.",
        "Paste the tag below into a page and open it: the event appears here by itself.",
    ),
    "received": ("Ricevuto", "Received"),
    "just_now": ("adesso", "just now"),
    "see_events": ("Guarda gli eventi", "See the events"),
    "refused_lately": ("Rifiutati negli ultimi dieci minuti", "Refused in the last ten minutes"),
    "paste": ("Il tag", "The tag"),
    "paste_says": (
        "In ogni pagina, prima di </head>. Da solo registra visite, moduli, link in uscita e download.",
        "In every page, before </head>. By itself it records visits, forms, outbound links and downloads.",
    ),
    "copy": ("Copia", "Copy"),
    "copied": ("Copiato", "Copied"),
    "send_test": ("Invia un evento di prova", "Send a test event"),
    "open_demo": ("Apri il negozio demo", "Open the demo shop"),
    "gtm_says": (
        "Un tag HTML personalizzato su tutte le pagine; gli attributi vengono tolti, perciò la chiave si dà con init.",
        "A custom HTML tag on all pages; attributes are stripped, so the key is given by init.",
    ),
    "origins": ("Siti e origini ammesse", "Sites and the origins they accept"),
    "any_origin": ("qualsiasi origine http(s)", "any http(s) origin"),
    # Events
    "search": ("Cerca", "Search"),
    "search_hint": ("chiave, e-mail, /percorso", "key, e-mail, /path"),
    "category": ("Categoria", "Category"),
    "key": ("Chiave", "Key"),
    "all": ("Tutte", "All"),
    "filter": ("Filtra", "Filter"),
    "clear": ("Togli i filtri", "Clear the filters"),
    "when": ("Quando", "When"),
    "event": ("Evento", "Event"),
    "page": ("Pagina", "Page"),
    "contact": ("Contatto", "Contact"),
    "visitor": ("Visitatore", "Visitor"),
    "session": ("Sessione", "Session"),
    "device": ("Dispositivo", "Device"),
    "source": ("Fonte", "Source"),
    "properties": ("Proprietà", "Properties"),
    "older": ("Precedenti", "Older"),
    "new_one": ("1 nuovo: mostra", "1 new: show"),
    "new_many": ("{n} nuovi: mostra", "{n} new: show"),
    "no_events": ("Ancora nessun evento", "No events yet"),
    "no_events_says": (
        "Quando il tuo sito comincerà a inviare, li vedrai qui. Il tag da incollare è nell'installazione.",
        "As soon as your website sends, they appear here. The tag to paste is in the setup.",
    ),
    "no_match": ("Niente corrisponde", "Nothing matches"),
    "no_match_says": ("Prova con meno filtri.", "Try with fewer filters."),
    # Contacts
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
