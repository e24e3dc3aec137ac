"""Is there any JSON that is not answered clearly? Whatever comes: 202 with every event accounted for, or a problem."""

import json
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import Code
from tests.collector.ingest.sending import API_KEY, NONCE, NOW_TEXT, WRITE_KEY, Deployment, event, written

CODES = set(map(str, Code))
EVENT_FIELDS = "id key category occurred_at page properties identifiers contact_properties object seq".split()
ENVELOPE_FIELDS = "write_key sent_at visitor nonce reset consent tracker events".split()
SERVER_FIELDS = [*EVENT_FIELDS, "site", "visitor_id", "activity", "historical"]

BAD = st.sampled_from(["\ud800", "a\0", "", "x" * 300, 2**63, 2**70, 1e300])
TEXT = st.text(max_size=8) | st.sampled_from(["\ud800", "a\0"])
SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
SPOKEN = st.sampled_from(
    ["page_visited", "identified", "contact", "website", "custom", NOW_TEXT, "https://shop.example/?token=x", "url",
     "title", "type", "id", "email_id", "contact_id", "anna@shop.it", WRITE_KEY, NONCE, "granted", "denied"]
)  # fmt: skip
NESTED: st.SearchStrategy[Any] = st.recursive(
    SCALAR | SPOKEN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | SPOKEN, inner, max_size=3),
    max_leaves=6,
)
ANY = st.one_of(BAD, SCALAR, SPOKEN, NESTED)


def members(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields that there are, or another one, with any value."""
    return st.dictionaries(st.sampled_from([*names, "other"]), ANY, min_size=1, max_size=3)


def check(answer: httpx.Response, events: object) -> None:
    """The answer is one of those that the interface knows."""
    said = answer.json()
    if answer.status_code == 202:
        assert isinstance(events, list)
        assert len(events) == said["accepted"] + said["duplicates"] + len(said["rejected"])
        assert CODES >= {one["code"] for one in (*said["rejected"], *said["warnings"])}
    else:
        assert answer.status_code in (400, 401, 413), answer.text
        assert answer.status_code == said["status"]
        assert CODES >= {error["code"] for error in said["errors"]} != set()


@given(ANY)
def test_any_json_is_answered(deployment: Deployment, value: Any) -> None:
    """Any value as the whole body, at both doors."""
    events = value.get("events") if isinstance(value, dict) else None
    check(deployment.post(written(value)), events)
    check(deployment.post_as_server(written(value)), events)


@given(members(ENVELOPE_FIELDS))
def test_any_envelope_is_answered(deployment: Deployment, fields: dict[str, Any]) -> None:
    """Any value in any field of an envelope that is good but for that."""
    whole = {"write_key": WRITE_KEY, "sent_at": NOW_TEXT, "events": [event()]} | fields
    check(deployment.post(written(whole)), whole["events"])


@given(st.lists(members(EVENT_FIELDS).map(lambda fields: event() | fields) | NESTED, min_size=1, max_size=4))
def test_any_event_is_answered_and_a_good_one_beside_it_taken(deployment: Deployment, events: list[Any]) -> None:
    """Any value in any field of an event; each is accounted for, and the good one is in the log."""
    good = event()
    answer = deployment.post(written({"write_key": WRITE_KEY, "sent_at": NOW_TEXT, "events": [*events, good]}))
    assert 202 == answer.status_code, answer.text
    check(answer, [*events, good])
    assert 1 == len(deployment.logged(good["id"]))


@given(st.lists(members(SERVER_FIELDS).map(lambda fields: event() | fields), min_size=1, max_size=4))
def test_any_event_of_a_server_is_answered(deployment: Deployment, events: list[Any]) -> None:
    """The same at the secret door."""
    good = event()
    answer = deployment.post_as_server(written({"events": [*events, good]}))
    assert 202 == answer.status_code, answer.text
    check(answer, [*events, good])
    assert 1 == len(deployment.logged(good["id"]))


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "identity"]))
def test_any_bytes_are_answered(deployment: Deployment, content: bytes, encoding: str) -> None:
    """Bytes that are hardly ever JSON, or gzip."""
    answer = deployment.post(content, content_encoding=encoding, api_key=API_KEY)
    check(answer, None)
    assert json.loads(answer.content)["errors"]
