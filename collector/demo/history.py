"""What has happened in the made-up shop? Everything that was planned, in the order in which it was received.

A generator: at most some thousand events are at hand at once, whatever their number. Same request, same history.
"""

import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from collector.demo.goods import LANGUAGES, Goods
from collector.demo.others import Crawlers, read_letter
from collector.demo.people import CRAWLER_AGENTS, PEOPLE_AGENTS, Browser, Crowd, Person
from collector.demo.plan import Item, What, plan
from collector.demo.visit import Walk
from collector.store.ports.bulk import Happened
from sessionizer.event import Agent
from sessionizer.session import Session

GATHERED = 10_000
SECOND_BROWSER_SHARE = 0.12

_received = attrgetter("received_at")


class Request(NamedTuple):
    """What to make up. events: given and derived together, exactly. contacts: at most so many. now: ms UTC.

    url: of the collector that shows the shop, without a slash at its end.
    """

    events: int
    contacts: int
    days: int
    seed: int
    now: int
    url: str


class Chapter(NamedTuple):
    """A part of it. events: in order of `received_at`, behind those of the chapter before. sessions: with whose."""

    events: Sequence[Happened]
    sessions: Sequence[tuple[int, Session]]


class History:
    """`chapters` first, then `crowd` is everybody."""

    def __init__(self, request: Request, agents: Mapping[str, tuple[int, Agent]]) -> None:
        """agents: number and meaning of each of PEOPLE_AGENTS and CRAWLER_AGENTS."""
        self._chance = random.Random(request.seed)
        self._goods = {language: Goods(request.url, language) for language in LANGUAGES}
        self._crawlers = Crawlers(self._goods[LANGUAGES[0]], [agents[text] for text in CRAWLER_AGENTS])
        self.crowd = Crowd(self._chance, [agents[text] for text in PEOPLE_AGENTS])
        self._plan = plan(self._chance, request.events, days=request.days, now=request.now)
        self._newcomers = self._drawn(request.contacts)
        self._sessions: list[tuple[int, Session]] = []

    def _drawn(self, contacts: int) -> frozenset[int]:
        """Places in the plan at which somebody comes for the first time, the first visit among them."""
        visits = [place for place, item in enumerate(self._plan) if item.what is What.VISIT]
        others = self._chance.sample(visits[1:], min(contacts, len(visits)) - 1) if visits else []
        return frozenset((*visits[:1], *others))

    @property
    def chapters_expected(self) -> int:
        """About how many chapters there will be, for who waits."""
        return 1 + sum(item.size for item in self._plan) // GATHERED

    def chapters(self) -> Iterator[Chapter]:
        """All of it."""
        waiting: list[Happened] = []
        enough = GATHERED
        for place, item in enumerate(self._plan):
            if len(waiting) >= enough:
                waiting.sort(key=_received)
                over = _before(waiting, item.start)
                yield self._chapter(waiting[:over])
                waiting = waiting[over:]
                enough = len(waiting) + GATHERED
            waiting += self._happen(item, is_new=place in self._newcomers)
        yield self._chapter(sorted(waiting, key=_received))

    def _chapter(self, events: Sequence[Happened]) -> Chapter:
        sessions, self._sessions = self._sessions, []
        return Chapter(events, sessions)

    def _happen(self, item: Item, *, is_new: bool) -> Iterable[Happened]:
        start, what, size = item
        if what is What.VISIT and (who := self._who(start, is_new=is_new)):
            return self._visit(*who, item)
        if what is What.LETTER and (reader := self.crowd.reader(start)):
            return read_letter(self._chance, self.crowd, reader, start, size)
        return self._crawlers.crawl(self._chance, self.crowd, start, size)

    def _visit(self, person: Person, browser: Browser, item: Item) -> list[Happened]:
        visited = Walk(self._chance, self.crowd, person, browser).visit(
            self._goods[person.language], item.start, item.size
        )
        self._sessions.append((visited.contact, visited.session))
        return visited.events

    def _who(self, start: int, *, is_new: bool) -> tuple[Person, Browser] | None:
        """Somebody new, somebody known with another browser, or again; None when all who were asked are here now."""
        if not is_new:
            person = self.crowd.idle(start)
            return (person, self._chance.choice(person.browsers)) if person else None
        if self._chance.random() < SECOND_BROWSER_SHARE and (person := self.crowd.with_one_browser(start)):
            return person, self.crowd.browser_of(person)
        person = self.crowd.newcomer()
        return person, person.browsers[0]


def _before(events: Sequence[Happened], instant: int) -> int:
    """How many of them, ordered by `received_at`, nothing can precede that begins at `instant` or later."""
    return bisect_left(events, instant, key=_received)
