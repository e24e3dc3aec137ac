"""Origins: written as browsers write them, compared exactly, never guessed."""

import pytest

from collector.access.origins import MAX_CHARACTERS, normalise, permits

SHOP = "https://shop.example"


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://shop.example", SHOP),
        ("HTTPS://Shop.Example", SHOP),
        (" https://shop.example/ ", SHOP),
        ("https://shop.example:443", SHOP),
        ("https://shop.example:80", "https://shop.example:80"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("http://shop.example:0080", "http://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://[::80]", "http://[::80]"),
        ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
        ("https://[2001:DB8::A]", "https://[2001:db8::a]"),
        ("https://my_shop.xn--caff-8oa.example", "https://my_shop.xn--caff-8oa.example"),
        ("https://shop.example.", "https://shop.example."),
    ],
)
def test_an_origin_is_written_as_browsers_do(written: str, origin: str) -> None:
    """Lower case, no default port, no slash, IPv6 in its short form; once normalised it stays as it is."""
    assert origin == normalise(written)
    assert origin == normalise(origin)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "*",
        "shop.example",
        "//shop.example",
        "ftp://shop.example",
        "file:///",
        "chrome-extension://abcdef",
        "https://",
        "https://shop.example/path",
        "https://shop.example//",
        "https://shop.example?q",
        "https://shop.example#f",
        "https://user:pw@shop.example",
        "https://*.shop.example",
        "https://shop..example",
        "https://.example",
        "https://shop.example:",
        "https://shop.example:65536",
        "https://shop.example:-1",
        "https://shop.example:http",
        "https://[::1",
        "https://[:::]",
        "https://[1.2.3.4]",
        "https://::1",
        "https://shop.example https://evil.example",
        "https://shop.example,https://evil.example",
        "https://shop.example\nhttps://evil.example",
        "https://shop.example\0",
        "https://città.example",
        "https://\ud800",
    ],
)
def test_what_is_no_web_origin_is_none(text: str) -> None:
    """Neither as a setting nor in a header: it is not repaired, and a site that takes any origin refuses it."""
    assert normalise(text) is None
    assert not permits((), text) or text == ""


def test_a_long_text_is_not_looked_at() -> None:
    """Up to 300 characters, which are included."""
    longest = "https://" + "a" * (MAX_CHARACTERS - len("https://"))
    assert longest == normalise(longest)
    assert normalise(longest + "a") is None


@pytest.mark.parametrize(
    ("origin", "permitted"),
    [
        ("https://shop.example", True),
        ("https://shop.example:443", True),
        ("http://shop.example", False),
        ("https://shop.example:8443", False),
        ("https://www.shop.example", False),
        ("https://example", False),
        ("https://shop.example.evil.example", False),
        ("https://evilshop.example", False),
        ("https://shop.example.", False),
        ("https://shop-example", False),
        ("null", False),
    ],
)
def test_an_origin_is_compared_whole(origin: str, permitted: bool) -> None:
    """Another scheme, port, subdomain, prefix or suffix is another origin."""
    assert permitted == permits((SHOP, "http://[::1]:3000"), origin)


def test_a_site_without_origins_takes_every_web_page() -> None:
    """Any http(s) origin; never `null`, which is anybody's file or sandbox."""
    assert [True, True, True] == [permits((), origin) for origin in (SHOP, "http://10.0.0.1:8", "http://[::1]")]
    assert [False, False] == [permits((), origin) for origin in ("null", "app://obsidian.md")]


def test_who_sends_no_origin_is_no_page() -> None:
    """Servers send no such header: the write key alone decides."""
    assert [True, True] == [permits(origins, "") for origins in ((), (SHOP,))]
