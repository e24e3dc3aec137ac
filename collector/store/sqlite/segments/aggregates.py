"""What comes of many rows? Counts and sums by contact, and whether one person's events meet a condition.

Of `Tally` and `WorkedOut` the first row has no contact, and says what is asked. Nothing here raises for an event: a row
that cannot be read does not count.
"""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import UNSET

from collector.event_id import unpack_id
from collector.store.sqlite.body import decode_body
from collector.store.sqlite.segments.asked import Question, question_of
from collector.store.sqlite.segments.reading import Properties, tests_of
from sessionizer.contact import Contact
from sessionizer.event import Agent, Event, Page
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.condition import Aggregate
from sessionizer.segments.evaluate import holds, sums_pass
from sessionizer.segments.history import Person, currency_in

NOBODY = Contact(0)
CURRENCY = "currency"


class Tally:
    """How often did each contact what passes the tests? JSON: of contact → times, none further than matters."""

    def __init__(self) -> None:
        self._times: dict[int, int] = {}
        self._passes: Callable[[bytes | None], bool]
        self._enough: int

    def step(self, contact: int | None, what: Any) -> None:
        """what: JSON of Asked at first, then an event's body."""
        if contact is None:
            tests = tests_of(what)
            self._passes, self._enough = tests.pass_, tests.enough
        elif (times := self._times.get(contact, 0)) < self._enough and self._passes(what):
            self._times[contact] = times + 1

    def finalize(self) -> str:
        """JSON."""
        return msgspec.json.encode(self._times).decode()


class WorkedOut:
    """For whom does a condition on sums hold, of those who have such events? JSON: a list of contacts.

    Where it holds for who has none, of those for whom it does not hold.
    """

    def __init__(self) -> None:
        self._values: dict[int, dict[str, list[Any]]] = {}  # by contact and currency
        self._question: Question
        self._properties: Properties
        self._path: tuple[str, ...]

    def step(self, contact: int | None, what: Any) -> None:
        """what: JSON of a Question at first, then an event's body."""
        if contact is None:
            self._ask(what)
            return
        values, currency = self._said(what)
        self._values.setdefault(contact, {}).setdefault(currency, []).extend(values)

    def _ask(self, text: str) -> None:
        self._question = question_of(text)
        self._path = names_of(cast(Aggregate, self._question.condition).property)
        self._properties = Properties(list(dict.fromkeys((self._path[0], CURRENCY))))

    def _said(self, body: bytes | None) -> tuple[list[Any], str]:
        """The property's values, and the currency."""
        try:
            said = msgspec.structs.astuple(self._properties.of(body))
        except msgspec.MsgspecError:
            return [], ""
        value, currency = said[0], said[-1]
        values = [] if value is UNSET else values_at(value, self._path[1:])
        return values, currency_in({} if currency is UNSET else {CURRENCY: currency})

    def finalize(self) -> str:
        """JSON."""
        question = self._question
        condition, today = cast(Aggregate, question.condition), question.moment.today
        found = [
            contact
            for contact, by_currency in self._values.items()
            if sums_pass(condition, by_currency, today) != question.is_usual
        ]
        return msgspec.json.encode(found).decode()


class Meets:
    """Whether the events of one person meet a condition, by the definition."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._question = ""

    def step(self, question: str, *row: Any) -> None:
        """One event. question: JSON of a Question. row: at, id, category, key, site, url, device, body."""
        self._question = question
        at, id, category, key, site, url, device, body = row
        try:
            said = decode_body(body).properties or {}
        except msgspec.MsgspecError:
            said = {}
        page, agent = Page(url) if url else None, Agent(device=device or "")
        self._events.append(Event(at, unpack_id(id), category, key, said, page, site=site, agent=agent))

    def finalize(self) -> bool:
        """Whether it is met; without a single event it is not."""
        if not self._events:
            return False
        question = question_of(self._question)
        history = sorted(self._events, key=lambda event: (event.at, event.id))
        return holds(question.condition, Person(NOBODY, history), question.moment)
