"""Where exactly does each bound of an event lie? The last value that is taken, and the first that is not."""

import gzip
import json
from typing import Any, NamedTuple

import pytest

from tests.collector.ingest.sending import Deployment, batch, event, refusal, refused, warned, written

KIB = 1024
MAX_BODY = 512 * KIB
GREATEST = 2**63 - 1
WEB = "https://shop.example/"

Fields = dict[str, Any]


class Bound(NamedTuple):
    """most, more: fields of an event up to the bound and just beyond. path: what the refusal of `more` names."""

    id: str
    most: Fields
    more: Fields
    code: str
    path: str


def p(value: object) -> Fields:
    """An event's field `properties` with one property."""
    return {"properties": {"p": value}}


def objects(levels: int) -> Any:
    """Objects in objects, so many."""
    return {} if levels == 1 else {"a": objects(levels - 1)}


def lists(levels: int) -> Any:
    """Lists in lists, so many."""
    return [] if levels == 1 else [lists(levels - 1)]


def members(count: int) -> dict[str, int]:
    """An object of so many members."""
    return {f"m{n}": n for n in range(count)}


def sized(size: int) -> dict[str, Any]:
    """An object that takes so many bytes as JSON."""
    tree = {"texts": ["x" * 8_000] * 6, "rest": ""}
    return tree | {"rest": "x" * (size - len(json.dumps(tree, separators=(",", ":"))))}


def page(**texts: str) -> Fields:
    """An event's field `page`."""
    return {"page": {"url": WEB, **texts}}


def thing(type: str, id: str | int) -> Fields:
    """An event's field `object`."""
    return {"object": {"type": type, "id": id}}


SHAPES = (
    Bound("10 levels", {"properties": objects(10)}, {"properties": objects(11)}, "too_deep", "properties" + ".a" * 10),
    Bound("10 levels of lists", p(lists(9)), p(lists(10)), "too_deep", "properties.p" + "[0]" * 9),
    Bound(
        "10 levels of attributes",
        {"contact_properties": objects(10)},
        {"contact_properties": objects(11)},
        "too_deep",
        "contact_properties" + ".a" * 10,
    ),
    Bound("255 properties", {"properties": members(255)}, {"properties": members(256)}, "bad_property", "properties"),
    Bound("255 members inside", p(members(255)), p(members(256)), "bad_property", "properties.p"),
    Bound("1,000 values", p([0] * 999), p([0] * 1_000), "bad_property", "properties.p"),
    Bound(
        "1,000 values in nested lists",
        p([[0]] * 499 + [0]),
        p([[0]] * 499 + [0, 0]),
        "bad_property",
        "properties.p[498]",
    ),
    Bound(
        "1,000 values of the whole event",
        p([0] * 499) | {"contact_properties": {"q": [0] * 499}},
        p([0] * 499) | {"contact_properties": {"q": [0] * 500}},
        "bad_property",
        "contact_properties.q",
    ),
    Bound("50,000 bytes", {"properties": sized(50_000)}, {"properties": sized(50_001)}, "too_large", "properties"),
    Bound(
        "50,000 bytes of attributes",
        {"contact_properties": sized(50_000)},
        {"contact_properties": sized(50_001)},
        "too_large",
        "contact_properties",
    ),
)
NUMBERS = (
    Bound("the greatest number", p(GREATEST), p(GREATEST + 1), "bad_property", "properties.p"),
    Bound("the least number", p(-GREATEST), p(-GREATEST - 1), "bad_property", "properties.p"),
    Bound("a great number in a list", p([GREATEST]), p([2**64]), "bad_property", "properties.p[0]"),
    Bound("a great fraction", p(1.7e308), p(10**309), "bad_property", "properties.p"),
    Bound("the greatest seq", {"seq": 2**53 - 1}, {"seq": 2**53}, "malformed", "seq"),
    Bound("the least seq", {"seq": 0}, {"seq": -1}, "malformed", "seq"),
)
TEXTS = (
    Bound("8 KiB", p("x" * 8 * KIB), p("x" * (8 * KIB + 1)), "bad_property", "properties.p"),
    Bound("8 KiB in UTF-8", p("è" * 4 * KIB), p("è" * 4 * KIB + "x"), "bad_property", "properties.p"),
    Bound("8 KiB in a list", p(["😀" * 2 * KIB]), p(["😀" * 2 * KIB + "x"]), "bad_property", "properties.p[0]"),
    Bound("a name", p({"n" * 128: 1}), p({"n" * 129: 1}), "bad_property", "properties.p." + "n" * 64),
    Bound("a name in UTF-8", p({"è" * 64: 1}), p({"è" * 64 + "x": 1}), "bad_property", r"properties.p." + r"\xe8" * 64),
    Bound("a title", page(title="x" * 8 * KIB), page(title="x" * (8 * KIB + 1)), "bad_property", "page.title"),
    Bound("an address", page(url=WEB.ljust(8 * KIB, "x")), page(url=WEB.ljust(8 * KIB + 1, "x")),
          "bad_property", "page.url"),
    Bound("a referrer", page(referrer=WEB.ljust(8 * KIB, "x")), page(referrer=WEB.ljust(8 * KIB + 1, "x")),
          "bad_property", "page.referrer"),
    Bound("an object's type", thing("t" * 128, 1), thing("t" * 129, 1), "bad_property", "object.type"),
    Bound("an object's id", thing("order", "i" * 128), thing("order", "i" * 129), "bad_property", "object.id"),
    Bound("an object's number", thing("order", GREATEST), thing("order", GREATEST + 1), "malformed", "object.id"),
    Bound("an id", {"id": "i" * 128}, {"id": "i" * 129}, "bad_id", "id"),
    Bound("an id in UTF-8", {"id": "è" * 64}, {"id": "è" * 64 + "i"}, "bad_id", "id"),
    Bound("a key", {"key": "k" * 255}, {"key": "k" * 256}, "bad_key", "key"),
)  # fmt: skip
BOUNDS = (*SHAPES, *NUMBERS, *TEXTS)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.id)
def test_the_bound_is_taken_and_one_more_refused(deployment: Deployment, bound: Bound) -> None:
    """The event at the bound is in the log as it was sent; the one beyond gets its code and path."""
    most = event(**bound.most)
    said = deployment.send(most, event(**bound.more))
    assert (1, [(1, bound.code, f"events[1].{bound.path}")]) == (said["accepted"], refused(said))
    (entry,) = deployment.logged(most["id"])
    assert (most["key"], most.get("properties")) == (entry.key, entry.properties)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.id)
def test_the_secret_door_has_the_same_bounds(deployment: Deployment, bound: Bound) -> None:
    """`POST /api/events`: a server's mistake would be everybody's problem just as well."""
    said = deployment.send_as_server(event(**bound.most), event(**bound.more))
    assert (1, [(1, bound.code, f"events[1].{bound.path}")]) == (said["accepted"], refused(said))


def test_blanks_between_values_do_not_count(deployment: Deployment) -> None:
    """50,000 bytes are those of the values: how a sender lays out its JSON is its own business."""
    body = batch(event(properties=sized(50_000))).replace(b'", "', b'",' + b" \n" * 9_000 + b'"')
    said = deployment.post(body).json()
    assert (1, []) == (said["accepted"], said["rejected"])


@pytest.mark.parametrize("digits", [19, 20, 40, 5_000])
@pytest.mark.parametrize("others", [{}, {"unknown": 1}], ids=["alone", "beside an unknown field"])
def test_an_unknown_field_changes_no_bound(deployment: Deployment, digits: int, others: Fields) -> None:
    """A number that is too great is that, whatever else is in the batch."""
    body = batch(event(**thing("order", "@"), **others), event()).replace(b'"@"', b"9" * digits)
    said = deployment.post(body).json()
    assert (1, [(0, "malformed", "events[0].object.id")]) == (said["accepted"], refused(said))


def test_an_attribute_that_is_no_plain_value_is_left_out(deployment: Deployment) -> None:
    """Lists of plain values are kept; objects and lists of lists are warned about by name, the event is taken."""
    said = deployment.send(event(id="attributes", contact_properties={"a": [1, "x"], "b": {}, "c": [[]], "d": None}))
    expected = [(0, "bad_property", f"events[0].contact_properties.{name}") for name in "bc"]
    assert (1, expected) == (said["accepted"], warned(said))
    assert {"a": [1, "x"], "d": None} == deployment.logged("attributes")[0].attributes


def test_warnings_do_not_outgrow_the_request(deployment: Deployment) -> None:
    """Of many attributes that are left out 20 are named, the others counted."""
    said = deployment.send(event(contact_properties={f"m{n}": {} for n in range(255)}))
    paths = [path for _, _, path in warned(said)]
    assert [f"events[0].contact_properties.m{n}" for n in range(20)] == paths[:20]
    assert ["events[0].contact_properties"] == paths[20:]
    assert said["warnings"][-1]["message"].startswith("235 more")


@pytest.mark.parametrize(("count", "path"), [(20, None), (21, "events[0].identifiers")])
def test_20_identifiers_are_looked_at(deployment: Deployment, count: int, path: str | None) -> None:
    """More are none, with one warning; each of 20 unknown kinds has its own."""
    said = deployment.send(event(identifiers={f"kind{n}": "x" for n in range(count)}))
    paths = [found for _, _, found in warned(said)]
    assert ([path] if path else [f"events[0].identifiers.kind{n}" for n in range(20)]) == paths


# Of whole requests ----------------------------------------------------------------------------------------------------


def test_512_kib_are_taken_and_one_byte_more_refused(deployment: Deployment) -> None:
    """The body's own size, blanks included."""
    assert 202 == deployment.post(batch(event()).ljust(MAX_BODY)).status_code
    assert (413, "too_large", "") == refusal(deployment.post(batch(event()).ljust(MAX_BODY + 1)))


def test_512_kib_are_meant_after_inflating(deployment: Deployment) -> None:
    """A few bytes of gzip may be 512 KiB of body, and not one more."""
    most, more = (gzip.compress(batch(event()).ljust(size)) for size in (MAX_BODY, MAX_BODY + 1))
    assert len(more) < 2 * KIB
    assert 202 == deployment.post(most, content_encoding="gzip").status_code
    assert (413, "too_large", "") == refusal(deployment.post(more, content_encoding="gzip"))


def test_a_server_may_send_500_events_and_not_501(deployment: Deployment) -> None:
    """Of the 501 none is stored."""
    assert 500 == deployment.send_as_server(*(event() for _ in range(500)))["accepted"]
    sent = [event() for _ in range(501)]
    assert (413, "too_many", "events") == refusal(deployment.post_as_server(written({"events": sent})))
    assert [] == deployment.logged(sent[0]["id"])


def test_a_servers_body_has_512_kib_too(deployment: Deployment) -> None:
    """The same bound at both doors."""
    body = written({"events": [event()]})
    assert 202 == deployment.post_as_server(body.ljust(MAX_BODY)).status_code
    assert (413, "too_large", "") == refusal(deployment.post_as_server(body.ljust(MAX_BODY + 1)))
