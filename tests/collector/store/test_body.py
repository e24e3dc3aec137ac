"""The codec of an event row's body."""

import msgspec
import pytest

from collector.store.sqlite.body import Body, decode_body, encode_body
from sessionizer.event import ObjectRef


@pytest.mark.parametrize(
    "body",
    [
        Body(),
        Body(ip="203.0.113.0", seq=3),
        Body(referrer="https://search.example/"),
        Body(properties={"total": 12.5, "items": [{"sku": "A-1"}], "none": None}),
        Body(identifiers={"email_id": "ada@example.org"}, attributes={"FIRSTNAME": "Ada"}),
        Body(object=ObjectRef("cart", "c1"), causes=("e1", "e2"), depth=2),
    ],
)
def test_what_is_written_is_read(body: Body) -> None:
    """A body comes back as it was written."""
    assert body == decode_body(encode_body(body))


def test_defaults_take_no_room() -> None:
    """What stands at its default at the end is left out, and an empty body is NULL."""
    assert None is encode_body(Body())
    assert msgspec.msgpack.encode(["203.0.113.0", 7]) == encode_body(Body(ip="203.0.113.0", seq=7))


def test_a_body_of_a_newer_version_is_readable() -> None:
    """Fields that this version does not know, at the end, are passed over."""
    assert Body(ip="203.0.113.0") == decode_body(
        msgspec.msgpack.encode(["203.0.113.0", None, "", None, None, None, [], 0, None, "a later field"])
    )
