"""One article is meant: on a wishlist, or looked at. Events: ecommerce/wishlist_product_added, product_viewed."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, button, framed, heading, paragraph, section


def _article(language: Language) -> str:
    """Picture, name, price."""
    return f"""          {{% if params.image %}}
          <mj-image src="{{{{ params.image }}}}" alt="" width="240px" align="left" padding="8px 32px" />
          {{% endif %}}
          <mj-text css-class="ink"><strong>{{{{ params.name }}}}</strong>{{% if params.price %}}<br />
            {{{{ params.price|money:params.currency, '{language}' }}}}{{% endif %}}</mj-text>"""


def _mjml(language: Language, words: tuple[str, str, str, str]) -> str:
    head, opening, go, closing = words
    inner = [
        heading(head),
        paragraph(opening),
        _article(language),
        "          {% if params.url %}",
        button(go, "{{ params.url }}"),
        "          {% endif %}",
        paragraph(closing),
    ]
    return framed(language, section("\n".join(inner)))


WISHED_IT = Content(
    "email",
    subject="{{ params.name|default:'La tua lista dei desideri' }}: lo vuoi ancora?",
    preheader="È nella tua lista dei desideri.",
    mjml=_mjml(
        "it",
        (
            "Lo vuoi ancora?",
            "Ciao{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, qualche giorno fa hai messo "
            "questo nella tua lista dei desideri.",
            "Guardalo di nuovo",
            "Se l'hai già trovato altrove, nessun problema. Se hai un dubbio, rispondi a questa email.",
        ),
    ),
)
WISHED_EN = Content(
    "email",
    subject="{{ params.name|default:'Your wishlist' }}: still on your mind?",
    preheader="It is on your wishlist.",
    mjml=_mjml(
        "en",
        (
            "Still on your mind?",
            "Hi{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, a few days ago you put this on "
            "your wishlist.",
            "Look at it again",
            "Found it elsewhere? No harm done. Not sure about something? Just reply to this e-mail.",
        ),
    ),
)
VIEWED_IT = Content(
    "email",
    subject="{{ params.name|default:'Quello che guardavi' }}: posso aiutarti a scegliere?",
    preheader="È ancora lì.",
    mjml=_mjml(
        "it",
        (
            "Ci stai pensando?",
            "Ciao{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, questo l'hai guardato da poco "
            "nel nostro negozio.",
            "Riprendi da qui",
            "Taglia, materiale, spedizione: chiedi pure, rispondendo a questa email.",
        ),
    ),
)
VIEWED_EN = Content(
    "email",
    subject="{{ params.name|default:'What you looked at' }}: can we help you choose?",
    preheader="It is still there.",
    mjml=_mjml(
        "en",
        (
            "Thinking about it?",
            "Hi{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, you looked at this in our shop "
            "a short while ago.",
            "Pick up from here",
            "Size, material, delivery: ask away, by replying to this e-mail.",
        ),
    ),
)
