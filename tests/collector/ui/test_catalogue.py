"""The catalogue: every event in both languages, what came of it, and how it is sent."""

import json
import re
from html import unescape

import pytest

from collector.ui.catalogue import example
from collector.ui.catalogue.derivation import SAYS, SPANS, numbers
from sessionizer.catalogue import CATALOGUE, CATEGORIES, FAMILIES, SEGMENTS
from sessionizer.event import Kind
from sessionizer.properties.schema import misfit, object_of
from sessionizer.rule import ACTIVITY
from sessionizer.rules.assignments import RULE_OF
from tests.collector.ingest.sending import Deployment, event
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import work


def keys_in(text: str) -> list[str]:
    """The addresses of the events that a page lists."""
    return re.findall(r'href="/catalogue/([^"]+)"', text)


def is_sent(text: str) -> bool:
    """Whether the page of an event says how to send it."""
    return "Nobody sends it" not in text and "curl -H" in text


def test_every_event_is_listed_in_both_languages(deployment: Deployment, admin: Person) -> None:
    """Each family, category and event, and nothing custom before it came."""
    assert len(CATALOGUE) == len(keys_in(admin.get("/catalogue").text))
    for language in "it", "en":
        text = admin.get("/catalogue", accept_language=language).text.replace("&#39;", "'").replace("&#34;", '"')
        named = [
            *FAMILIES.values(),
            *(row for slug, row in CATEGORIES.items() if slug != "custom"),
            *CATALOGUE.values(),
        ]
        assert [] == [row for row in named if (row.label_it if language == "it" else row.label_en) not in text]


def test_what_came_is_counted(deployment: Deployment, admin: Person) -> None:
    """How many, how long ago, on which days; a custom event stands under its family as one's own."""
    deployment.send(event(key="cart_updated"), event(key="cart_updated"), event(key="wished"))
    work(deployment)
    text = admin.get("/catalogue?seen=1").text
    assert {"ecommerce/cart_updated", "custom/wished"} <= set(keys_in(text)), "page views and sessions may come beside"
    assert "2 in the last 30 days" in text
    assert 1 == text.count(">yours<")


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("q=cart_deleted", "en", ["ecommerce/cart_deleted"]),
        ("q=emptied", "en", ["ecommerce/cart_deleted"]),
        ("q=svuotato", "it", ["ecommerce/cart_deleted"]),
        ("q=svuotato", "en", []),
        ("q=BLUE+ticks", "en", ["whatsapp/Read"]),
        ("q=soft-bounce", "en", ["whatsapp/Soft-Bounce"]),
        ("q=moved&seen=1", "en", []),
        ("family=people&q=segment+entered", "en", ["segment/segment_entered"]),
        ("family=sales&q=segment+entered", "en", []),
        ("family=no-such&q=segment_entered", "en", ["segment/segment_entered"]),
    ],
)
def test_it_can_be_searched(admin: Person, query: str, language: str, expected: list[str]) -> None:
    """Every word in label, key or description of the reader's language; within a family; what came."""
    assert expected == keys_in(admin.get(f"/catalogue?{query}", accept_language=language).text)


def test_nothing_found_is_said(admin: Person) -> None:
    """With a way back."""
    text = admin.get("/catalogue?q=zzz").text
    assert [True, True] == ["Nothing matches" in text, 'href="/catalogue"' in text]


def test_every_event_has_its_page(admin: Person) -> None:
    """Its description and each of its properties."""
    wrong = []
    for row in CATALOGUE.values():
        answer = admin.get(f"/catalogue/{row.category}/{row.key.replace(' ', '%20')}")
        parts = [row.label_en.split("'")[0], *(f">{name}</span>" for name in row.properties)]
        if [part for part in parts if part not in answer.text] or is_sent(answer.text) != (row.arises != "derived"):
            wrong.append(f"{answer.status_code} {row.category}/{row.key}")
    assert [] == wrong


def test_the_page_of_an_event_shows_the_latest(deployment: Deployment, admin: Person) -> None:
    """Five of its kind, the newest first, and where to find them all."""
    deployment.send(*(event(id=f"e{n}", key="wished") for n in range(6)), event(id="other", key="bought"))
    work(deployment)
    text = admin.get("/catalogue/custom/wished").text
    assert 5 == len(re.findall(r'href="/events/e\d"', text))
    assert [False, True] == ['href="/events/other"' in text, "/events?category=custom&amp;key=wished" in text]


@pytest.mark.parametrize(
    "path", ["custom/never_came", "custom/%3Cscript%3E", "website/nothing", "nothing/page_visited"]
)
def test_what_is_in_no_catalogue_is_not_found(admin: Person, path: str) -> None:
    """An event that neither the table nor the store knows."""
    assert 404 == admin.get(f"/catalogue/{path}").status_code


def test_examples_fit_their_schema() -> None:
    """Who copies an example sends something that is right, and nothing lacks that must be there."""
    for row in CATALOGUE.values():
        for name, schema in row.properties.items():
            assert misfit(object_of({name: schema}), {name: example.shown(row)[name]}) is None, (row.key, name)
            assert name in example.given(row) or not schema.get("required"), (row.key, name)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (("ecommerce", "cart_deleted"), "track"),
        (("contact", "identified"), "identify"),
        (("marketing_email", "Opened"), ""),
        (("push", "push_session_started"), ""),
    ],
)
def test_a_call_is_shown_for_what_a_browser_may_send(kind: tuple[str, str], expected: str) -> None:
    """And for nothing else."""
    assert expected == (re.findall(r'push\(\["(\w+)"', example.call(CATALOGUE[kind])) or [""])[0]


def test_the_line_for_a_server_can_be_sent(deployment: Deployment) -> None:
    """What stands between the quotes is the body of a batch."""
    line = example.request(CATALOGUE["ecommerce", "order_completed"], "https://collector.example")
    body = json.loads(line.split(' -d "', 1)[1].removesuffix('"').replace('\\"', '"'))
    (sent,) = body["events"]
    assert ("ecommerce", "order_completed") == (sent["category"], sent["key"])


@pytest.mark.parametrize("kind", RULE_OF, ids="/".join)
def test_a_derived_event_says_how_it_arises(admin: Person, kind: Kind) -> None:
    """From which events, with links; by which rule, with its numbers; with an example of all that it carries."""
    row, rule = CATALOGUE[kind], RULE_OF[kind]
    text = unescape(admin.get(f"/catalogue/{kind[0]}/{kind[1]}").text)
    card = text.partition("How it is derived")[2].partition("</section>")[0]
    assert f'mono">{rule.name}</dd>' in card
    sources = [taken for taken in rule.takes if taken != ACTIVITY]
    assert sources == re.findall(r'href="/catalogue/([^"?]+)"', card)
    assert (ACTIVITY in rule.takes) == ("Any event that is activity" in card)
    assert [*numbers(rule).values()] == re.findall(r"<dd>([^<]+)</dd>", card)
    assert set() == {span for span in numbers(rule) if span not in SPANS}
    example = json.loads(card.partition("<pre")[2].partition(">")[2].partition("</pre>")[0])
    assert [*row.properties] == [*example]


def test_every_derived_event_but_those_of_segments_has_a_rule() -> None:
    """And a sentence that says when; segments are not yet rules."""
    derived = {kind for kind, row in CATALOGUE.items() if row.arises == "derived" and row.by != SEGMENTS}
    assert derived == RULE_OF.keys() == SAYS.keys()


def test_a_given_event_says_what_may_follow(admin: Person) -> None:
    """The derived events of the rules that hear it."""
    text = admin.get("/catalogue/loyalty/balance_value_updated").text.partition("What may follow")[2]
    follows = re.findall(r'href="/catalogue/loyalty/([^"?]+)"', text)
    assert ["balance_value_expired", "balance_minimum_value_reached", "balance_maximum_value_reached"] == follows
    assert "What may follow" not in admin.get("/catalogue/website/page_visited").text


def test_only_activity_can_be_listed(admin: Person) -> None:
    """What keeps a session open; the families keep the filter."""
    text = admin.get("/catalogue?activity=1").text
    assert {f"{row.category}/{row.key}" for row in CATALOGUE.values() if row.activity} == set(keys_in(text))
    assert 'href="/catalogue?activity=1&amp;family=website"' in text
