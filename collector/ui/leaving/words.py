"""What do the pages say that people see to whom we wrote? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "leaving_title": ("Le tue preferenze", "Your preferences"),
    "leaving_about": ("Riguarda i messaggi per {address}", "About messages to {address}"),
    "leaving_from": ("da {sender}", "from {sender}"),
    "leaving_gets_marketing_email": ("Ricevi novità e offerte via email.", "You get news and offers by e-mail."),
    "leaving_gets_transactional_email": (
        "Ricevi via email messaggi su ciò che fai da noi, come ordini e richieste.",
        "You get e-mails about what you do with us, such as orders and requests.",
    ),
    "leaving_gets_marketing_sms": ("Ricevi novità e offerte via SMS.", "You get news and offers by SMS."),
    "leaving_gets_transactional_sms": (
        "Ricevi via SMS messaggi su ciò che fai da noi, come ordini e consegne.",
        "You get text messages about what you do with us, such as orders and deliveries.",
    ),
    "leaving_gets_marketing_whatsapp": ("Ricevi novità e offerte su WhatsApp.", "You get news and offers on WhatsApp."),
    "leaving_gets_transactional_whatsapp": (
        "Ricevi su WhatsApp messaggi su ciò che fai da noi.",
        "You get WhatsApp messages about what you do with us.",
    ),
    "leaving_left": ("Non ti scriviamo più.", "We no longer write to you."),
    "leaving_left_says": (
        "Non riceverai altri messaggi di questo tipo. Quelli già partiti possono ancora arrivare.",
        "You get no more messages of this kind. Those that have left already may still arrive.",
    ),
    "leaving_go": ("Non voglio più riceverli", "No more of these"),
    "leaving_again": ("Voglio riceverli di nuovo", "I want them again"),
    "leaving_one_click": ("Basta un clic, senza accedere.", "One click, no login."),
    "leaving_lists": ("Liste", "Lists"),
    "leaving_lists_says": ("Spunta quelle da cui vuoi uscire.", "Tick those that you want to leave."),
    "leaving_lists_go": ("Esci dalle liste spuntate", "Leave the ticked lists"),
    "leaving_profile": ("Chi sei", "Who you are"),
    "leaving_profile_says": (
        "Come vuoi essere chiamato. Ciò che lasci vuoto resta com’è.",
        "How you want to be called. What you leave empty stays as it is.",
    ),
    "leaving_first_name": ("Nome", "First name"),
    "leaving_last_name": ("Cognome", "Last name"),
    "leaving_profile_go": ("Salva", "Save"),
    "leaving_done_left": (
        "Fatto: non riceverai altri messaggi di questo tipo.",
        "Done: no more messages of this kind.",
    ),
    "leaving_done_again": ("Fatto: tornerai a riceverli.", "Done: you get them again."),
    "leaving_done_lists": ("Fatto: sei fuori dalle liste che hai scelto.", "Done: you are off the lists you chose."),
    "leaving_done_profile": ("Grazie, abbiamo salvato.", "Thank you, it is saved."),
    "leaving_not_yet": (
        "Non è stato ancora possibile. Riprova tra un momento.",
        "That was not possible yet. Try again in a moment.",
    ),
    "leaving_unknown": ("Questo link non è valido", "This link is not valid"),
    "leaving_unknown_says": (
        "È incompleto, o ciò a cui portava non c’è più. Apri di nuovo il messaggio e prova da lì.",
        "It is incomplete, or what it led to is gone. Open the message again and try from there.",
    ),
    "leaving_confirm": ("Confermi?", "Do you confirm?"),
    "leaving_confirm_says": (
        "Qualcuno, speriamo tu, ha chiesto di ricevere messaggi a {address}. Se non eri tu, chiudi questa pagina: "
        "non succede nulla.",
        "Somebody, hopefully you, asked for messages to {address}. If it was not you, close this page: "
        "nothing happens.",
    ),
    "leaving_confirm_go": ("Sì, confermo", "Yes, I confirm"),
    "leaving_confirmed": ("Grazie", "Thank you"),
    "leaving_confirmed_says": (
        "Il tuo indirizzo è confermato. Puoi chiudere questa pagina.",
        "Your address is confirmed. You can close this page.",
    ),
    "leaving_late": ("Questo link è scaduto", "This link has expired"),
    "leaving_late_says": (
        "Valeva 30 giorni. Iscriviti di nuovo dal sito, e ti mandiamo un altro messaggio.",
        "It was good for 30 days. Sign up on the website again, and we send you another message.",
    ),
}
