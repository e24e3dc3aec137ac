"""What do the tests of `sentiero export` and `import` move? A history with two sites, and what a deployment holds."""

import json
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from typing import Any

from collector.commands.work import working
from collector.config import load
from collector.log.sqlite import SqliteLog
from collector.sqlite import connect
from tests.collector.commands.terminal import Said, Terminal

PARTLY = 5
V, W = "v" * 26, "w" * 26
Event = dict[str, Any]


def visited(id: str, at: str, **more: Any) -> Event:
    """A page view of the browser V, as a server sends it."""
    page = {"url": f"https://shop.example/{id}", "title": id}
    return {"id": id, "key": "page_visited", "occurred_at": at, "visitor_id": V, "page": page, **more}


HISTORY: Sequence[Event] = (
    visited("a", "2026-10-01T10:00:00.000Z", site=1),
    visited("b", "2026-10-01T10:05:00.000Z", properties={"n": 1, "deep": {"x": [1, None, "=1+1"]}}),
    {"id": "c", "key": "identified", "category": "contact", "occurred_at": "2026-10-01T10:06:00.000Z", "visitor_id": V,
     "identifiers": {"email_id": "ada@example.org", "ext_id": "u1"}, "contact_properties": {"FIRSTNAME": "Ada"}},
    {"id": "d", "key": "order_completed", "occurred_at": "2026-10-02T08:00:00.000Z",
     "identifiers": {"ext_id": "u1"}, "object": {"type": "order", "id": "7"}, "properties": {"total": 12.5}},
    visited("e", "2026-10-20T10:00:00.000Z", visitor_id=W, agent={"browser": "Firefox", "os": "Linux", "bot": False}),
)  # fmt: skip


def killed(process: "subprocess.Popen[str]") -> bool:
    """SIGKILL; whether it had not ended before."""
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def lines(events: Sequence[Any]) -> str:
    """As NDJSON."""
    return "".join(json.dumps(event) + "\n" for event in events)


def refused(
    here: Terminal, noun: str, content: str | bytes, name: str = "in.ndjson"
) -> tuple[Said, list[dict[str, object]]]:
    """It ends with 5; what it said, and the rows beside the file."""
    here.write(name, content)
    said = here.run("import", noun, name)
    assert PARTLY == said.code, said
    beside = here.folder / f"{name}.rejected.ndjson"
    return said, [json.loads(line) for line in beside.read_text().splitlines()]


def worked(here: Terminal) -> None:
    """Let a worker do all that there is to do."""
    with working(load({"data": here.data}, {}, here.folder)) as worker:
        turns = count()
        while any(worker.turn()):
            assert next(turns) < 1_000


def exported(here: Terminal, noun: str, name: str = "out.ndjson") -> list[Event]:
    """What an export holds, in its order."""
    here.done("export", noun, "-o", name)
    return [json.loads(line) for line in (here.folder / name).read_text().splitlines()]


def told(events: Sequence[Event]) -> list[Event]:
    """What must be the same after a round trip: all but where and when it came in, and the numbers of contacts."""
    lost = {"source", "received_at", "contact_id"}
    return [{name: value for name, value in event.items() if name not in lost} for event in events]


def stored(here: Terminal) -> list[str]:
    """The ids of all given events, one a row of the store."""
    with closing(connect(here.data / "store.db", readonly=True)) as store:
        rows = store.execute("SELECT events.id FROM events JOIN doors d ON d.id = door WHERE d.name = 'import'")
        return sorted(str(id) for (id,) in rows)


def logged(here: Terminal) -> Iterator[str]:
    """The ids of what was imported, one a row of the log."""
    with closing(SqliteLog(here.data / "log.db")) as log:
        yield from (row.entry.id for row in log.read(0, 1_000_000) if row.entry.door == "import")
