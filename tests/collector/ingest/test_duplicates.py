"""Has this event come before? By its id, at its door; what was refused has not come. Source: INTERFACES 2."""

from pathlib import Path
from typing import Any

import pytest

from tests.collector.ingest.sending import NOW_TEXT, Deployment, batch, deployed, event, refused


def counts(said: Any) -> tuple[int, int]:
    """(accepted, duplicates) of an answer."""
    return said["accepted"], said["duplicates"]


def test_a_batch_that_is_sent_again_is_all_duplicates(deployment: Deployment) -> None:
    """202 both times, and the client may forget it; each event is in the log once."""
    content = batch(*(sent := [event() for _ in range(3)]))
    assert [(3, 0), (0, 3), (0, 3)] == [counts(deployment.post(content).json()) for _ in range(3)]
    assert [1, 1, 1] == [len(deployment.logged(one["id"])) for one in sent]


def test_a_duplicate_inside_of_a_batch_is_one(deployment: Deployment) -> None:
    """The first of the same id counts, whatever else is in the others."""
    first, *others = [event(id="thrice", properties={"n": n}) for n in range(3)]
    assert (2, 2) == counts(deployment.send(first, event(), *others))
    assert [{"n": 0}] == [entry.properties for entry in deployment.logged("thrice")]


def test_new_events_beside_duplicates_are_taken(deployment: Deployment) -> None:
    """A retry may hold more than what it repeats."""
    old, new = event(), event()
    deployment.send(old)
    assert (1, 1) == counts(deployment.send(old, new))
    assert 1 == len(deployment.logged(new["id"]))


def test_the_id_alone_decides(deployment: Deployment) -> None:
    """Another key, another time, another visitor: the same id is the same event."""
    deployment.send(event(id="the-id"))
    assert (0, 1) == counts(deployment.send(event(id="the-id", key="other", occurred_at="2026-11-24T10:00:00Z")))


def test_a_refused_event_has_not_come(deployment: Deployment) -> None:
    """Its id is free: mended and sent again it is taken, in the same batch or the next."""
    said = deployment.send(event(id="mended", key="!"), event(id="mended"))
    assert ((1, 0), [(0, "bad_key", "events[0].key")]) == (counts(said), refused(said))
    deployment.send(event(id="mended later", key="!"))
    assert (1, 0) == counts(deployment.send(event(id="mended later")))


def test_a_bad_event_with_a_known_id_is_refused(deployment: Deployment) -> None:
    """What is wrong is wrong also the second time."""
    deployment.send(event(id="known"))
    said = deployment.send(event(id="known", key="!"))
    assert ((0, 0), ["known"]) == (counts(said), [one["id"] for one in said["rejected"]])


def test_ids_are_unique_for_each_door(deployment: Deployment) -> None:
    """The same id by two sites and by the secret API is three events: nobody with a public key squats a server's id."""
    site = deployment.site()
    sent = event(id="everywhere")
    for _ in range(2):
        deployment.send(sent)
        deployment.send(sent, write_key=site.write_key)
        said = deployment.send_as_server(sent)
    assert (0, 1) == counts(said)
    assert ["site:1", f"site:{site.id}", "api"] == [entry.door for entry in deployment.logged("everywhere")]


def test_a_server_that_names_a_site_is_still_at_its_own_door(deployment: Deployment) -> None:
    """Its events are of that site, but their ids are the secret API's."""
    sent = event(id="of a site")
    deployment.send(sent)
    assert (1, 0) == counts(deployment.send_as_server(sent | {"site": 1}))
    assert (0, 1) == counts(deployment.send_as_server(sent))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("0191f0c1-7000-7000-8000-00000000000a", "0191F0C1-7000-7000-8000-00000000000A", False),
        ("0191f0c1-7000-7000-8000-00000000000b", "0191f0c170007000800000000000000b", False),
        ("order 7", "order 7 ", False),
        ("è", "e\u0300", False),
        ("x" * 128, "x" * 128, True),
    ],
)
def test_ids_are_compared_exactly(deployment: Deployment, first: str, second: str, same: bool) -> None:
    """Case, blanks and other spellings make another event: an id is a text, nothing else."""
    deployment.send(event(id=first))
    assert ((0, 1) if same else (1, 0)) == counts(deployment.send(event(id=second)))


def test_the_door_remembers_after_a_restart(tmp_path: Path) -> None:
    """What the log's end holds is known to the next process."""
    sent = [event() for _ in range(3)]
    with deployed(tmp_path) as before:
        before.send(*sent)
        before.send_as_server(*sent)
    with deployed(tmp_path) as after:
        assert (1, 3) == counts(after.send(*sent, event()))
        assert (0, 3) == counts(after.send_as_server(*sent))
        assert 7 == len(after.log())


def test_duplicates_are_counted_for_the_operator(fresh: Deployment) -> None:
    """By door; they are neither accepted nor rejected."""
    sent = event(occurred_at=NOW_TEXT)
    for _ in range(3):
        fresh.send(sent)
    assert 2 == fresh.metric('sentiero_events_duplicate_total{door="e"}')
    assert 1 == fresh.metric('sentiero_events_accepted_total{door="e"}')
    assert {} == fresh.rejections()
