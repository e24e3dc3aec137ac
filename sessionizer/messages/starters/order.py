"""An order was placed: what was bought, what it costs, and where to find it again. Event: ecommerce/order_completed."""

from sessionizer.messages.message import Content
from sessionizer.messages.starters.frame import Language, button, framed, goods, heading, paragraph, section


def _sums(language: Language, words: tuple[str, str, str]) -> str:
    subtotal, shipping, total = words
    return f"""          <mj-table css-class="sums ink" padding="14px 32px 8px">
            {{% if params.subtotal and params.subtotal != params.total %}}
            <tr class="soft" style="color:#5b665f">{_sum(language, subtotal, "subtotal")}</tr>
            {{% endif %}}
            {{% if params.shipping %}}
            <tr class="soft" style="color:#5b665f">{_sum(language, shipping, "shipping")}</tr>
            {{% endif %}}
            <tr class="all">{_sum(language, total, "total")}</tr>
          </mj-table>"""


def _sum(language: Language, label: str, name: str) -> str:
    amount = f"{{{{ params.{name}|money:params.currency, '{language}' }}}}"
    return f'<td>{label}</td><td align="right">{amount}</td>'


def _mjml(language: Language, words: dict[str, str]) -> str:
    inner = [
        heading(words["heading"]),
        paragraph(words["opening"]),
        goods(language),
        _sums(language, (words["subtotal"], words["shipping"], words["total"])),
        "          {% if params.url %}",
        button(words["button"], "{{ params.url }}"),
        "          {% endif %}",
        paragraph(words["closing"]),
    ]
    return framed(language, section("\n".join(inner)), note=words["note"])


IT = Content(
    "email",
    subject="Il tuo ordine {{ params.object.id }} è confermato",
    preheader="{{ params.items|length }} articol{{ params.items|length|pluralize:'o,i' }}, "
    "{{ params.total|money:params.currency, 'it' }} in tutto.",
    mjml=_mjml(
        "it",
        {
            "heading": "Grazie{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "opening": "Abbiamo ricevuto il tuo ordine{% if params.object.id %} <strong>{{ params.object.id }}</strong>"
            "{% endif %} e lo stiamo preparando. Appena parte ti scriviamo di nuovo.",
            "subtotal": "Articoli",
            "shipping": "Spedizione",
            "total": "Totale",
            "button": "Guarda l'ordine",
            "closing": "Qualcosa non torna? Rispondi a questa email: la legge una persona.",
            "note": "Ricevi questa email perché hai fatto un ordine da noi.",
        },
    ),
)
EN = Content(
    "email",
    subject="Your order {{ params.object.id }} is confirmed",
    preheader="{{ params.items|length }} item{{ params.items|length|pluralize }}, "
    "{{ params.total|money:params.currency }} in all.",
    mjml=_mjml(
        "en",
        {
            "heading": "Thank you{% if contact.FIRSTNAME %}, {{ contact.FIRSTNAME|capfirst }}{% endif %}",
            "opening": "We have your order{% if params.object.id %} <strong>{{ params.object.id }}</strong>{% endif %} "
            "and are packing it. We will write again as soon as it is on its way.",
            "subtotal": "Items",
            "shipping": "Delivery",
            "total": "Total",
            "button": "See your order",
            "closing": "Something not right? Reply to this e-mail: a person reads it.",
            "note": "You get this e-mail because you placed an order with us.",
        },
    ),
)
SMS_IT = Content(
    "sms",
    text="Ciao{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME }}{% endif %}, il tuo ordine {{ params.object.id }} è "
    "confermato: {{ params.total|floatformat:2 }} {{ params.currency }}. Ti scriviamo quando parte. {{ params.url }}",
)
SMS_EN = Content(
    "sms",
    text="Hi{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME }}{% endif %}, your order {{ params.object.id }} is "
    "confirmed: {{ params.total|floatformat:2 }} {{ params.currency }}. We write when it ships. {{ params.url }}",
)
