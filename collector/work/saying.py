"""What is said to the log, and beside which event is it recorded? Rows for derived events, on their way.

What is derived is recorded beside its cause: site, visitor, contact. So it goes with it when a join is taken back. What
is caused by something that is not the contact's any more is the contact's. Writes `to_log`.
"""

from collections.abc import Iterable, Mapping

from collector.log.entry import DERIVED_DOOR, Entry, encode_entry
from collector.store.ports.work import Origin, Said, WorkStore
from sessionizer.derived import Derived


class Sayings:
    """One a worker. Rows gather until they are written, with the state that said so."""

    def __init__(self, store: WorkStore) -> None:
        self._store = store
        self._origins: dict[str, Origin | None] = {}
        self._unwritten: list[Said] = []
        self._written: list[Said] = []

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._origins = {}
        self._unwritten, self._written = [], []

    def begin(self, origins: Mapping[str, Origin]) -> None:
        """A batch. origins: of events whose place is at hand, by id; of others it is looked up."""
        self._origins = {**origins}

    def look_up(self, causes: Iterable[str]) -> None:
        """The places of these events will be asked for: one question for all. What is not recorded yet has none."""
        asked = {cause for cause in causes if cause not in self._origins}
        if asked:
            self._origins |= dict.fromkeys(asked) | self._store.histories.origins(asked)

    def put(self, rows: Iterable[Said]) -> None:
        """Rows that are made already."""
        self._unwritten += rows

    def say(self, contact: int, one: Derived, now: int, *, retract: bool = False) -> Origin:
        """Put a derived event on its way, or that it is no longer true; returns beside what. now: ms UTC."""
        origin = self._origin(one.cause, contact)
        recorded = origin.contact if origin.contact is not None else contact
        entry = Entry(
            door=DERIVED_DOOR, source=DERIVED_DOOR, site=origin.site, id=one.id, category=one.category, key=one.key,
            occurred_at=one.at, received_at=now, visitor=origin.visitor, properties=one.data, causes=(one.cause,),
            depth=one.depth, contact=recorded, retracted=retract,
        )  # fmt: skip
        self._unwritten.append(Said(one.id, retract, recorded, one.at, encode_entry(entry)))
        return origin

    def _origin(self, cause: str, contact: int) -> Origin:
        if cause not in self._origins:
            self.look_up([cause])
        found = self._origins[cause]
        if found is None:
            return Origin(0, "", contact)
        if found.contact is None or self._store.people.resolve(found.contact) != contact:
            return found._replace(contact=contact)
        return found

    def flush(self) -> None:
        """Write what gathers: at the end of a batch, and before a history is read again."""
        self._store.outgoing.put(self._unwritten)
        self._written += self._unwritten
        self._unwritten = []

    def taken(self) -> list[Said]:
        """What was written since the last call: to be appended to the log, once it is committed."""
        written, self._written = self._written, []
        return written

    def in_order(self) -> None:
        """What was written and not yet taken is appended in order of time."""
        self._written.sort(key=_at)


def _at(said: Said) -> int:
    return said.at
