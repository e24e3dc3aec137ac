"""What was refused, why, and how is it put right? `/events/rejected`: reasons over time, then one card a reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.frame.params import PAGING, Params, one_of
from collector.api.frame.problem import Problem
from collector.errors import Code
from collector.instant import instant
from collector.services import Services
from collector.store.ports.rejections import RejectionCount, RejectionQuery, Sample, StoredRejection
from collector.store.ports.totals import Step
from collector.ui.events import filters
from collector.ui.events.remedies import REMEDIES, Remedy
from collector.ui.guard import Guard
from collector.ui.times import DAY_MS, HOUR_MS
from collector.ui.twins import OF_SCREENS

KNOWN = ("code", "site", "from", "to", *PAGING, *OF_SCREENS)
CHART_DAYS = 30
BY_HOUR_UP_TO_MS = 48 * HOUR_MS
MOST_ROWS = 500
"""Codes at sites: there are 23 codes."""
SAMPLES = 5
TONES = 6
"""Colours of the chart: the last is that of all the reasons that came less often."""
HEIGHT = 120


class Reason(NamedTuple):
    """All refusals of one code. tone: its colour in the chart. samples: the newest, with their sites."""

    code: str
    remedy: Remedy
    total: int
    last_at: int
    tone: int
    samples: list[tuple[int, Sample]]


class Bar(NamedTuple):
    """One step of the chart. parts: (code, count, tone, y, height), stacked from the ground, in units of HEIGHT."""

    at: int
    total: int
    parts: list[tuple[str, int, int, float, float]]


def routes(services: Services, guard: Guard) -> list[Route]:
    """What did not pass. Must come before `/events/<id>`."""
    rejections = services.store.rejections

    async def show(request: Request, visitor: Visitor) -> Response:
        """Reasons over time, a card each: how often, what it means, how to fix it, samples as received."""
        given = request.query_params.multi_items()
        pairs = filters.canonical(given)
        if pairs != given:
            return RedirectResponse(filters.address(pairs, "/events/rejected"), 303)
        now, problem = services.clock(), ""
        try:
            query = query_of(Params(request, KNOWN))
        except Problem as error:
            query, problem = RejectionQuery(), error.detail
        since, until, step = stretch_of(query, now)
        charted = RejectionQuery(codes=query.codes, sites=query.sites, since=since, until=until)
        found = reasons(await rejections.find(query, limit=MOST_ROWS))
        tones = {reason.code: reason.tone for reason in found}
        context = {
            "problem": problem,
            "reasons": found,
            "bars": bars(await rejections.counts(charted, step=step), tones, since=since, until=until, step=step),
            "height": HEIGHT,
            "step": step,
            "sites": {site.id: site.name for site in services.keys.sites.all()},
            "codes": list(Code),
            "given": dict(given),
            "local": filters.local,
            "spans": spans(pairs, now),
            "is_filtered": any(value for _, value in pairs),
            "query": request.url.query,
        }
        return guard.render(request, "events/rejected.html", context, visitor=visitor)

    return [Route("/events/rejected", guard.page(show), methods=["GET"])]


def query_of(params: Params) -> RejectionQuery:
    """The filters of the address: those of `/api/rejections`."""
    return RejectionQuery(
        codes=params.each("code", lambda value: one_of(Code, value)),
        sites=params.ids("site"),
        since=params.instant("from"),
        until=params.instant("to"),
    )


def stretch_of(query: RejectionQuery, now: int) -> tuple[int, int, Step]:
    """What the chart shows: [since, until) in whole steps, by hours up to 48 of them, else at most the last 30 days."""
    until = now if query.until is None else min(query.until, now)
    since = query.since if query.since is not None else until - CHART_DAYS * DAY_MS
    step: Step = "hour" if until - since <= BY_HOUR_UP_TO_MS else "day"
    length = HOUR_MS if step == "hour" else DAY_MS
    until = until // length * length + length
    return max(since // length * length, until - (CHART_DAYS + 1) * DAY_MS), until, step


def reasons(rows: Iterable[StoredRejection]) -> list[Reason]:
    """One a code, at all its sites together; the one that came most often first."""
    by_code: dict[str, list[StoredRejection]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    most = sorted(by_code.items(), key=lambda item: -sum(row.count for row in item[1]))
    return [reason_of(code, same, min(place, TONES - 1)) for place, (code, same) in enumerate(most)]


def reason_of(code: str, rows: Sequence[StoredRejection], tone: int) -> Reason:
    """The rows of one code."""
    samples = [(row.site, sample) for row in rows for sample in row.samples]
    newest = sorted(samples, key=lambda pair: pair[1].at, reverse=True)[:SAMPLES]
    return Reason(
        code,
        REMEDIES[Code(code)],
        sum(row.count for row in rows),
        max(row.last_at for row in rows),
        tone,
        newest,
    )


def bars(counts: Sequence[RejectionCount], tones: dict[str, int], *, since: int, until: int, step: Step) -> list[Bar]:
    """The chart: every step of the stretch, those without refusals too. Empty when nothing was refused in it."""
    length = HOUR_MS if step == "hour" else DAY_MS
    totals: Counter[int] = Counter()
    for count in counts:
        totals[count.at] += count.count
    most = max(totals.values(), default=0)
    return [
        Bar(at, totals[at], stacked([one for one in counts if one.at == at], tones, most=most))
        for at in (range(since, until, length) if most else ())
    ]


def stacked(counts: Sequence[RejectionCount], tones: dict[str, int], *, most: int) -> list[Any]:
    """The parts of one bar, the most frequent reason of the whole page at the ground. most: of the highest bar."""
    parts, top = [], 0.0
    for one in sorted(counts, key=lambda one: tones.get(one.code, TONES - 1)):
        height = round(one.count * HEIGHT / most, 2)
        top += height
        parts.append((one.code, one.count, tones.get(one.code, TONES - 1), round(HEIGHT - top, 2), height))
    return parts


def spans(pairs: filters.Pairs, now: int) -> list[filters.Span]:
    """Links to the last day, week, month and all of it."""
    rest = filters.without(pairs, "from", "to")
    lengths = [(key, length) for key, length in filters.SPANS.items() if length >= DAY_MS]
    found = [
        filters.Span(key, filters.address([*rest, ("from", instant(now - length))], "/events/rejected"))
        for key, length in lengths
    ]
    return [*found, filters.Span("all_time", filters.address(rest, "/events/rejected"))]
