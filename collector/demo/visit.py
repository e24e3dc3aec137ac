"""What does somebody do in the made-up shop? A walk from page to page, as long as was planned.

Reads the person; changes what the crowd knows of him.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Any, NamedTuple, TypeVar

from collector.demo.cart import Cart
from collector.demo.goods import REFERRERS, SHOP, SITES, Goods, Place
from collector.demo.people import Browser, Crowd, Person
from collector.demo.session import Walked, follow
from collector.event_id import new_id, pack_uuid, unpack_id
from collector.store.ports.bulk import Happened, Sort
from sessionizer.attributes import attributes_after
from sessionizer.derived import derived_id
from sessionizer.event import Kind, ObjectRef
from sessionizer.session import GAP_MS, Session

MAX_GIVEN = 40
LOOK_MS, DWELL_MS, MAX_DWELL_MS = 1_500, 25_000, 80_000
DWELLS_MS = tuple(LOOK_MS + min(int(-DWELL_MS * log(1 - n / 512)), MAX_DWELL_MS) for n in range(512))
"""On one page: an exponential distribution by its quantiles."""

AT_ONCE_MS = 35
MAX_VISIT_MS = MAX_GIVEN * (LOOK_MS + MAX_DWELL_MS + AT_ONCE_MS)
CAMPAIGN_SHARE = 0.3
MINUTE_MS = 60_000

NEXT = {
    "home": "category category category product product product search story".split(),
    "category": "product product product product category category home search".split(),
    "product": "product product product category category cart cart search wishlist home".split(),
    "search": "product product product search category".split(),
    "story": "story story story product product home".split(),
    "cart": "checkout checkout checkout product category".split(),
    "checkout": "home product".split(),
    "wishlist": "product product cart".split(),
    "blog": "article".split(),
    "article": "article article blog".split(),
}
"""Where one goes from where; more often where it stands more often."""

MERGED: Kind = ("contact", "merged")
CONFIRMED = Sort("api", "api", 0, "contact", "identified")
JOINED = {site: Sort("identity", "derived", site, *MERGED) for site in SITES}

T = TypeVar("T")


class Claim(NamedTuple):
    """What an event says of its person."""

    identifiers: dict[str, str] | None = None
    attributes: dict[str, Any] | None = None


NO_CLAIM = Claim()


class Visited(NamedTuple):
    """What a visit left: its events, the session, and whose that is."""

    events: list[Happened]
    contact: int
    session: Session


class Walk:
    """One visit under way. `visit` does all of it."""

    _goods: Goods
    _cart: Cart
    _place: Place
    _last: Happened

    def __init__(self, chance: random.Random, crowd: Crowd, person: Person, browser: Browser) -> None:
        self._chance, self._crowd, self._person, self._browser = chance, crowd, person, browser
        self._random, self._bits = chance.random, chance.getrandbits
        self._at = self._left = self._lag = self._pages = 0
        self._seq = browser.seq
        self._events: list[Happened] = []
        self._referrer = ""
        self._is_shy = not person.email or browser.named

    def visit(self, goods: Goods, start: int, size: int) -> Visited:
        """Walk from `start` (ms UTC) on. size: how many events, with the two that follow from it; at least 3."""
        self._goods, self._at, self._left = goods, start, size - 2
        self._cart = Cart(goods.address("cart"))
        self._lag = 90 + int(self._random() * 1_500)
        contact = self._browser.owner
        step = self._enter()
        while self._left:
            if not self._is_shy and self._left > 3 and len(self._events) > 2:
                self._log_in()
            else:
                step = self._pick(NEXT[step])
                step = STEPS[step](self) or step
        return self._end(contact)

    def _enter(self) -> str:
        """The first page: of the shop one that search engines and campaigns name, or its blog."""
        is_shop = self._person.site == SHOP
        place = self._pick(self._goods.entries if is_shop else self._goods.articles)
        if self._random() < CAMPAIGN_SHARE:
            place = self._pick(place.entries)
            self._referrer = place.page.referrer
        else:
            self._referrer = self._pick(REFERRERS)
        self._show(place)
        return "home" if is_shop else "blog"

    def _end(self, began_as: int) -> Visited:
        """What follows from it."""
        first, last, contact = self._events[0], self._last, self._browser.owner
        walked = Walked(first, last, self._browser.seq - self._seq, self._pages, began_as, contact)
        session, *said = follow(walked, self._browser)
        self._crowd.seen(contact, first.at, last.at)
        if began_as != contact:
            self._crowd.seen(began_as, first.at, first.at)
        self._person.free_at = last.at + GAP_MS + MINUTE_MS
        return Visited([*self._events, *said], contact, session)

    # The pages

    def _home(self) -> None:
        self._show(self._goods.plain[""])

    def _category(self) -> None:
        category = self._pick(self._goods.categories)
        self._show(category.place)
        self._tell("category_viewed", category.properties)

    def _product(self) -> None:
        product = self._pick(self._goods.products)
        self._show(product.place)
        self._tell("product_viewed", product.properties, product.ref)
        chosen = self._random()
        if chosen < 0.15:
            self._cart.put(product, self._chance)
            self._tell("cart_updated", self._cart.worth(), self._cart.ref)
        elif chosen < 0.2:
            self._tell("wishlist_product_added", product.properties, product.ref)
        elif chosen < 0.23:
            self._tell("size_guide_opened", {"product_id": product.id})

    def _search(self) -> None:
        search = self._pick(self._goods.searches)
        self._show(search.place)
        self._tell("product_searched", search.properties)

    def _story(self) -> None:
        chapter = self._pick(self._goods.chapters)
        self._show(chapter.place)
        self._tell("chapter_read", chapter.properties)

    def _wishlist(self) -> None:
        self._show(self._goods.plain["wishlist"])

    def _cart_page(self) -> str | None:
        if not self._cart:
            return self._instead()
        self._show(self._goods.plain["cart"])
        if self._random() < 0.1:
            self._tell("cart_deleted", self._cart.worth(), self._cart.ref)
            self._cart.clear()
        return None

    def _checkout(self) -> str | None:
        """To the end, unless the visit ends before."""
        if not self._cart:
            return self._instead()
        worth = self._cart.priced()
        self._tell("checkout_started", worth, self._cart.ref)
        self._show(self._goods.plain["checkout"])
        if not self._is_shy and self._left > 2:
            self._say_who()
        self._wait()
        self._tell("payment_info_added", {**worth, "payment_method": "card"}, self._cart.ref)
        self._wait()
        self._order(worth)
        return None

    def _order(self, worth: dict[str, Any]) -> None:
        about = self._cart.order_ref
        order = {"id": about.id, **worth, "payment_method": "card"}
        self._tell("order_created", {**order, "status": "created"}, about)
        self._tell("order_completed", {**order, "status": "completed"}, about)
        self._cart.clear()

    def _blog(self) -> None:
        self._show(self._goods.blog)

    def _article(self) -> None:
        article = self._pick(self._goods.articles)
        self._show(article)
        self._tell("article_read", {"share": self._pick((0.25, 0.5, 0.75, 1.0))})
        if self._random() < 0.2:
            self._tell("link_clicked", {"url": self._goods.address(""), "text": "Bottega del Sentiero"})

    def _instead(self) -> str:
        self._product()
        return "product"

    # Who it is

    def _log_in(self) -> None:
        self._show(self._goods.plain["login"] if self._person.site == SHOP else self._goods.blog)
        self._wait()
        self._say_who()
        form = "login" if self._person.site == SHOP else "newsletter"
        self._tell("form_submitted", {"form": form, "fields": ["email", "first_name"]})

    def _say_who(self) -> None:
        """By the browser, and half of them once more by the shop's server, which is to be trusted."""
        person, browser, row = self._person, self._browser, self._crowd.rows[self._person.contact]
        absorbed, browser.owner, browser.named = browser.owner, person.contact, True
        self._is_shy = True
        claimed = {"FIRSTNAME": person.first_name, "LASTNAME": person.last_name}
        self._tell("identified", claim=Claim({"email_id": person.email}, claimed))
        said = self._last
        self._crowd.epochs.append((browser.number, said.at, person.contact))
        self._crowd.name(person, said.at)
        row.known = attributes_after(*row.known, claimed, mode="guarded")
        if absorbed != person.contact:
            self._join(absorbed, said)
        elif person.confirmed and self._left:
            self._confirm(said)

    def _join(self, absorbed: int, said: Happened) -> None:
        """The browser's contact was another one until now: both are one, and the worker says so."""
        self._crowd.links.append((absorbed, self._person.contact, said.at, said.id))
        cause = unpack_id(said.id)
        id = pack_uuid(derived_id("identity", MERGED, cause, said.at))
        merged = Happened(
            said.received_at + 10, said.at, id, JOINED[self._person.site], self._browser.number, self._person.contact,
            properties={"absorbed_id": absorbed}, causes=(cause,), depth=1,
        )  # fmt: skip
        self._events.append(merged)
        self._left -= 1

    def _confirm(self, said: Happened) -> None:
        person, row = self._person, self._crowd.rows[self._person.contact]
        claimed = {"FIRSTNAME": person.first_name, "LASTNAME": person.last_name, "CITY": person.city}
        row.known = attributes_after(*row.known, claimed, mode="")
        self._crowd.confirm(person)
        at = said.at + 20
        id = new_id(at, self._bits(80))
        confirmed = Happened(
            at + self._lag + 40, at, id, CONFIRMED, contact=person.contact,
            identifiers={"email_id": person.email}, attributes=claimed,
        )  # fmt: skip
        self._events.append(confirmed)
        self._left -= 1

    # The events

    def _pick(self, some: Sequence[T]) -> T:
        """One of them: `random.choice` takes three times as long."""
        return some[int(self._random() * len(some))]

    def _show(self, place: Place) -> None:
        """The next page, after a while on the one before."""
        if self._events:
            self._wait()
            self._referrer = self._place.page.url
        self._place = place
        self._pages += bool(self._left)
        self._tell("page_visited")

    def _wait(self) -> None:
        """Most look on soon, some later, nobody after a minute and a half."""
        self._at += self._pick(DWELLS_MS)

    def _tell(
        self,
        key: str,
        properties: dict[str, Any] | None = None,
        about: ObjectRef | None = None,
        claim: Claim = NO_CLAIM,
    ) -> None:
        """An event of this page, unless the visit is over."""
        if not self._left:
            return
        at, browser = self._at, self._browser
        browser.seq += 1
        self._last = Happened(
            at + self._lag, at, new_id(at, self._bits(80)), self._place.sorts[key], browser.number,
            browser.owner, browser.agent[0], browser.ip, browser.seq, self._referrer, properties, claim.identifiers,
            about, (), 0, claim.attributes,
        )  # fmt: skip
        self._events.append(self._last)
        self._left -= 1
        self._at = at + AT_ONCE_MS


STEPS: Mapping[str, Callable[[Walk], str | None]] = {
    "home": Walk._home,
    "category": Walk._category,
    "product": Walk._product,
    "search": Walk._search,
    "story": Walk._story,
    "wishlist": Walk._wishlist,
    "cart": Walk._cart_page,
    "checkout": Walk._checkout,
    "blog": Walk._blog,
    "article": Walk._article,
}
