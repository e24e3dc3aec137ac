"""What would be other if histories were folded anew? The look that `sentiero sessionize --rebuild` takes first.

Reads the store beside a running worker and writes nothing: whoever differs is handed to the worker (`rebuilds`). Folds
with the worker's engine, on all cores, without checkpoints.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import tzinfo
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import NamedTuple

from collector.store.ports.rebuild import Whole
from collector.store.sqlite.rebuild import SqliteWholes
from collector.work.decide import sessions_in, standing
from sessionizer.contact import Contact
from sessionizer.derived import Derived
from sessionizer.engine import Engine
from sessionizer.rules.assignments import rules
from sessionizer.thread import FOREVER, ORIGIN

CONTACTS_AT_ONCE = 500


class Task(NamedTuple):
    """Where the store is, by which zone and clock it is looked at. now: ms UTC."""

    path: Path
    zone: tzinfo
    now: int


class Difference(NamedTuple):
    """What a contact would have else. sessions: rows that would come, go or be other ones. late: events that came too
    late, and would be heard."""

    contact: int
    added: Sequence[Derived]
    revised: Sequence[Derived]
    retracted: Sequence[Derived]
    sessions: int
    late: int


class Reviewed(NamedTuple):
    """Some contacts that were looked at: how many, with how many events, and who differs."""

    contacts: int
    events: int
    differences: list[Difference]


def review(task: Task, contacts: Sequence[int]) -> Iterator[Reviewed]:
    """Look at these contacts, some hundred at a time; in the order in which they are done."""
    chunks = [contacts[n : n + CONTACTS_AT_ONCE] for n in range(0, len(contacts), CONTACTS_AT_ONCE)]
    if len(chunks) < 2:
        yield from (_look(task, chunk) for chunk in chunks)
        return
    with ProcessPoolExecutor(cpu_count(), get_context("spawn")) as pool:
        yield from pool.map(partial(_look, task), chunks)


def _look(task: Task, contacts: Sequence[int]) -> Reviewed:
    engine = Engine(rules(task.zone), spacing_ms=FOREVER)
    with closing(SqliteWholes(task.path)) as wholes:
        found = wholes.read(contacts)
    differences = [difference(whole, engine, task.now) for whole in found]
    events = sum(len(whole.history) + len(whole.said) for whole in found)
    return Reviewed(len(found), events, [one for one in differences if one is not None])


def difference(whole: Whole, engine: Engine, now: int) -> Difference | None:
    """One contact; None when nothing would change. What is due, and the worker has yet to say, is no difference."""
    until = now if whole.wake_at is None else min(now, whole.wake_at - 1)
    said = standing(whole.said, whole.waiting)
    outcome = engine.refold(None, whole.history, said, Contact(whole.contact), until, since=ORIGIN, upto=FOREVER)
    rows = {session.id: session for session in sessions_in(outcome, engine)}
    sessions = sum(rows.get(id) != whole.sessions.get(id) for id in rows.keys() | whole.sessions.keys())
    changes = outcome.added, outcome.revised, outcome.retracted
    if not (any(changes) or sessions or whole.late):
        return None
    return Difference(whole.contact, *changes, sessions, whole.late)
