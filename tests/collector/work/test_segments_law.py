"""Does the running worker keep who is in a segment, whatever happens? Members against the definition, and against SQL.

Three browsers, one of them Kim's; others turn out to be Kim's, or do not, after all. Events come late, lists and
attributes change, somebody is erased, the clock goes on, and back; segments are made, changed, put away. Whenever the
worker has caught up the three executions agree: what it keeps, what `evaluate.py` means, what the store finds.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.store.ports.contacts import ContactQuery, Meets
from collector.store.ports.definitions.segments import SegmentChange
from collector.store.sqlite.definitions.erasures import SqliteErasures
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.store.sqlite.store import SqliteStore
from sessionizer.event import Kind, Page
from sessionizer.segments.condition import Condition, Definition, parse
from sessionizer.segments.evaluate import holds
from sessionizer.segments.history import Moment, Person
from tests.collector.store.rows import ask
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import ROME
from tests.sessionizer.segments.trees import addresses, properties, scalars, trees

DAY = 1_440
KIM = "kim@mail.example"
EXAMPLES = 1_500 if NIGHTLY else 60  # of four segments each
OTHER = {7: parse({"where": {"type": "identity", "is": "identified"}})}
"""The segment that the others may ask for."""

minutes = st.integers(0, 8 * DAY) | st.integers(0, 16).map(lambda half: half * 720)
kinds = st.sampled_from([("custom", "a"), ("custom", "b"), ("website", "page_visited")])
says = st.tuples(st.just("say"), st.sampled_from("ABK"), minutes, kinds, properties, addresses)
facts = st.sampled_from(["identified", "attributes", "list_added", "list_removed", "consent"])
tells = st.tuples(st.just("tell"), st.sampled_from("AK"), facts, scalars)
passes = st.tuples(st.just("work"), st.sampled_from([0, 1, 60, DAY, 9 * DAY]))
asks = st.tuples(st.just("ask"), st.integers(1, 3), trees)
rare = st.sampled_from(
    [("join", "A"), ("join", "B"), ("part",), ("restart",), ("pause", 1), ("resume", 1), ("erase", "A"), ("back", DAY)]
)
doings = st.lists(st.one_of(says, says, says, says, tells, passes, passes, asks, rare), max_size=14)
Doing = tuple[Any, ...]


class Life:
    """A deployment with three segments, turned by hand."""

    def __init__(self, folder: Path, asked: Sequence[Definition]) -> None:
        self.here, self.minute, self.erased = Deployment(folder, zone=ROME), 0.0, 0
        self.segments = SqliteSegments(folder / "store.db")
        self.erasures = SqliteErasures(folder / "store.db")
        self.here.ask("INSERT INTO segments (id, name, body, created_at, modified_at) VALUES (6, 'a', '{}', 0, 0)")
        self.here.ask("DELETE FROM segments")
        self.make(7, OTHER[7])
        for number, one in enumerate(asked, 1):
            self.make(number, one)
        self.work(0)

    def make(self, id: int, definition: Definition) -> None:
        """A segment of that number."""
        body = msgspec.json.encode(definition).decode()
        self.here.ask("INSERT INTO segments VALUES (?, ?, ?, 0, 0, NULL, NULL)", id, f"s{id}", body)
        self.here.worker._segments.forget()  # as if another process had written

    def change(self, id: int, **change: Any) -> None:
        """As the console does."""
        self.segments.change(id, SegmentChange(**change), at=self.here.now)

    def work(self, more: float) -> None:
        """Time goes on, and the worker catches up."""
        self.minute += more
        self.here.work(self.minute)

    def do(self, number: int, doing: Doing) -> None:
        """One thing that happens, under the number by which its event is named."""
        what, *more = doing
        getattr(self, f"do_{what}")(number, *more)

    def do_work(self, number: int, more: float) -> None:
        """Time goes on."""
        self.work(more)

    def do_back(self, number: int, less: float) -> None:
        """The clock is put back."""
        self.work(-min(less, self.minute))

    def do_ask(self, number: int, segment: int, where: Any) -> None:
        """A segment asks something else."""
        self.change(segment, definition=parse({"where": where}))

    def do_pause(self, number: int, segment: int) -> None:
        """It is not followed for a while."""
        self.change(segment, paused=True)

    def do_resume(self, number: int, segment: int) -> None:
        """It is followed again."""
        self.change(segment, paused=False)

    def do_join(self, number: int, visitor: str) -> None:
        """It was Kim's browser."""
        self.here.identify(f"e{number}", self.minute, visitor=visitor, email_id=KIM)

    def do_restart(self, number: int) -> None:
        """Nothing but the files is left."""
        self.here.store.close()
        self.here.start()

    def do_say(self, number: int, visitor: str, minute: float, kind: Kind, said: dict[str, Any], url: str) -> None:
        """An event, some time before now."""
        page, (category, key) = Page(url) if url else None, kind
        minute = min(minute, self.minute)
        self.say(number, minute, visitor=visitor, category=category, key=key, properties=said, page=page)

    def say(self, number: int, minute: float, **fields: Any) -> None:
        """An event that is told now, whenever it happened."""
        received_at = T0 + round(self.minute * MINUTE)
        self.here.say(f"e{number}", minute, received_at=received_at, **fields)

    def do_tell(self, number: int, visitor: str, what: str, value: Any) -> None:
        """Something about whoever has the browser."""
        said: dict[str, Any] = {"category": "contact", "key": "identified", "identify_mode": "", "page": None}
        if what == "attributes":
            said |= {"key": "attributes_updated", "attributes": {"city": value}}
        elif what == "consent":
            said |= {"key": "consent_changed", "properties": {"consent": "granted" if value is True else "denied"}}
        elif what.startswith("list"):
            said |= {"key": what, "properties": {"list": "news"}}
        if visitor == "K":
            said |= {"identifiers": {"email_id": KIM}}
        self.say(number, self.minute, visitor=visitor, **said)

    def do_part(self, number: int) -> None:
        """An administrator takes back every join."""
        self.work(0)
        merged = [row.entry for row in self.here.log.read(0, 10_000) if row.entry.key == "merged"]
        self.here.log.append([msgspec.structs.replace(one, retracted=True) for one in merged if not one.retracted])

    def do_erase(self, number: int, visitor: str) -> None:
        """Whoever has the browser."""
        self.work(0)
        found = self.here.ask("SELECT contact FROM visitors WHERE visitor = ? AND contact > 0", visitor.ljust(26, "x"))
        for (contact,) in found:
            self.erasures.ask(self.here.store.people.resolve(contact), at=self.here.now)
        self.here.worker._forget()

    def close(self) -> None:
        """All files."""
        self.segments.close()
        self.erasures.close()
        self.here.store.close()
        self.here.log.close()


def conditions(life: Life) -> dict[int, Condition]:
    """What each segment asks that is followed."""
    return {one.id: one.definition.where for one in life.segments.all() if one.paused_at is None}


def kept(life: Life, segment: int) -> list[int]:
    """Who is in it, as the worker keeps it."""
    rows = life.here.ask("SELECT contact FROM segment_members WHERE segment = ? ORDER BY 1", segment)
    return [contact for (contact,) in rows]


def persons(life: Life) -> Iterator[Person]:
    """Everybody with what is known and what happened."""
    here = life.here
    ids = [id for (id,) in here.ask("SELECT id FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links)")]
    kinds = here.ask("SELECT category, key FROM kinds")
    for id, known in here.store.people.known(ids).items():
        events = [event for _, event in here.store.histories.of_kinds(here.store.people.closure(id), kinds)]
        happened = sorted((one for one in events if one.at <= here.now), key=lambda one: (one.at, one.id))
        if happened or known.contact:
            yield Person(known.contact, happened)


async def found(store: SqliteStore, asked: Sequence[Condition], moment: Moment) -> list[list[int]]:
    """Who is in them by the store's questions."""
    answers = [await store.contacts.find(ContactQuery(meets=Meets(one, moment)), limit=100) for one in asked]
    return [sorted(contact.id for contact in contacts) for contacts in answers]


@contextmanager
def lived(asked: Sequence[Definition]) -> Iterator[Life]:
    """A deployment with these segments."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), asked)
        try:
            yield life
        finally:
            life.close()


def moment_of(life: Life) -> Moment:
    """Now, with all segments."""
    return Moment(life.here.now, ROME, {one.id: one.definition.where for one in life.segments.all()})


def agree(life: Life) -> None:
    """What is kept, and what is meant."""
    life.work(0)
    moment, everybody = moment_of(life), list(persons(life))
    for id, condition in conditions(life).items():
        expected = sorted(one.contact.id for one in everybody if holds(condition, one, moment))
        assert expected == kept(life, id)


several = st.lists(trees.map(lambda where: parse({"where": where})), min_size=3, max_size=3)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(several, doings)
def test_what_the_worker_keeps_is_what_is_meant(asked: list[Definition], doings: list[Doing]) -> None:
    """After every step the worker's members are those of the definition, in the end of the store's question as well."""
    with lived(asked) as life:
        for number, doing in enumerate(doings):
            life.do(number, doing)
            agree(life)
        asked_now, moment = conditions(life), moment_of(life)
        expected = [kept(life, id) for id in asked_now]
        assert expected == ask(life.here.folder, lambda store: found(store, list(asked_now.values()), moment))
