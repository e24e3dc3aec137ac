"""Does a session read as a person would count it?"""

import pytest

from sessionizer.session import Session, Utm, utm_of


@pytest.mark.parametrize(
    ("url", "utm"),
    [
        ("https://shop.example/", Utm()),
        ("https://shop.example/?utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e", Utm(*"abcde")),
        ("https://shop.example/?utm_source=first&utm_source=second", Utm(source="first")),
        ("https://shop.example/?q=1&utm_campaign=due+anni%20fa", Utm(campaign="due anni fa")),
        ("https://shop.example/?utm_source=", Utm()),
        ("https://shop.example/?utm_id=7", Utm()),
        ("https://shop.example/#utm_source=in-the-fragment", Utm()),
        ("https://shop.example/?utm_term=" + "x" * 500, Utm(term="x" * 128)),
        ("https://[broken/?utm_source=a", Utm()),
        ("https://shop.example/?utm_source=a" + "&x=1" * 300, Utm()),
    ],
)
def test_campaign_parameters_are_those_of_the_query(url: str, utm: Utm) -> None:
    """The first of each, decoded, cut at 128 characters; an address that cannot be read, or has too many, has none."""
    assert utm == utm_of(url)


@pytest.mark.parametrize(("ended_at", "seconds"), [(1000, 0), (1999, 0), (2000, 1), (61_000, 60)])
def test_a_session_lasts_whole_seconds(ended_at: int, seconds: int) -> None:
    """From the first activity to the last, rounded down."""
    assert seconds == Session("id", started_at=1000, ended_at=ended_at, open=False).duration_seconds


@pytest.mark.parametrize(
    ("referrer", "entry_page", "expected"),
    [
        ("", "https://shop.example/", ""),
        ("https://www.search.example/?q=1", "https://shop.example/", "search.example"),
        ("https://search.example/", "https://shop.example/?utm_source=news", "news"),
        ("https://www.shop.example/cart", "https://shop.example/", ""),
        ("https://[not-an-address", "https://shop.example/", ""),
        ("android-app://com.example", "", "com.example"),
    ],
)
def test_a_session_comes_from_its_campaign_or_else_from_the_page_before(
    referrer: str, entry_page: str, expected: str
) -> None:
    """Not from a page of the site itself, and from nowhere when it came direct."""
    session = Session("s", 0, 0, True, entry_page=entry_page, referrer=referrer, utm=utm_of(entry_page))
    assert expected == session.source
