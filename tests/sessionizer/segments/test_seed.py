"""The examples of the help page, each as somebody would build it: who belongs, who does not, and when that changes."""

from tests.sessionizer.segments.asking import at, changes, event, happened, is_in, last, wanted

SENT, OPENED = "marketing_email/Sent", "marketing_email/Opened"


def test_who_visited_the_page_of_a_given_product() -> None:
    """By the address, wherever it stands in it."""
    shoes = event("website/page_visited", page={"op": "contains", "value": "/products/blue-shoes"})
    seen = happened(
        "website/page_visited", "2026-11-20T09:00+01:00", page="https://shop.example/products/Blue-Shoes?a=1"
    )
    other = happened("website/page_visited", "2026-11-20T09:00+01:00", page="https://shop.example/products/hat")
    assert is_in(shoes, seen)
    assert not is_in(shoes, other)
    assert not is_in(shoes)


NOT_OPENED = {
    "type": "all",
    "of": [
        event(SENT, window=last(3, "months")),
        {"type": "not", "of": event(OPENED, window=last(3, "months"))},
    ],
}


def test_who_did_not_open_in_the_last_months() -> None:
    """At least one was sent; who was sent none did not *not open*. A program that opens all mail is no reader."""
    sent = happened(SENT, "2026-10-01T08:00+02:00")
    assert is_in(NOT_OPENED, sent)
    assert not is_in(NOT_OPENED)
    assert not is_in(NOT_OPENED, sent, happened(OPENED, "2026-10-02T08:00+02:00"))
    assert is_in(NOT_OPENED, sent, happened("marketing_email/proxy_open", "2026-10-02T08:00+02:00"))


def test_not_opening_becomes_true_by_itself() -> None:
    """Three months after the last time, by the clock on the wall, while nothing happens."""
    opened, sent = happened(OPENED, "2026-08-31T12:00+02:00"), happened(SENT, "2026-11-01T08:00+01:00")
    assert at("2026-11-30T12:00+01:00") == changes(NOT_OPENED, opened, sent)
    assert not is_in(NOT_OPENED, opened, sent, now="2026-11-30T11:59:59.999+01:00")
    assert is_in(NOT_OPENED, opened, sent, now="2026-11-30T12:00+01:00")
    assert at("2027-02-01T08:00+01:00") == changes(NOT_OPENED, opened, sent, now="2026-11-30T12:00+01:00")


def test_who_downloaded_a_given_file() -> None:
    """The file's address is a property of the event."""
    guide = event("website/file_downloaded", where=[{"path": "url", "test": {"op": "ends", "value": "/guide.pdf"}}])
    assert is_in(
        guide, happened("website/file_downloaded", "2026-11-20T09:00+01:00", url="https://x.example/guide.pdf")
    )
    assert not is_in(
        guide, happened("website/file_downloaded", "2026-11-20T09:00+01:00", url="https://x.example/a.pdf")
    )


WISHED = "ecommerce/wishlist_product_added"
WISHED_OPENED_BOUGHT = {
    "type": "sequence",
    "steps": [
        wanted(WISHED),
        wanted(OPENED, within={"n": 7, "unit": "days"}),
        wanted(
            "ecommerce/order_completed",
            within={"n": 7, "unit": "days"},
            same=[{"property": "items[].product_id", "step": 0, "as": "product_id"}],
        ),
    ],
}


def test_who_wished_then_opened_then_bought_that_article() -> None:
    """In this order, soon enough, and the very article."""
    wished = happened(WISHED, "2026-11-01T09:00+01:00", product_id="A-1")
    opened = happened(OPENED, "2026-11-03T09:00+01:00")
    bought = happened(
        "ecommerce/order_completed", "2026-11-05T09:00+01:00", items=[{"product_id": "B-2"}, {"product_id": "A-1"}]
    )
    other = happened("ecommerce/order_completed", "2026-11-05T09:00+01:00", items=[{"product_id": "B-2"}])
    late = happened("ecommerce/order_completed", "2026-11-10T09:00+01:00", items=[{"product_id": "A-1"}])
    assert is_in(WISHED_OPENED_BOUGHT, wished, opened, bought)
    assert not is_in(WISHED_OPENED_BOUGHT, wished, opened, other)
    assert not is_in(WISHED_OPENED_BOUGHT, wished, opened, late)
    assert not is_in(WISHED_OPENED_BOUGHT, wished, bought)
    assert not is_in(WISHED_OPENED_BOUGHT, opened, wished, bought, now="2026-11-04T09:00+01:00")


def test_who_has_a_deal_that_became_qualified() -> None:
    """The stage to which it moved is a property of the event."""
    qualified = event(
        "deals/deal_stage_updated", where=[{"path": "stage", "test": {"op": "equals", "value": "Qualified"}}]
    )
    assert is_in(qualified, happened("deals/deal_stage_updated", "2026-11-20T09:00+01:00", stage="Qualified"))
    assert not is_in(qualified, happened("deals/deal_stage_updated", "2026-11-20T09:00+01:00", stage="New"))
