"""Who came into a segment and who left it, and how large was it day by day? For the page of one segment."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from starlette.requests import Request

from collector.api.frame.cursor import decode_cursor, encode_cursor
from collector.api.people.membership import Membership
from collector.services import Services
from collector.store.ports.definitions.segments import Segment
from collector.store.ports.segments import Place
from collector.ui.page import Language, translator
from collector.ui.times import DAY_MS

LINES = 10
DAYS = 90
WHY = {
    "event": "segments_by_event",
    "time": "segments_by_time",
    "known": "segments_by_known",
    "created": "segments_by_created",
    "edited": "segments_by_edited",
    "resumed": "segments_by_resumed",
}


class Day(NamedTuple):
    """A day of the deployment's zone. at: midnight UTC of its date, as charts label it. ends: its end, ms UTC."""

    at: int
    ends: int


async def history_of(request: Request, segment: Segment, services: Services) -> Mapping[str, Any]:
    """One page of who came and went, the latest first."""
    members, before = Membership(services), place_of(request.query_params.get("history", ""))
    lines, last = await members.history(segment, limit=LINES, before=before)
    people = await members.people(list({line.contact for line in lines}))
    return {
        "passages": lines,
        "who_passed": {one.id: one for one in people},
        "reasons": WHY,
        "older_passages": f"?history={encode_cursor('history', last)}" if last else "",
        "is_latest": before is None,
    }


def place_of(cursor: str) -> Place | None:
    """Where the history goes on; from its beginning where an address was mangled."""
    try:
        return decode_cursor("history", cursor, Place) if cursor else None
    except ValueError:
        return None


async def sizes_of(segment: Segment, services: Services, language: Language) -> Mapping[str, Any]:
    """Its size at the end of each day, the last ninety at most, of one whose members are kept; and what draws it."""
    days = days_of(segment.created_at, services.clock(), services.settings.zone)
    sizes = await services.store.members.sizes(segment.id, [day.ends for day in days])
    line = {"name": translator(language)("segments_size"), "counts": sizes}
    return {
        "days": [(day.at, size) for day, size in zip(days, sizes, strict=True)][::-1],
        "drawn": {"step": "day", "level": True, "at": [day.at // 1000 for day in days], "lines": [line]},
    }


def days_of(since: int, now: int, zone: tzinfo) -> list[Day]:
    """From the day of `since` (ms UTC), or ninety days ago, to today."""
    today = _date(now, zone)
    first = max(_date(since, zone), today - timedelta(DAYS - 1))
    dates = [first + timedelta(n) for n in range((today - first).days + 1)]
    return [Day(_label(each), _midnight(each + timedelta(1), zone)) for each in dates]


def _date(at: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(at / 1000, zone).date()


def _midnight(day: date, zone: tzinfo) -> int:
    """ms UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def _label(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_MS
