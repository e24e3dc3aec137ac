"""What does the made-up shop sell, on which pages, and from where do its visitors come?

The words of `e2e/site/` (products.js, chapters.js, the pages' titles), so that a history looks like what `--demo`
shows. Reads nothing, writes nothing.
"""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from collector.store.ports.bulk import Sort
from sessionizer.catalogue import is_activity
from sessionizer.event import Kind, ObjectRef, Page

BRAND = "Bottega del Sentiero"
CURRENCY = "EUR"
LANGUAGES = ("it", "en")
SITES = SHOP, BLOG = 1, 2

CATEGORIES = {
    "footwear": ("Ai piedi", "On your feet"),
    "clothing": ("Addosso", "To wear"),
    "carry": ("In cammino", "On the way"),
    "camp": ("Al bivacco", "At camp"),
}
PRODUCTS = (
    ("cengia-boots", "footwear", 18900, "Scarponi Cengia", "Cengia boots"),
    ("bosco-socks", "footwear", 1850, "Calze Bosco", "Bosco socks"),
    ("nebbia-shell", "clothing", 21900, "Guscio Nebbia", "Nebbia shell"),
    ("cima-beanie", "clothing", 2900, "Berretto Cima", "Cima beanie"),
    ("larice-pack", "carry", 12400, "Zaino Larice 28", "Larice 28 backpack"),
    ("rupe-poles", "carry", 7900, "Bastoncini Rupe", "Rupe poles"),
    ("sorgente-flask", "camp", 3490, "Thermos Sorgente", "Sorgente flask"),
    ("lucciola-lantern", "camp", 4200, "Lanterna Lucciola", "Lucciola lantern"),
    ("ghiro-bag", "camp", 15900, "Sacco a pelo Ghiro", "Ghiro sleeping bag"),
)
"""id, category, price in cents, name in Italian and English."""

CHAPTERS = {
    "valley": ("La valle", "The valley"),
    "forest": ("Il bosco", "The forest"),
    "pass": ("La forcella", "The pass"),
    "hut": ("Il rifugio", "The hut"),
}
PLAIN = {
    "": ("Cose buone per andare piano", "Good things for going slowly"),
    "cart": ("Carrello", "Cart"),
    "checkout": ("Cassa", "Checkout"),
    "login": ("Entra", "Log in"),
    "wishlist": ("Desideri", "Wishlist"),
}
SEARCH = ("Ricerca", "Search")
STORY = ("La salita", "The climb")
QUERIES = (
    ("scarponi", 1),
    ("zaino", 2),
    ("lana", 2),
    ("boots", 1),
    ("tenda", 1),
    ("regalo", 0),
    ("flask", 1),
    ("sci", 0),
)
"""What is looked for, and how many products are found."""

ARTICLES = (
    ("resole-your-boots", "Come risuolare gli scarponi"),
    ("three-huts-in-two-days", "Tre rifugi in due giorni"),
    ("what-is-in-the-pack", "Che cosa c’è nello zaino"),
    ("reading-trail-marks", "Leggere i segnavia"),
    ("first-snow", "La prima neve"),
)
BLOG_ORIGIN = "https://blog.bottega.example"

CAMPAIGNS = (
    ("newsletter", "email", "autumn", "https://mail.example/"),
    ("newsletter", "email", "first-snow", "https://mail.example/"),
    ("google", "cpc", "boots", "https://www.google.com/"),
    ("instagram", "social", "the-climb", "https://l.instagram.com/"),
    ("montagna-oggi", "referral", "review", "https://www.montagna-oggi.example/prove/zaini"),
)
"""utm_source, utm_medium, utm_campaign, the page before."""

REFERRERS = (
    "", "", "", "https://www.google.com/", "https://www.google.com/", "https://duckduckgo.com/", "https://www.bing.com/",
    "https://l.facebook.com/", "https://www.montagna-oggi.example/", "https://forum.sentieri.example/t/che-scarponi",
)  # fmt: skip
"""Pages before, of visits without a campaign. "": direct."""

TRACKED: dict[str, Kind] = {
    key: (category, key)
    for category, keys in {
        "website": "page_visited link_clicked",
        "ecommerce": "product_viewed category_viewed product_searched cart_updated cart_deleted checkout_started "
        "payment_info_added order_created order_completed wishlist_product_added",
        "contact": "identified",
        "custom": "form_submitted size_guide_opened chapter_read article_read",
    }.items()
    for key in keys.split()
}


class Place(NamedTuple):
    """A page of a site. sorts: of each event that may happen there. entries: the same page with a campaign's words."""

    page: Page
    sorts: dict[str, Sort]
    entries: tuple["Place", ...] = ()


class Topic(NamedTuple):
    """What a page is about, and what the event says that follows the page view."""

    properties: dict[str, Any]
    place: Place


class Product(NamedTuple):
    """id; what its events say of it; price in cents; its page."""

    id: str
    ref: ObjectRef
    properties: dict[str, Any]
    item: dict[str, Any]
    price: int
    place: Place


class Goods:
    """The shop in one language. Places that visits may begin at have entries."""

    def __init__(self, url: str, language: str) -> None:
        """url: of the collector, without a slash at its end. language: one of LANGUAGES."""
        self._at = f"{url}/demo/"
        self._language = LANGUAGES.index(language)
        self.plain = {name: self._place(name, titles, is_entry=not name) for name, titles in PLAIN.items()}
        self.categories = [self._category(id) for id in CATEGORIES]
        self.chapters = [self._chapter(id) for id in CHAPTERS]
        self.searches = [self._search(query, results) for query, results in QUERIES]
        self.products = [self._product(*row) for row in PRODUCTS]
        self.articles = [_article(*row) for row in ARTICLES]
        self.blog = _placed(Page(f"{BLOG_ORIGIN}/", "Sentieri di carta"), BLOG, is_entry=True)
        about = [topic.place for topic in (*self.categories, self.chapters[0])]
        self.entries = [self.plain[""], self.plain[""], *about, *(product.place for product in self.products)]

    def address(self, name: str, **query: str) -> str:
        """As the shop's own `address.js` makes it."""
        return f"{self._at}{name}{'?' + urlencode(query) if query else ''}"

    def _place(self, name: str, titles: tuple[str, str], *, is_entry: bool = False, **query: str) -> Place:
        return _placed(Page(self.address(name, **query), self._titled(titles)), SHOP, is_entry=is_entry)

    def _titled(self, titles: tuple[str, str]) -> str:
        return f"{titles[self._language]} – {BRAND}"

    def _category(self, id: str) -> Topic:
        words = {"category_id": id, "name": CATEGORIES[id][self._language], "url": self.address("", category=id)}
        return Topic(words, self._place("", PLAIN[""], is_entry=True, category=id))

    def _chapter(self, id: str) -> Topic:
        name = CHAPTERS[id][self._language]
        titles = (f"{name} · {STORY[0]}", f"{name} · {STORY[1]}")
        return Topic({"chapter": id}, self._place(f"story/{id}", titles, is_entry=True))

    def _search(self, query: str, results: int) -> Topic:
        return Topic({"query": query, "results": results}, self._place("search", SEARCH, q=query))

    def _product(self, id: str, category: str, price: int, *names: str) -> Product:
        name = names[self._language]
        about = {
            "name": name, "category": category, "price": price / 100, "currency": CURRENCY,
            "url": self.address("product", id=id), "image": self.address(f"{id}.svg"),
        }  # fmt: skip
        place = self._place("product", (name, name), is_entry=True, id=id)
        return Product(id, ObjectRef("product", id), {"product_id": id, **about}, {"id": id, **about}, price, place)


def tracked(kind: Kind, site: int, page: Page | None = None, *, bot: bool = False) -> Sort:
    """What the tracker sends from a page of that site."""
    activity = is_activity(*kind, door_is_browser=True, has_visitor=True, said=None)
    return Sort(f"site:{site}", "tracker", site, *kind, page, activity=activity, bot=bot)


def _placed(page: Page, site: int, *, is_entry: bool) -> Place:
    entries = [_entered(page, site, *campaign) for campaign in CAMPAIGNS] if is_entry else []
    return Place(page, _sorts(page, site), tuple(entries))


def _entered(page: Page, site: int, source: str, medium: str, campaign: str, before: str) -> Place:
    words = urlencode({"utm_source": source, "utm_medium": medium, "utm_campaign": campaign})
    entered = Page(f"{page.url}{'&' if '?' in page.url else '?'}{words}", page.title, before)
    return Place(entered, _sorts(entered, site))


def _sorts(page: Page, site: int) -> dict[str, Sort]:
    bare = Page(page.url, page.title)
    return {key: tracked(kind, site, bare) for key, kind in TRACKED.items()}


def _article(slug: str, title: str) -> Place:
    return _placed(Page(f"{BLOG_ORIGIN}/{slug}", f"{title} – Sentieri di carta"), BLOG, is_entry=True)
