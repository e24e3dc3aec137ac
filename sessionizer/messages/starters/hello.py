"""Somebody has come to our list: a first word, with nothing to confirm."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, framed, heading, paragraph, section


def _mjml(language: Language, words: tuple[str, str, str]) -> str:
    head, opening, closing = words
    return framed(language, section("\n".join([heading(head), paragraph(opening), paragraph(closing)])))


IT = Content(
    "email",
    subject="Benvenuto{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
    preheader="Che cosa riceverai da noi, e quanto spesso.",
    mjml=_mjml(
        "it",
        (
            "Piacere{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "Da oggi ricevi le nostre novità: un paio di email al mese, solo quando c'è qualcosa da dire.",
            "C'è qualcosa che ti interessa più del resto? Rispondi a questa email: ci aiuta a scriverti meglio.",
        ),
    ),
)
EN = Content(
    "email",
    subject="Welcome{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
    preheader="What you get from us, and how often.",
    mjml=_mjml(
        "en",
        (
            "Nice to meet you{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "From today you get our news: a couple of e-mails a month, and only when there is something to say.",
            "Is there something that interests you most? Reply to this e-mail: it helps us to write better ones.",
        ),
    ),
)
