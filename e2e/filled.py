"""What does a deployment look like that has been in use for some days? Two sites, a few people, all kinds of events.

Anna     comes by a campaign, logs in, buys; later on her telephone, where she logs in again: two browsers, joined
Bruno    asks for news; the mail about it comes back
Chiara   looks around, and is never known
Dario    was twice there, as it seemed: what his telephone kept for itself in between comes when both visits are over
a robot  reads a page
a shop   reports orders and letters, from its server
others   send what is refused
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from e2e.world import World
from tests.killed.process import API_KEY, WRITE_KEY
from tests.killed.wait import until

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
    " Mobile/15E148 Safari/604.1"
)
PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"  # noqa: E501
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

SHOP, BLOG = "https://shop.example", "https://blog.example"
ANNA = {"email_id": "anna.bianchi@shop.example", "ext_id": "42"}
BRUNO = {"email_id": "bruno@shop.example"}
ABOUT_ANNA = {"FIRSTNAME": "Anna", "LASTNAME": "Bianchi", "CITY": "Belluno", "NEWSLETTER": True, "POINTS": 240}
BOOTS = {"id": "boots-1", "name": "Cengia boots", "price": 129, "quantity": 1}
FLASK = {"id": "flask-1", "name": "Sorgente flask", "price": 24.5, "quantity": 2}
CART = {"total": 178, "currency": "EUR", "items": [BOOTS, FLASK], "url": f"{SHOP}/cart"}
LETTER = {"message_id": "m-1", "campaign_id": "winter", "subject": "Winter is here"}
LAST = "the-last-of-filled"

Event = Mapping[str, Any]


class Filled(NamedTuple):
    """Names of what is there, for addresses. event: one with page, properties, contact. anna, dario: their contacts.

    segment: one that Anna is in. delivery: of the message 1 to Anna, which failed: there is no way to send. The block
    `foot` stands in it.

    session: of Dario's, which took the place of another. superseded: the beginning of that one.
    """

    event: str
    anna: int
    blog_key: str
    dario: int
    session: str
    superseded: str
    segment: int
    delivery: str


def filled(world: World) -> Filled:
    """Fill the deployment, and wait until the worker has taken everything."""
    blog = create_site(world, "Blog", [BLOG])
    anna = Browser(world, DESKTOP)
    _anna(anna, Browser(world, IPHONE))
    _bruno(Browser(world, FIREFOX))
    _chiara(Browser(world, PIXEL), Browser(world, PIXEL, key=blog, origin=BLOG))
    Browser(world, ROBOT).send(page(30, "/robots-welcome", "Robots, welcome"))
    dario, stands, gone = _dario(world, Browser(world, PIXEL))
    _refused(world, blog)
    _server(world)
    until(lambda: any(found["id"] == LAST for found in world.events(key="order_completed")), 20)
    (contact,) = world.get("/api/contacts", q=ANNA["email_id"])["contacts"]
    (cart,) = [found for found in world.events(key="cart_updated") if found["contact_id"] == contact["id"]]
    return Filled(cart["id"], contact["id"], blog, dario, stands, gone, _segment(world), _message(world))


class Browser:
    """One that has been to a site: keeps the visitor's token, as the tracker does."""

    def __init__(self, world: World, agent: str, *, key: str = WRITE_KEY, origin: str = SHOP) -> None:
        self._world, self._agent, self._key, self._origin = world, agent, key, origin
        self._token: str | None = None

    def send(self, *events: Event) -> Mapping[str, Any]:
        """One batch; returns the answer."""
        envelope = {"write_key": self._key, "sent_at": ago(0), "nonce": str(uuid.uuid4()), "events": events}
        if self._token:
            envelope["visitor"] = self._token
        headers = {"user_agent": self._agent, "origin": self._origin}
        answer = self._world.deployment.post(json.dumps(envelope).encode(), **headers)
        found: Mapping[str, Any] = answer.json()
        self._token = found.get("visitor") or self._token
        return found


def send(world: World, *events: Event) -> None:
    """As the shop's server."""
    post(world, "/api/events", {"events": events}, 202)


def create_site(world: World, name: str, origins: Sequence[str]) -> str:
    """A site; returns its write key."""
    created: dict[str, Any] = post(world, "/api/sites", {"name": name, "origins": origins}, 201)
    return str(created["write_keys"][0])


def event(minutes: float, key: str, **fields: Any) -> Event:
    """One that happened so many minutes ago."""
    return {"id": str(uuid.uuid4()), "key": key, "occurred_at": ago(minutes), **fields}


def page(minutes: float, path: str, title: str, *, referrer: str = "", origin: str = SHOP, **fields: Any) -> Event:
    """A page that was seen so many minutes ago."""
    return event(minutes, "page_visited", page={"url": origin + path, "title": title, "referrer": referrer}, **fields)


def ago(minutes: float) -> str:
    """That instant, as it is sent."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


HOUR, DAY = 60, 24 * 60


def _anna(desktop: Browser, telephone: Browser) -> None:
    first, then = 3 * DAY, 2 * HOUR
    campaign = "/?utm_source=newsletter&utm_medium=email&utm_campaign=winter"
    shoes = {"page": {"url": f"{SHOP}/boots", "title": "Cengia boots"}}
    desktop.send(
        page(first, campaign, "Dolomite Outfitters", referrer="https://mail.example/"),
        page(first - 1, "/boots", "Cengia boots", referrer=f"{SHOP}/"),
        event(first - 2, "product_viewed", properties={"product_id": "boots-1", "price": 129}, **shoes),
        event(first - 3, "identified", category="contact", identifiers=ANNA, contact_properties=ABOUT_ANNA, **shoes),
    )
    telephone.send(page(DAY, "/", "Dolomite Outfitters", referrer="https://www.google.com/"))
    telephone.send(event(DAY - 1, "identified", category="contact", identifiers={"email_id": ANNA["email_id"]}))
    cart = {"object": {"type": "cart", "id": "c-1"}, "page": {"url": f"{SHOP}/cart", "title": "Your cart"}}
    desktop.send(
        page(then, "/cart", "Your cart", referrer=f"{SHOP}/boots"),
        event(then - 1, "cart_updated", properties=CART, **cart),
        event(then - 2, "checkout_started", properties=CART, **cart),
    )


def _bruno(browser: Browser) -> None:
    news = {"url": f"{SHOP}/news", "title": "News from the mountains"}
    browser.send(
        page(5 * HOUR, "/news", "News from the mountains", referrer="https://duckduckgo.com/"),
        event(5 * HOUR - 2, "form_submitted", page=news, properties={"form": "newsletter", "fields": ["mail"]}),
        event(
            5 * HOUR - 3, "identified", category="contact", identifiers=BRUNO, contact_properties={"FIRSTNAME": "Bruno"}
        ),
        event(5 * HOUR - 4, "brochure_asked", page=news, properties={"brochure": "winter", "pages": 12}),
    )


def _chiara(in_shop: Browser, on_blog: Browser) -> None:
    in_shop.send(
        page(40, "/", "Dolomite Outfitters", referrer="https://www.google.com/"),
        page(38, "/lantern", "Lucciola lantern", referrer=f"{SHOP}/"),
        event(37, "wishlist_product_added", properties={"product_id": "lantern-1", "name": "Lucciola lantern"}),
        event(36, "product_searched", properties={"query": "headlamp", "results": 0}),
    )
    on_blog.send(
        page(20, "/a-night-in-a-hut", "A night in a hut", origin=BLOG),
        page(12, "/what-to-pack-for-a-long-walk", "What to pack for a long walk in late autumn", origin=BLOG),
    )


def _dario(world: World, browser: Browser) -> tuple[int, str, str]:
    """His contact, the session that stands, and the one that it took the place of."""
    who, first = {"email_id": "dario@shop.example"}, 6 * HOUR
    browser.send(
        page(first, "/poles", "Rupe poles", referrer="https://www.bing.com/"),
        event(first - 1, "identified", category="contact", identifiers=who, contact_properties={"FIRSTNAME": "Dario"}),
        page(first - 8, "/boots", "Cengia boots", referrer=f"{SHOP}/poles"),
        page(first - 50, "/hut", "A night in a hut"),
    )
    until(lambda: len(_sessions(world, who)) == 2, 20)
    gone, stands = _sessions(world, who)
    wish = event(first - 30, "wishlist_product_added", properties={"product_id": "tent-1", "name": "A tent"})
    browser.send(page(first - 29, "/tents", "Tents for two"), wish)
    until(lambda: len(_sessions(world, who)) == 1, 20)
    sold = {"total": 80, "currency": "EUR"}
    send(world, event(30 * DAY, "order_created", identifiers=who, properties=sold, historical=True))
    return stands["contact_id"], stands["id"], gone["id"]


def _sessions(world: World, who: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
    """Those of the person whom an identifier names, the newest first; none while nobody is."""
    found = world.get("/api/contacts", **who)["contacts"]
    sessions: list[Mapping[str, Any]] = world.get("/api/sessions", contact=found[0]["id"])["sessions"] if found else []
    return sessions


def _refused(world: World, blog_key: str) -> None:
    Browser(world, FIREFOX).send(
        event(9, "not a key"),
        event(8, "page_visit", category="website"),
        event(8, "Opened", category="marketing_email"),
        {**event(7, "page_visited"), "occurred_at": "yesterday"},
        event(30 * DAY, "page_visited"),
        event(6, "wished", properties={"price": 2**70}),
    )
    Browser(world, FIREFOX, key="wk_of_another_deployment").send(page(5, "/", "Home"))
    Browser(world, FIREFOX, key=blog_key, origin="https://copy.example").send(page(5, "/", "Home", origin=BLOG))


def _server(world: World) -> None:
    mail = {"category": "marketing_email", "identifiers": {"email_id": ANNA["email_id"]}, "properties": LETTER}
    failed = {**mail, "identifiers": BRUNO, "properties": {**LETTER, "code": "550", "reason": "no such mailbox"}}
    order = {"object": {"type": "order", "id": "1001"}, "identifiers": ANNA, "properties": {**CART, "status": "paid"}}
    send(
        world,
        event(4 * DAY, "Sent", **mail),
        event(4 * DAY - 1, "Delivered", **mail),
        event(3 * DAY + 5, "Opened", **mail),
        event(3 * DAY + 4, "Clicked", **{**mail, "properties": {**LETTER, "url": f"{SHOP}/boots"}}),
        event(4 * DAY, "Hard Bounce", **failed),
        event(90, "order_created", **order),
        {**event(85, "order_completed", **order), "id": LAST},
    )


def _segment(world: World) -> int:
    cart = {"category": "ecommerce", "key": "cart_updated", "window": {"last": {"n": 30, "unit": "days"}}}
    dear = {"path": "items[].price", "test": {"op": "more", "value": 100}}
    lives = {"type": "attribute", "name": "CITY", "test": {"op": "in", "value": ["Belluno", "Feltre"]}}
    away = {"type": "not", "of": {"type": "event", "category": "marketing_email", "key": "Unsubscribed"}}
    where = {"type": "all", "of": [{"type": "event", **cart, "where": [dear]}, {"type": "any", "of": [lives, away]}]}
    made: dict[str, Any] = post(world, "/api/segments", {"name": "Dear things in the cart", "where": where}, 201)
    return int(made["id"])


def _message(world: World) -> str:
    _asked(world, "PUT", "/api/messages/blocks/foot", {"body": "<p>Yours, the shop</p>"}, 200)
    each = "{% for item in event.items %}<p>{{ item.name }}</p>{% endfor %}"
    written = {
        "name": "Your cart",
        "subject": "{{ contact.FIRSTNAME }}, your cart",
        "html": f"<h1>Hi {{{{ contact.FIRSTNAME }}}}</h1>{each}{{% include 'foot' %}}",
        "event": {"category": "ecommerce", "key": "cart_updated"},
    }
    post(world, "/api/messages", written)
    (contact,) = world.get("/api/contacts", q=ANNA["email_id"])["contacts"]
    (id,) = post(world, "/api/messages/1/send", {"contact": contact["id"]}, 202)["deliveries"]
    until(lambda: world.get("/api/messages/outbox", state="failed")["deliveries"], 20)
    return str(id)


def post(world: World, path: str, body: Any, status: int = 201) -> Any:
    """What the API answers."""
    return _asked(world, "POST", path, body, status)


def change(world: World, path: str, body: Any) -> Any:
    """What the API answers to a PATCH."""
    return _asked(world, "PATCH", path, body, 200)


def _asked(world: World, method: str, path: str, body: Any, status: int) -> Any:
    answer = world.deployment.request(
        method, path, json.dumps(body).encode(), api_key=API_KEY, content_type="application/json"
    )
    assert status == answer.status, answer.body
    return answer.json() if answer.body else None
