"""What a condition on a property means."""

import pytest

from collector.store.property import Condition, parse_condition, satisfies

ORDER = {
    "total": 49.9,
    "count": 2,
    "huge": 9_007_199_254_740_993,
    "paid": True,
    "coupon": None,
    "plan": "pro",
    "due": "2026-11-24T10:00:00.000Z",
    "tags": ["sale", "new"],
    "items": [{"sku": "A-1", "qty": 1}, {"sku": "B:2", "qty": 3}],
    "ship": {"to": {"city": "Torino"}},
}


@pytest.mark.parametrize(
    "text",
    [
        "total:eq:49.9",
        "count:eq:2.0",
        "huge:eq:9007199254740993",
        "paid:eq:true",
        "coupon:eq:null",
        "plan:eq:pro",
        "plan:ne:team",
        "nowhere:ne:pro",
        "total:gt:49",
        "total:gte:49.9",
        "total:lt:50",
        "total:lte:49.9",
        "due:gt:2026-11-24T09:59:59.999Z",
        "plan:contains:r",
        "tags:contains:sale",
        "plan:starts:pr",
        "plan:in:team,pro",
        "count:in:1,2,3",
        "coupon:exists",
        "coupon:exists:true",
        "nowhere:exists:false",
        "ship.to.city:eq:Torino",
        "items.1.qty:eq:3",
        "items.sku:eq:B:2",
        "items.qty:gt:2",
    ],
)
def test_it_holds(text: str) -> None:
    """Each operator holds where its sentence says so."""
    assert satisfies(ORDER, parse_condition(text))


@pytest.mark.parametrize(
    "text",
    [
        "huge:eq:9007199254740992",
        "paid:eq:1",
        "paid:gt:0",
        "plan:eq:Pro",
        "plan:gt:5",
        "plan:ne:pro",
        "nowhere:eq:null",
        "total:gt:49.9",
        "total:lt:nan",
        "total:gt:much",
        "tags:eq:sale",
        "tags:contains:sal",
        "plan:starts:ro",
        "plan:in:team",
        "items.2.sku:exists",
        "items.0:eq:A-1",
        "items:exists:false",
        "ship.to:eq:Torino",
        "plan.length:exists",
    ],
)
def test_it_does_not_hold(text: str) -> None:
    """Each operator fails where its sentence does not say so: kinds are never mixed."""
    assert not satisfies(ORDER, parse_condition(text))


@pytest.mark.parametrize(
    "text", ["", ":eq:1", "a", "a:like:1", "a..b:eq:1", "a:exists:maybe", "a.b.c.d.e.f.g.h.i.j.k:eq:1"]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    """The operators are closed, and a path is 1 to 10 names."""
    with pytest.raises(ValueError):
        parse_condition(text)


def test_a_condition_is_a_value() -> None:
    """The path is split at dots; the value keeps its colons."""
    assert Condition(("a", "b"), "eq", "x:y") == parse_condition("a.b:eq:x:y")
