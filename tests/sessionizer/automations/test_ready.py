"""Can a team begin with these? Each knows only events that there are, reads in both languages, and survives JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest

from sessionizer.automations.definition import parse, plain, steps_of
from sessionizer.automations.ready.table import READY, Ready
from sessionizer.automations.wording import rules, steps
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.catalogue import lookup
from sessionizer.messages.starters.table import STARTERS
from sessionizer.segments import condition
from sessionizer.segments.check import faults
from sessionizer.segments.wording.voice import Language, Voice

EACH = pytest.mark.parametrize("ready", READY, ids=lambda ready: ready.slug)


def made(ready: Ready) -> Any:
    """Its definition, with ids that stand for what would be made, as plain JSON."""
    mails, groups = range(7, 7 + len(ready.mails)), range(1, 1 + len(ready.segments))
    return msgspec.json.decode(msgspec.json.encode(plain(ready.make(mails, groups, [it for it, _ in ready.lists]))))


def nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object within."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from nodes(one)


@EACH
def test_it_asks_only_for_what_the_catalogue_knows(ready: Ready) -> None:
    """Events that there are, and segments without faults."""
    asked = [made(ready), *(condition.plain(condition.Definition(one.where)) for one in ready.segments)]
    kinds = {(one["category"], one["key"]) for one in nodes(asked) if "category" in one}
    assert set() == {kind for kind in kinds if lookup(*kind) is None}
    assert [] == [fault for one in ready.segments for fault in faults(condition.Definition(one.where))]


@EACH
def test_its_messages_are_starters_in_both_languages(ready: Ready) -> None:
    """And each of them is sent by a step."""
    for slug in ready.mails:
        assert ["it", "en"] == [one.language for one in STARTERS if one.slug == slug]
    sent = {one["message"] for one in nodes(made(ready)) if one.get("type") == "send"}
    assert set(range(7, 7 + len(ready.mails))) == sent


@EACH
def test_its_messages_are_about_the_event_that_sets_it_going(ready: Ready) -> None:
    """What they read is what came; a segment brings no event."""
    triggers = [(one.get("category"), one.get("key")) for one in made(ready)["triggers"]]
    about = {one.kind for slug in ready.mails for one in STARTERS if one.slug == slug}
    assert about <= {None, *triggers} or ready.segments


@EACH
@pytest.mark.parametrize("language", ["it", "en"])
def test_it_reads(ready: Ready, language: Language) -> None:
    """Every part of it has a sentence."""
    speaker, definition = Speaker(Voice(language)), parse(made(ready))
    said = [
        *(rules.trigger(speaker, one) for one in definition.triggers),
        *(rules.exit(speaker, one) for one in definition.exits),
        *(steps.step(speaker, one) for one in steps_of(definition).values()),
    ]
    assert all(text.endswith(".") for text in said)


def test_an_abandoned_cart_is_as_the_help_page_tells_it() -> None:
    """Set going by the cart, two hours, out by a purchase."""
    cart = next(ready for ready in READY if ready.slug == "cart")
    assert {
        "triggers": [{"type": "event", "category": "ecommerce", "key": "cart_updated"}],
        "entry": {"again": "after_exit", "inside": "restart"},
        "exits": [
            {"type": "event", "category": "ecommerce", "key": "order_completed"},
            {"type": "event", "category": "ecommerce", "key": "cart_deleted"},
        ],
        "steps": [
            {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}},
            {"type": "send", "id": "mail", "message": 7},
        ],
    } == made(cart)


def test_slugs_and_names_stand_once() -> None:
    """Each automation can be told from the others."""
    assert len(READY) == len({one.slug for one in READY}) == len({one.name for one in READY})
