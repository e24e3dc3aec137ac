"""Identifiers: one way to write each, and what cannot identify anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical, is_illegal_id


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("email_id", "ada@example.com", "ada@example.com"),
        ("email_id", "  Ada.Lovelace+news@Example.COM ", "ada.lovelace+news@example.com"),
        ("email_id", "josé@exämple.it", "josé@exämple.it"),
        ("email_id", "jose\u0301@example.it", "jos\u00e9@example.it"),
        ("phone_id", "+39 333 123.45-67", "+393331234567"),
        ("phone_id", "0039 (333) 1234567", "+393331234567"),
        ("phone_id", 393331234567, "+393331234567"),
        ("whatsapp_id", "393331234567", "+393331234567"),
        ("landline_number_id", "+39 02/1234567", "+39021234567"),
        ("ext_id", " Customer-7 ", "Customer-7"),
        ("ext_id", 42, "42"),
        ("ext_id", "x" * 255, "x" * 255),
        ("contact_id", "7", "7"),
        ("contact_id", 2**53 - 1, "9007199254740991"),
    ],
)
def test_one_way_to_write_it(kind: str, value: object, expected: str) -> None:
    """Spellings of one identifier become one text."""
    assert expected == canonical(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email_id", "ada"),
        ("email_id", "@example.com"),
        ("email_id", "ada@"),
        ("email_id", "a b@example.com"),
        ("email_id", "ada@@example.com"),
        ("email_id", "ada@example..com"),
        ("email_id", "ada@.example.com"),
        ("email_id", "ada@example.com\r\nBcc: x@example.com"),
        ("email_id", "a" * 250 + "@example.com"),
        ("phone_id", "12345"),
        ("phone_id", "+0123456789"),
        ("phone_id", "+1234567890123456"),
        ("phone_id", "call me"),
        ("phone_id", "٣٩٣٣٣١٢٣٤٥٦٧"),
        ("ext_id", "x" * 256),
        ("ext_id", "a\0b"),
        ("ext_id", "a\u200bb"),
        ("ext_id", "\ud800"),
        ("ext_id", True),
        ("ext_id", 1.5),
        ("ext_id", None),
        ("ext_id", ["x"]),
        ("ext_id", 10**30),
        ("contact_id", "0"),
        ("contact_id", "-1"),
        ("contact_id", "²"),
        ("contact_id", 2**53),
        ("cookie_id", "x"),
        ("email", "ada@example.com"),
    ],
)
def test_cannot_identify(kind: str, value: object) -> None:
    """What is ill-formed, out of bounds, of a wrong type or of no kind of ours identifies nobody."""
    assert canonical(kind, value) is None


@pytest.mark.parametrize(
    "value",
    [
        *"anonymous guest null undefined none nan true false 0 email id NULL None NaN".split(),
        *("", " ", "\t\n", "[object Object]", '"null"', "'undefined'", " Guest ", "---", "...", "{}"),
    ],
)
def test_placeholders_are_illegal(value: str) -> None:
    """What programs send when they know nobody would join strangers: refused in any case and in quotes."""
    assert is_illegal_id(value)
    assert canonical("ext_id", value) is None


@pytest.mark.parametrize("value", ["7", "nullo", "guest-7", "Anna", "id-1", "李"])
def test_real_ids_are_legal(value: str) -> None:
    """A placeholder inside of a longer id is no placeholder."""
    assert not is_illegal_id(value)
    assert value == canonical("ext_id", value)


@given(
    kind=st.sampled_from([*IDENTIFIER_KINDS, "other"]),
    value=st.one_of(
        st.text(), st.emails(), st.integers(), st.from_regex(r"\A[+0-9 ()-]{4,20}\Z"), st.none(), st.floats()
    ),
)
def test_canonical_is_settled(kind: str, value: object) -> None:
    """Any value is answered, and an answer asked again stays as it is."""
    text = canonical(kind, value)
    assert text is None or text == canonical(kind, text)
