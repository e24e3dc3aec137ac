"""What does a poison event do? It is refused with its code, and costs nobody else anything. Over real HTTP.

The bounds are those of SECURITY 2, each at limit and limit + 1 where it has one. After every poison the neighbour in
the same batch, or the next request, is taken and reaches the store.
"""

import gzip
import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pytest

from collector.event_id import pack_id
from collector.sqlite import connect
from tests.killed.load import envelope, page_visited
from tests.killed.process import API_KEY, Deployment
from tests.killed.wait import until

RNG = random.Random(7)
KIB = 1024
MAX_BODY = 512 * KIB
RAW = "@raw@"  # a property's value whose JSON text is put in as it stands


class Poison(NamedTuple):
    """json: of the property `p`. code: with which its event is refused, "" when it is taken."""

    id: str
    json: bytes
    code: str


def _deep(levels: int) -> bytes:
    """A value of so many containers; in `properties`, which is the first level itself."""
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


def _object(members: int) -> bytes:
    return json.dumps({f"k{n}": n for n in range(members)}).encode()


def _text(size: int) -> bytes:
    return b'"%b"' % (b"x" * size)


ITEMS = (
    Poison("lone surrogate", rb'"\ud800"', "bad_property"),
    Poison("lone surrogate as a name", rb'{"\udfff":1}', "bad_property"),
    Poison("a pair of surrogates", rb'"\ud83d\ude00"', ""),
    Poison("2^63 - 1", b"9223372036854775807", ""),
    Poison("2^63", b"9223372036854775808", "bad_property"),
    Poison("-(2^63) - 1", b"-9223372036854775809", "bad_property"),
    Poison("2^64", b"18446744073709551616", "bad_property"),
    Poison("5,000 digits", b"9" * 5_000, "bad_property"),
    Poison("1e999", b"1e999", "bad_property"),
    Poison("10 levels", _deep(9), ""),
    Poison("11 levels", _deep(10), "too_deep"),
    Poison("500 levels of lists", b"[" * 500 + b"]" * 500, "too_deep"),
    Poison("255 members", _object(255), ""),
    Poison("256 members", _object(256), "bad_property"),
    Poison("1,000 nodes", json.dumps([0] * 999).encode(), ""),
    Poison("1,001 nodes", json.dumps([0] * 1_000).encode(), "bad_property"),
    Poison("NUL", rb'"a\u0000b"', "bad_property"),
    Poison("NUL in a name", rb'{"a\u0000b":1}', "bad_property"),
    Poison("8 KiB of text", _text(8 * KIB), ""),
    Poison("8 KiB + 1 of text", _text(8 * KIB + 1), "bad_property"),
    Poison("400 KB of text", _text(400_000), "bad_property"),
    Poison("128 bytes of a name", b'{"%b":1}' % (b"k" * 128), ""),
    Poison("129 bytes of a name", b'{"%b":1}' % (b"k" * 129), "bad_property"),
    Poison("a name twice: the last counts", b'{"a":1,"a":2}', ""),
    Poison("50,001 bytes of properties", json.dumps(["x" * 5_000] * 11).encode(), "too_large"),
)


class Whole(NamedTuple):
    """A body that is refused as a whole. encoding: its Content-Encoding, "" for none."""

    id: str
    body: bytes
    status: int
    code: str
    encoding: str = ""


def _with(value: bytes) -> bytes:
    """A good batch of one event, but for that property."""
    return envelope([page_visited(RNG, _now(), properties={"p": RAW})]).replace(json.dumps(RAW).encode(), value)


def _now() -> int:
    return time.time_ns() // 1_000_000


WHOLES = (
    Whole("NaN", _with(b"NaN"), 400, "malformed"),
    Whole("Infinity", _with(b"-Infinity"), 400, "malformed"),
    Whole("100,000 levels", _with(b"[" * 100_000 + b"]" * 100_000), 400, "too_deep"),
    Whole("100,000 levels of objects", _with(b'{"a":' * 80_000 + b"1" + b"}" * 80_000), 400, "too_deep"),
    Whole("invalid UTF-8", _with(b'"\xff\xfe"'), 400, "malformed"),
    Whole("an encoded surrogate", _with(b'"\xed\xa0\x80"'), 400, "malformed"),
    Whole("a bare NUL", _with(b'"a\0b"'), 400, "malformed"),
    Whole("UTF-16", _with(b"1").decode().encode("utf-16"), 400, "malformed"),
    Whole("nothing", b"", 400, "malformed"),
    Whole("no JSON", b"write_key=wk", 400, "malformed"),
    Whole("a list", b"[]", 400, "malformed"),
    Whole("no event", envelope([]), 400, "malformed"),
    Whole("101 events", envelope([page_visited(RNG, _now()) for _ in range(101)]), 413, "too_many"),
    Whole("512 KiB + 1", _with(_text(MAX_BODY)), 413, "too_large"),
    Whole("a gzip bomb", gzip.compress(b" " * 100 * KIB * KIB), 413, "too_large", "gzip"),
    Whole("a truncated gzip", gzip.compress(_with(b"1"))[:-9], 400, "malformed", "gzip"),
    Whole("two gzip members", gzip.compress(_with(b"1")) + gzip.compress(b" "), 400, "malformed", "gzip"),
    Whole("gzip in gzip", gzip.compress(gzip.compress(_with(b"1"))), 400, "malformed", "gzip"),
    Whole("no gzip", _with(b"1"), 400, "malformed", "gzip"),
    Whole("brotli", _with(b"1"), 415, "malformed", "br"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One deployment for all poisons: what one leaves behind, the next would meet."""
    deployment = Deployment(tmp_path_factory.mktemp("poison"))
    deployment.start()
    yield deployment
    deployment.close()


def wait_stored(served: Deployment, id: str) -> None:
    """Until the worker has put the event into the store."""
    with closing(connect(served.store_path, readonly=True)) as store:
        ask = "SELECT count(*) FROM events WHERE id = ?"
        until(lambda: store.execute(ask, (pack_id(id),)).fetchone()[0] == 1, 10, lambda: f"{id} is not in the store")


@pytest.mark.parametrize("poison", ITEMS, ids=lambda poison: poison.id)
def test_a_poison_event_costs_its_neighbours_nothing(served: Deployment, poison: Poison) -> None:
    """202 all the same: the poison is refused with its code and place, those before and after it are stored."""
    before, bad, after = (page_visited(RNG, _now(), properties={"p": p}) for p in (1, RAW, 2))
    body = envelope([before, bad, after]).replace(json.dumps(RAW).encode(), poison.json)
    answer = served.post(body)
    assert 202 == answer.status, answer
    said = answer.json()
    assert ([(1, bad["id"], poison.code)] if poison.code else []) == [
        (one["index"], one["id"], one["code"]) for one in said["rejected"]
    ]
    assert 3 - len(said["rejected"]) == said["accepted"]
    for good in (before, after) if poison.code else (before, bad, after):
        wait_stored(served, good["id"])


@pytest.mark.parametrize("poison", WHOLES, ids=lambda poison: poison.id)
def test_a_poison_body_is_refused_and_the_next_is_taken(served: Deployment, poison: Whole) -> None:
    """The whole request gets its status and code; the next one is stored, and the process is ready."""
    encoding = {"content_encoding": poison.encoding} if poison.encoding else {}
    answer = served.post(poison.body, **encoding)
    assert (poison.status, poison.code) == (answer.status, answer.json()["errors"][0]["code"]), answer
    good = page_visited(RNG, _now())
    assert 202 == served.post(envelope([good])).status
    wait_stored(served, good["id"])
    assert 200 == served.get("/readyz").status


FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("id", "\ud800", "bad_id"),
    ("id", "a\0b", "bad_id"),
    ("id", "x" * 129, "bad_id"),
    ("id", "", "bad_id"),
    ("id", 2**63, "bad_id"),
    ("key", "\ud800", "bad_key"),
    ("key", "a b", "bad_key"),
    ("occurred_at", "\ud800", "bad_time"),
    ("occurred_at", "99999-01-01T00:00:00Z", "bad_time"),
    ("page", {"url": "https://a.example/\ud800"}, "bad_property"),
    ("page", {"url": "https://a.example/", "title": "a\0b"}, "bad_property"),
    ("page", {"url": "https://a.example/" + "x" * 9_000}, "bad_property"),
    ("object", {"type": "order", "id": "\ud800"}, "bad_property"),
    ("seq", 2**63, "malformed"),
)


@pytest.mark.parametrize(("field", "value", "code"), FIELDS, ids=lambda part: ascii(part)[:30])
def test_poison_in_any_field_is_refused_alone(served: Deployment, field: str, value: object, code: str) -> None:
    """Not only properties are bound to a column: each field of an event has its own guard and code."""
    good, bad = page_visited(RNG, _now()), page_visited(RNG, _now()) | {field: value}
    said = served.post(envelope([bad, good])).json()
    assert [(0, code)] == [(one["index"], one["code"]) for one in said["rejected"]]
    assert 1 == said["accepted"]
    wait_stored(served, good["id"])


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "x" * 10_000, 2**63, [], {}], ids=lambda v: ascii(v)[:20])
def test_a_poison_identifier_is_left_out_with_a_warning(served: Deployment, value: object) -> None:
    """Its event is taken for the visitor alone."""
    event = page_visited(RNG, _now(), identifiers={"email_id": value})
    said = served.post(envelope([event])).json()
    assert (1, []) == (said["accepted"], said["rejected"])
    assert {"bad_identifier"} == {one["code"] for one in said["warnings"]}
    wait_stored(served, event["id"])


def test_poison_in_headers_harms_nobody(served: Deployment) -> None:
    """A user agent of 64 KB or of bytes that are no text, a cookie that is no token: the event is stored."""
    for headers in ({"user_agent": "M" * 16_000}, {"user_agent": "\xff\xfe"}, {"cookie": "sentiero_id=\xff.x.y"}):
        event = page_visited(RNG, _now())
        assert 202 == served.post(envelope([event]), **headers).status
        wait_stored(served, event["id"])


def test_the_secret_door_refuses_poison_likewise(served: Deployment) -> None:
    """`POST /api/events`: the same bounds, the neighbour is stored."""
    bad, good = ({"id": f"api-{n}", "key": "paid", "occurred_at": "2026-01-01T00:00:00Z"} for n in (1, 2))
    body = json.dumps({"events": [bad | {"properties": {"p": "\ud800"}}, good]}).encode()
    answer = served.request("POST", "/api/events", body, content_type="application/json", api_key=API_KEY)
    assert (202, 1) == (answer.status, answer.json()["accepted"])
    assert ["bad_property"] == [one["code"] for one in answer.json()["rejected"]]
    wait_stored(served, "api-2")


def test_refusals_are_seen_by_a_person_who_looks(served: Deployment) -> None:
    """Every poison is counted and has a sample in `GET /api/rejections`; no sample breaks the page."""
    event = page_visited(RNG, _now(), properties={"p": "\ud800"})
    assert 1 == len(served.post(envelope([event])).json()["rejected"])
    answer = served.get("/api/rejections")
    assert 200 == answer.status
    assert "bad_property" in answer.body.decode()
