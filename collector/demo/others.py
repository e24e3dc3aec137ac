"""What happens beside visits? Crawlers pass by, and newsletters are opened.

A crawler is nobody: its events have a visitor, but no contact, and no rule hears of them. A newsletter's reader is
known by the address; a program tells of it, so that it opens no session.
"""

import random
from collections.abc import Iterator

from collector.demo.goods import CAMPAIGNS, SHOP, Goods, tracked
from collector.demo.people import Crowd, Person
from collector.event_id import new_id
from collector.store.ports.bulk import Happened, Sort
from sessionizer.event import Agent

CRAWL_MS = 1_700
READ_MS = 9 * 60_000
LETTERS = tuple(campaign for _, medium, campaign, _ in CAMPAIGNS if medium == "email")
SUBJECTS = {"autumn": "L’autunno si fa a piedi", "first-snow": "La prima neve è arrivata"}
READING = tuple(Sort("api", "api", 0, "marketing_email", key) for key in ("Delivered", "Opened", "Clicked"))
MAX_READING = len(READING)


class Crawlers:
    """They look at the shop's pages, one after the other."""

    def __init__(self, goods: Goods, agents: list[tuple[int, Agent]]) -> None:
        """agents: of crawlers."""
        places = [goods.plain[""], *(chapter.place for chapter in goods.chapters)]
        pages = [place.page for place in (*places, *(product.place for product in goods.products))]
        self._sorts = [tracked(("website", "page_visited"), SHOP, page, bot=True) for page in pages]
        self._agents = agents

    def crawl(self, chance: random.Random, crowd: Crowd, start: int, size: int) -> Iterator[Happened]:
        """So many pages from `start` (ms UTC) on."""
        visitor, (agent, _) = crowd.stranger(), chance.choice(self._agents)
        first = chance.randrange(len(self._sorts))
        for n in range(size):
            at = start + n * CRAWL_MS
            sort = self._sorts[(first + n) % len(self._sorts)]
            yield Happened(
                at + 120, at, new_id(at, chance.getrandbits(80)), sort, visitor, None, agent, "66.249.66.0", n + 1
            )


def read_letter(chance: random.Random, crowd: Crowd, person: Person, start: int, size: int) -> Iterator[Happened]:
    """A newsletter was delivered to the person at `start` (ms UTC); of size 2 it was opened, of 3 clicked as well."""
    campaign = chance.choice(LETTERS)
    properties = {
        "message_id": f"{campaign}-{person.contact}-{start}", "campaign_id": campaign, "subject": SUBJECTS[campaign]
    }  # fmt: skip
    at = start
    for sort in READING[:size]:
        yield Happened(
            at + 900, at, new_id(at, chance.getrandbits(80)), sort, contact=person.contact, properties=properties,
            identifiers={"email_id": person.email},
        )  # fmt: skip
        crowd.seen(person.contact, at, at)
        at += 1_000 + int(chance.random() * READ_MS)
