"""What is wrong with a mapping file? Each fault is named by its place."""

import pytest

from collector.hooks.mapping import MAX_BYTES, BadMapping, read_mapping

GOOD = 'title = "a"\n[[events]]\nevent = "custom/a"\n'


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("title =", "", "not TOML"),
        ("x = 1", "", "unknown field"),
        ('[[events]]\nevent = "custom/a"', "", "missing required field"),
        ('title = "a"', "events", "there is none"),
        (GOOD + 'when = "a["', "events[0].when", "Incomplete"),
        (GOOD + 'id = "nothing(@)"', "events[0].id", "no function nothing()"),
        (GOOD + 'id = "' + "a" * 1_001 + '"', "events[0].id", "<= 1000"),
        (GOOD + 'id = "' + "(" * 500 + '"', "events[0].id", "brackets"),
        (GOOD + 'identifiers = { email = "a" }', "events[0].identifiers.email", "an identifier is one of"),
        (GOOD + 'properties = { a = "]" }', "events[0].properties.a", "invalid token"),
        (GOOD + 'properties = "]"', "events[0].properties", "invalid token"),
        (GOOD + 'object = { type = "a", id = "]" }', "events[0].object.id", "invalid token"),
        (GOOD.replace("custom/a", "payments/x"), "events[0].event", "payments has no event x"),
        (GOOD.replace("custom/a", "no/x"), "events[0].event", "there is no category no"),
        (GOOD.replace("custom/a", "custom"), "events[0].event", "an event is category/key"),
        (GOOD.replace("custom/a", "custom/a b"), "events[0].event", "letters, digits"),
        (GOOD.replace("custom/a", "custom/{]}"), "events[0].event", "invalid token"),
        (GOOD.replace("custom/a", "custom/{}"), "events[0].event", "Invalid"),
        (GOOD + '[[signature]]\nscheme = "rot13"', "signature[0].scheme", "Invalid enum value"),
        (GOOD + '[[signature]]\nscheme = "hmac"', "signature[0].value", "where does the signature stand"),
        (GOOD + '[[signature]]\nscheme = "hmac"\nvalue = "cookie:a"', "signature[0].value", "regex"),
        (
            GOOD + '[[signature]]\nscheme = "hmac"\nvalue = "header:a"\nsigned = "{b}"',
            "signature[0].signed",
            "b is no place",
        ),
        (
            GOOD + '[[signature]]\nscheme = "hmac"\nvalue = "header:a"\nsigned = "{body"',
            "signature[0].signed",
            "a brace",
        ),
        (
            GOOD + '[[signature]]\nscheme = "ecdsa"\nvalue = "header:a"\n[[signature]]\nscheme = "bearer"',
            "signature",
            "no other way",
        ),
        ("a" * (MAX_BYTES + 1), "", "at most 64 KiB"),
        ("a = " + "[" * 5_000, "", ""),
        ("a." * 10_000 + "a = 1", "", "at most 100 dots"),
        ("[" + "a." * 10_000 + "a]", "", "at most 100 dots"),
        ("a = { " + "a." * 10_000 + "a = 1 }", "", "at most 100 dots"),
        ("answers = " + "1" * 5_000, "", "not TOML"),
        (GOOD + 'id = "' + "|".join("a" * 400) + '"', "events[0].id", "nested too deeply"),
    ],
)
def test_a_fault_is_named_by_its_place(text: str, path: str, says: str) -> None:
    """And says what is expected."""
    with pytest.raises(BadMapping) as caught:
        read_mapping(text)
    fault = caught.value.faults[0]
    assert path == fault.path
    assert says in fault.message


def test_all_faults_are_told_at_once() -> None:
    """Whoever mends one should not meet the next only then."""
    with pytest.raises(BadMapping) as caught:
        read_mapping(GOOD + 'when = "]"\nid = "["')
    assert ["events[0].id", "events[0].when"] == sorted(fault.path for fault in caught.value.faults)
