"""Of which type is a column of texts: the whole of it decides."""

import pytest

from collector.moving.columns import types_of
from collector.moving.headings import ATTRIBUTE, FLAG, NOTHING, flag_of, is_brevo, meaning_of


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1", "-5", "2.50"], [1, -5, 2.5]),
        (["1", "x"], ["1", "x"]),
        (["00118", "20121"], ["00118", "20121"]),
        (["1" * 16], ["1" * 16]),
        (["yes", "No"], [True, False]),
        (["true", "maybe"], ["true", "maybe"]),
        (["10-12-1985", "31/01/2024"], ["1985-12-10", "2024-01-31"]),
        (["10-12-1985", "01-31-2024"], ["1985-10-12", "2024-01-31"]),
        (["31-01-2024", "01-31-2024"], ["31-01-2024", "01-31-2024"]),
        (["2024-02-29", "29-02-2024 10:30"], ["2024-02-29", "2024-02-29T10:30:00"]),
        (["2023-02-29"], ["2023-02-29"]),
        (["30-02-2024"], ["30-02-2024"]),
        (["1e5", "nan", "inf"], ["1e5", "nan", "inf"]),
        (["+39333"], ["+39333"]),
    ],
    ids=str,
)
def test_a_column_is_what_all_of_it_is(texts: list[str], values: list[object]) -> None:
    """One text that is no number makes all of them texts; a day before a month, unless one cannot be."""
    read = types_of({"C": text} for text in texts)["C"]
    assert values == [read(text) for text in texts]


def test_a_column_without_texts_has_no_type() -> None:
    """Columns are looked at where they are there."""
    assert {"B"} == set(types_of([{"A": 7}, {"B": "7"}]))


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        ("EMAIL", "email_id"), ("email", "email_id"), ("E-mail", "email_id"), ("SMS", "phone_id"),
        ("Ext Id", "ext_id"), ("LISTS", "lists"), ("listIds", "lists"), ("ADDED_TIME", "first_seen_at"),
        ("emailBlacklisted", FLAG), ("SMS Blacklisted", FLAG), ("UNSUBSCRIBED", FLAG), ("id", NOTHING),
        ("FIRSTNAME", ATTRIBUTE), ("EMAIL2", ATTRIBUTE), ("", ATTRIBUTE),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(column: str, meaning: str) -> None:
    """In any case, with blanks and hyphens."""
    assert meaning == meaning_of(column)


def test_each_channel_has_its_flag() -> None:
    """Without a channel it is e-mail."""
    assert ["EMAIL_UNSUBSCRIBED", "SMS_UNSUBSCRIBED", "WHATSAPP_UNSUBSCRIBED"] == [
        flag_of(name) for name in ("Blacklisted", "SMS_BLACKLISTED", "WHATSAPP BLOCKLISTED")
    ]


def test_brevo_is_told_by_its_header() -> None:
    """Capitals, EMAIL among them, and one more of its own."""
    assert is_brevo(["EMAIL", "FIRSTNAME", "SMS"])
    assert not is_brevo(["email", "sms"])
    assert not is_brevo(["EMAIL", "FIRSTNAME"])
