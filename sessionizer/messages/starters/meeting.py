"""A meeting comes up: when it is. Event: meetings/meeting_booked."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, framed, heading, paragraph, section


def _mjml(language: Language, words: tuple[str, str, str, str]) -> str:
    head, opening, closing, note = words
    return framed(language, section("\n".join([heading(head), paragraph(opening), paragraph(closing)])), note=note)


IT = Content(
    "email",
    subject="Il nostro appuntamento{% if params.starts_at %} del {{ params.starts_at|date:'j F', 'it' }}{% endif %}",
    preheader="Un promemoria, così non ti sfugge.",
    mjml=_mjml(
        "it",
        (
            "Ci vediamo presto{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "Ti ricordiamo l'appuntamento{% if params.starts_at %} del <strong>{{ params.starts_at|date:'j F', 'it' }} "
            "alle {{ params.starts_at|date:'H:i' }}</strong>{% endif %}.",
            "Non puoi venire? Rispondi a questa email e troviamo un altro momento.",
            "Ricevi questa email perché hai prenotato un appuntamento con noi.",
        ),
    ),
)
EN = Content(
    "email",
    subject="Our meeting{% if params.starts_at %} on {{ params.starts_at|date:'j F' }}{% endif %}",
    preheader="A reminder, so that it does not slip by.",
    mjml=_mjml(
        "en",
        (
            "See you soon{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "This is a reminder of our meeting{% if params.starts_at %} on <strong>"
            "{{ params.starts_at|date:'j F' }} at {{ params.starts_at|date:'H:i' }}</strong>{% endif %}.",
            "Can't make it? Reply to this e-mail, and we find another time.",
            "You get this e-mail because you booked a meeting with us.",
        ),
    ),
)
