"""A data folder with a log, a store and a worker, turned by hand: what a test of the worker plays with."""

from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from collector.event_id import pack_id
from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.work.loop import Worker
from sessionizer.engine import Engine
from sessionizer.event import Page
from sessionizer.rules.assignments import RULES

T0 = 1_790_000_000_000
MINUTE = 60_000
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"

# What totals are kept, and what counting the rows gives.
COUNTED = """SELECT kind, at / 86400000, count(*) FROM events WHERE NOT flags & 5 GROUP BY 1, 2 ORDER BY 1, 2"""
KEPT = "SELECT kind, day, events FROM kind_days WHERE events <> 0 ORDER BY 1, 2"
SESSIONS = (
    "SELECT started_at / 3600000, site, source, device, count(*) FROM sessions GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)
HOURS = "SELECT * FROM session_hours WHERE sessions <> 0 ORDER BY 1, 2, 3, 4"


class Deployment:
    """`say` puts an entry into the log, `work` lets the worker catch up at the instant `now` (ms UTC)."""

    def __init__(self, folder: Path, *, zone: tzinfo = UTC) -> None:
        self.folder, self.now, self.zone = folder, T0, zone
        self.log = SqliteLog(folder / "log.db")
        self.start()

    def start(self) -> None:
        """A new worker, as after a crash: nothing but the files is kept."""
        self.store = SqliteWorkStore(self.folder / "store.db")
        self.worker = Worker(
            self.log, self.store, Engine(RULES), lambda: self.now, tombstone_key=b"a test's", zone=self.zone
        )

    def say(self, id: str, minute: float, *, key: str = "page_visited", visitor: str = "v1", **fields: Any) -> None:
        """One entry, as the tracker's door of site 1 would write it unless `fields` say otherwise."""
        at = T0 + round(minute * MINUTE)
        known: dict[str, Any] = {
            "door": "site:1", "source": "tracker", "site": 1, "id": id, "category": "website", "key": key,
            "occurred_at": at, "received_at": at, "visitor": visitor.ljust(26, "x") if visitor else "",
            "page": Page(f"https://shop.example/{id}", id), "user_agent": PHONE, "identify_mode": "guarded",
        }  # fmt: skip
        self.log.append([Entry(**(known | fields))])

    def identify(self, id: str, minute: float, *, visitor: str = "v1", **identifiers: str) -> None:
        """The visitor says who it is."""
        self.say(id, minute, key="identified", category="contact", visitor=visitor, identifiers=identifiers, page=None)

    def work(self, minute: float) -> None:
        """The clock stands at that minute; the worker goes round until nothing is left to do."""
        self.now = T0 + round(minute * MINUTE)
        while any(self.worker.turn()):
            pass

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of store.db."""
        return self.store._connection.execute(sql, values).fetchall()

    def events(self) -> list[tuple[str, int, int | None]]:
        """(key, minute, contact as recorded) of the events that stand, in order of time."""
        rows = self.ask(
            "SELECT k.key, e.at, e.contact FROM events e JOIN kinds k ON k.id = e.kind"
            " WHERE NOT e.flags & 1 ORDER BY e.at, k.key, e.id"
        )
        return [(key, (at - T0) // MINUTE, contact) for key, at, contact in rows]

    def story(self) -> list[tuple[str, int]]:
        """(key, minute) of the events that stand."""
        return [(key, minute) for key, minute, _ in self.events()]

    def sessions(self) -> list[tuple[int, int, int, bool]]:
        """(contact, first minute, last minute, open), in order of time."""
        rows = self.ask("SELECT contact, started_at, ended_at, open FROM sessions ORDER BY started_at")
        return [(contact, (a - T0) // MINUTE, (b - T0) // MINUTE, bool(o)) for contact, a, b, o in rows]

    def recorded(self, id: str) -> list[tuple[Any, ...]]:
        """The whole row of an event."""
        return self.ask("SELECT * FROM events WHERE id = ?", pack_id(id))
