"""Which questions and histories do laws try? Random ones of a small world, so that they meet.

Two kinds of custom events and sessions, a few properties and values, instants by the hour over some weeks.
"""

from typing import Any

from hypothesis import strategies as st

from sessionizer.contact import Contact
from sessionizer.event import Agent, Event, Page
from sessionizer.segments.condition import Definition, parse
from sessionizer.wall_clock import HOUR_MS, text_of
from tests.sessionizer.segments.asking import at

BEGINNING = at("2026-02-20T00:00Z")
HOURS = 24 * 20
KEYS = ("a", "b")

instants = st.integers(0, HOURS).map(lambda hour: BEGINNING + hour * HOUR_MS) | st.integers(
    BEGINNING, BEGINNING + HOURS * HOUR_MS
)
days = st.integers(0, 60).map(lambda day: text_of(BEGINNING + day * 24 * HOUR_MS)[:10])
scalars = st.sampled_from(["red", "Blue", 1, 2, 2.5, True])
thing = st.fixed_dictionaries({}, optional={"sku": st.sampled_from("xyz"), "qty": st.integers(0, 3)})
properties = st.fixed_dictionaries(
    {},
    optional={
        "color": scalars,
        "total": st.integers(-2, 5) | st.floats(-2, 5),
        "currency": st.sampled_from(["EUR", "usd"]),
        "items": st.lists(thing, max_size=3),
        "due": days,
    },
)
addresses = st.sampled_from(["", "https://x.example/a", "https://x.example/b?utm_source=News&utm_medium=mail"])


@st.composite
def events(draw: st.DrawFn) -> Event:
    """What happened: a custom event, the beginning or the end of a session."""
    kind = draw(st.sampled_from([*(("custom", key) for key in KEYS)] * 3 + SESSION))
    said = draw(properties) if kind[0] == "custom" else {"pages": draw(st.integers(0, 4)), "duration_seconds": 60}
    url, device = draw(addresses), draw(st.sampled_from(["", "mobile", "desktop"]))
    page = Page(url) if url else None
    return Event(draw(instants), "", *kind, said, page, site=draw(st.integers(1, 2)), agent=Agent(device=device))


SESSION = [("push", "push_session_started"), ("website", "session_ended")]


@st.composite
def histories(draw: st.DrawFn, *, max_size: int = 12) -> list[Event]:
    """Somebody's past, in order; ids are those of their places."""
    size = draw(st.integers(0, max_size))  # lists of their own accord are short
    found = sorted(draw(st.lists(events(), min_size=size, max_size=size)), key=lambda one: one.at)
    return [named(event, f"e{place:02}") for place, event in enumerate(found)]


def named(event: Event, id: str) -> Event:
    """The same under that id."""
    return Event(
        event.at, id, event.category, event.key, event.properties, event.page, site=event.site, agent=event.agent
    )


contacts = st.builds(
    Contact,
    id=st.integers(1, 1_000),
    anonymous=st.booleans(),
    attributes=st.fixed_dictionaries({}, optional={"city": scalars, "age": st.integers(0, 3), "born": days}),
    identifiers=st.sampled_from([{}, {"email_id": ("a@mail.example",)}]),
    lists=st.sampled_from([(), ("news",), ("news", "vip")]),
    consent=st.sampled_from(["granted", "denied", "unknown"]),
)

# Questions ------------------------------------------------------------------------------------------------------------


def fields(needed: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """An object of JSON: constants and strategies."""
    given = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in needed.items()}
    return st.fixed_dictionaries(given, optional=optional)


spans = fields({"n": st.integers(1, 5), "unit": st.sampled_from(["hours", "days", "weeks", "months"])})
windows = fields({}, last=spans, ago=spans) | days.flatmap(
    lambda day: st.sampled_from([{"after": f"{day}T00:00:00Z"}, {"before": f"{day}T00:00:00Z"}])
)
within = fields({"n": st.integers(1, 9), "unit": st.sampled_from(["days", "weeks"])})
numbers = st.integers(-1, 5)
text_tests = (
    fields({"op": st.sampled_from(["equals", "differs"]), "value": scalars})
    | fields({"op": st.sampled_from(["contains", "starts", "ends"]), "value": st.sampled_from(["e", "re", "BLUE"])})
    | fields({"op": "in", "value": st.lists(scalars, min_size=1, max_size=2)})
    | fields({"op": st.sampled_from(["exists", "missing"])})
)
number_tests = fields({"op": st.sampled_from(["more", "at_least", "less", "at_most"]), "value": numbers}) | fields(
    {"op": "between", "value": st.just([0, 2])}
)
date_tests = (
    fields({"op": st.sampled_from(["on", "before", "after"]), "value": days})
    | fields({"op": st.sampled_from(["in_last", "in_next"]), "within": within})
    | fields({"op": "anniversary"}, within=within)
)
quantified = st.sampled_from(["any", "all"])
property_tests = st.one_of(
    fields({"path": "color", "test": text_tests}),
    fields({"path": "total", "test": number_tests}),
    fields({"path": "due", "test": date_tests}),
    fields(
        {"path": st.sampled_from(["items[].sku", "items.0.sku"]), "test": text_tests},
        of=quantified,
    ),
    fields({"path": "items[].qty", "test": number_tests}, of=quantified),
)
a_filter = {"category": "custom", "key": st.sampled_from(KEYS)}
narrowing: dict[str, Any] = {
    "where": st.lists(property_tests, max_size=2),
    "page": fields({"op": "contains", "value": st.sampled_from(["/A", "/b"])}),
    "utm": fields({"source": fields({"op": "equals", "value": "news"})}),
    "sites": st.sampled_from([[1], [1, 2]]),
    "devices": st.sampled_from([["mobile"], ["unknown", "desktop"]]),
}
filters = fields(a_filter, **narrowing)
counts = fields({"op": st.sampled_from(["at_least", "at_most", "exactly"]), "value": st.integers(0, 3)})
same = fields({"property": "color", "step": 0, "as": "color"}) | fields(
    {"property": "items[].sku", "step": 0, "as": "items[].sku"}
)
later_step = fields(a_filter, within=spans, without=st.lists(filters, max_size=1), same=st.lists(same, max_size=1))
steps = st.builds(lambda first, rest: [first, *rest], filters, st.lists(later_step, min_size=1, max_size=2))
sequences = fields({"type": "sequence", "steps": steps}, window=windows)
first_or_last = st.sampled_from(["first", "last"])
leaves = st.one_of(
    fields({"type": "event", **a_filter}, count=counts, window=windows, **narrowing),
    fields({"type": "event", **a_filter}, count=counts, window=windows),
    fields(
        {
            "type": "aggregate", **a_filter, "property": st.sampled_from(["total", "items[].qty", "color"]),
            "function": st.sampled_from(["sum", "average", "minimum", "maximum", "distinct"]), "test": number_tests,
        },
        currency=st.sampled_from(["EUR", "USD"]), window=windows,
    ),
    sequences,
    fields({"type": "inactivity", "after": filters, "without": filters, "within": spans}, window=windows),
    fields({"type": "time", **a_filter, "which": first_or_last, "window": fields({"last": spans}, ago=spans)}),
    fields({"type": "session"}, count=counts, window=windows, pages=number_tests),
    fields({"type": "session", "now": True}),
    fields({"type": "attribute", "name": "city", "test": text_tests}),
    fields({"type": "attribute", "name": "age", "test": number_tests}),
    fields({"type": "attribute", "name": "born", "test": date_tests}),
    fields({"type": "identity", "is": st.sampled_from(["anonymous", "identified"])}),
    fields({"type": "identity", "is": "has", "kind": st.sampled_from(["email_id", "phone_id"])}),
    fields({"type": "consent", "is": st.sampled_from(["granted", "denied", "unknown"])}),
    fields({"type": "list", "name": st.sampled_from(["news", "vip"])}),
    fields({"type": "segment", "id": 7}),
    fields({"type": "bucket", "from": 0, "to": st.integers(1, 100)}),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        fields({"type": st.sampled_from(["all", "any"]), "of": st.lists(inner, min_size=1, max_size=3)}),
        fields({"type": "not", "of": inner}),
    ),
    max_leaves=4,
)


def definitions() -> st.SearchStrategy[Definition]:
    """Questions that could be saved."""
    return trees.map(lambda where: parse({"where": where}))
