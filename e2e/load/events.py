"""How fast does `GET /api/events` find things? Each filter, pairs of them, and what nothing matches, at 5 million.

The demo's history and, before all of it, that of a shop of before, imported: whatever walks back in time from today to
find only that passes by five million events. Asked by one client on one connection, no worker; the answer whole.
Each question is asked for its first page and for the one behind the middle of the history.
"""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlencode

from collector.access.keys import new_write_key
from collector.api.frame.cursor import encode_cursor
from collector.event_id import unpack_id
from collector.process.clock import wall_clock
from collector.store.ports.definitions.sites import SiteDraft
from collector.store.ports.events import Place
from collector.store.sqlite.definitions.sites import SqliteSites
from e2e.load.deployment import API_KEY, ROOT, Folder, serving, working
from e2e.load.figure import Figure, Limit, named

EVENTS, CONTACTS, DAYS = 5_000_000, 125_000, 90
COUNTED, SEEN, RARE = 100_000, 30_000, 300
"""Events of the shop of before: of its till, of its 200 pages, and a few of a kind of their own."""

ASKED, LONGEST_S = 60, 8.0
FILL_S, DRAIN_S = 1_200, 300
DAY_MS = 86_400_000
ONE_MS, TWO_MS, OTHER_MS = 50, 150, 5_500

Params = Mapping[str, object]


class Question(NamedTuple):
    """One to be asked, and how long 95 of 100 answers may take at most."""

    what: str
    params: Params
    at_most_ms: float


def measure(scratch: Path) -> list[Figure]:
    """95 of 100 answers to each question."""
    folder = Folder(scratch / "events")
    fill(folder)
    figures = asked(folder)
    folder.close()
    return figures


# The history ----------------------------------------------------------------------------------------------------------


def fill(folder: Folder) -> None:
    """The demo's events, as `sentiero demo` writes them, and those of before, as `sentiero import` and a worker do."""
    sizes = ["--events", str(EVENTS), "--contacts", str(CONTACTS), "--days", str(DAYS), "--seed", "1"]
    _sentiero(folder, "demo", *sizes)
    before = SqliteSites(folder.path / "store.db").create(
        SiteDraft(name="Shop of before"), write_key=new_write_key(), at=wall_clock()
    )
    file = folder.path / "before.ndjson"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in _of_before(wall_clock() - 2 * DAYS * DAY_MS))
    _sentiero(folder, "import", "events", str(file), "--site", str(before.id))
    with working(folder):
        folder.drained(DRAIN_S)


def _sentiero(folder: Folder, *words: str) -> None:
    command = [sys.executable, "-m", "collector", *words, "--data", str(folder.path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=FILL_S)


def _of_before(begun: int) -> Iterator[dict[str, object]]:
    """In order of time, over as many days as the demo's, and all before it."""
    total = COUNTED + SEEN + RARE
    for n in range(total):
        at = begun + n * (DAYS * DAY_MS // total)
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000)) + f".{at % 1000:03}Z"
        if n < RARE:
            yield {"key": "shelf_moved", "occurred_at": when, "identifiers": {"ext_id": "shelves"}}
        elif n % 13 < 3 and n < RARE + SEEN * 13 // 3:
            page = {"url": f"https://before.example/old/{n % 200}", "title": "Lanterns"}
            yield {"key": "page_visited", "occurred_at": when, "visitor_id": f"{n % 3_000:026}", "page": page}
        else:
            yield {"key": "stock_counted", "occurred_at": when, "identifiers": {"ext_id": "till"}}


# The questions --------------------------------------------------------------------------------------------------------


def asked(folder: Folder) -> list[Figure]:
    """All of them, over HTTP."""
    middle = encode_cursor("events", _middle(folder))
    with serving(folder, worker=False) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        figures = [
            _figure(client, question, middle if is_deep else "")
            for question in questions(folder)
            for is_deep in (False, True)
            if not (is_deep and "order" in question.params)
        ]
        client.close()
    return figures


def _middle(folder: Folder) -> Place:
    """The place of the event in the middle of the demo's history."""
    at, id, offset = folder.store.execute(
        "SELECT at, id, offset FROM events WHERE offset = (SELECT max(offset) / 2 FROM events)"
    ).fetchone()
    return Place(at, unpack_id(id), offset)


def questions(folder: Folder) -> Iterator[Question]:
    """One filter, two, and those which no index helps."""
    found = _things(folder)
    for what, params in _of_one(found).items():
        yield Question(what, params, ONE_MS)
    for what, params in _of_two(found).items():
        yield Question(what, params, TWO_MS)
    for what, params in OTHERS.items():
        yield Question(what, params, OTHER_MS)


def _things(folder: Folder) -> dict[str, object]:
    """What the questions name: it is there."""
    ask = folder.store.execute
    (busiest,) = ask(
        "SELECT contact FROM events WHERE contact IS NOT NULL AND kind ="
        " (SELECT id FROM kinds WHERE key = 'order_completed') GROUP BY 1 ORDER BY count(*) DESC"
    ).fetchone()
    (visitor,) = ask("SELECT visitor FROM visitors WHERE contact = ?", (busiest,)).fetchone()
    (bot,) = ask("SELECT visitor FROM visitors WHERE contact = 0 ORDER BY id").fetchone()
    (till,) = ask("SELECT contact FROM identifiers WHERE kind = 'ext_id' AND value = 'till'").fetchone()
    (mail,) = ask("SELECT value FROM identifiers WHERE kind = 'email_id' ORDER BY added_at DESC").fetchone()
    (page,) = ask("SELECT path FROM pages WHERE path NOT LIKE '/old/%' ORDER BY id DESC").fetchone()
    now = wall_clock()
    return {
        "busiest": busiest, "visitor": visitor, "bot": bot, "till": till, "mail": mail[:6], "page": page,
        "week": _rfc3339(now - 7 * DAY_MS), "past": _rfc3339(now - (DAYS - 3) * DAY_MS),
        "long_ago": _rfc3339(now - (DAYS + 3) * DAY_MS), "today": _rfc3339(now), "never": _rfc3339(now + DAY_MS),
        "day": _rfc3339(now - 50 * DAY_MS), "day_after": _rfc3339(now - 49 * DAY_MS),
    }  # fmt: skip


def _rfc3339(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at // 1000))


def _of_one(the: dict[str, object]) -> dict[str, Params]:
    return {
        "no filter": {},
        "a category of many events": {"category": "website"},
        "a category of several": {"category": "ecommerce"},
        "a frequent key": {"key": "page_visited"},
        "a rare key": {"key": "cart_deleted"},
        "a key of before": {"key": "stock_counted"},
        "a rare key of before": {"key": "shelf_moved"},
        "a key that never was": {"key": "never_seen"},
        "a contact": {"contact": the["busiest"]},
        "a contact of 100,000 events": {"contact": the["till"]},
        "a contact that never was": {"contact": 2**40},
        "a visitor": {"visitor_id": the["visitor"]},
        "a bot's visitor": {"visitor_id": the["bot"], "bots": "include"},
        "a bot's visitor, bots left out": {"visitor_id": the["bot"]},
        "a visitor that never was": {"visitor_id": "v" * 26},
        "a site": {"site": 2},
        "a site of before": {"site": 3},
        "a site that never was": {"site": 99},
        "a source": {"source": "api"},
        "a source of before": {"source": "import"},
        "a source that never was": {"source": "receipt"},
        "from a week ago": {"from": the["week"]},
        "up to long ago": {"to": the["past"]},
        "a day": {"from": the["day"], "to": the["day_after"]},
        "from tomorrow": {"from": the["never"]},
        "superseded only": {"superseded": "only"},
        "bots only": {"bots": "only"},
        "q: a key's beginning": {"q": "order"},
        "q: a mail's beginning": {"q": the["mail"]},
        "q: a page's path": {"q": the["page"]},
        "q: 200 pages of before": {"q": "/old"},
        "q: a word of titles of before": {"q": "lanterns"},
        "q: what never was": {"q": "zzz"},
        "newest recorded": {"order": "recorded"},
        "newest recorded, a rare key": {"order": "recorded", "key": "cart_deleted"},
        "newest recorded, a site of before": {"order": "recorded", "site": 3},
    }


def _of_two(the: dict[str, object]) -> dict[str, Params]:
    before = {"from": the["long_ago"], "to": the["past"]}
    day = {"from": the["day"], "to": the["day_after"]}
    return {
        "key, contact": {"key": "order_completed", "contact": the["busiest"]},
        "key, contact of 100,000, none": {"key": "page_visited", "contact": the["till"]},
        "key of 96,000, contact, none": {"key": "cart_updated", "contact": the["till"]},
        "key, visitor": {"key": "product_viewed", "visitor_id": the["visitor"]},
        "key of 100,000, site, none": {"key": "stock_counted", "site": 1},
        "key of 96,000, site of before, none": {"key": "cart_updated", "site": 3},
        "frequent key, site of before": {"key": "page_visited", "site": 3},
        "key of 96,000, source, none": {"key": "cart_updated", "source": "api"},
        "frequent key, source of before": {"key": "page_visited", "source": "import"},
        "category, source of before": {"category": "website", "source": "import"},
        "key, long ago": {"key": "page_visited", **before},
        "key, a day": {"key": "cart_updated", **day},
        "key of before, a week": {"key": "stock_counted", "from": the["week"]},
        "key of 96,000, bots only, none": {"key": "cart_updated", "bots": "only"},
        "frequent key, bots only": {"key": "page_visited", "bots": "only"},
        "key, superseded only": {"key": "push_session_started", "superseded": "only"},
        "contact, site, none": {"contact": the["till"], "site": 1},
        "contact, source, none": {"contact": the["till"], "source": "api"},
        "contact, a day": {"contact": the["busiest"], **day},
        "contact, visitor, none": {"contact": the["till"], "visitor_id": the["visitor"]},
        "contact of 100,000, q, none": {"contact": the["till"], "q": the["page"]},
        "site, source, none": {"site": 2, "source": "api"},
        "site of before, source": {"site": 3, "source": "import"},
        "site of before, a day, none": {"site": 3, **day},
        "source, a day": {"source": "api", **day},
        "source of before, a day, none": {"source": "import", **day},
        "a day, bots only": {"bots": "only", **day},
        "q, key": {"q": the["page"], "key": "page_visited"},
        "q, site of before, none": {"q": the["page"], "site": 3},
        "q of before, a day, none": {"q": "/old", **day},
        "newest recorded, site of before, key": {"order": "recorded", "site": 3, "key": "page_visited"},
        "newest recorded, a day": {"order": "recorded", **day},
    }


OTHERS: dict[str, Params] = {
    "a property": {"property": "payment_method:eq:card"},
    "a property that never was": {"property": "never:eq:1"},
    "a property that never was, frequent key": {"property": "never:eq:1", "key": "page_visited"},
    "a property that never was, key of 96,000": {"property": "never:eq:1", "key": "cart_updated"},
}


def _figure(client: http.client.HTTPConnection, question: Question, cursor: str) -> Figure:
    """Asked many times over, a slow one less often. The first answer, which opens what is opened once, is left out."""
    path = "/api/events?" + urlencode({**question.params, **({"cursor": cursor} if cursor else {})})
    first, rows = _ask(client, path)
    took: list[float] = []
    begun = time.perf_counter()
    while len(took) < ASKED and (len(took) < 2 or time.perf_counter() - begun < LONGEST_S):
        asked = time.perf_counter()
        _ask(client, path)
        took.append((time.perf_counter() - asked) * 1000)
    cuts = quantiles(took, n=100, method="inclusive")  # a slow one is asked a few times only
    what = f"events: {question.what}" + (", from the middle on" if cursor else "")
    return Figure(
        name=named(what), what=f"{what}: {first}" if first != 200 else what, figure=round(cuts[94], 1), unit="ms",
        limit=Limit("at most", question.at_most_ms), worker=False, runs=took,
        details={"p50_ms": round(cuts[49], 1), "asked": len(took), "status": first, "rows": rows},
    )  # fmt: skip


def _ask(client: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    """Status, and how many events there were."""
    client.request("GET", path, headers={"api-key": API_KEY})
    answer = client.getresponse()
    body = answer.read()
    assert answer.status in (200, 503), f"{path} was answered with {answer.status}"
    return answer.status, len(json.loads(body).get("events", ()))
