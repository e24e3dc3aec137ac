"""What was refused, how often, and what did it look like? Answered from log.db (the port: `ports/rejections.py`).

The counters are exact a whole hour, the samples a ring of the newest 20 a site and code.
"""

from typing import Any

import msgspec

from collector.store.ports.rejections import (
    RejectionCount,
    RejectionPlace,
    RejectionQuery,
    Sample,
    StoredRejection,
)
from collector.store.ports.totals import Step
from collector.store.sqlite.event_query import listed
from collector.store.sqlite.readers import Readers, Row

HOUR_MS = 3_600_000
STEP_MS = {"hour": HOUR_MS, "day": 24 * HOUR_MS}
EVER = 1 << 62

ASKED = """FROM rejections
  WHERE hour >= :since AND hour < :until
    AND (:sites IS NULL OR site IN (SELECT value FROM json_each(:sites)))
    AND (:codes IS NULL OR code IN (SELECT value FROM json_each(:codes)))"""

COUNTS = f"""
SELECT hour / :step * :step, code, sum(count) {ASKED}
GROUP BY 1, 2 ORDER BY 1, 2"""

ANSWER = f"""
WITH counted AS (
  SELECT site, code, sum(count) AS count, max(hour) AS hour {ASKED}
  GROUP BY site, code),
seen AS (
  SELECT c.site, c.code, c.count, max(c.hour, coalesce((
    SELECT max(s.at) FROM rejection_samples s
    WHERE s.site = c.site AND s.code = c.code AND s.at >= :since AND s.at < :until), 0)) AS last_at
  FROM counted c)
SELECT site, code, count, last_at, (
  SELECT json_group_array(json_array(at, path, message, door, origin, sample)) FROM (
    SELECT * FROM rejection_samples s
    WHERE s.site = seen.site AND s.code = seen.code AND s.at >= :since AND s.at < :until
    ORDER BY s.at DESC, s.slot DESC))
FROM seen WHERE :after_at IS NULL OR (last_at, site, code) < (:after_at, :after_site, :after_code)
ORDER BY last_at DESC, site DESC, code DESC LIMIT :limit"""


class SqliteRejections:
    """The port `Rejections` on log.db."""

    def __init__(self, readers: Readers) -> None:
        """readers: connections to log.db."""
        self._readers = readers

    async def find(
        self, query: RejectionQuery, *, limit: int, after: RejectionPlace | None = None
    ) -> list[StoredRejection]:
        """See the port."""
        place = {
            "after_at": after.last_at if after else None,
            "after_site": after.site if after else None,
            "after_code": after.code if after else None,
        }
        rows = await self._readers.fetch(ANSWER, {**values_of(query), **place, "limit": limit})
        return [rejection_of(row) for row in rows]

    async def counts(self, query: RejectionQuery, *, step: Step) -> list[RejectionCount]:
        """See the port."""
        rows = await self._readers.fetch(COUNTS, {**values_of(query), "step": STEP_MS[step]})
        return [RejectionCount(*row) for row in rows]


def values_of(query: RejectionQuery) -> dict[str, Any]:
    """What ASKED binds."""
    return {
        "since": 0 if query.since is None else query.since // HOUR_MS * HOUR_MS,
        "until": EVER if query.until is None else -(-query.until // HOUR_MS) * HOUR_MS,
        "sites": listed(query.sites) if query.sites else None,
        "codes": listed(query.codes) if query.codes else None,
    }


def rejection_of(row: Row) -> StoredRejection:
    """A row of ANSWER → StoredRejection."""
    site, code, count, last_at, samples = row
    return StoredRejection(code, site, count, last_at, tuple(Sample(*one) for one in msgspec.json.decode(samples)))
