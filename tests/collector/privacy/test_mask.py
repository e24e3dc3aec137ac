"""Nothing that leads to a person is kept as a sample, and what leads to nobody can be read."""

import json
from typing import Any

import pytest

from collector.privacy.mask import MASKS, MAX_CHARACTERS, masked_name, masked_text, masked_value


@pytest.mark.parametrize(
    "text",
    [
        "anna@shop.it",
        "Anna Rossi <anna.rossi+x@mail.shop.co.uk>, hello",
        "anna%40shop.it",
        "mailto:anna@shop.it?subject=x",
        "+39 333 123 4567",
        "3331234567",
        "(011) 123-4567",
        "call 0039-333-1234567 now",
        "333.123.4567",
        "4111 1111 1111 1111",
    ],
)
def test_addresses_and_numbers_of_people_go(text: str) -> None:
    """Wherever they stand in a text."""
    shown = masked_text(text)
    assert "redacted" in shown
    assert [] == [part for part in ("anna", "@", "333", "4567", "1111") if part in shown]


@pytest.mark.parametrize(
    "text",
    [
        "red",
        "boots-42",
        "42",
        "123456",
        "2026-11-24",
        "2026-11-24T10:00:00.000Z",
        "129.90",
        "size 42, 2 pairs",
        "v1.2.3",
        "@anna",
    ],
)
def test_what_leads_to_nobody_stays(text: str) -> None:
    """Words, sizes, prices, dates."""
    assert text == masked_text(text)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("colour", "red", "red"),
        ("size", 42, 42),
        ("price", 129.5, 129.5),
        ("gift", True, True),
        ("customer", "anna@shop.it", "redacted"),
        ("called", 3331234567, "redacted"),
        ("email", "whatever", "redacted"),
        ("userEmail", "whatever", "redacted"),
        ("first_name", "Anna", "redacted"),
        ("lastName", "Rossi", "redacted"),
        ("shipping_address", "Via Po 1", "redacted"),
        ("token", "abc", "redacted"),
        ("pin", 1234, "redacted"),
        ("name", "Cengia boots", "Cengia boots"),
        ("spinner", "on", "on"),
        ("link", "https://shop.example/?token=abc&size=42", "https://shop.example/?token=redacted&size=42"),
    ],
)
def test_a_value_is_shown_as_json(name: str, value: Any, expected: Any) -> None:
    """By what it is, and by the name under which it stands."""
    assert expected == json.loads(masked_value(name, value))


def test_a_long_text_is_not_kept() -> None:
    """Somebody may have written it; the last one that is short enough is."""
    assert "a" * MAX_CHARACTERS == json.loads(masked_value("note", "a" * MAX_CHARACTERS))
    assert "" == masked_value("note", "a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("colour", "colour"),
        ("anna@shop.it", "redacted"),
        ("+39 333 1234567", "redacted"),
        ("x" * 65, "redacted"),
        ("città", "città"),
    ],
)
def test_names_are_masked_likewise(name: str, expected: str) -> None:
    """Who sends people as names of properties."""
    assert expected == masked_name(name) == MASKS.name(name)
