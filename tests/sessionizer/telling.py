"""What do the rules say of a timeline? Told as lines, as the timeline itself is written (`tests/factories.py`).

told("00:00 meetings/meeting_booked meeting_id=m starts_at=…", until="1d 00:00")  →  ["10:00 meeting_started"]
"""

from datetime import UTC, tzinfo

from sessionizer.derived import Derived
from sessionizer.engine import Engine
from sessionizer.rules.assignments import rules
from tests.factories import DAY_0, Tick, at, history
from tests.sessionizer.memory_worker import MemoryWorker

SESSION_KEYS = frozenset({"push_session_started", "session_ended"})


def derived(*lines: str, until: str = "", zone: tzinfo = UTC) -> list[Derived]:
    """What stands at the end, without sessions, in order of time. Lines arrive one by one, in their order."""
    worker = MemoryWorker(Engine(rules(zone)))
    for one in history(*lines):
        if isinstance(one, Tick):
            worker.tick(one.at)
        else:
            worker.deliver("c", [one])
    if until:
        worker.tick(at(until))
    said = worker.said.get("c", {}).values()
    return sorted((one for one in said if one.key not in SESSION_KEYS), key=lambda one: (one.at, one.key, one.id))


def told(*lines: str, until: str = "", zone: tzinfo = UTC) -> list[str]:
    """The same as lines: time and key."""
    return [f"{moment(one.at)} {one.key}" for one in derived(*lines, until=until, zone=zone)]


def moment(at: int) -> str:
    """ms UTC → `"1d 00:30"`, as a timeline says it."""
    days, ms = divmod(at - DAY_0, 86_400_000)
    seconds, ms = divmod(ms, 1_000)
    clock = f"{seconds // 3_600:02}:{seconds // 60 % 60:02}"
    exact = f":{seconds % 60:02}" + (f".{ms:03}" if ms else "") if seconds % 60 or ms else ""
    return (f"{days}d " if days else "") + clock + exact
