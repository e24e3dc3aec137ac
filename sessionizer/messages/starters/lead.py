"""A lead has become a promising one: a salesperson writes. Event: deals/deal_stage_updated, or none."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.sales import letter

IT = Content(
    "email",
    subject="{{ params.name|default:'La sua richiesta' }}: i prossimi passi",
    html=letter(
        "it",
        (
            "Buongiorno{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %},",
            "grazie dell'interesse{% if params.name %} per «{{ params.name }}»{% endif %}. Ho guardato la sua "
            "richiesta e credo che possiamo aiutarla.",
            "Ha un quarto d'ora questa settimana? Mi indichi due orari rispondendo a questa email e la chiamo io.",
            "Se invece non è il momento, me lo dica senza problemi: non le scriverò oltre. "
            '(<a href="{{ unsubscribe }}">Basta un clic.</a>)',
            "Un saluto",
        ),
    ),
)
EN = Content(
    "email",
    subject="{{ params.name|default:'Your request' }}: what comes next",
    html=letter(
        "en",
        (
            "Hello{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %},",
            "Thank you for your interest{% if params.name %} in “{{ params.name }}”{% endif %}. I have looked at what "
            "you asked for, and I think we can help.",
            "Do you have a quarter of an hour this week? Reply with two times that suit you and I will call.",
            "And if now is not the moment, just say so: I will not write again. "
            '(<a href="{{ unsubscribe }}">One click does it.</a>)',
            "All the best",
        ),
    ),
)
