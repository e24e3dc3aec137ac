"""What does the page of the API's document say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "docs_title": ("API", "API"),
    "docs_say": (
        "Ogni indirizzo, con i suoi parametri ed esempi. «Prova» invia la richiesta vera, a questa installazione. "
        "Le descrizioni sono in inglese, come nel codice da cui vengono.",
        "Every address, with its parameters and examples. “Try it” sends the real request, to this very deployment.",
    ),
    "docs_contents": ("Argomenti", "Contents"),
    "docs_key": ("Chiave API", "API key"),
    "docs_memory": (
        "La chiave resta nella memoria di questa pagina, e da nessun'altra parte.",
        "The key stays in the memory of this page, and nowhere else.",
    ),
    "docs_by_login": (
        "Senza chiave si chiede come {name}, con il tuo accesso; solo POST /api/events vuole una chiave.",
        "Without a key you ask as {name}, by your login; only POST /api/events wants a key.",
    ),
    "docs_ask": (
        "Per leggere la documentazione serve una chiave di questa installazione, o un accesso alla console.",
        "To read about the API, show a key of this deployment or log in to the console.",
    ),
    "docs_read": ("Leggi", "Read"),
    "docs_log_in": ("Accedi", "Log in"),
    "docs_refused": ("Questa chiave non è valida.", "This key is not good."),
    "docs_parameters": ("Parametri", "Parameters"),
    "docs_required": ("serve", "required"),
    "docs_choice": ("uno di questi", "one of these"),
    "docs_several": ("Più valori con la virgola.", "Several with commas."),
    "docs_body": ("Corpo", "Body"),
    "docs_fields": ("Campi", "Fields"),
    "docs_try": ("Prova", "Try it"),
    "docs_answers": ("Risposte", "Answers"),
    "docs_example": ("Esempio", "Example"),
    "docs_running": ("In attesa della risposta…", "Waiting for the answer…"),
    "docs_stopped": (
        "Interrotto dopo 5 secondi: questo flusso non finisce.",
        "Stopped after 5 seconds: this stream has no end.",
    ),
    "docs_failed": ("Il server non risponde.", "The server does not answer."),
}
