"""Something was left in the cart: what it is, and the way back to it. Event: ecommerce/cart_updated."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, button, framed, goods, heading, paragraph, section


def _mjml(language: Language, words: tuple[str, str, str, str]) -> str:
    head, opening, go, closing = words
    inner = [heading(head), paragraph(opening), goods(language), button(go, "{{ params.url }}"), paragraph(closing)]
    return framed(language, section("\n".join(inner)))


IT = Content(
    "email",
    subject="{{ params.items.0.name|default:'Il tuo carrello' }} ti aspetta",
    preheader="Il carrello è come l'hai lasciato.",
    mjml=_mjml(
        "it",
        (
            "Il carrello è come l'hai lasciato",
            "Ciao{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, ci sono ancora queste cose. "
            "Le teniamo qui, ma non possiamo metterle da parte: se finiscono, finiscono.",
            "Torna al carrello",
            "Un dubbio su taglia o spedizione? Rispondi pure, ti aiutiamo volentieri.",
        ),
    ),
)
EN = Content(
    "email",
    subject="{{ params.items.0.name|default:'Your cart' }} is still here",
    preheader="Your cart is as you left it.",
    mjml=_mjml(
        "en",
        (
            "Your cart is as you left it",
            "Hi{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %}, these are still in it. We keep "
            "the list, not the stock: what sells out is gone.",
            "Back to your cart",
            "Not sure about a size or the delivery? Just reply, we are glad to help.",
        ),
    ),
)
SMS_IT = Content(
    "sms",
    text="{{ params.items.0.name|truncatechars:40 }} è ancora nel tuo carrello: {{ params.url }} "
    "Per non riceverne altri: {{ unsubscribe }}",
)
SMS_EN = Content(
    "sms",
    text="{{ params.items.0.name|truncatechars:40 }} is still in your cart: {{ params.url }} "
    "To stop these: {{ unsubscribe }}",
)
