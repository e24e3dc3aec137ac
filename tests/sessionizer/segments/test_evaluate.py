"""What does each condition mean? A few histories by hand; `test_law.py` tries random ones."""

from typing import Any

import pytest

from sessionizer.contact import Contact
from tests.sessionizer.segments.asking import at, changes, event, happened, is_in, last, wanted

VISIT, BOUGHT, CART = "website/page_visited", "ecommerce/order_completed", "ecommerce/cart_updated"


@pytest.mark.parametrize(
    ("count", "times", "expected"),
    [
        (("at_least", 2), 1, False), (("at_least", 2), 2, True), (("at_most", 2), 2, True), (("at_most", 2), 3, False),
        (("exactly", 0), 0, True), (("exactly", 2), 2, True), (("exactly", 2), 3, False),
    ],
)  # fmt: skip
def test_how_often(count: tuple[str, int], times: int, expected: bool) -> None:
    """Once at least, unless something else is said."""
    visits = [happened(VISIT, f"2026-11-{day:02}T09:00+01:00") for day in range(1, times + 1)]
    op, value = count
    assert expected == is_in(event(VISIT, count={"op": op, "value": value}), *visits)


def test_what_lies_ahead_does_not_count_yet() -> None:
    """A clock that is set back forgets what it has not seen."""
    assert not is_in(event(VISIT), happened(VISIT, "2026-11-24T10:00:00.001+01:00"))
    assert is_in(event(VISIT), happened(VISIT, "2026-11-24T10:00+01:00"))


def test_the_third_visit_from_the_end_says_when_it_is_over() -> None:
    """Three visits within a week: it ends when the third last leaves, not with each."""
    visits = [happened(VISIT, f"2026-11-{day}T09:00+01:00") for day in (18, 19, 20, 21)]
    asked = event(VISIT, count={"op": "at_least", "value": 3}, window=last(7, "days"))
    assert at("2026-11-26T09:00+01:00") == changes(asked, *visits)


def test_more_than_so_long_ago() -> None:
    """It begins to hold by itself."""
    asked, visit = event(VISIT, window={"ago": {"n": 30, "unit": "days"}}), happened(VISIT, "2026-11-01T09:00+01:00")
    assert (False, at("2026-12-01T09:00+01:00")) == (is_in(asked, visit), changes(asked, visit))
    assert is_in(asked, visit, now="2026-12-01T09:00+01:00")


def order(when: str, total: Any, currency: str = "EUR") -> Any:
    """Something was bought."""
    return happened(BOUGHT, when, total=total, currency=currency)


@pytest.mark.parametrize(
    ("function", "value"), [("sum", 60), ("average", 30), ("minimum", 20), ("maximum", 40), ("distinct", 2)]
)
def test_what_is_worked_out_of_a_property(function: str, value: float) -> None:
    """Exactly that, of the orders within the window."""
    asked = {
        "type": "aggregate", **wanted(BOUGHT), "function": function, "property": "total",
        "test": {"op": "equals", "value": value}, "window": last(30, "days"),
    }  # fmt: skip
    old = order("2026-01-01T09:00+01:00", 1_000)
    assert is_in(asked, old, order("2026-11-20T09:00+01:00", 20), order("2026-11-21T09:00+01:00", 40))


def test_money_is_never_added_across_currencies() -> None:
    """Sixty euros and sixty dollars are no hundred and twenty; a currency asks for itself alone."""
    spent: dict[str, Any] = {"type": "aggregate", **wanted(BOUGHT), "function": "sum", "property": "total"}
    both = [order("2026-11-20T09:00+01:00", 60), order("2026-11-21T09:00+01:00", 70, "USD")]
    assert not is_in({**spent, "test": {"op": "more", "value": 100}}, *both)
    assert is_in({**spent, "test": {"op": "more", "value": 65}}, *both)
    assert not is_in({**spent, "test": {"op": "more", "value": 65}, "currency": "EUR"}, *both)


def test_sums_do_not_depend_on_the_order() -> None:
    """A hundred cents of a tenth each are ten, whichever comes first."""
    tenths = [order(f"2026-11-20T09:00:{second:02}+01:00", 0.1) for second in range(10)]
    spent = {"type": "aggregate", **wanted(BOUGHT), "function": "sum", "property": "total"}
    assert is_in({**spent, "test": {"op": "equals", "value": 1}}, *tenths)


def test_without_anything_in_between() -> None:
    """A step is reached only if nothing unwanted came since the step before."""
    asked = {
        "type": "sequence",
        "steps": [wanted(VISIT), wanted(BOUGHT, without=[wanted("ecommerce/order_cancelled")])],
    }
    visit, bought = happened(VISIT, "2026-11-01T09:00+01:00"), order("2026-11-03T09:00+01:00", 1)
    cancelled = happened("ecommerce/order_cancelled", "2026-11-02T09:00+01:00")
    assert is_in(asked, visit, bought)
    assert not is_in(asked, visit, cancelled, bought)
    assert is_in(asked, visit, cancelled, happened(VISIT, "2026-11-02T10:00+01:00"), bought)


LEFT = {
    "type": "inactivity",
    "after": wanted(CART),
    "without": wanted(BOUGHT),
    "within": {"n": 2, "unit": "hours"},
}


def test_a_cart_that_is_left_alone() -> None:
    """From two hours after the last change on; what was bought within them takes it away, a new change begins anew."""
    cart = happened(CART, "2026-11-24T09:00+01:00")
    assert (False, at("2026-11-24T11:00+01:00")) == (is_in(LEFT, cart), changes(LEFT, cart))
    assert is_in(LEFT, cart, now="2026-11-24T11:00+01:00")
    assert not is_in(LEFT, cart, order("2026-11-24T10:59+01:00", 1), now="2026-11-24T12:00+01:00")
    assert is_in(LEFT, cart, order("2026-11-24T11:00+01:00", 1), now="2026-11-24T12:00+01:00")
    again = happened(CART, "2026-11-24T11:30+01:00")
    assert not is_in(LEFT, cart, again, now="2026-11-24T12:00+01:00")


@pytest.mark.parametrize(("which", "expected"), [("first", False), ("last", True)])
def test_the_first_and_the_last_time(which: str, expected: bool) -> None:
    """Only that one is asked about."""
    asked = {"type": "time", "which": which, **wanted(VISIT), "window": last(7, "days")}
    visits = [happened(VISIT, "2026-01-01T09:00+01:00"), happened(VISIT, "2026-11-20T09:00+01:00")]
    assert expected == is_in(asked, *visits)


def test_sessions() -> None:
    """Their number, those that were long enough, and the one that goes on."""
    began, ended = "push/push_session_started", "website/session_ended"
    first = [
        happened(began, "2026-11-20T09:00+01:00"),
        happened(ended, "2026-11-20T10:00+01:00", pages=5, duration_seconds=1_800),
    ]
    second = happened(began, "2026-11-24T09:50+01:00")
    assert is_in({"type": "session", "count": {"op": "exactly", "value": 2}}, *first, second)
    assert is_in({"type": "session", "pages": {"op": "at_least", "value": 5}}, *first)
    assert not is_in({"type": "session", "seconds": {"op": "more", "value": 1_800}}, *first)
    assert (True, False) == (
        is_in({"type": "session", "now": True}, *first, second),
        is_in({"type": "session", "now": True}, *first),
    )


def test_page_campaign_site_and_device() -> None:
    """All of what is asked about an event has to be met by one event."""
    visit = happened(VISIT, "2026-11-20T09:00+01:00", page="https://x.example/?utm_source=Mail", device="mobile")
    assert is_in(event(VISIT, utm={"source": {"op": "equals", "value": "mail"}}, sites=[1], devices=["mobile"]), visit)
    assert not is_in(event(VISIT, utm={"medium": {"op": "exists"}}), visit)
    assert not is_in(event(VISIT, sites=[2]), visit)
    assert not is_in(event(VISIT, devices=["unknown"]), visit)


def test_any_and_all_of_several_values() -> None:
    """Every article is red; one of them is; of none, `all` says no."""
    articles: dict[str, Any] = {"path": "items[].color", "test": {"op": "equals", "value": "red"}}
    mixed = happened(CART, "2026-11-20T09:00+01:00", items=[{"color": "red"}, {"color": "blue"}])
    red = happened(CART, "2026-11-20T09:00+01:00", items=[{"color": "red"}])
    none = happened(CART, "2026-11-20T09:00+01:00", items=[])
    assert [True, True, False] == [is_in(event(CART, where=[articles]), one) for one in (mixed, red, none)]
    every = event(CART, where=[{**articles, "of": "all"}])
    assert [False, True, False] == [is_in(every, one) for one in (mixed, red, none)]


def test_what_is_known_of_a_contact() -> None:
    """Attributes, identity, consent, lists, other segments."""
    ada = Contact(1, False, {"plan": "Pro"}, {"email_id": ("ada@mail.example",)}, ("news",), "granted")
    for where in (
        {"type": "attribute", "name": "plan", "test": {"op": "equals", "value": "pro"}},
        {"type": "identity", "is": "identified"},
        {"type": "identity", "is": "has", "kind": "email_id"},
        {"type": "consent", "is": "granted"},
        {"type": "list", "name": "news"},
        {"type": "segment", "id": 7},
    ):
        assert (True, False) == (is_in(where, contact=ada), is_in(where)), where


def test_a_bucket_is_a_share_that_stays() -> None:
    """A tenth of all contacts is about a tenth, always the same, and another one under another salt."""
    tenth = {"type": "bucket", "from": 0, "to": 10}
    inside = [id for id in range(2_000) if is_in(tenth, contact=Contact(id))]
    assert 150 < len(inside) < 250
    assert inside == [id for id in range(2_000) if is_in(tenth, contact=Contact(id))]
    assert inside != [id for id in range(2_000) if is_in({**tenth, "salt": "b"}, contact=Contact(id))]
