"""Which events are there, and what are they for? `GET /api/catalogue`: the table of `sessionizer/catalogue.py`, and
what was learned of a team's own events.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.operation import operation
from collector.api.frame.params import Params
from collector.api.frame.problem import unknown
from collector.instant import DAY_MS, day, instant
from collector.services import Services
from collector.store.ports.totals import KindTotal
from sessionizer.catalogue import CATALOGUE, CUSTOM, Arises, Row, lookup
from sessionizer.event import Kind
from sessionizer.properties.learned import Shape, Span, Trait, drifts, path_of, properties_of, span_of


def custom_rows(totals: Iterable[KindTotal], shapes: Mapping[Kind, Shape]) -> list[Row]:
    """The custom events that came, by key, each as a row. shapes: what was learned of them."""
    return [
        custom_row(row, total, shapes.get((CUSTOM, total.key)))
        for total in totals
        if total.category == CUSTOM and (row := lookup(CUSTOM, total.key)) is not None
    ]


def custom_row(row: Row, total: KindTotal, shape: Shape | None) -> Row:
    """A custom event's row, that says what came of it and what it carries."""
    first, last = (day(at // DAY_MS) for at in (total.first_at, total.last_at))
    times_it, times_en = (
        ("una volta", "once") if total.events == 1 else (f"{total.events} volte", f"{total.events} times")
    )
    return row._replace(
        description_it=f"Un evento definito da voi, visto {times_it}: il primo il {first}, l'ultimo il {last}.",
        description_en=f"An event of your own, seen {times_en}: the first on {first}, the last on {last}.",
        properties=properties_of(shape) if shape else row.properties,
    )


class KnownEvent(msgspec.Struct, frozen=True):
    """One event. arises: given, derived or receipt. properties: name → its JSON schema."""

    category: str
    key: str
    label_it: str
    label_en: str
    description_it: str
    description_en: str
    arises: Arises
    by: str
    activity: bool
    usable_in: tuple[str, ...]
    properties: Mapping[str, Any]


class CatalogueAnswer(msgspec.Struct, frozen=True):
    """All events: the table in its order, then the custom ones."""

    events: tuple[KnownEvent, ...]


def listed(custom: Iterable[Row] = ()) -> CatalogueAnswer:
    """The rows, their fields by name (INTERFACES 5)."""
    return CatalogueAnswer(tuple(KnownEvent(**row._asdict()) for row in (*CATALOGUE.values(), *custom)))


def routes(services: Services) -> list[Route]:
    """Reading the catalogue."""

    @operation(answers={200: CatalogueAnswer})
    async def find(request: Request) -> Response:
        """All events with labels and sentences in both languages; custom ones as they were learned."""
        Params(request, ())
        store = services.store
        totals = await store.totals.kinds(since_day=services.clock() // DAY_MS + 1)  # no day: only their sums
        return answer(listed(custom_rows(totals, await store.learned.all())))

    @operation(answers={200: dict[str, Any]})
    async def learned(request: Request) -> Response:
        """What a custom event was seen to carry: types, samples, since when, and what has changed."""
        Params(request, ())
        category, key = request.path_params["category"], request.path_params["key"]
        shape = await services.store.learned.of(category, key)
        if shape is None:
            raise unknown("custom event that came, named", f"{category[:40]}/{key[:255]}")
        return answer(answer_of(shape))

    return [
        Route("/api/catalogue", require(services, "read", find), methods=["GET"]),
        Route("/api/catalogue/{category}/{key}/learned", require(services, "read", learned), methods=["GET"]),
    ]


def answer_of(shape: Shape) -> Mapping[str, Any]:
    """`{looked_at, first_at, last_at, properties: [{path, types, samples, …}], drift: [{path, what, at, …}]}`."""
    return {
        **_times(shape.looked_at),
        "properties": [_property(path, trait) for path, trait in shape.traits.items()],
        "drift": [{**drift._asdict(), "at": instant(drift.at)} for drift in drifts(shape)],
    }


def _property(path: str, trait: Trait) -> Mapping[str, Any]:
    samples = [msgspec.Raw(sample.encode()) for sample in trait.samples]
    return {"path": path_of(path), "types": sorted(trait.types), "samples": samples, **_times(span_of(trait))}


def _times(span: Span) -> Mapping[str, Any]:
    return {"looked_at": span.count, "first_at": instant(span.first_at), "last_at": instant(span.last_at)}
