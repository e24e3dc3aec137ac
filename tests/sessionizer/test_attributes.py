"""What an event may change of a person's attributes: by a secret door, and by a public one in its three modes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionizer.attributes import MAX_ATTRIBUTES, Attributes, attributes_after, is_protected

CURRENT: dict[str, Any] = {"CITY": "Roma", "SIZE": "", "TIER": "gold"}


@pytest.mark.parametrize(
    ("mode", "proven", "expected"),
    [
        ("", False, Attributes({**CURRENT, "CITY": "Bari", "SIZE": "M", "PET": "cat"}, frozenset({"TIER"}))),
        ("guarded", False, Attributes({**CURRENT, "SIZE": "M", "PET": "cat"}, frozenset({"TIER", "SIZE", "PET"}))),
        (
            "open",
            False,
            Attributes(
                {**CURRENT, "CITY": "Bari", "SIZE": "M", "PET": "cat"}, frozenset({"TIER", "CITY", "SIZE", "PET"})
            ),
        ),
        ("verified", False, Attributes(CURRENT, frozenset({"TIER"}))),
        (
            "verified",
            True,
            Attributes(
                {**CURRENT, "CITY": "Bari", "SIZE": "M", "PET": "cat"}, frozenset({"TIER", "CITY", "SIZE", "PET"})
            ),
        ),
    ],
)
def test_mode_says_what_may_change(mode: str, proven: bool, expected: Attributes) -> None:
    """guarded fills what is empty, open overwrites, both unverified; verified wants a proof; a server verifies."""
    claimed = {"CITY": "Bari", "SIZE": "M", "PET": "cat"}
    assert expected == attributes_after(CURRENT, {"TIER"}, claimed, mode=mode, proven=proven)


def test_server_verifies_a_claim() -> None:
    """An attribute that a browser had claimed is a fact once a server says it."""
    assert Attributes({"CITY": "Roma"}, frozenset()) == attributes_after(
        {"CITY": "Roma"}, {"CITY"}, {"CITY": "Roma"}, mode=""
    )


def test_guarded_never_overwrites_its_own_claim() -> None:
    """The first claim stays, also against a later one of the same door."""
    assert Attributes({"CITY": "Roma"}, frozenset({"CITY"})) == attributes_after(
        {"CITY": "Roma"}, {"CITY"}, {"CITY": "Bari"}, mode="guarded"
    )


def test_agreeing_does_not_unverify() -> None:
    """A browser that says what a server said already leaves it verified."""
    assert Attributes(CURRENT, frozenset()) == attributes_after(CURRENT, frozenset(), {"CITY": "Roma"}, mode="open")


def test_nothing_is_emptied_from_outside() -> None:
    """A public door cannot take a value away."""
    assert Attributes(CURRENT, frozenset()) == attributes_after(
        CURRENT, frozenset(), {"CITY": "", "TIER": None}, mode="open"
    )


@pytest.mark.parametrize(
    "name",
    "email_opt_in EMAIL_OPT_IN emailOptIn sms-opt-out id ID user_id userId userID ext_id order-id UUID email E-MAIL "
    "phone SMS birthday created_at createdAt signup_date signupDate emailBlacklisted consent_text unsubscribed".split(),
)
def test_protected_names(name: str) -> None:
    """Opt-ins, ids, addresses and dates are never set from a public door, in no mode."""
    assert is_protected(name, "x")
    for mode in ("guarded", "open"):
        assert Attributes({}, frozenset()) == attributes_after({}, frozenset(), {name: "x"}, mode=mode)
    assert {name: "x"} == attributes_after({}, frozenset(), {name: "x"}, mode="").values


@pytest.mark.parametrize("value", ["2026-11-24", "2026-11-24T10:00:00Z", "24/11/2026", "1.2.1990"])
def test_dates_are_protected_by_value(value: str) -> None:
    """A date is a date whatever its name."""
    assert is_protected("WHEN", value)


@pytest.mark.parametrize("name", "FIRSTNAME city paid PAID format option valid Android update_note".split())
def test_plain_names_are_free(name: str) -> None:
    """Names that only end like a protected one are not protected."""
    assert not is_protected(name, "plain")


def test_public_attributes_are_bounded() -> None:
    """A public door fills up to 255 attributes; at the limit it may still fill an empty one."""
    full = {f"A{n}": n for n in range(MAX_ATTRIBUTES - 1)}
    after = attributes_after(full, frozenset(), {"X": 1, "Y": 2}, mode="guarded").values
    assert (MAX_ATTRIBUTES, True, False) == (len(after), "X" in after, "Y" in after)
    assert 3 == attributes_after({**after, "X": ""}, frozenset(), {"X": 3}, mode="guarded").values["X"]


NAMES = st.dictionaries(st.sampled_from(["A", "B", "user_id"]), st.sampled_from([1, "", "x", None]))


@given(current=NAMES, claimed=NAMES, mode=st.sampled_from(["guarded", "open", "verified", ""]))
def test_arguments_stay_and_repeating_changes_nothing(
    current: dict[str, Any], claimed: dict[str, Any], mode: str
) -> None:
    """The same claim twice is the same as once, and what was passed in is not touched."""
    before = dict(current)
    once = attributes_after(current, frozenset(), claimed, mode=mode)
    assert before == current
    assert once == attributes_after(once.values, once.unverified, claimed, mode=mode)
