"""What is wrong with a question? The path of the field and the way out, before it is saved."""

from typing import Any

import msgspec
import pytest

from sessionizer.segments.check import faults
from sessionizer.segments.condition import parse
from tests.sessionizer.segments.asking import event, wanted

VISIT = "website/page_visited"
N = {"n": 1, "unit": "days"}


def found(where: Any, *, id: int = 0, **others: Any) -> list[str]:
    """Paths of the faults. others: s2={…}: what segment 2 asks."""
    known = {int(name[1:]): parse({"where": other}) for name, other in others.items()}
    return [fault.path for fault in faults(parse({"where": where}), id=id, others=known)]


def attribute(op: str, **more: Any) -> Any:
    """A test of an attribute."""
    return {"type": "attribute", "name": "plan", "test": {"op": op, **more}}


BAD = attribute("more")
EARLIER, LATER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


@pytest.mark.parametrize(
    ("where", "path"),
    [
        (attribute("equals"), "where.test.value"),
        (attribute("contains", value=3), "where.test.value"),
        (attribute("more", value="3"), "where.test.value"),
        (attribute("more", value=True), "where.test.value"),
        (attribute("in", value=[]), "where.test.value"),
        (attribute("between", value=[3, 1]), "where.test.value"),
        (attribute("exists", value=1), "where.test.value"),
        (attribute("before", value="24.11.2026"), "where.test.value"),
        (attribute("in_last"), "where.test.within"),
        (attribute("in_last", within={"n": 0, "unit": "days"}), "where.test.within.n"),
        (attribute("equals", value=1, within=N), "where.test.within"),
        (event("website/page_visit"), "where.key"),
        (event("custom/not a key"), "where.key"),
        (event("segment/segment_entered"), "where.category"),
        ({"type": "sequence", "steps": [wanted(VISIT), wanted("segment/segment_left")]}, "where.steps[1].category"),
        (event(VISIT, where=[{"path": "a..b", "test": {"op": "exists"}}]), "where.where[0].path"),
        (event(VISIT, page={"op": "starts", "value": ""}), "where.page.value"),
        (event(VISIT, utm={"source": {"op": "equals"}}), "where.utm.source.value"),
        (event(VISIT, window={"after": LATER, "before": EARLIER}), "where.window.before"),
        ({"type": "time", "which": "first", **wanted(VISIT), "window": {}}, "where.window"),
        ({"type": "session", "now": True, "pages": {"op": "more", "value": 1}}, "where.pages"),
        ({"type": "session", "pages": {"op": "contains", "value": "1"}}, "where.pages.op"),
        ({"type": "identity", "is": "has"}, "where.kind"),
        ({"type": "identity", "is": "anonymous", "kind": "email_id"}, "where.kind"),
        ({"type": "identity", "is": "anonymous", "kind": "NULL"}, "where.kind"),
        ({"type": "bucket", "from": 10, "to": 10}, "where.to"),
        ({"type": "all", "of": []}, "where.of"),
        ({"type": "not", "of": {"type": "any", "of": [attribute("exists"), BAD]}}, "where.of.of[1].test.value"),
        ({"type": "sequence", "steps": [wanted(VISIT, within=N), wanted(VISIT)]}, "where.steps[0]"),
        ({"type": "segment", "id": 9}, "where"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_path(where: Any, path: str) -> None:
    """One fault, one path."""
    assert [path] == found(where)


def test_a_step_can_only_be_about_an_earlier_one() -> None:
    """Not about itself."""
    itself = [{"property": "a", "step": 1, "as": "a"}]
    assert ["where.steps[1].same[0].step"] == found(
        {"type": "sequence", "steps": [wanted(VISIT), wanted(VISIT, same=itself)]}
    )


def test_a_sum_is_compared_with_a_number() -> None:
    """And money has a currency of three letters."""
    total = {"type": "aggregate", "function": "sum", "property": "total", **wanted("ecommerce/order_completed")}
    assert [] == found({**total, "test": {"op": "more", "value": 100}, "currency": "EUR"})
    assert ["where.test.op"] == found({**total, "test": {"op": "contains", "value": "1"}})
    assert ["where.currency"] == found({**total, "test": {"op": "more", "value": 100}, "currency": "Euro"})


def test_a_segment_cannot_ask_for_itself() -> None:
    """Nor by way of others, nor of a circle that is there already."""
    ask = {number: {"type": "segment", "id": number} for number in range(1, 5)}
    assert ["where"] == found(ask[1], id=1)
    assert ["where"] == found(ask[2], id=1, s2=ask[3], s3={"type": "not", "of": ask[1]})
    assert [] == found(ask[2], id=1, s2=ask[3], s3=attribute("exists"))


def test_a_question_is_not_endless() -> None:
    """A hundred conditions, ten levels."""
    many = {"type": "any", "of": [attribute("exists")] * 101}
    assert ["where"] == found(many)
    deep: Any = attribute("exists")
    for _ in range(11):
        deep = {"type": "not", "of": deep}
    assert [f"where{'.of' * 10}"] == found(deep)


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({"type": "event", "category": "website"}, "$.where"),
        ({"type": "evnt"}, "$.where.type"),
        (event(VISIT, count={"op": "at_least", "value": -1}), "$.where.count.value"),
        (event(VISIT, colour="red"), "$.where"),
        (event(VISIT, window={"last": {"n": 1, "unit": "moons"}}), "$.where.window.last.unit"),
    ],
)
def test_what_is_no_question_is_refused_while_it_is_read(where: Any, path: str) -> None:
    """By msgspec, which names the path."""
    with pytest.raises(msgspec.ValidationError, match=path.replace("$", r"\$")):
        parse({"where": where})


def test_events_of_segments_lead_to_the_segment_itself() -> None:
    """Whoever asks for them is told what to ask instead."""
    (fault,) = faults(parse({"where": event("segment/segment_entered")}))
    assert "ask for the segment itself, condition `segment`" in fault.says
