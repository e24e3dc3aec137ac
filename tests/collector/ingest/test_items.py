"""Which events of a good batch are refused, with which code and path? Their neighbours are taken all the same."""

from typing import Any

import pytest

from collector.errors import Code
from tests.collector.ingest.sending import NOW_TEXT, Deployment, event, refused, warned

Changed = dict[str, Any]
Row = tuple[Changed, str, str]

HALF = "\ud800"
DEEP: Any = {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}}}

IDS: tuple[Row, ...] = (
    ({"id": ""}, "bad_id", "id"),
    ({"id": 5}, "bad_id", "id"),
    ({"id": None}, "bad_id", "id"),
    ({"id": "x" * 129}, "bad_id", "id"),
    ({"id": HALF}, "bad_id", "id"),
    ({"id": "a\0b"}, "bad_id", "id"),
)
KEYS: tuple[Row, ...] = (
    ({"key": ""}, "bad_key", "key"),
    ({"key": 5}, "bad_key", "key"),
    ({"key": None}, "bad_key", "key"),
    ({"key": "two words"}, "bad_key", "key"),
    ({"key": "città"}, "bad_key", "key"),
    ({"key": "a.b"}, "bad_key", "key"),
    ({"key": "line\n"}, "bad_key", "key"),
    ({"key": HALF}, "bad_key", "key"),
    ({"key": "k" * 256}, "bad_key", "key"),
    ({"key": "", "category": "website"}, "bad_key", "key"),
    ({"key": "k" * 256, "category": "website"}, "bad_key", "key"),
    ({"category": 5}, "bad_key", "category"),
    ({"category": ["website"]}, "bad_key", "category"),
    ({"key": "page_visitd", "category": "website"}, "unknown_key", "key"),
    ({"key": "Page_Visited", "category": "website"}, "unknown_key", "key"),
    ({"key": "form_submitted", "category": "website"}, "unknown_key", "key"),
    ({"key": "delivered", "category": "email"}, "reserved_key", "category"),
    ({"key": "page_visited", "category": "Website"}, "reserved_key", "category"),
    ({"key": "session_ended", "category": "website"}, "reserved_key", "key"),
    ({"key": "merged", "category": "contact"}, "reserved_key", "category"),
    ({"key": "x", "category": HALF}, "reserved_key", "category"),
)
TIMES: tuple[Row, ...] = (
    ({"occurred_at": None}, "bad_time", "occurred_at"),
    ({"occurred_at": 1_795_600_800}, "bad_time", "occurred_at"),
    ({"occurred_at": ""}, "bad_time", "occurred_at"),
    ({"occurred_at": "2026-11-25T10:00:00"}, "bad_time", "occurred_at"),
    ({"occurred_at": "2026-11-25"}, "bad_time", "occurred_at"),
    ({"occurred_at": "2026-02-30T10:00:00Z"}, "bad_time", "occurred_at"),
    ({"occurred_at": "25/11/2026 10:00"}, "bad_time", "occurred_at"),
    ({"occurred_at": HALF}, "bad_time", "occurred_at"),
    ({"occurred_at": "2026-11-18T09:59:59.999Z"}, "too_old", "occurred_at"),
    ({"occurred_at": "0001-01-01T00:00:00+23:59"}, "too_old", "occurred_at"),
)
PROPERTIES: tuple[Row, ...] = (
    ({"properties": []}, "bad_property", "properties"),
    ({"properties": "x"}, "bad_property", "properties"),
    ({"properties": HALF}, "bad_property", "properties"),
    ({"properties": {"a": HALF}}, "bad_property", "properties.a"),
    ({"properties": {"a": {"b": ["x", "y\0"]}}}, "bad_property", "properties.a.b[1]"),
    ({"properties": {HALF: 1}}, "bad_property", r"properties.\ud800"),
    ({"properties": {"n": 2**63}}, "bad_property", "properties.n"),
    ({"properties": {"list": [0, 10**400]}}, "bad_property", "properties.list[1]"),
    ({"properties": DEEP}, "too_deep", "properties.a.a.a.a.a.a.a.a.a.a"),
    ({"properties": {"a": ["x" * 8_000] * 7}}, "too_large", "properties"),
    ({"contact_properties": 5}, "bad_property", "contact_properties"),
    ({"contact_properties": HALF}, "bad_property", "contact_properties"),
    ({"contact_properties": {"a": HALF}}, "bad_property", "contact_properties.a"),
    ({"contact_properties": {"a": ["x" * 8_000] * 7}}, "too_large", "contact_properties"),
)
PARTS: tuple[Row, ...] = (
    ({"page": "https://shop.example/"}, "malformed", "page"),
    ({"page": {"url": 5}}, "malformed", "page.url"),
    ({"page": {"url": f"https://shop.example/{HALF}"}}, "bad_property", "page.url"),
    ({"page": {"url": "https://shop.example/", "title": "a\0"}}, "bad_property", "page.title"),
    ({"page": {"url": "https://shop.example/", "referrer": "x" * 8_193}}, "bad_property", "page.referrer"),
    ({"object": "order"}, "malformed", "object"),
    ({"object": {"id": "1"}}, "malformed", "object.type"),
    ({"object": {"type": "order"}}, "malformed", "object.id"),
    ({"object": {"type": "order", "id": 1.5}}, "malformed", "object.id"),
    ({"object": {"type": "", "id": "1"}}, "bad_property", "object.type"),
    ({"object": {"type": "order", "id": ""}}, "bad_property", "object.id"),
    ({"object": {"type": "order", "id": HALF}}, "bad_property", "object.id"),
    ({"seq": -1}, "malformed", "seq"),
    ({"seq": 1.5}, "malformed", "seq"),
    ({"seq": "1"}, "malformed", "seq"),
    ({"seq": HALF}, "malformed", "seq"),
    ({"page": HALF}, "malformed", "page"),
    ({"object": HALF}, "malformed", "object"),
)
ROWS = (*IDS, *KEYS, *TIMES, *PROPERTIES, *PARTS)
NOT_EVENTS: tuple[Any, ...] = (None, 5, True, "event", [], [{}])


@pytest.mark.parametrize(("changed", "code", "path"), ROWS, ids=lambda part: ascii(part)[:50])
def test_a_bad_event_is_refused_alone(deployment: Deployment, changed: Changed, code: str, path: str) -> None:
    """202; the bad one gets its code and the path of its field, those before and after it are in the log."""
    before, bad, after = event(), event(**changed), event()
    said = deployment.send(before, bad, after)
    assert (2, [(1, code, f"events[1].{path}")]) == (said["accepted"], refused(said))
    assert [1, 1] == [len(deployment.logged(good["id"])) for good in (before, after)]


def test_every_bad_event_of_one_batch_is_named(fresh: Deployment) -> None:
    """All of them at once: each refused by its own place, and counted under its code, no more and no less."""
    said = [fresh.send(event(**changed), event()) for changed, _, _ in ROWS]
    assert [[(0, code, f"events[0].{path}")] for _, code, path in ROWS] == [refused(each) for each in said]
    counts = {kind: each["count"] for kind, each in fresh.rejections().items()}
    codes = [code for _, code, _ in ROWS]
    assert {(code, 1): codes.count(code) for code in codes} == counts


@pytest.mark.parametrize("value", NOT_EVENTS, ids=repr)
def test_what_is_no_event_is_refused_alone(deployment: Deployment, value: object) -> None:
    """Something else than an object in the list has no id to be repeated."""
    said = deployment.send(event(), value, event())
    assert (2, [(1, "malformed", "events[1]")]) == (said["accepted"], refused(said))
    assert [None] == [one["id"] for one in said["rejected"]]


@pytest.mark.parametrize(("name", "code"), [("id", "bad_id"), ("key", "bad_key"), ("occurred_at", "bad_time")])
def test_an_event_that_lacks_a_field_is_refused_alone(deployment: Deployment, name: str, code: str) -> None:
    """The three that must be there."""
    bad = event()
    del bad[name]
    said = deployment.send(bad, event())
    assert (1, [(0, code, f"events[0].{name}")]) == (said["accepted"], refused(said))


def test_an_id_that_cannot_be_said_is_null(deployment: Deployment) -> None:
    """A good id is repeated also of a bad event; one that no answer could hold is left out."""
    said = deployment.send(event(id="good", key=""), event(id="x" * 129), event(id=HALF), event(id=5))
    assert ["good", None, None, None] == [one["id"] for one in said["rejected"]]


def test_only_the_first_reason_is_given(deployment: Deployment) -> None:
    """An event that is wrong in many ways is one refusal, for what stands first in the pipeline."""
    said = deployment.send(event(id="", key="a b", occurred_at="x", properties={"a": HALF}))
    assert [(0, "bad_id", "events[0].id")] == refused(said)


def test_a_path_of_a_stranger_is_made_harmless(deployment: Deployment) -> None:
    """Names of properties come back escaped and cut, in the answer and among the rejections."""
    said = deployment.send(event(properties={"<b>\u202e\x1b" + "n" * 100: HALF}))
    path = r"events[0].properties.<b>\u202e\x1b" + "n" * 59
    assert [(0, "bad_property", path)] == refused(said)
    assert path == deployment.rejections()["bad_property", 1]["samples"][0]["path"]


def test_every_code_of_this_door_has_a_test() -> None:
    """What an event under a write key can be refused or warned with; the others belong to other doors."""
    elsewhere = {
        *("key_unknown", "key_revoked", "origin_refused", "too_many", "rate_limited", "overloaded"),  # whole requests
        *("bad_identifier", "visitor_invalid", "consent_denied"),  # test_person, test_visitor, test_consent
        *("schema_misfit", "erased", "signature_invalid", "loop_depth"),  # other doors, or nobody says it yet
    }
    assert set(map(str, Code)) - elsewhere == {code for _, code, _ in ROWS}


# What is kept of a refusal --------------------------------------------------------------------------------------------


def test_a_sample_shows_what_was_refused(fresh: Deployment) -> None:
    """Code, place, reason, door, origin and the event as it came: enough to mend it without asking the sender."""
    fresh.send(event(id="e-1", key="two words", seq=5), headers={"origin": "https://shop.example"})
    row = fresh.rejections()["bad_key", 1]
    assert (1, NOW_TEXT) == (row["count"], row["last_at"])
    assert [
        {
            "at": NOW_TEXT,
            "path": "events[0].key",
            "message": "An event's key is 1 to 255 letters, digits, - and _.",
            "door": "site:1",
            "origin": "https://shop.example",
            "sample": '{"id":"e-1","key":"two words","occurred_at":"2026-11-25T10:00:00.000Z","seq":5}',
        }
    ] == row["samples"]


SECRETS = ("hunter-2", "key-3", "token-4", "token-5", "userinfo-6", "token-7", "anna@shop.it", "key-8", "session-9")


def test_a_sample_holds_no_secrets(fresh: Deployment) -> None:
    """Passwords, tokens, and what addresses carry of them are gone before anything is written; the rest is there."""
    secrets = {
        "password": "hunter-2",
        "card": {"cvv": 1, "api_key": 'a"key-3'},
        "nested": {"access_token": ["token-4", {"x": "token-5"}]},
        "where": "/a?sid=session-9",
    }
    page = {"url": "https://anna:userinfo-6@shop.example/reset?token=token-7&mail=anna@shop.it#key=key-8"}
    fresh.send(event(key="!", page=page, properties=secrets))
    (row,) = fresh.rejections()["bad_key", 1]["samples"]
    files = b"".join(path.read_bytes() for path in fresh.settings.data.glob("log.db*"))
    assert [] == [word for word in SECRETS if word in row["sample"] or word.encode() in files]
    assert '"key":"!"' in row["sample"]
    assert '"cvv":1' in row["sample"]
    assert row["sample"].encode() in files


def test_a_sample_of_half_characters_and_great_numbers_can_be_read(fresh: Deployment) -> None:
    """What cannot be written as it came is written escaped, and the page with it does not break."""
    fresh.send(event(key=HALF), event(key="!", seq=2**70), [HALF, 2**70, "\0"])
    found = fresh.rejections()
    samples = [each["samples"][0]["sample"] for kind, each in found.items() if kind[0] in ("bad_key", "malformed")]
    assert any(r"\ud800" in sample for sample in samples)
    assert 3 == sum(each["count"] for each in found.values())


def test_a_sample_is_cut_at_4_kib(fresh: Deployment) -> None:
    """A great event costs the rejections no more than a small one."""
    fresh.send(event(key="!", properties={"a": "è" * 4_000}))
    (sample,) = fresh.rejections()["bad_key", 1]["samples"]
    assert 4_095 <= len(sample["sample"].encode()) <= 4_096


def test_counts_are_exact_and_samples_the_newest_20(fresh: Deployment) -> None:
    """125 refusals are counted as 125; the last 20 are kept to be looked at, the newest first."""
    fresh.send(*(event(key="!") for _ in range(100)))
    for n in range(25):
        fresh.now += 1
        fresh.send(event(id=f"bad-{n}", key="!"))
    row = fresh.rejections()["bad_key", 1]
    assert 125 == row["count"]
    assert [f'{{"id":"bad-{n}"' for n in range(24, 4, -1)] == [s["sample"].partition(",")[0] for s in row["samples"]]
    assert 125 == fresh.metric('sentiero_events_rejected_total{code="bad_key"}')


def test_what_is_left_out_of_an_event_is_a_warning(deployment: Deployment) -> None:
    """Addresses that are none of the web are left out; the event is taken, and its sender told by path."""
    page = {"url": "javascript:alert(1)", "referrer": "android-app://com.example"}
    said = deployment.send(event(page=page), event(page={"url": "https://a.example/", "referrer": "file:///a"}))
    assert (2, []) == (said["accepted"], said["rejected"])
    assert [(0, "bad_property", "events[0].page.url"), (1, "bad_property", "events[1].page.referrer")] == warned(said)
