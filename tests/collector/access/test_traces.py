"""Which pages came to the door lately: asked, fetched, brought; and that strangers cannot fill the memory."""

import pytest

from collector.access.traces import Trace, Traces

NOW = 1_795_600_800_000


def traces(*, max_origins: int = 100) -> Traces:
    """On a clock that counts: each thing happens a millisecond after the one before."""
    moments = iter(range(NOW, NOW + 10_000))
    return Traces(lambda: next(moments), max_origins=max_origins)


def test_what_each_page_did_last_is_known() -> None:
    """By origin, the latest first; a page is known by its address as well."""
    seen = traces()
    seen.asked("https://one.example")
    seen.fetched("https://two.example/path?query#hash")
    seen.asked("https://two.example")
    seen.brought("https://one.example", NOW + 9)
    two = Trace("https://two.example", asked_at=NOW + 2, fetched_at=NOW + 1)
    one = Trace("https://one.example", asked_at=NOW, brought_at=NOW + 9)
    assert [two, one] == seen.since(NOW)
    assert [two] == seen.since(NOW + 1)


def test_who_only_brings_is_not_kept() -> None:
    """Every event passes there."""
    seen = traces()
    seen.brought("https://one.example", NOW)
    assert [] == seen.since(0)


def test_the_one_that_was_quiet_for_longest_makes_room() -> None:
    """However many come."""
    seen = traces(max_origins=2)
    for origin in "https://a.example", "https://b.example", "https://a.example", "https://c.example":
        seen.asked(origin)
    assert ["https://c.example", "https://a.example"] == [trace.origin for trace in seen.since(0)]


@pytest.mark.parametrize(
    "origin", ["", "null", "file://", "https://", "https://[::1", "x" * 10_000, "https://a b.example"]
)
def test_what_is_no_origin_is_not_kept(origin: str) -> None:
    """Nothing that a stranger invents."""
    seen = traces()
    seen.asked(origin)
    seen.fetched(origin)
    assert [] == seen.since(0)
