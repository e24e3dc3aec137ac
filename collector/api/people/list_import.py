"""How do the people of a file come onto a list? In groups, each told as events and waited for, as every change of them.

    lines → who is known → what is new of them (identified, attributes_updated, consent_changed) → list_added

What is known already is not said again. So a file may come twice, or again after half of it: nobody is doubled, and
nothing is lost. A line that is refused changes nothing of the others. A file takes consent away, and gives it to those
of whom nothing is known; to those who have withdrawn it, it does not give it back.
"""

import asyncio
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import msgspec

from collector.api.frame.problem import unknown
from collector.api.people.changes import Change, events_of
from collector.api.people.list_lines import NOBODY, Lines, Person, Rejection
from collector.api.people.naming import VISITOR, Named, named
from collector.command import Refused
from collector.errors import Code
from collector.moving.said import DENIED, GRANTED, strays
from collector.services import Services
from collector.store.ports.contacts import StoredContact

GROUP_LINES, GROUP_CHARACTERS = 250, 256 * 1024
"""Of a group: it holds the loop for some milliseconds, and the log for one commit."""

MAX_EVENTS = 500
"""Of one command."""

MAX_REJECTIONS = 100
"""That are named; all are counted."""

Group = list[Person | Rejection]
Told = tuple[Person, Mapping[str, Any]]
"""An event, and of whom it is."""


class ImportAnswer(msgspec.Struct, frozen=True):
    """What became of a file. rows: its lines but the first one and empty ones. added: who was not on the list.

    already: who was. created: those of the added who were not known. rejections: the first 100 of the rejected.
    """

    rows: int
    added: int
    already: int
    created: int
    rejected: int
    rejections: tuple[Rejection, ...]


class ListImport:
    """Brings one file onto one list."""

    def __init__(self, services: Services, list_id: int) -> None:
        self._services, self._contacts, self._list_id = services, services.store.contacts, list_id
        self._added = self._already = self._created = self._rejected = 0
        self._rejections: list[Rejection] = []

    async def bring(self, content: bytes) -> ImportAnswer:
        """Returns when the store knows all of it. Raises Unusable, NotYet, Problem 404 when the list is no more."""
        defined = await asyncio.to_thread(self._services.attributes.all)
        lines = await asyncio.to_thread(Lines, content, defined)
        with closing(groups(lines)) as waiting:
            while group := await asyncio.to_thread(_next, waiting):
                await self._take(group)
        return self._answer()

    async def _take(self, group: Group) -> None:
        """One group: its lines that say nothing, then its people."""
        for line in group:
            if isinstance(line, Rejection):
                self._reject(line)
        if every := [line for line in group if isinstance(line, Person)]:
            await self._bring_in(every)

    async def _bring_in(self, every: Sequence[Person]) -> None:
        """First what is new of them is told, then those are put on the list who are not on it."""
        before = await named(self._contacts, [one.names for one in every])
        people = [one for one in every if self._is_somebody(one, before)]
        refused = await self._tell([told for one in people for told in self._news(one, before.of(one.names))])
        people = [one for one in people if one.line not in refused]
        is_any_new = any(before.of(one.names) is None for one in people)
        now = await named(self._contacts, [one.names for one in people]) if is_any_new else before
        await self._join(people, before, now)

    def _is_somebody(self, one: Person, before: Named) -> bool:
        """Whether the line names a contact, or can make one: not by a number, nor by a browser alone."""
        number = one.names.get("contact_id")
        if number and before.of({"contact_id": number}) is None:
            self._reject(Rejection(one.line, "contact_id", Code.BAD_IDENTIFIER, f"there is no contact {number[0]}"))
            return False
        if not identifiers_of(one) and before.of(one.names) is None:
            self._reject(Rejection(one.line, "", Code.BAD_IDENTIFIER, NOBODY))
            return False
        return True

    def _news(self, one: Person, known: StoredContact | None) -> Iterator[Told]:
        at = self._services.clock()
        for change in changes_of(one, known):
            yield from ((one, event) for event in events_of(change, at=at))

    async def _join(self, people: Sequence[Person], before: Named, now: Named) -> None:
        """Put on the list who is not on it; two lines may be one person."""
        name, at = await self._name(), self._services.clock()
        joining: dict[int, Told] = {}
        for one in people:
            contact = now.of(one.names)
            if contact is None:
                self._reject(Rejection(one.line, "", Code.BAD_IDENTIFIER, "these identifiers name nobody"))
            elif name in contact.lists or contact.id in joining:
                self._already += 1
            else:
                (event,) = events_of(Change({"contact_id": str(contact.id)}, add=[name]), at=at)
                joining[contact.id] = (one, event)
        refused = await self._tell([*joining.values()])
        added = [one for one, _ in joining.values() if one.line not in refused]
        self._added += len(added)
        self._created += sum(1 for one in added if before.of(one.names) is None)

    async def _tell(self, told: Sequence[Told]) -> set[int]:
        """Say it, wait until the store knows it. Returns the lines of which a part was not taken."""
        refused: dict[int, Refused] = {}
        for start in range(0, len(told), MAX_EVENTS):
            piece = told[start : start + MAX_EVENTS]
            answer = await self._services.commands.tell([event for _, event in piece])
            for wrong in (*answer.rejected, *answer.warnings):
                refused.setdefault(piece[wrong.event][0].line, wrong)
        for line, wrong in refused.items():
            path = wrong.path.removeprefix("contact_properties.").removeprefix("identifiers.")
            self._reject(Rejection(line, path, wrong.code, wrong.message))
        return {*refused}

    async def _name(self) -> str:
        """What the list is called by now. Raises Problem 404."""
        name = (await asyncio.to_thread(self._services.lists.names)).get(self._list_id)
        if name is None:
            raise unknown("list", str(self._list_id))
        return name

    def _reject(self, rejection: Rejection) -> None:
        self._rejected += 1
        if len(self._rejections) < MAX_REJECTIONS:
            self._rejections.append(rejection)

    def _answer(self) -> ImportAnswer:
        return ImportAnswer(
            rows=self._added + self._already + self._rejected,
            added=self._added,
            already=self._already,
            created=self._created,
            rejected=self._rejected,
            rejections=tuple(sorted(self._rejections, key=lambda one: one.line)),
        )


def groups(lines: Iterable[Person | Rejection]) -> Generator[Group, None, None]:
    """Some lines at a time, of which no two have a name in common: the second has to see what the first has done."""
    group: Group = []
    seen: set[tuple[str, str]] = set()
    size = 0
    for line in lines:
        names = {(kind, value) for kind, values in line.names.items() for value in values}
        if len(group) >= GROUP_LINES or size >= GROUP_CHARACTERS or names & seen:
            yield group
            group, seen, size = [], set(), 0
        group.append(line)
        seen |= names
        size += line.size
    if group:
        yield group


def _next(waiting: Iterator[Group]) -> Group:
    return next(waiting, [])


def identifiers_of(one: Person) -> dict[str, Sequence[str]]:
    """Those that an unknown person may be known by from now on."""
    return {kind: values for kind, values in one.names.items() if kind not in ("contact_id", VISITOR)}


def changes_of(one: Person, known: StoredContact | None) -> Iterator[Change]:
    """What the line says that is not known; it makes the contact when nobody is known."""
    identifiers = identifiers_of(one)
    if known is None:
        first = {kind: values[0] for kind, values in identifiers.items()}
        yield Change(first, {**one.attributes, **strays(identifiers)}, consent=one.consent or None)
        yield from _further(identifiers, first)
        return
    who = {"contact_id": str(known.id)}
    unknown = {
        kind: [value for value in values if value not in known.identifiers.get(kind, ())]
        for kind, values in identifiers.items()
    }
    first = {kind: values[0] for kind, values in unknown.items() if values}
    attributes = {name: value for name, value in one.attributes.items() if known.attributes.get(name) != value}
    yield Change({**first, **who}, attributes, consent=_consent(one, known))
    yield from _further(unknown, who)


def _further(identifiers: Mapping[str, Sequence[str]], who: Mapping[str, str]) -> Iterator[Change]:
    """More values of a kind, each beside what else names the person."""
    for kind, values in identifiers.items():
        if anchor := {name: value for name, value in who.items() if name != kind}:
            yield from (Change({**anchor, kind: value}) for value in values[1:])


def _consent(one: Person, known: StoredContact) -> str | None:
    if one.consent == DENIED and known.consent != DENIED:
        return DENIED
    return GRANTED if one.consent == GRANTED and known.consent == "unknown" else None
