"""Which events does a call hold? Parts, rules, ids and times, by mappings made for the purpose."""

from typing import Any

import msgspec
import pytest

from collector.hooks.call import Call, Unreadable
from collector.hooks.mapping import read_mapping
from collector.hooks.translate import MAX_MADE, MAX_PARTS, TooManyParts, Translation, Translator, Unmade, occurred_at
from tests.collector.hooks.payloads import AT

HEAD = 'title = "a"\n'


def translated(mapping: str, body: Any, **headers: str) -> Translation:
    """What comes out of a JSON body."""
    call = Call({"content-type": "application/json", **headers}, msgspec.json.encode(body), at=AT)
    return Translator(read_mapping(HEAD + mapping))(call)


def items(mapping: str, body: Any, **headers: str) -> list[dict[str, Any]]:
    """The events, all of which must have come out."""
    found = translated(mapping, body, **headers).items
    assert not [one for one in found if isinstance(one, Unmade)]
    return [one for one in found if not isinstance(one, Unmade)]


def test_each_part_is_looked_at_by_itself() -> None:
    """Two of three are lessons; the third is counted."""
    mapping = 'each = "things"\n[[events]]\nevent = "custom/lesson"\nwhen = "kind == \'lesson\'"\nid = "n"'
    things = [{"kind": "lesson", "n": 1}, {"kind": "break", "n": 2}, {"kind": "lesson", "n": 3}]
    found = translated(mapping, {"things": things})
    assert (["1", "3"], 1) == ([one["id"] for one in found.items if isinstance(one, dict)], found.ignored)


def test_several_events_of_one_part_have_ids_of_their_own() -> None:
    """Else the second would be taken for the first once more."""
    mapping = '[shared]\nid = "n"\n[[events]]\nevent = "custom/a"\n[[events]]\nevent = "custom/b"'
    assert ["7", "7/b"] == [one["id"] for one in items(mapping, {"n": 7})]


def test_without_an_id_the_same_body_of_a_day_is_the_same_event() -> None:
    """Another body is another one."""
    mapping = '[[events]]\nevent = "custom/a"'
    first, again, other = (items(mapping, {"n": n})[0]["id"] for n in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_id_that_is_too_long_is_hashed() -> None:
    """Always the same way."""
    (one,) = items('[[events]]\nevent = "custom/a"\nid = "n"', {"n": "x" * 129})
    assert 64 == len(one["id"])


def test_a_name_of_the_provider_becomes_a_key() -> None:
    """Blanks and capitals go, for a custom event; a system event is called as it is."""
    mapping = '[[events]]\nevent = "custom/{type}"'
    assert "lesson_done" == items(mapping, {"type": "Lesson done!"})[0]["key"]
    (unmade,) = translated(mapping, {"type": None}).items
    assert isinstance(unmade, Unmade)
    assert "event" == unmade.path


def test_fields_in_common_come_together_with_those_of_a_rule() -> None:
    """The rule's own word goes first."""
    mapping = """
[shared]
properties = { a = "a", b = "'shared'" }
[[events]]
event = "custom/x"
properties = { b = "'own'", c = "c" }
"""
    assert {"a": 1, "b": "own"} == items(mapping, {"a": 1, "c": None})[0]["properties"]


def test_a_whole_object_becomes_the_properties() -> None:
    """Without what was taken away, and without what a call holds beside."""
    mapping = '[[events]]\nevent = "custom/x"\nproperties = "without(@, \'email\')"'
    assert {"a": {"b": [1]}} == items(mapping, {"email": "a@b.c", "a": {"b": [1]}})[0]["properties"]


def test_headers_and_the_whole_body_can_be_asked() -> None:
    """From within a part."""
    mapping = 'each = "all"\n[[events]]\nevent = "custom/x"\nid = "join(\'-\', [_headers.\\"x-id\\", n, _body.shop])"'
    assert ["h-1-s"] == [one["id"] for one in items(mapping, {"all": [{"n": "1"}], "shop": "s"}, **{"x-id": "h"})]


def test_an_expression_that_does_not_fit_is_told_by_its_field() -> None:
    """The other event of the part comes out all the same."""
    mapping = """
[[events]]
event = "custom/a"
properties = { all = "join(',', n)" }
[[events]]
event = "custom/b"
"""
    broken, good = translated(mapping, {"n": 1}).items
    assert isinstance(broken, Unmade)
    assert "properties.all" == broken.path
    assert isinstance(good, dict)


def test_a_condition_that_does_not_fit_does_not_hold() -> None:
    """Payloads of other kinds lack what it looks at."""
    assert [] == items('[[events]]\nevent = "custom/a"\nwhen = "contains(n, \'a\')"', {"n": 1})


def test_too_many_parts_are_refused() -> None:
    """Exactly as many as are allowed are taken."""
    mapping = 'each = "@"\n[[events]]\nevent = "custom/a"'
    assert MAX_PARTS == len(items(mapping, [{}] * MAX_PARTS))
    with pytest.raises(TooManyParts):
        translated(mapping, [{}] * (MAX_PARTS + 1))


def test_too_many_events_are_refused() -> None:
    """Of few parts may come many; exactly as many as are allowed are taken."""
    mapping = 'each = "@"\n' + '[[events]]\nevent = "custom/a"\n' * 100
    assert MAX_MADE == len(items(mapping, [{}] * (MAX_MADE // 100)))
    with pytest.raises(TooManyParts):
        translated(mapping, [{}] * (MAX_MADE // 100 + 1))


def test_a_form_is_read_by_its_names() -> None:
    """As Twilio posts it."""
    call = Call({"content-type": "application/x-www-form-urlencoded"}, b"a=1&b=%C3%A8", at=AT)
    (item,) = Translator(read_mapping(HEAD + '[[events]]\nevent = "custom/a"\nproperties = "@"'))(call).items
    assert isinstance(item, dict)
    assert {"a": "1", "b": "è"} == item["properties"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_cannot_be_read_is_said_to_be_so(body: bytes) -> None:
    """And nothing else is raised."""
    with pytest.raises(Unreadable):
        Translator(read_mapping(HEAD + '[[events]]\nevent = "custom/a"'))(Call({}, body, at=AT))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "2026-11-26T08:00:00.000Z"),
        (1_764_000_000, "2025-11-24T16:00:00.000Z"),
        (1_764_000_000.5, "2025-11-24T16:00:00.500Z"),
        ("1764000000", "2025-11-24T16:00:00.000Z"),
        (1_764_000_000_123, "2025-11-24T16:00:00.123Z"),
        (1_764_000_000_123_456, "2025-11-24T16:00:00.123Z"),
        ("2026-11-26T10:00:00+0200", "2026-11-26T08:00:00.000Z"),
        ("2026-11-26 10:00:00", "2026-11-26T10:00:00.000Z"),
        ("2026-11-26", "2026-11-26T00:00:00.000Z"),
        ("Thu, 26 Nov 2026 10:00:00 +0000", "2026-11-26T10:00:00.000Z"),
        ("yesterday", "yesterday"),
        (1e300, "1e+300"),
        (10**400, "a number beyond all years"),
        ("1, " * 1_000, ("1, " * 34)[:100]),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"),
        (True, "true"),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_times_are_read_in_whatever_way_they_are_written(given: Any, expected: str) -> None:
    """What cannot be read stays as it came, for the door to refuse."""
    assert expected == occurred_at(given, AT)
