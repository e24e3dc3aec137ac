"""Who comes to the made-up shop? Persons with one browser or two, of whom one in four says who he is.

Numbers of contacts and visitors are given here, in order of first sight, as the worker would give them.
Reads nothing, writes nothing.
"""

import random
from base64 import b32encode

import msgspec

from collector.demo.goods import BLOG, SHOP
from collector.store.ports.bulk import Known, People
from sessionizer.attributes import Attributes
from sessionizer.event import Agent

NAMED_SHARE = 0.4
"""Of those who come: they will say who they are, if they stay long enough. About one in four contacts does."""

BLOG_SHARE = 0.1
ITALIAN_SHARE = 0.8
CONFIRMED_SHARE = 0.5
NOBODY = 0
VISITOR_BYTES, VISITOR_CHARACTERS = 17, 26

TRIES = 8
LOYALTY = 1.4
"""Above 1: those who came first come again more often."""

FIRST_NAMES = (
    "Giulia Marco Chiara Luca Anna Matteo Sara Davide Elena Andrea Marta Paolo Irene Stefano Laura Nicola Emma Pietro "
    "Lucia Tommaso Greta Simone Alice Jonas Lena Felix Marie Hugo Clara Oscar"
).split()
LAST_NAMES = (
    "Rossi Bianchi Ferrari Russo Colombo Ricci Marino Greco Bruno Gallo Conti Costa Mancini Rizzo Lombardi Moretti "
    "Barbieri Fontana Santoro Mariani Pichler Hofer Moser Gruber Dubois Keller Berger Larsen"
).split()
CITIES = (
    "Milano Torino Trento Bolzano Verona Bergamo Bologna Belluno Udine Aosta Brescia Genova Firenze Roma Innsbruck "
    "München Zürich Lyon"
).split()
MAIL_HOSTS = ("example.it", "example.com", "posta.example", "mail.example")
NETWORKS = ("79.12", "93.41", "151.38", "87.5", "2.36", "188.216", "84.112", "91.64", "178.197")

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome"
_PHONES = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_WEBKIT} Version/18.1 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {_BLINK}/131.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 13; SM-A546B) {_BLINK}/130.0.0.0 Mobile Safari/537.36",
)
_COMPUTERS = (
    f"{_WINDOWS} {_BLINK}/131.0.0.0 Safari/537.36",
    f"{_WINDOWS} {_BLINK}/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/18.1 Safari/605.1.15",
)
_TABLETS = (
    f"Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) {_WEBKIT} Version/17.6 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 14; SM-X710) {_BLINK}/131.0.0.0 Safari/537.36",
)
PEOPLE_AGENTS = (*_PHONES * 5, *_COMPUTERS * 3, *_TABLETS)
"""The frequent ones more often."""

CRAWLER_AGENTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
)


class Browser(msgspec.Struct):
    """A visitor. number: in the store. agent: its number and what it says. owner: the contact its events are of now.

    named: whether its person has said here who he is. seq: events sent so far.
    """

    number: int
    agent: tuple[int, Agent]
    ip: str
    owner: int
    visitor: str
    named: bool = False
    seq: int = 0


class Person(msgspec.Struct):
    """contact: that of the first browser. email: "" for who never says it. free_at: not before, ms UTC, the next visit.

    confirmed: whether the shop's server says the same again.
    """

    contact: int
    browsers: list[Browser]
    site: int
    language: str
    email: str
    first_name: str
    last_name: str
    city: str
    confirmed: bool
    free_at: int = 0
    named: bool = False


class Row(msgspec.Struct):
    """What is known of a contact so far."""

    first_seen_at: int
    last_seen_at: int
    anonymous: bool = True
    known: Attributes = Attributes({}, frozenset())


class Crowd:
    """Everybody so far, and what will be written of them."""

    def __init__(self, chance: random.Random, agents: list[tuple[int, Agent]]) -> None:
        """agents: of people, the frequent ones repeated."""
        self._chance, self._agents = chance, agents
        self.persons: list[Person] = []
        self.named: list[Person] = []
        self.rows: dict[int, Row] = {}
        self.visitors: list[tuple[int, str, int]] = []
        self.identifiers: dict[str, tuple[int, bool, int]] = {}
        self.epochs: list[tuple[int, int, int]] = []
        self.links: list[tuple[int, int, int, bytes]] = []

    def newcomer(self) -> Person:
        """Somebody who was never here."""
        chance, number = self._chance, len(self.rows) + 1
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        is_named = chance.random() < NAMED_SHARE
        person = Person(
            contact=number,
            browsers=[],
            site=BLOG if chance.random() < BLOG_SHARE else SHOP,
            language="it" if chance.random() < ITALIAN_SHARE else "en",
            email=f"{first}.{last}{number}@{chance.choice(MAIL_HOSTS)}".lower() if is_named else "",
            first_name=first,
            last_name=last,
            city=chance.choice(CITIES),
            confirmed=chance.random() < CONFIRMED_SHARE,
        )
        self.persons.append(person)
        self.browser_of(person)
        return person

    def browser_of(self, person: Person) -> Browser:
        """Another browser of that person: a contact of its own, until he says there as well who he is."""
        chance, number = self._chance, len(self.rows) + 1
        ip = f"{chance.choice(NETWORKS)}.{chance.randrange(256)}.0"
        browser = Browser(len(self.visitors) + 1, chance.choice(self._agents), ip, number, self._visitor(number))
        person.browsers.append(browser)
        self.rows[number] = Row(0, 0)
        return browser

    def stranger(self) -> int:
        """The number of a visitor that is nobody's: a bot's."""
        number = len(self.visitors) + 1
        self._visitor(NOBODY)
        return number

    def _visitor(self, owner: int) -> str:
        digest = self._chance.randbytes(VISITOR_BYTES)
        text = b32encode(digest).decode("ascii")[:VISITOR_CHARACTERS].lower()
        self.visitors.append((len(self.visitors) + 1, text, owner))
        return text

    def seen(self, contact: int, first_at: int, last_at: int) -> None:
        """Events of the contact happened from `first_at` to `last_at`, ms UTC, included."""
        row = self.rows[contact]
        row.first_seen_at = min(row.first_seen_at or first_at, first_at)
        row.last_seen_at = max(row.last_seen_at, last_at)

    def idle(self, at: int) -> Person | None:
        """Somebody known who is not here at `at` (ms UTC), rather one of the first; None when a few tries find none."""
        for _ in range(TRIES):
            person = self.persons[int(len(self.persons) * self._chance.random() ** LOYALTY)]
            if person.free_at <= at:
                return person
        return None

    def with_one_browser(self, at: int) -> Person | None:
        """Somebody who is known by name, not here at `at` (ms UTC), and who had but one browser so far."""
        person = self._chance.choice(self.named) if self.named else None
        return person if person and person.free_at <= at and len(person.browsers) == 1 else None

    def reader(self, at: int) -> Person | None:
        """Somebody whose address was known at `at`, ms UTC; None when a try finds none."""
        person = self._chance.choice(self.named) if self.named else None
        return person if person and self.identifiers[person.email][2] < at else None

    def name(self, person: Person, at: int) -> None:
        """The person has said in a browser who he is, at `at` (ms UTC): the first time it makes him known."""
        if not person.named:
            person.named = True
            self.named.append(person)
            self.rows[person.contact].anonymous = False
            self.identifiers[person.email] = (person.contact, False, at)

    def confirm(self, person: Person) -> None:
        """A server has said the same, which is to be trusted."""
        contact, _, at = self.identifiers[person.email]
        self.identifiers[person.email] = (contact, True, at)

    def everybody(self) -> People:
        """As it is written."""
        for absorbed, survivor, _, _ in self.links:
            self.seen(survivor, self.rows[absorbed].first_seen_at, self.rows[absorbed].last_seen_at)
        identifiers = [("email_id", value, *rest) for value, rest in self.identifiers.items()]
        known = [
            Known(contact, row.anonymous, row.first_seen_at, row.last_seen_at, *row.known)
            for contact, row in self.rows.items()
        ]
        return People(known, self.visitors, identifiers, self.epochs, self.links)
