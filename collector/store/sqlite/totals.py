"""How much was there of what? Answered from `kind_days` and `session_hours` (the port: `ports/totals.py`)."""

from typing import Any

import msgspec

from collector.store.ports.totals import KindTotal, Part, SessionFilter, SessionTotal, Step
from collector.store.sqlite.event_query import listed
from collector.store.sqlite.readers import Readers, Row

HOUR_MS = 3_600_000
HOURS = {"hour": 1, "day": 24}

KINDS = """
SELECT k.category, k.key, t.events,
  (SELECT min(at) FROM events WHERE kind = k.id), (SELECT max(at) FROM events WHERE kind = k.id),
  (SELECT json_group_array(json_array(day, events)) FROM (
    SELECT day, events FROM kind_days WHERE kind = k.id AND day >= :since AND events > 0 ORDER BY day))
FROM (SELECT kind, sum(events) AS events FROM kind_days GROUP BY kind) t JOIN kinds k ON k.id = t.kind
WHERE t.events > 0 ORDER BY k.category, k.key"""

PARTS = {None: "''", "site": "CAST(site AS TEXT)", "source": "source", "device": "device"}

SESSIONS = """
SELECT hour / :hours * :hours, {part}, sum(sessions) FROM session_hours
WHERE hour >= :since AND hour < :until
  AND (:sites IS NULL OR site IN (SELECT value FROM json_each(:sites)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:devices IS NULL OR device IN (SELECT value FROM json_each(:devices)))
GROUP BY 1, 2 HAVING sum(sessions) > 0 ORDER BY 1, 2"""


class SqliteTotals:
    """The port `Totals` on store.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to store.db."""
        self._readers = readers

    async def kinds(self, *, since_day: int) -> list[KindTotal]:
        """See the port."""
        return [kind_of(row) for row in await self._readers.fetch(KINDS, {"since": since_day})]

    async def sessions(self, which: SessionFilter, *, step: Step, by: Part | None = None) -> list[SessionTotal]:
        """See the port."""
        values: dict[str, Any] = {
            "since": which.since // HOUR_MS,
            "until": -(-which.until // HOUR_MS),
            "hours": HOURS[step],
            "sites": listed(which.sites) if which.sites else None,
            "sources": listed(which.sources) if which.sources else None,
            "devices": listed(which.devices) if which.devices else None,
        }
        rows = await self._readers.fetch(SESSIONS.format(part=PARTS[by]), values)
        return [SessionTotal(hour * HOUR_MS, part, sessions) for hour, part, sessions in rows]


def kind_of(row: Row) -> KindTotal:
    """A row of KINDS → KindTotal."""
    category, key, events, first_at, last_at, days = row
    return KindTotal(
        category, key, events, first_at, last_at, msgspec.json.decode(days, type=tuple[tuple[int, int], ...])
    )
