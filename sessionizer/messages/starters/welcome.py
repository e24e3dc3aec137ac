"""Somebody subscribed: do they really want it? One button confirms (double opt-in)."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, button, framed, heading, paragraph, section


def _mjml(language: Language, words: tuple[str, str, str, str, str]) -> str:
    head, opening, go, closing, note = words
    inner = [heading(head), paragraph(opening), button(go, "{{ doubleoptin }}"), paragraph(closing)]
    return framed(language, section("\n".join(inner)), note=note)


IT = Content(
    "email",
    subject="Conferma il tuo indirizzo",
    preheader="Un clic, e la prossima email sarà quella buona.",
    mjml=_mjml(
        "it",
        (
            "Piacere{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "Qualcuno ha chiesto di ricevere le nostre novità a questo indirizzo. Se eri tu, confermalo qui sotto: "
            "ti scriveremo un paio di volte al mese, e solo quando c'è qualcosa da dire.",
            "Sì, scrivetemi",
            "Non eri tu? Non fare niente: senza conferma non riceverai altro.",
            "Questa email serve solo a chiederti il permesso.",
        ),
    ),
)
EN = Content(
    "email",
    subject="Please confirm your address",
    preheader="One click, and the next e-mail will be a proper one.",
    mjml=_mjml(
        "en",
        (
            "Nice to meet you{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "Somebody asked us to send our news to this address. If that was you, confirm it below: we will write once "
            "or twice a month, and only when there is something to say.",
            "Yes, write to me",
            "It was not you? Do nothing: without your word we will not write again.",
            "This e-mail only asks for your permission.",
        ),
    ),
)
