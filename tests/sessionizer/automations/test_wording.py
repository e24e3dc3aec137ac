"""How automations read: in both languages, and nothing of a definition is hidden."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sessionizer.automations.definition import HouseRules, parse
from sessionizer.automations.run import Passed
from sessionizer.automations.way import LOOP, NO_MESSAGE
from sessionizer.automations.wording import rules, steps, way
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.automations.wording.words import WORDS
from sessionizer.segments.wording.voice import Language, Names, Voice

NAMES = Names(segments={1: "VIP"})
BOUGHT = {"type": "event", "category": "ecommerce", "key": "order_completed"}
VIP = {"type": "segment", "id": 1}
DAY = {"n": 1, "unit": "days"}
SHIFT = {"span": DAY, "before": True}
TEST = {"path": "total", "test": {"op": "more", "value": 50}}


def speaker(language: Language = "en") -> Speaker:
    """Who knows a segment, a message and a step."""
    return Speaker(Voice(language, NAMES), messages={7: "Cart"}, steps={"mail": "2"})


def said(definition: dict[str, Any], language: Language = "en") -> list[str]:
    """Every sentence of it, in order."""
    made, says = parse(definition), speaker(language)
    return [
        *(rules.trigger(says, one) for one in made.triggers),
        *(rules.exit(says, one) for one in made.exits),
        *(text for one in made.steps for text in (steps.step(says, one), *steps.ways(says, one))),
    ]


@pytest.mark.parametrize(
    ("trigger", "english", "italian"),
    [
        (
            {**BOUGHT, "where": [TEST], "who": VIP},
            "When somebody has completed an order (total is more than 50), only if it is somebody who is in the "
            "segment “VIP”.",
            "Quando qualcuno ha completato un ordine (total maggiore di 50), solo se è qualcuno che è nel "
            "segmento «VIP».",
        ),
        (
            {"type": "segment", "id": 1, "change": "left"},
            "When somebody leaves the segment “VIP”.",
            "Quando qualcuno esce dal segmento «VIP».",
        ),
        (
            {"type": "attribute", "name": "CITY", "test": {"op": "equals", "value": "Rome"}},
            "When the attribute CITY changes (now: CITY is “Rome”).",
            "Quando cambia l'attributo CITY (ora: CITY uguale a «Rome»).",
        ),
        (
            {"type": "date", "attribute": "BIRTHDAY", "yearly": True, "zone": "contact", "shift": SHIFT},
            "When the day comes: 1 day before the date in BIRTHDAY, at 09:00 (on the contact's clock), every year.",
            "Quando arriva il giorno: 1 giorno prima della data in BIRTHDAY, alle 09:00 (ora del contatto), ogni anno.",
        ),
        ({"type": "list", "name": "News"}, "When somebody is put on the list “News”.",
         "Quando qualcuno viene messo nella lista «News»."),
        ({"type": "form"}, "When somebody sends off a form.", "Quando qualcuno invia un modulo."),
    ],
)  # fmt: skip
def test_triggers_read_in_both_languages(trigger: dict[str, Any], english: str, italian: str) -> None:
    """With what narrows them."""
    assert [english] == said({"triggers": [trigger]})
    assert [italian] == said({"triggers": [trigger]}, "it")


def test_exits_say_what_must_be_the_same() -> None:
    """As the event by which somebody came in."""
    leave = {**BOUGHT, "same": [{"property": "items[].id", "as": "product_id"}]}
    assert [
        "Leaves as soon as they have completed an order (items › id the same as product_id of the event by which they "
        "came in)."
    ] == said({"exits": [leave]})


def test_entry_reads_rule_by_rule() -> None:
    """Those that hold, and how late an event may be."""
    entry = {"again": "after_exit", "inside": "restart", "per": "object.id", "pause": DAY, "holdout": 10,
             "cap": {"n": 3, "within": {"n": 1, "unit": "weeks"}}, "max_age_minutes": 90}  # fmt: skip
    assert [
        "Whoever is out may come in again.",
        "If it happens again while they are in, they begin anew.",
        "Each value of object › id goes a way of its own.",
        "Between two entries there are 1 day at least.",
        "At most 3 entries in 1 week.",
        "An event that arrives more than 90 minutes late sets nothing going.",
        "10 of 100 contacts always stay out, to compare.",
    ] == list(rules.entry(speaker(), parse({"entry": entry}).entry))


def test_rules_of_the_house_read() -> None:
    """Quiet hours and caps; without either there is nothing to say."""
    assert [] == list(rules.house(speaker(), HouseRules()))
    quiet = HouseRules(quiet_from="22:00", quiet_to="08:00", zone="deployment")
    assert ["Between 22:00 and 08:00 (on our own clock) nothing is sent: it waits for their end."] == list(
        rules.house(speaker(), quiet)
    )


FULL: dict[str, Any] = {
    "triggers": [
        {**BOUGHT, "where": [TEST], "who": VIP},
        {"type": "segment", "id": 1, "change": "left", "who": VIP},
        {"type": "attribute", "name": "CITY", "test": {"op": "equals", "value": "Rome"}, "who": VIP},
        {"type": "date", "attribute": "BORN", "shift": SHIFT, "time": "08:30", "zone": "contact", "yearly": True},
        {"type": "event_date", "category": "meetings", "key": "meeting_booked", "property": "starts_at",
         "shift": SHIFT, "who": VIP},
        {"type": "list", "name": "News", "who": VIP},
        {"type": "form", "form": "contact", "who": VIP},
        {"type": "hand", "who": VIP},
    ],
    "exits": [{**BOUGHT, "same": [{"property": "items[].id", "as": "product_id"}]}, {"type": "segment", "id": 1}],
    "steps": [
        {"type": "wait", "id": "a", "span": DAY},
        {"type": "wait_until", "id": "b", "time": "10:00", "days": ["mon", "fri"], "zone": "contact"},
        {"type": "wait_date", "id": "c", "of": "event", "name": "starts_at", "shift": SHIFT},
        {"type": "wait_for", "id": "d", "within": DAY, "event": BOUGHT, "condition": VIP},
        {"type": "split", "id": "e", "cases": [{"name": "Best", "when": VIP, "event": [TEST]}]},
        {"type": "random", "id": "f", "parts": [{"share": 40, "name": "A"}, {"share": 60, "name": "B"}]},
        {"type": "send", "id": "g", "message": 7, "quiet": False},
        {"type": "webhook", "id": "h", "url": "https://crm.example/hook", "body": "{}"},
        {"type": "attribute", "id": "i", "name": "POINTS", "op": "add", "value": 5},
        {"type": "list", "id": "j", "name": "News", "op": "remove"},
        {"type": "emit", "id": "k", "key": "won", "properties": {"how": "fast"}},
        {"type": "go_to", "id": "l", "step": "mail"},
        {"type": "exit", "id": "m"},
    ],
}  # fmt: skip
OTHER = {
    str: lambda text: {"entered": "left", "left": "entered", "contact": "deployment", "event": "contact",
                       "add": "remove", "remove": "add", "days": "weeks", "mon": "tue", "fri": "sat", "more": "less",
                       "equals": "differs", "08:30": "08:31", "10:00": "10:01", "_": text}.get(text, f"{text}x"),
    bool: lambda truth: not truth,
    int: lambda number: number + 1,
}  # fmt: skip
NAMELESS = {"type", "version"}


def changed(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The same with one value changed, for each value in it; the id of a step is nobody's to read."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for name, value in items:
        if name in NAMELESS or (name == "id" and isinstance(value, str)):
            continue
        copy = json.loads(json.dumps(node))
        if isinstance(value, dict | list):
            for at, other in changed(value, (*path, name)):
                copy[name] = other
                yield at, json.loads(json.dumps(copy))
        else:
            copy[name] = OTHER[type(value)](value)
            yield (*path, name), copy


CHANGED = list(changed(FULL))


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize(("path", "other"), CHANGED, ids=[".".join(map(str, path)) for path, _ in CHANGED])
def test_sentences_hide_nothing(path: tuple[Any, ...], other: dict[str, Any], language: Language) -> None:
    """Whatever is changed in a definition, it reads otherwise."""
    assert said(FULL, language) != said(other, language)


def test_a_path_reads() -> None:
    """Line by line; what has no words stands as it is."""
    told = [
        Passed("", 0, "entered", "ecommerce/cart_updated"),
        Passed("wait", 0, "waits", "2026-11-24T11:00:58.990Z"),
        Passed("split", 0, "case", "0"),
        Passed("go", 0, "went", "mail"),
        Passed("", 0, "ended", "left event-1"),
        Passed("", 0, "ended", "removed Kim"),
        Passed("", 0, "hummed", "loudly"),
    ]
    assert [
        "Comes in: has updated the cart.",
        "Waits; goes on on 24 November 2026 at 11:00.",
        "Goes the way no. 1.",
        "Goes on with step 2.",
        "Ended: an exit condition.",
        "Ended: taken out by hand, by Kim.",
        "hummed loudly",
    ] == [way.passed(speaker(), line) for line in told]
    assert "The event arrived too late." == way.refused(speaker(), "old")


@pytest.mark.parametrize(
    ("minutes", "by"),
    [(61, "61 minutes"), (240, "4 hours"), (241, "5 hours"), (4 * 1440, "4 days"), (4 * 1440 + 1, "5 days")],
)
def test_what_came_too_late_says_by_how_much(minutes: int, by: str) -> None:
    """Rounded up, so that it is never the limit; nothing of it where it was in time by the limit of today."""
    late = way.Late(minutes * 60_000, 3_600_000)
    assert f"The event arrived about {by} late; the limit is 1 hour." == way.refused(speaker(), "old", late)
    assert way.refused(speaker(), "old") == way.refused(speaker(), "old", late._replace(most_ms=late.by_ms))
    assert way.refused(speaker(), "again") == way.refused(speaker(), "again", late)


@pytest.mark.parametrize(
    ("language", "why", "says"),
    [
        ("it", NO_MESSAGE.format(9), "il messaggio 9 non c'è, o è stato archiviato"),
        ("en", NO_MESSAGE.format(9), "there is no message 9, or it was put away"),
        ("it", LOOP, "l'automazione si richiama da sola senza fine"),
        ("it", "of old", "of old"),
    ],
)
def test_why_a_step_has_failed_reads_in_both_languages(language: Language, why: str, says: str) -> None:
    """By itself and as a line of the way; what nobody knows any more stays as it is."""
    assert says == way.failed(speaker(language), why)
    assert way.passed(speaker(language), Passed("mail", 0, "failed", why)).endswith(f": {says}.")


def test_what_is_not_there_yet_is_said() -> None:
    """A message that nobody chose, and one whose name is not known."""
    send = {"type": "send", "id": "a"}
    assert ["Sends a message that is still to be chosen.", "Sends no. 9."] == said(
        {"steps": [{**send, "message": 0}, {**send, "message": 9}]}
    )


def test_every_word_is_there_in_both_languages() -> None:
    """With as many places to be filled."""
    assert [] == [key for key, (it, en) in WORDS.items() if it.count("{") != en.count("{") or not it or not en]
