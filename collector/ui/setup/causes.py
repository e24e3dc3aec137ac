"""Why does nothing come, or why was it refused? What the collector saw in the last ten minutes, likeliest cause first.

Reads refusals, traces (`access/traces.py`) and events; writes nothing. A cause is a title, what to do, and an action.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from collector.access.origins import normalise, permits
from collector.access.traces import Trace
from collector.api.frame.params import instant_of
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.sites import Site
from collector.store.ports.events import EventQuery, StoredEvent, Which
from collector.store.ports.rejections import RejectionQuery, Sample, StoredRejection

LATELY_MS = 600_000
PATIENCE_MS = 8_000
"""A page that has loaded the script or asked may still be about to send."""

KEPT = 20
"""Samples of one code at one site; the count of them is then a lower bound."""

MAX_ROWS = 50
MAX_CAUSES = 8

Action = Literal["", "key", "allow", "consent"]


class Cause(NamedTuple):
    """One likely reason. title, says: keys of texts, filled with `given`. at: ms UTC, when it was seen last."""

    title: str
    says: str
    at: int
    given: Mapping[str, Any] = {}
    action: Action = ""
    origin: str = ""


class Seen(NamedTuple):
    """What the collector saw of one site lately. last: its newest event. bot: a bot's, when no human's has come."""

    site: Site
    now: int
    refused: Sequence[StoredRejection]
    traces: Sequence[Trace]
    last: StoredEvent | None
    bot: StoredEvent | None


async def look(services: Services, site: Site) -> Seen:
    """Gather it."""
    now, since = services.clock(), services.clock() - LATELY_MS
    refused = await services.store.rejections.find(RejectionQuery(since=since, sites=(0, site.id)), limit=MAX_ROWS)
    human, bot = [
        await services.store.events.find(
            EventQuery(sources=("tracker",), sites=(site.id,), since=since, bots=which), limit=1
        )
        for which in (Which.EXCLUDE, Which.ONLY)
    ]
    last = max(human + bot, key=lambda event: event.received_at, default=None)
    return Seen(site, now, refused, services.traces.since(since), last, bot[0] if bot and not human else None)


def causes_of(seen: Seen) -> list[Cause]:
    """The likeliest first; behind them those after which an event has come all the same: perhaps they are mended."""
    found = [cause for step in CAUSES for cause in step(seen)]
    last_at = seen.last.received_at if seen.last else 0
    return sorted(found, key=lambda cause: cause.at < last_at)[:MAX_CAUSES]


def wrong_key(seen: Seen) -> Iterator[Cause]:
    """A key that is none, or none any more: nothing under it can be a site's."""
    for code, title in ((Code.KEY_UNKNOWN, "cause_unknown_key"), (Code.KEY_REVOKED, "cause_revoked_key")):
        if samples := _lately(seen, code):
            yield Cause(title, "cause_key_says", samples[0].at, {"n": _many(samples), "origin": _who(samples)}, "key")


def wrong_origin(seen: Seen) -> Iterator[Cause]:
    """Pages of an origin that the site does not name; those that were allowed meanwhile are left out."""
    samples = _lately(seen, Code.ORIGIN_REFUSED)
    for origin in dict.fromkeys(sample.origin for sample in samples):
        name, same = normalise(origin), [sample for sample in samples if sample.origin == origin]
        given = {"n": _many(same), "origin": name or origin or "–"}
        if name is None:
            yield Cause("cause_no_origin", "cause_no_origin_says", same[0].at, given)
        elif not permits(seen.site.origins, name):
            yield Cause("cause_origin", "cause_origin_says", same[0].at, given, "allow", name)


def no_consent(seen: Seen) -> Iterator[Cause]:
    """The site wants a yes, and nobody has said it to the script."""
    samples = _lately(seen, Code.CONSENT_DENIED)
    if samples and seen.site.consent == "required":
        yield Cause("cause_consent", "cause_consent_says", samples[0].at, {"n": _many(samples)}, "consent")


def wrong_clock(seen: Seen) -> Iterator[Cause]:
    """A time that cannot be read, or that is too long ago: how far it is off, where the event says it."""
    if samples := _lately(seen, Code.TOO_OLD):
        gap_ms = max(samples[0].at - _occurred_at(samples[0]), 0)
        given = {"n": _many(samples), "days": gap_ms // 86_400_000}
        yield Cause("cause_clock", "cause_clock_says" if given["days"] else "cause_old_says", samples[0].at, given)
    if samples := _lately(seen, Code.BAD_TIME):
        given = {"n": _many(samples), "path": samples[0].path}
        yield Cause("cause_time", "cause_time_says", samples[0].at, given)


def no_post(seen: Seen) -> Iterator[Cause]:
    """The browser asked whether the page may send, and then sent nothing."""
    for trace in _of_site(seen):
        if trace.asked_at > trace.brought_at and trace.asked_at <= seen.now - PATIENCE_MS:
            yield Cause("cause_preflight", "cause_preflight_says", trace.asked_at, {"origin": trace.origin})


def only_bots(seen: Seen) -> Iterator[Cause]:
    """Events come, and every one of an agent that is taken for a crawler."""
    if seen.bot:
        agent = seen.bot.agent.browser if seen.bot.agent else ""
        yield Cause("cause_bot", "cause_bot_says", seen.bot.received_at, {"agent": agent or "–"})


def script_only(seen: Seen) -> Iterator[Cause]:
    """The script was loaded by a page, and the page brought nothing."""
    says = "cause_silent_consent" if seen.site.consent == "required" else "cause_silent_says"
    for trace in _of_site(seen):
        is_silent = trace.fetched_at > trace.brought_at and trace.fetched_at <= seen.now - PATIENCE_MS
        if is_silent and trace.asked_at < trace.fetched_at:
            yield Cause("cause_silent", says, trace.fetched_at, {"origin": trace.origin})


def other(seen: Seen) -> Iterator[Cause]:
    """Whatever else was refused, in the words in which the sender was told."""
    for code in dict.fromkeys(row.code for row in seen.refused):
        if code not in NAMED and (samples := _lately(seen, code)):
            given = {"n": _many(samples), "code": code, "message": samples[0].message}
            yield Cause("cause_other", "cause_other_says", samples[0].at, given)


CAUSES = (wrong_key, wrong_origin, no_consent, wrong_clock, no_post, only_bots, script_only, other)

NAMED = {
    Code.KEY_UNKNOWN,
    Code.KEY_REVOKED,
    Code.ORIGIN_REFUSED,
    Code.CONSENT_DENIED,
    Code.TOO_OLD,
    Code.BAD_TIME,
    Code.VISITOR_INVALID,
}
"""Refusals that have a cause of their own, and the one that is no refusal: the event is taken for a new visitor."""


def _lately(seen: Seen, code: str) -> list[Sample]:
    """The samples of browsers in the last ten minutes, newest first."""
    since, doors = seen.now - LATELY_MS, ("e", f"site:{seen.site.id}")
    found = [sample for row in seen.refused if row.code == code for sample in row.samples]
    found = [sample for sample in found if sample.at >= since and sample.door in doors]
    return sorted(found, key=lambda sample: -sample.at)


def _of_site(seen: Seen) -> list[Trace]:
    """Traces of pages that could be this site's."""
    return [trace for trace in seen.traces if permits(seen.site.origins, trace.origin)]


def _many(samples: Sequence[Sample]) -> str:
    return f"{len(samples)}+" if len(samples) >= KEPT else str(len(samples))


def _who(samples: Sequence[Sample]) -> str:
    return samples[0].origin or "–"


def _occurred_at(sample: Sample) -> int:
    """When the refused event says that it happened, ms UTC; the sample's own time when it says nothing readable."""
    try:
        return instant_of(str(json.loads(sample.sample)["occurred_at"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return sample.at
