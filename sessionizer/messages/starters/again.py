"""Somebody has not been here for long: what they bought last, or what they looked at, brings them back."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, button, framed, goods, heading, paragraph, section

_ORDER = "history.ecommerce.order_completed.last"
_PAGE = "history.website.page_visited.last.page"


def _mjml(language: Language, words: dict[str, str]) -> str:
    inner = [
        heading(words["heading"]),
        f"          {{% if {_ORDER}.items %}}",
        paragraph(words["bought"]),
        goods(language, f"{_ORDER}.items", f"{_ORDER}.currency"),
        paragraph(words["how"]),
        "          {% else %}",
        paragraph(words["never"]),
        "          {% endif %}",
        f"          {{% if {_PAGE}.url %}}",
        paragraph(words["looked"]),
        button(words["button"], f"{{{{ {_PAGE}.url }}}}"),
        "          {% endif %}",
    ]
    return framed(language, section("\n".join(inner)))


IT = Content(
    "email",
    subject="{{ contact.FIRSTNAME|default:'Ciao'|capfirst }}, come va?",
    preheader="È passato un po' di tempo dall'ultima volta.",
    mjml=_mjml(
        "it",
        {
            "heading": "È passato un po'{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "bought": f"L'ultima volta, il {{{{ {_ORDER}.occurred_at|date:'j F', 'it' }}}}, hai preso questo:",
            "how": "Come ti trovi? Se c'è qualcosa che non va, dicci cosa: rispondi a questa email.",
            "never": "Da quando ci siamo sentiti sono arrivate cose nuove. Dai un'occhiata quando hai cinque minuti.",
            "looked": f"Stavi guardando <strong>{{{{ {_PAGE}.title|default:'una pagina del nostro sito' }}}}</strong>. "
            "È ancora lì.",
            "button": "Riprendi da dove eri",
        },
    ),
)
EN = Content(
    "email",
    subject="{{ contact.FIRSTNAME|default:'Hello'|capfirst }}, how are things?",
    preheader="It has been a while.",
    mjml=_mjml(
        "en",
        {
            "heading": "It has been a while{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "bought": f"Last time, on {{{{ {_ORDER}.occurred_at|date:'j F' }}}}, you took this home:",
            "how": "How is it holding up? If something is wrong, tell us what: reply to this e-mail.",
            "never": "A few new things have come in since we last wrote. Have a look when you have five minutes.",
            "looked": f"You were looking at <strong>{{{{ {_PAGE}.title|default:'a page of ours' }}}}</strong>. "
            "It is still there.",
            "button": "Pick up where you were",
        },
    ),
)
