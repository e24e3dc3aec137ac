"""Do providers' payloads become the events that they mean? Each mapping against payloads as they are documented."""

from typing import Any

import pytest

from collector.hooks.mapping import read_mapping, written
from collector.hooks.providers import GENERIC, shipped, texts
from collector.hooks.translate import Translator, Unmade
from collector.ingest.dialects.sentiero import item_of
from collector.ingest.draft import Batch, Draft
from collector.ingest.item import Item, ServerItem
from collector.ingest.pipeline import decide
from tests.collector.hooks.payloads import AT, Payload, payloads

PAYLOADS = payloads()


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_gives_the_events_that_it_means(name: str) -> None:
    """Field by field, and nothing else."""
    provider, payload = PAYLOADS[name]
    assert list(payload.gives) == Translator(shipped()[provider])(payload.call).items


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_comes_out_is_taken_whole(name: str) -> None:
    """The door refuses none of it, and leaves nothing out."""
    provider, payload = PAYLOADS[name]
    batch = Batch(
        door="hook:x", source="hook:x", received_at=AT, oldest_at=0, ahead_ms=300_000, is_small=True, is_site=bool
    )
    for index, made in enumerate(Translator(shipped()[provider])(payload.call).items):
        assert not isinstance(made, Unmade), made
        item, unknown = item_of(made, ServerItem)
        assert isinstance(item, Item), item
        assert 0 == unknown
        verdict = decide(item, index, batch)
        assert isinstance(verdict, Draft), verdict
        assert () == verdict.warnings


@pytest.mark.parametrize("provider", shipped())
def test_every_event_of_a_mapping_is_proved_by_a_payload(provider: str) -> None:
    """A rule that no payload has ever met may be wrong, and nobody would know."""
    translator = Translator(shipped()[provider])
    calls = [payload.call for name, payload in PAYLOADS.values() if name == provider]
    met = {
        at
        for at, rule in enumerate(translator.rules)
        if any(rule.meets(part, call) for call in calls for part in translator.parts(call))
    }
    assert [] == [rule.event for at, rule in enumerate(translator.mapping.events) if at not in met]


@pytest.mark.parametrize("provider", shipped())
def test_a_mapping_says_what_a_person_must_know(provider: str) -> None:
    """What it is for, where the address is entered, how its calls are signed, when it was compared with what."""
    mapping = shipped()[provider]
    said = (mapping.about.it, mapping.about.en, mapping.where.it, mapping.where.en, mapping.signature)
    assert all(said), said
    assert provider == GENERIC or (mapping.docs.startswith("https://") and mapping.checked is not None)


@pytest.mark.parametrize("provider", texts())
def test_a_mapping_that_is_written_anew_says_the_same(provider: str) -> None:
    """The console writes what somebody has changed there."""
    assert shipped()[provider] == read_mapping(written(shipped()[provider]))


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_says_where_it_is_from(name: str) -> None:
    """An address of its provider's documentation and a day; or why not."""
    payload: Payload = PAYLOADS[name][1]
    told: Any = payload.source.startswith("https://") and payload.read_on
    assert told or payload.untried
