"""What does /setup say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
    "send_test": ("Invia un evento di prova", "Send a test event"),
    "open_demo": ("Apri il negozio demo", "Open the demo shop"),
    "gtm_says": (
        "Un tag HTML personalizzato su tutte le pagine; gli attributi vengono tolti, perciò la chiave si dà con init.",
        "A custom HTML tag on all pages; attributes are stripped, so the key is given by init.",
    ),
    "origins": ("Siti e origini ammesse", "Sites and the origins they accept"),
    "any_origin": ("qualsiasi origine http(s)", "any http(s) origin"),
}
