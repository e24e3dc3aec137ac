"""Is whoever writes a message told which variables are not there? By name when it is saved, by value for one person."""

from sessionizer.messages.missing import Missing, lacking, missing
from sessionizer.messages.template import Needs
from tests.sessionizer.messages.asking import compiled

ORDER = ("ecommerce", "order_completed")


def test_a_name_that_nothing_has_is_told_with_the_nearest() -> None:
    """Of contacts, of the event by the catalogue, of its lists' elements, of past events, of everything else."""
    template = compiled(
        "{{ contact.FIRSTNAM }}{{ params.totl }}{% for item in params.items %}{{ item.nme }}{% endfor %}\n"
        "{{ params.items.0.pric }}{{ history.ecommerce.order_complete.last.total }}{{ contct.X }}"
    )
    assert [
        Missing("text", 1, "contact.FIRSTNAM", "contact.FIRSTNAME"),
        Missing("text", 1, "event.totl", "event.total"),
        Missing("text", 1, "event.items[].nme", "event.items.[].name"),
        Missing("text", 2, "event.items.0.pric", "event.items.0.price"),
        Missing("text", 2, "history.ecommerce.order_complete.last.total", "history.ecommerce.order_completed"),
        Missing("text", 2, "contct.X", "contact"),
    ] == missing(template, kind=ORDER, attributes=["FIRSTNAME"])


def test_what_is_there_is_not_told() -> None:
    """Nor what may be: a team's own event, an event that nobody named, what every event has."""
    text = "{{ contact.A }}{{ event.total }}{{ event.page.title }}{{ event.object.id }}{{ unsubscribe }}"
    assert [] == missing(
        compiled(text + "{% for i in event.items %}{{ i.name }}{% endfor %}"), kind=ORDER, attributes="A"
    )
    assert [] == missing(compiled("{{ event.whatever.x }}"), kind=("custom", "mine"), attributes=())
    assert [] == missing(compiled("{{ event.whatever.x }}"), attributes=())


def test_what_one_person_lacks_is_told() -> None:
    """By values: nothing and "" are none, 0 is one; of a list, what all its elements lack."""
    template = compiled(
        "{{ contact.A }}{{ contact.B }}{{ event.n }}{% for i in event.items %}{{ i.name }}{{ i.sku }}{% endfor %}"
    )
    data = {"contact": {"A": ""}, "event": {"n": 0, "items": [{"name": "x"}, {}]}}
    assert ["contact.A", "contact.B", "event.items[].sku"] == [one.name for one in lacking(template, data)]


def test_what_has_to_be_brought_is_known() -> None:
    """Through names that the template gives, and through blocks."""
    template = compiled(
        "{% assign last = history.website.page_visited.last %}{{ last.page.url }}{% with c=contact.CITY %}{{ c }}"
        "{% endwith %}{% for i in params.items %}{{ i.name }}{% endfor %}{% include 'foot' %}",
        blocks={"foot": "{{ unsubscribe }}{{ contact.B|default:event.total }}"},
    )
    assert (
        Needs(
            contact=frozenset({"CITY", "B"}),
            event=frozenset({"items", "total"}),
            history=frozenset({("website", "page_visited", "last")}),
            links=frozenset({"unsubscribe"}),
            blocks=frozenset({"foot"}),
        )
        == template.needs()
    )
