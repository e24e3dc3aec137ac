"""What do the pages of the dry run and of *why* say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "automations_rehearse": ("Prova", "Dry run"),
    "automations_rehearse_says": (
        "Gli eventi degli ultimi giorni, fatti passare di qui come se fosse attiva. Non parte e non cambia niente.",
        "The events of the last days, walked through it as if it had been active. Nothing is sent, nothing changes.",
    ),
    "automations_rehearse_days": ("Ultimi giorni", "Last days"),
    "automations_rehearse_do": ("Prova", "Try it"),
    "automations_rehearse_failed": ("Non è riuscita: riprova tra poco.", "That failed: try again in a moment."),
    "automations_rehearse_cut": (
        "Sono i {n} contatti più recenti: ce ne sono altri.",
        "These are the {n} latest contacts: there are more.",
    ),
    "automations_rehearse_unheard": (
        "Non si può provare, perché non è un evento: {what}",
        "This cannot be tried, for it is no event: {what}",
    ),
    "automations_rehearse_looked": ("Contatti guardati", "Contacts looked at"),
    "automations_rehearse_entered": ("Sarebbero entrati", "Would have come in"),
    "automations_rehearse_inside": ("Sarebbero dentro ora", "Would be in it now"),
    "automations_rehearse_sent": ("Messaggi che sarebbero partiti", "Messages that would have gone"),
    "automations_rehearse_where": ("Dove sarebbero ora", "Where they would be now"),
    "automations_rehearse_ended": ("Perché sarebbero usciti", "Why they would be out"),
    "automations_rehearse_missed": ("Perché non sarebbero entrati", "Why they would not have come in"),
    "automations_rehearse_unsent": ("Messaggi trattenuti", "Messages held back"),
    "automations_rehearse_nothing": ("Niente.", "Nothing."),
    "automations_rehearse_examples": ("Qualche esempio", "Some examples"),
    "automations_explain": ("Perché", "Why"),
    "automations_explain_says": (
        "Perché qualcuno ha ricevuto un messaggio, o non l'ha ricevuto: solo quello che è registrato.",
        "Why somebody got a message, or did not: only what is recorded.",
    ),
    "automations_explain_do": ("Spiega", "Explain"),
    "automations_explain_which": ("Chi di questi?", "Which of these?"),
}
