"""How does a test fill a store? Through the worker's own writing side, a line a row, with a counter for what bores.

    rows = Rows(folder)
    rows.contact()                                  → 1
    rows.event("00:00", contact=1, url="/shoes")    → "e1"

Instants are written as in `tests/factories.py`. Every call is a transaction of its own, as if the worker had just come.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from collector.log.port import Rejection
from collector.log.sqlite import SqliteLog
from collector.store.ports.work import NewEvent
from collector.store.sqlite.body import ACTIVITY
from collector.store.sqlite.store import SqliteStore
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.event import Agent, ObjectRef, Page
from sessionizer.session import Session
from tests.factories import SHOP, at

T = TypeVar("T")

FIREFOX = "Firefox on a desk"
CRAWLER = "a crawler"
AGENTS = {FIREFOX: Agent("Firefox", "Linux", "desktop"), CRAWLER: Agent("", "", "", bot=True)}


class Rows:
    """A data folder that is being filled. Close it: the files are left for who reads."""

    def __init__(self, folder: Path) -> None:
        """folder: becomes a data folder with an empty store.db and log.db."""
        self.folder = folder
        self.work = SqliteWorkStore(folder / "store.db")
        self.log = SqliteLog(folder / "log.db")
        self._offset = 0
        self._visitors: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the files."""
        self.work.close()
        self.log.close()

    def event(self, when: str, key: str = "page_visited", **given: Any) -> str:
        """Record an event; returns its id. given: fields of NewEvent; url, title, referrer; visitor as its text."""
        self._offset += 1
        name = given.pop("id", f"e{self._offset}")
        page = page_of(given)
        instant = given.pop("occurred_at", None) or at(when)
        fields: dict[str, Any] = {
            "offset": self._offset,
            "id": name,
            "door": "site:1",
            "category": "website",
            "key": key,
            "source": "tracker",
            "site": 1,
            "at": instant,
            "received_at": instant + given.pop("lag", 0),
            "contact": None,
            "page": page,
            "user_agent": "",
            "flags": ACTIVITY,
            **given,
        }
        fields["visitor"] = self._visitors[given["visitor"]] if given.get("visitor") else None
        if isinstance(fields.get("object"), tuple):
            fields["object"] = ObjectRef(*fields["object"])
        with self.work.transaction():
            user_agent = fields.pop("user_agent")
            fields["agent"] = self.work.agent(user_agent, AGENTS.__getitem__)[0] if user_agent else None
            self.work.histories.record([NewEvent(**fields)])
        return str(name)

    def many(self, events: int) -> None:
        """Record so many events that say nothing, at once: ids x1, x2 and so on."""
        with self.work.transaction():
            self.work._connection.execute(
                "INSERT INTO events (offset, id, door, kind, source, site, at, lag, flags) WITH RECURSIVE n (i) AS"
                " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " SELECT i, 'x' || i, 1, 1, 1, 1, i, 0, 0 FROM n",
                (events,),
            )

    def contact(self, *visitors: str, when: str = "00:00", **identifiers: str) -> int:
        """Make a contact with its browsers and identifiers, anonymous without the latter; returns its id."""
        with self.work.transaction():
            contact = self.work.people.new_contact(anonymous=True, at=at(when))
            for visitor in visitors:
                self._visitors[visitor] = self.work.people.own(visitor, contact).number
            for kind, value in identifiers.items():
                self.work.people.identify(contact, kind, value, verified=True, at=at(when))
        return contact

    def identify(self, contact: int, kind: str, value: str, when: str = "00:00") -> None:
        """Add an identifier."""
        with self.work.transaction():
            self.work.people.identify(contact, kind, value, verified=True, at=at(when))

    def attributes(self, contact: int, attributes: Mapping[str, Any]) -> None:
        """Set the attributes."""
        with self.work.transaction():
            self.work.people.set_attributes(contact, attributes, ())

    def epoch(self, visitor: str, since: str, contact: int) -> None:
        """A second person sits at the browser."""
        with self.work.transaction():
            self.work.people.add_epoch(visitor, at(since), contact)

    def join(self, absorbed: int, survivor: int) -> None:
        """Two contacts are one from now on; the sessions go with them."""
        with self.work.transaction():
            self.work.people.link(absorbed=absorbed, survivor=survivor, at=at("00:00"), event="joined")
            self.work.sessions.rehome(absorbed=absorbed, survivor=survivor)

    def session(self, contact: int, start: str, end: str, *, id: str, open: bool = False, **said: Any) -> str:
        """Put a session; returns its id."""
        sites = said.pop("sites", (1,))
        row = Session(id=id, started_at=at(start), ended_at=at(end), open=open, sites=sites, **said)
        with self.work.transaction():
            self.work.sessions.put([(contact, row)])
        return id

    def replace(self, contact: int, session: str, by: str) -> None:
        """A late event opened the session: it has another id."""
        with self.work.transaction():
            self.work.sessions.drop(contact, session, by)

    def retract(self, id: str) -> None:
        """A derived event was proved wrong."""
        with self.work.transaction():
            self.work.histories.retract([id], door="derived")

    def reject(self, when: str, code: str, *, site: int = 1, path: str = "", sample: str = "{}") -> None:
        """Refuse something."""
        self.log.append([], [Rejection(at(when), site, code, path, "no", "e", "", sample)])


def page_of(given: dict[str, Any]) -> Page | None:
    """Take url (or only its path), title and referrer out of what is given."""
    url, title, referrer = given.pop("url", ""), given.pop("title", ""), given.pop("referrer", "")
    return Page(SHOP + url if url.startswith("/") else url, title, referrer) if url else None


def ask(folder: Path, question: Callable[[SqliteStore], Awaitable[T]], *, limit_s: float = 5.0) -> T:
    """Open the folder's store, ask, close it."""

    async def asked() -> T:
        store = SqliteStore(folder, limit_s=limit_s)
        await store.open()
        try:
            return await question(store)
        finally:
            await store.close()

    return asyncio.run(asked())
