"""What is taken out of addresses, URLs and samples before anything is stored, and what must stay readable."""

import json
import time

import pytest

from collector.privacy.redact import redact_sample, redact_url, truncate_ip

SHOP = "https://shop.example"


@pytest.mark.parametrize(
    "name",
    "token TOKEN access_token id_token csrf-token x.token auth authorization key api_key apikey API-KEY secret "
    "client_secret password passwd pwd pass reset_password jwt otp sid sessid PHPSESSID session_id sessionId signature "
    "X-Amz-Signature X-Amz-Credential credentials sig pin token[] token%5B%5D user[password] user%5Bpassword%5D "
    "a[b][token] user[tokens][token][]".split(),
)
@pytest.mark.parametrize("before", ["/?", "/p?a=1&", "/p?a=1;", "/#", "/?a=1#b=2&", "/?next=x%3F", "/?a=x%26"])
def test_the_value_of_a_secret_name_goes(name: str, before: str) -> None:
    """Wherever a name stands in query or fragment; name, place and neighbours stay."""
    url = f"{SHOP}{before}{name}=s3cr%2Bet/~!*'()+&z=last"
    assert f"{SHOP}{before}{name}=redacted&z=last" == redact_url(url)


@pytest.mark.parametrize(
    "url",
    [
        SHOP,
        f"{SHOP}/",
        f"{SHOP}/token/secret?",
        f"{SHOP}/shoes?utm_source=news&size=42&q=red+shoes#reviews",
        f"{SHOP}/?monkey=1&keyword=k&author=x&passage=2&design=3&pinned=4&sidebar=5&keys=6&tokens=7&authors=8",
        f"{SHOP}/?token=",
        f"{SHOP}/?filter[colour]=red&ids[]=1&100%25=x",
        f"{SHOP}/@anna/posts",
        f"{SHOP}/npm/htmx@2.0.4/dist",
        f"{SHOP}/maps/@45.07,7.68,15z",
        f"{SHOP}/?q=a@b",
    ],
)
def test_what_is_no_secret_stays(url: str) -> None:
    """A page must be told from another: similar names, versions, handles and places are left alone."""
    assert url == redact_url(url)


@pytest.mark.parametrize("at", ["@", "%40", "%2540", "%252540"])
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/?email=anna{}shop.it", "/?email=redacted"),
        ("/?q=1&to=anna.b+x{}mail.shop.co.uk&n=2", "/?q=1&to=redacted&n=2"),
        ("/unsubscribe/anna{}shop.it", "/unsubscribe/redacted"),
        ("/u/anna{}shop.it/orders?x=1", "/u/redacted/orders?x=1"),
        ("/#anna{}shop.it", "/#redacted"),
        ("/?to=anna{0}shop.it,bob{0}shop.it;eve{0}shop.it", "/?to=redacted,redacted;redacted"),
        ("/?next=https%3A%2F%2Fa.example%2F%3Femail%3Danna{}shop.it", "/?next=redacted"),
        ("/?anna{}shop.it", "/?redacted"),
    ],
)
def test_mail_addresses_go(written: str, kept: str, at: str) -> None:
    """In query, path and fragment, also escaped once or several times."""
    assert SHOP + kept == redact_url(SHOP + written.format(at))


@pytest.mark.parametrize("userinfo", ["anna", "anna:pw", "anna:p@ss", "anna%40shop.it:pw", ":", "a:b:c"])
def test_userinfo_goes(userinfo: str) -> None:
    """Name and password before the host; an @ behind the host is none of them."""
    assert f"{SHOP}/x?y=1" == redact_url(f"https://{userinfo}@shop.example/x?y=1")
    assert "http://shop.example:8080" == redact_url(f"http://{userinfo}@shop.example:8080")
    assert f"{SHOP}/@a" == redact_url(f"{SHOP}/@a")


def test_an_address_inside_of_an_address_gives_its_secret() -> None:
    """Logins send people back: what is escaped behind the secret's name goes with it."""
    inner = "https%3A%2F%2Fshop.example%2F%3Ftoken%3Dabc%26x%3D1"
    assert f"{SHOP}/?next=https%3A%2F%2Fshop.example%2F%3Ftoken%3Dredacted&y=2" == redact_url(
        f"{SHOP}/?next={inner}&y=2"
    )
    assert f"{SHOP}/?r=%253Ftoken%253Dredacted" == redact_url(f"{SHOP}/?r=%253Ftoken%253Dabc")


def test_twice_is_the_same_as_once() -> None:
    """What was redacted is left as it is."""
    once = redact_url("https://a:b@shop.example/u/anna@shop.it?token=abc&next=%3Fkey%3Dx#sid=1")
    assert "https://shop.example/u/redacted?token=redacted&next=%3Fkey%3Dredacted#sid=redacted" == once
    assert once == redact_url(once)


@pytest.mark.parametrize(
    ("member", "kept"),
    [
        ('"password":"abc"', '"password":"redacted"'),
        ('"password" : "a\\"b"', '"password" :"redacted"'),
        ('"api_key":12345', '"api_key":"redacted"'),
        ('"token":["a","b"]', '"token":"redacted"'),
        ('"credentials":{"user":"x","n":[1,{"a":"}"}]}', '"credentials":"redacted"'),
        ('"otp":-1.5e3', '"otp":"redacted"'),
        ('"jwt":null', '"jwt":"redacted"'),
    ],
)
def test_a_secret_member_of_a_sample_goes(member: str, kept: str) -> None:
    """Whatever its value is, and the rest stays as it was."""
    assert f'{{"a":1,{kept},"z":"last"}}' == redact_sample(f'{{"a":1,{member},"z":"last"}}')


def test_a_sample_keeps_what_it_is_kept_for() -> None:
    """The event's `key`, ids, names and numbers: people look for their mistake there."""
    sample = json.dumps({"id": "e1", "key": "page_visted", "occurred_at": "yesterday", "properties": {"monkey": 1}})
    assert sample == redact_sample(sample)


@pytest.mark.parametrize(
    "cut", ['{"password":"abc', '{"password":"ab\\', '{"secret":{"a":["b', '{"token":12', '{"pwd":']
)
def test_a_sample_that_was_cut_off_keeps_no_part_of_a_secret(cut: str) -> None:
    """The bound of 4 KiB may fall anywhere."""
    name = cut.split('"')[1]
    assert f'{{"{name}":"redacted"' == redact_sample(cut).rstrip("\\")  # half an escape says nothing


def test_addresses_in_a_sample_are_redacted_too() -> None:
    """As they would be in an event that was taken."""
    sample = '{"page":{"url":"https://a:b@shop.example/u/anna@shop.it?token=abc&q=1"},"note":"see /x?sid=9"}'
    kept = '{"page":{"url":"https://shop.example/u/redacted?token=redacted&q=1"},"note":"see /x?sid=redacted"}'
    assert kept == redact_sample(sample)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("203.0.113.0", "203.0.113.0"),
        ("255.255.255.255", "255.255.255.0"),
        ("0.0.0.1", "0.0.0.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("2001:db8:ffff:ffff::1", "2001:db8:ffff::"),
        ("::1", "::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("::ffff:cb00:714d", "203.0.113.0"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.77:443", ""),
        ("203.0.113", ""),
        ("203.0.113.077", ""),
        ("\ud800", ""),
        ("1" * 10_000, ""),
    ],
)
def test_an_address_loses_its_end(address: str, kept: str) -> None:
    """24 bits of IPv4 are kept, also of one in IPv6's clothes, 48 of IPv6; what is no address is not kept at all."""
    assert kept == truncate_ip(address)


HOSTILE = [
    "?" * 8_000, "?" + "a." * 4_000, "?" + "token" * 1_600, "?" + "a[" * 4_000, "%3f" * 2_700, "%25" * 2_700,
    "?" + "a%5b" * 2_000, "a@" * 4_000, "a@." * 2_700, "https://" * 1_000, '"token":' * 1_000, '"token":[' * 900,
    '"token":"' + "\\" * 8_000, '"' + "token" * 1_600,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:12]}…")
def test_hostile_texts_cost_little(text: str) -> None:
    """8 KiB that were made to be slow take milliseconds: the time is linear, twice the text twice the time."""
    began = time.perf_counter()
    redact_url(f"https://h/{text}"), redact_sample(text)
    assert time.perf_counter() - began < 0.5
