"""Are messages filled with what somebody did before?

The help page: "Puoi includere contenuti dinamici nelle tue email e nei tuoi SMS in base agli eventi passati di un
contatto, ad es. acquisto recente, visita al sito web o invio di un modulo".
"""

from typing import Any, Literal

import pytest

from sessionizer.messages.template import Needs
from tests.sessionizer.messages.asking import compiled, rendered

PAGE = {"url": "https://shop.example/boots", "title": "Cengia boots", "referrer": ""}
HISTORY: dict[str, Any] = {
    "ecommerce": {
        "order_completed": {
            "last": {
                "total": 129.0,
                "currency": "EUR",
                "items": [{"name": "Boots"}],
                "occurred_at": "2026-11-20T09:30:00.000Z",
            },
            "count": 3,
        }
    },
    "website": {"page_visited": {"last": {"page": PAGE, "occurred_at": "2026-11-25T09:30:00.000Z"}}},
    "forms": {"form_submitted": {"last": {"form_name": "Catalogue", "occurred_at": "2026-11-25T09:30:00.000Z"}}},
}


def filled(channel: Literal["email", "sms"], text: str) -> tuple[str, Needs]:
    """What one person reads, and what had to be brought for it."""
    template = compiled(text, channel)
    return rendered(template, history=HISTORY).text, template.needs()


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_last_purchase_is_in_the_message(channel: Literal["email", "sms"]) -> None:
    """What was bought, for how much, when, and how many orders there were."""
    order = "history.ecommerce.order_completed"
    text = f"{{% for item in {order}.last.items %}}{{{{ item.name }}}}{{% endfor %}}"
    text += f", {{{{ {order}.last.total|floatformat:2 }}}}"
    text += f" on {{{{ {order}.last.occurred_at|date:'j/n' }}}}, {{{{ {order}.count }}}} so far"
    kind = ("ecommerce", "order_completed")
    needs = Needs(history=frozenset({(*kind, "last"), (*kind, "count")}))
    assert ("Boots, 129.00 on 20/11, 3 so far", needs) == filled(channel, text)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_last_page_visit_is_in_the_message(channel: Literal["email", "sms"]) -> None:
    """Its title and its address."""
    page = "history.website.page_visited.last.page"
    needs = Needs(history=frozenset({("website", "page_visited", "last")}))
    assert ("Cengia boots: https://shop.example/boots", needs) == filled(
        channel, f"{{{{ {page}.title }}}}: {{{{ {page}.url }}}}"
    )


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_last_form_is_in_the_message(channel: Literal["email", "sms"]) -> None:
    """Whatever it carried."""
    form = "history.forms.form_submitted.last"
    needs = Needs(history=frozenset({("forms", "form_submitted", "last")}))
    assert ("You asked for Catalogue", needs) == filled(channel, f"You asked for {{{{ {form}.form_name }}}}")
