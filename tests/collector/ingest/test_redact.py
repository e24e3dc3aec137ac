"""What of an event's page is never stored? Secrets and mail addresses in its addresses, as they pass the door.

Source: SECURITY 3.
"""

import time

import pytest

from tests.collector.ingest.sending import Deployment, event

SHOP = "https://shop.example"

STORED = (
    ("/", "/"),
    ("/shoes?color=red&size=42#top", "/shoes?color=red&size=42#top"),
    ("/?utm_source=news&utm_medium=e-mail&gclid=abc", "/?utm_source=news&utm_medium=e-mail&gclid=abc"),
    ("/?token=s3cret", "/?token=redacted"),
    ("/?a=1&access_token=s3cret&b=2", "/?a=1&access_token=redacted&b=2"),
    ("/?TOKEN=s3cret", "/?TOKEN=redacted"),
    ("/?resetToken=s3cret;x=1", "/?resetToken=redacted;x=1"),
    ("/?password=s3cret&next=/a", "/?password=redacted&next=/a"),
    ("/?api_key=s3cret&apikey=s3cret&api-key=s3cret", "/?api_key=redacted&apikey=redacted&api-key=redacted"),
    ("/?client_secret=s3cret&jwt=s3cret&otp=123", "/?client_secret=redacted&jwt=redacted&otp=redacted"),
    ("/?X-Amz-Signature=s3cret&sig=s3cret", "/?X-Amz-Signature=redacted&sig=redacted"),
    ("/?sessionid=s3cret&PHPSESSID=s3cret&sid=s3cret", "/?sessionid=redacted&PHPSESSID=redacted&sid=redacted"),
    ("/?key=s3cret&auth=s3cret&pass=s3cret", "/?key=redacted&auth=redacted&pass=redacted"),
    ("/?token[]=s3cret&token[]=s3cret", "/?token[]=redacted&token[]=redacted"),
    ("/#access_token=s3cret&state=x", "/#access_token=redacted&state=x"),
    ("/a;jsessionid=s3cret", "/a;jsessionid=redacted"),
    ("/?monkey=1&design=2&shipping=3&compass=4", "/?monkey=1&design=2&shipping=3&compass=4"),
    ("/?email=anna@shop.it&x=1", "/?email=redacted&x=1"),
    ("/?email=anna%40shop.it", "/?email=redacted"),
    ("/?email=anna%2540shop.it", "/?email=redacted"),
    ("/u/anna@shop.it/orders", "/u/redacted/orders"),
    ("/#mail=anna@shop.it", "/#mail=redacted"),
    ("/@anna/posts", "/@anna/posts"),
    ("/npm/htmx@2.0.4/dist", "/npm/htmx@2.0.4/dist"),
    ("/?next=/login?token=s3cret", "/?next=/login?token=redacted"),
)


@pytest.mark.parametrize(("sent", "stored"), STORED, ids=ascii)
def test_secrets_and_mail_addresses_are_not_stored(deployment: Deployment, sent: str, stored: str) -> None:
    """Of the page and of where its visitor came from; what is no secret stays as it is."""
    entry = deployment.entry(page={"url": SHOP + sent, "referrer": "https://search.example" + sent})
    assert entry.page is not None
    assert (SHOP + stored, "https://search.example" + stored) == (entry.page.url, entry.page.referrer)


@pytest.mark.parametrize("userinfo", ["anna:s3cret@", "anna@", "anna%40shop.it:s3cret@", "a:b@c:d@"])
def test_names_and_passwords_before_the_host_are_not_stored(deployment: Deployment, userinfo: str) -> None:
    """The rest of the address is."""
    entry = deployment.entry(page={"url": f"https://{userinfo}shop.example/a?b=c"})
    assert entry.page is not None
    assert "https://shop.example/a?b=c" == entry.page.url


ADDRESSES = (
    *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//shop.example/", "/shoes", "shop.example"),
    *("https://", "https://shop.example/\u202e", "https://shop.example/\n", "android-app://com.example", "x"),
)


@pytest.mark.parametrize("url", ADDRESSES, ids=ascii)
def test_what_is_no_web_address_is_left_out(deployment: Deployment, url: str) -> None:
    """The event is taken without its page: nobody will ever click on such a thing."""
    sent = event(page={"url": url, "title": "T"})
    said = deployment.send(sent)
    assert ["events[0].page.url"] == [one["path"] for one in said["warnings"]]
    assert deployment.logged(sent["id"])[0].page is None


def test_a_page_without_an_address_is_none(deployment: Deployment) -> None:
    """A title alone says nothing of where it was."""
    assert deployment.entry(page={"title": "Shoes"}).page is None
    assert deployment.entry(page={}).page is None


HOSTILE = {
    "one long name": "/?" + "a" * 8_000 + "=1",
    "many names": "/?" + "a=1&" * 2_000,
    "a secret's name without a value": "/?" + "token" * 1_600,
    "names that begin like a secret": "/?" + "?sec" * 2_000 + "=",
    "signs of a mail address": "/?a=" + "@" * 8_000,
    "escaped signs": "/?a=" + "%2540" * 1_600,
    "half escaped signs": "/?a=@" + "%25" * 2_600,
    "nested names": "/?" + "a[" * 4_000,
    "escaped nested names": "/?" + "a%5b" * 2_000,
    "dots": "/?a=x@" + "." * 8_000,
}


@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_costs_no_more_than_its_length(deployment: Deployment, path: str) -> None:
    """60 of 8 KB in one batch: a pattern that goes back and forth would take minutes."""
    began = time.monotonic()
    page = {"url": (SHOP + path)[:8_192]}
    assert 60 == deployment.send(*(event(page=page) for _ in range(60)))["accepted"]
    assert time.monotonic() - began < 3
