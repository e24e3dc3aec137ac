"""What does /setup say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "setup_title": ("Collega il tuo sito", "Connect your website"),
    "setup_state": ("Stato", "State"),
    "show_site": ("Mostra", "Show"),
    "waiting": ("In attesa del primo evento…", "Waiting for the first event…"),
    "waiting_says": (
        "Incolla il tag qui sotto in una pagina e aprila: l'evento compare qui da solo.",
        "Paste the tag below into a page and open it: the event appears here by itself.",
    ),
    "received": ("Ricevuto: {event}", "Received: {event}"),
    "from_host": ("da {host}", "from {host}"),
    "just_now": ("adesso", "just now"),
    "see_event": ("Apri l'evento", "Open the event"),
    "see_person": ("Chi è stato", "Who it was"),
    "see_events": ("Tutti gli eventi", "All events"),
    "paste": ("Il tag", "The tag"),
    "tab_script": ("Tag script", "Script tag"),
    "tab_gtm": ("Google Tag Manager", "Google Tag Manager"),
    "tab_npm": ("npm", "npm"),
    "tab_curl": ("curl", "curl"),
    "tab_python": ("Server in Python", "Server in Python"),
    "paste_says": (
        "In ogni pagina, prima di </head>. Da solo registra visite, moduli, link in uscita e download.",
        "In every page, before </head>. By itself it records visits, forms, outbound links and downloads.",
    ),
    "gtm_says": (
        "Un tag HTML personalizzato su tutte le pagine; gli attributi vengono tolti, perciò la chiave si dà con init.",
        "A custom HTML tag on all pages; attributes are stripped, so the key is given by init.",
    ),
    "npm_says": (
        "Un pacchetto npm non c'è ancora: in un progetto con un bundler basta questo modulo, che carica lo script.",
        "There is no npm package yet: in a project with a bundler this module will do, which loads the script.",
    ),
    "npm_then": ("Poi, da ogni altro modulo:", "Then, from any other module:"),
    "curl_says": (
        "Un evento dal terminale, con la chiave pubblica del sito: per provare senza una pagina.",
        "One event from a terminal, by the site's public key: to try it without a page.",
    ),
    "python_says": (
        "Per eventi che sa solo il tuo server, come un ordine pagato. Serve una chiave segreta, di permesso write.",
        "For events that only your server knows, such as a paid order. It takes a secret key of scope write.",
    ),
    "send_test": ("Invia un evento di prova", "Send a test event"),
    "test_accepted": ("Accettato: fra un attimo compare qui sopra.", "Accepted: in a moment it appears above."),
    "test_refused": ("Rifiutato: {code}.", "Refused: {code}."),
    "test_unreachable": ("Il collector non risponde.", "The collector does not answer."),
    "test_key": (
        "Rifiutato: la chiave non vale più. Ricarica la pagina.",
        "Refused: the key is no longer good. Load the page again.",
    ),
    "test_origin": (
        "Rifiutato: il sito accetta solo le sue origini, e questa console non è fra quelle. Il collector risponde.",
        "Refused: the site accepts its own origins only, and this console is none of them. The collector answers.",
    ),
    "test_busy": ("Rifiutato per ora: riprova fra poco.", "Refused for now: try again in a while."),
    "open_demo": ("Apri il negozio demo", "Open the demo shop"),
    "open_mailbox": ("Apri la posta della demo", "Open the demo’s mailbox"),
    "banner_says": (
        "Finché nessuno dice sì non si raccoglie niente. Il tuo banner lo dice così:",
        "Nothing is collected until somebody says yes. Your banner says it like this:",
    ),
    "any_origin": ("qualsiasi origine http(s)", "any http(s) origin"),
    "all_origins": (
        "Per ora va bene qualsiasi sito. Appena ne aggiungi uno, valgono solo quelli in elenco.",
        "For now any website will do. As soon as you add one, only those listed are accepted.",
    ),
    "these_origins": ("Valgono solo queste:", "Only these are accepted:"),
    "add_origin": ("Aggiungi un'origine", "Add an origin"),
    "add_it": ("Aggiungi", "Add"),
    "all_of_site": ("Tutto del sito", "All of the site"),
    "bad_origin": (
        "Un'origine è http(s)://nome[:porta] senza percorso, come https://www.shop.example.",
        "An origin is http(s)://name[:port] without a path, such as https://www.shop.example.",
    ),
    "origin_allowed": (
        "Ammessa. Ricarica la pagina del tuo sito: entro un secondo l'evento passa.",
        "Allowed. Load the page of your website again: within a second the event passes.",
    ),
    "allow_origin": ("Ammetti {origin}", "Allow {origin}"),
    "own_origin": (
        "È l'indirizzo di questa console: da qui inviano l'evento di prova e il negozio demo.",
        "This is this console's own address: the test event and the demo shop send from here.",
    ),
    "likely_cause": ("La causa più probabile", "The likeliest cause"),
    "lately": ("Negli ultimi dieci minuti", "In the last ten minutes"),
    "other_causes": ("E inoltre", "And also"),
    "cause_unknown_key": ("La chiave nel tag è sbagliata", "The key in the tag is wrong"),
    "cause_revoked_key": ("La chiave nel tag è stata revocata", "The key in the tag was revoked"),
    "cause_key_says": (
        "Rifiutati: {n}, l'ultimo {ago}, da {origin}. La chiave giusta di questo sito:",
        "Refused: {n}, the last {ago}, from {origin}. The right key of this site:",
    ),
    "cause_origin": ("{origin} non è fra le origini ammesse", "{origin} is not an accepted origin"),
    "cause_origin_says": (
        "È stata rifiutata {n} volte, l'ultima {ago}. Se è il tuo sito, ammettila:",
        "It was refused {n} times, the last {ago}. If it is your website, allow it:",
    ),
    "cause_no_origin": ("Una pagina senza indirizzo web", "A page without a web address"),
    "cause_no_origin_says": (
        "Il browser ha detto «{origin}» ({n} volte, l'ultima {ago}): una pagina aperta da un file o in un riquadro "
        "isolato. Aprila da un indirizzo http(s).",
        "The browser said “{origin}” ({n} times, the last {ago}): a page opened from a file or in a sandboxed frame. "
        "Open it from an http(s) address.",
    ),
    "cause_consent": ("Nessuno ha ancora dato il consenso", "Nobody has given consent yet"),
    "cause_consent_says": (
        "Il sito vuole un sì prima di raccogliere: {n} eventi lasciati fuori, l'ultimo {ago}. Il banner lo dice così:",
        "The site wants a yes before it collects: {n} events left out, the last {ago}. The banner says it like this:",
    ),
    "cause_clock": ("L'orologio o la data di chi invia", "The clock or the date of the sender"),
    "cause_clock_says": (
        "Rifiutati: {n}, l'ultimo {ago}: dice di essere accaduto {days} giorni prima di arrivare. Se non è un vecchio "
        "evento, l'orologio di chi invia è indietro, o la data è scritta nel codice.",
        "Refused: {n}, the last {ago}: it says that it happened {days} days before it came. If it is no old event, "
        "the sender's clock is behind, or the date is written in the code.",
    ),
    "cause_old_says": (
        "Rifiutati perché troppo vecchi: {n}, l'ultimo {ago}. Confronta l'ora di chi invia.",
        "Refused for being too old: {n}, the last {ago}. Compare the sender's clock.",
    ),
    "cause_time": ("Un'ora che non si legge", "A time that cannot be read"),
    "cause_time_says": (
        "In {path}, {n} volte, l'ultima {ago}: serve la forma 2026-11-24T10:00:00Z, con il fuso.",
        "In {path}, {n} times, the last {ago}: it takes the form 2026-11-24T10:00:00Z, with a zone.",
    ),
    "cause_preflight": (
        "{origin} ha chiesto il permesso, poi non ha inviato",
        "{origin} asked for permission and then sent nothing",
    ),
    "cause_preflight_says": (
        "Il browser ha mandato OPTIONS {ago} e nessun POST: di solito il codice aggiunge intestazioni non ammesse "
        "(lo sono content-type e content-encoding), o un proxy risponde al posto nostro.",
        "The browser sent OPTIONS {ago} and no POST: usually the code adds headers that are not allowed "
        "(content-type and content-encoding are), or a proxy answers in our place.",
    ),
    "cause_bot": ("Finora solo un bot", "Only a bot so far"),
    "cause_bot_says": (
        "Gli eventi arrivano, l'ultimo {ago}, ma il programma ({agent}) è preso per un crawler: restano nascosti e "
        "nessuno viene contato. Apri la pagina con un browser normale.",
        "Events come, the last {ago}, but the program ({agent}) is taken for a crawler: they stay hidden and nobody is "
        "counted. Open the page in a normal browser.",
    ),
    "cause_silent": ("{origin} carica lo script ma non invia", "{origin} loads the script but sends nothing"),
    "cause_silent_says": (
        "Lo script è stato caricato {ago}. Di solito è un blocco degli annunci, o una Content-Security-Policy senza "
        "connect-src per questo indirizzo: guarda la console del browser.",
        "The script was loaded {ago}. Usually it is an ad blocker, or a Content-Security-Policy without connect-src "
        "for this address: look at the browser's console.",
    ),
    "cause_silent_consent": (
        "Lo script è stato caricato {ago}. Questo sito vuole il consenso: forse il banner non l'ha ancora detto allo "
        "script. Altrimenti è un blocco degli annunci, o una Content-Security-Policy senza connect-src.",
        "The script was loaded {ago}. This site wants consent: perhaps the banner has not told the script yet. Else it "
        "is an ad blocker, or a Content-Security-Policy without connect-src.",
    ),
    "cause_other": ("Rifiutati: {code}", "Refused: {code}"),
    "cause_other_says": (
        "{n} volte, l'ultima {ago}. Il collector ha risposto: {message}",
        "{n} times, the last {ago}. The collector answered: {message}",
    ),
}
