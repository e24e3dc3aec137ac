"""Which segments does the worker follow, and of which contact? All that are neither paused nor archived.

A segment that is new, or asks something else than before, is asked of all contacts that there are, some at a time
(a walk). A contact to whom the walk has come is followed from then on, and so is whoever comes later: nobody is left
out, nobody is asked twice. Reads the definitions whenever somebody else has written to the store.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from collector.store.ports.work import Question, Walk, WorkStore
from sessionizer.segments import condition as asks
from sessionizer.segments.book import Book, Followed, digest_of, whole

CREATED = "created"


class Following:
    """One a worker."""

    def __init__(self, store: WorkStore, zone: tzinfo) -> None:
        self._store, self._zone = store, zone
        self._version = -1
        self.walks: dict[int, Walk] = {}
        self._followed: dict[int, Followed] = {}
        self._books: dict[tuple[int, ...], Book] = {}
        self.walking: Sequence[Walk] = ()
        self._everything = Book((), zone)

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._version = -1

    def refresh(self, now: int) -> None:
        """Look whether there are other segments than before; within the transaction. now: ms UTC."""
        version = self._store.data_version()
        if version != self._version:
            self._version = version
            self._read(now)

    def _read(self, now: int) -> None:
        questions = self._store.segments.questions()
        others = {one.id: one.condition for one in questions}
        before = {walk.segment: walk for walk in self._store.segments.walks()}
        asked = {one.id: whole(one.condition, others) for one in questions}
        walks = {one.id: self._walk(one, asked[one.id], before.get(one.id), now) for one in questions}
        changed = [walk for id, walk in walks.items() if walk is not None and walk != before.get(id)]
        self._store.segments.put_walks(changed)
        self.walks = {id: walk for id, walk in walks.items() if walk is not None and not walk.stopped}
        self._followed = {
            one.id: Followed(one.id, one.name, asked[one.id], self.walks[one.id].since)
            for one in questions
            if one.id in self.walks
        }
        self._settle()

    def _walk(self, question: Question, asked: asks.Condition, before: Walk | None, now: int) -> Walk | None:
        """How far the worker is with a segment, now that this is asked."""
        if not question.active:
            return before and before._replace(stopped=True)
        digest = digest_of(asked)
        if before is not None and not before.stopped and before.question == digest:
            return before
        why = CREATED if before is None else "resumed" if before.stopped else "edited"
        return Walk(question.id, digest, now, why, 0, self._store.segments.last_contact())

    def _settle(self) -> None:
        self._books = {}
        self.walking = [walk for walk in self.walks.values() if not walk.is_done]
        self._everything = self.only(self.walks)

    def come_to(self, walks: Sequence[Walk]) -> None:
        """These have come further."""
        self._store.segments.put_walks(walks)
        self.walks |= {walk.segment: walk for walk in walks}
        self._settle()

    def of(self, contact: int) -> Book:
        """The segments that are followed of a contact."""
        if not self.walking:
            return self._everything
        return self.only([id for id, walk in self.walks.items() if walk.has_come_to(contact)])

    def only(self, segments: Sequence[int] | Mapping[int, object]) -> Book:
        """Some of them."""
        ids = tuple(segments)
        if ids not in self._books:
            self._books[ids] = Book([self._followed[id] for id in ids], self._zone)
        return self._books[ids]
