"""How fast is the console when there is much to see? Each screen at 2 million events and 50,000 contacts.

Server time: from the request to the answer's last byte, one person asking, no worker. Bytes:
the page with every stylesheet, script and picture that it names, as a browser without a cache would fetch them.
"""

import http.client
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode

from collector.access.login import Logins, ensure_admin
from collector.event_id import unpack_id
from collector.process.clock import wall_clock
from collector.store.sqlite.definitions.users import SqliteUsers
from e2e.load.deployment import ROOT, Folder, serving
from e2e.load.figure import Figure, Limit, named

EVENTS, CONTACTS, DAYS = 2_000_000, 50_000, 90
ASKED = 60
PASSWORD = "una password lunga"
FILL_S = 600

_PARTS = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def measure(scratch: Path) -> list[Figure]:
    """95 of 100 answers of each screen, and its bytes; the demo data, the same at every run."""
    folder = Folder(scratch / "console")
    filled = _fill(folder)
    _let_in(folder)
    with serving(folder, worker=False) as server:
        person = Person(server.port)
        figures = [_screen(person, name, path) for name, path in screens(folder).items()]
    folder.close()
    return [filled, *figures]


def screens(folder: Folder) -> dict[str, str]:
    """Name → address. What is asked for exists: the busiest contact, the newest event."""
    ask = folder.store.execute
    (busiest,) = ask(
        "SELECT contact FROM events WHERE contact IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
    ).fetchone()
    (longest,) = ask("SELECT id FROM sessions WHERE contact = ? ORDER BY started_at - ended_at", (busiest,)).fetchone()
    (busy,) = ask("SELECT id FROM events WHERE contact = ? ORDER BY at LIMIT 1", (busiest,)).fetchone()
    (mail,) = ask("SELECT value FROM identifiers WHERE kind = 'email_id' ORDER BY added_at DESC").fetchone()
    (page,) = ask("SELECT path FROM pages ORDER BY id DESC").fetchone()
    week = time.strftime("%Y-%m-%dT%H:00:00.000Z", time.gmtime(time.time() - 7 * 86_400))
    return {
        "setup": "/setup",
        "events": "/events",
        "events of one kind": "/events?category=ecommerce&key=order_completed",
        "events of a week by a property": f"/events?{urlencode({'key': 'cart_updated', 'from': week})}",
        "events by a page's path": f"/events?q={quote(page)}",
        "rejected events": "/events/rejected",
        "contacts": "/contacts",
        "contacts by mail": f"/contacts?q={quote(mail[:6])}",
        "the busiest contact": f"/contacts/{busiest}",
        "the busiest contact, corrected": f"/contacts/{busiest}?superseded=include",
        "sessions": "/sessions",
        "sessions by source": "/sessions?by=source",
        "the busiest contact's longest session": f"/sessions/{unpack_id(longest)}",
        "an event and what follows": f"/events/{unpack_id(busy)}",
        "catalogue": "/catalogue",
        "settings": "/settings/sites",
    }


class Person:
    """One who is logged in, on one connection."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        form = urlencode({"name": "admin", "password": PASSWORD})
        answer = self._ask("POST", "/login", form)
        assert answer.status == 303, f"the login was answered with {answer.status}"
        self._cookie = answer.headers["set-cookie"].partition(";")[0]

    def get(self, path: str) -> bytes:
        """A page, or a part of one. Raises AssertionError when it is not there."""
        answer = self._ask("GET", path)
        assert answer.status == 200, f"{path} was answered with {answer.status}"
        return answer.body

    def _ask(self, method: str, path: str, body: str | None = None) -> "Answer":
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": self._cookie}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        self._http.request(method, path, body, headers)
        found = self._http.getresponse()
        return Answer(found.status, found.headers, found.read())


class Answer:
    """What came back. body: as it was transferred."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


def _fill(folder: Folder) -> Figure:
    """`sentiero demo`, as a person would run it."""
    command = [sys.executable, "-m", "collector", "demo", "--data", str(folder.path)]
    sizes = ["--events", str(EVENTS), "--contacts", str(CONTACTS), "--days", str(DAYS), "--seed", "1"]
    begun = time.perf_counter()
    subprocess.run([*command, *sizes], cwd=ROOT, env={**os.environ}, check=True, capture_output=True, timeout=FILL_S)
    pace = EVENTS / (time.perf_counter() - begun)
    return Figure(
        name="demo", what=f"demo: {EVENTS:,} events of {CONTACTS:,} contacts, start to end",
        figure=pace, unit="events/s", limit=Limit("at least", 60_000), worker=False, runs=[pace],
    )  # fmt: skip


def _let_in(folder: Folder) -> None:
    users = SqliteUsers(folder.path / "store.db")
    ensure_admin(Logins(users), PASSWORD, now=wall_clock())
    users.close()


def _screen(person: Person, name: str, path: str) -> Figure:
    body = person.get(path)  # the first one opens what is opened once
    parts = sorted(set(_PARTS.findall(body.decode())))
    size = len(body) + sum(len(person.get(part)) for part in parts)
    took = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        person.get(path)
        took.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(took, n=100)
    return Figure(
        name=f"console_{named(name)}", what=f"console: {name}, 95 of 100", figure=round(cuts[94], 1), unit="ms",
        limit=Limit("at most", 100), worker=False, runs=took,
        details={"p50_ms": round(cuts[49], 1), "kb": round(size / 1000, 1), "page_kb": round(len(body) / 1000, 1),
                 "kb_holds": size <= 100_000},
    )  # fmt: skip
