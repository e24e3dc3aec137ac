"""Somebody filled in a form: we have it, and this is what happens now. Event: forms/form_submitted."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, framed, heading, paragraph, section


def _mjml(language: Language, words: tuple[str, str, str, str]) -> str:
    head, opening, closing, note = words
    return framed(language, section("\n".join([heading(head), paragraph(opening), paragraph(closing)])), note=note)


IT = Content(
    "email",
    subject="Abbiamo ricevuto il tuo messaggio",
    preheader="Ti rispondiamo entro un giorno lavorativo.",
    mjml=_mjml(
        "it",
        (
            "Ci siamo{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "Quello che hai scritto{% if params.form_name %} in <strong>{{ params.form_name }}</strong>{% endif %} è "
            "arrivato{% if params.occurred_at %} il {{ params.occurred_at|date:'j F', 'it' }} alle "
            "{{ params.occurred_at|date:'H:i' }}{% endif %}. Lo legge una persona, e ti risponde entro un giorno "
            "lavorativo.",
            "Vuoi aggiungere qualcosa? Rispondi a questa email: arriva alla stessa persona.",
            "Ricevi questa email perché hai compilato un modulo sul nostro sito.",
        ),
    ),
)
EN = Content(
    "email",
    subject="We have your message",
    preheader="You will hear from us within one working day.",
    mjml=_mjml(
        "en",
        (
            "Got it{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "What you wrote{% if params.form_name %} in <strong>{{ params.form_name }}</strong>{% endif %} reached us"
            "{% if params.occurred_at %} on {{ params.occurred_at|date:'j F' }} at "
            "{{ params.occurred_at|date:'H:i' }}{% endif %}. A person reads it and answers within one working day.",
            "Something to add? Reply to this e-mail: it goes to the same person.",
            "You get this e-mail because you filled in a form on our site.",
        ),
    ),
)
