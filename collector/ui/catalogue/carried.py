"""What was a custom event seen to carry, and to what schema is it held? For a reader.

Reads nothing, writes nothing.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from collector.api.frame.body import checked
from collector.api.frame.problem import Problem
from collector.api.schemas import NewSchema
from collector.store.ports.definitions.schemas import PinnedSchema, misfit_message
from collector.store.ports.rejections import StoredRejection
from collector.ui.guard import Form
from sessionizer.catalogue import Row
from sessionizer.properties.learned import ELEMENT, Drift, Shape, Trait, drifts, path_of, schema_of, span_of
from sessionizer.properties.schema import object_of

DRIFTS = {"retyped": "catalogue_retyped", "new": "catalogue_new", "gone": "catalogue_gone"}
"""What has changed → the key of the sentence that says it."""
MISFITS = {"flag": "catalogue_flag", "reject": "catalogue_reject"}
"""What becomes of an event that does not fit → the key of the sentence that says it."""
SHOWN_MISFITS = 5


class Carried(NamedTuple):
    """A property. path: `items[].price`. share: in how many per cent of the events; of what is nested 0."""

    path: str
    types: tuple[str, ...]
    samples: tuple[str, ...]
    share: int
    first_at: int
    last_at: int
    drift: Drift | None


class Misfit(NamedTuple):
    """An event that did not fit. at: ms UTC. path: inside of it."""

    at: int
    path: str
    message: str


class Draft(NamedTuple):
    """The form of a schema, with what stands in it. wrong: what is wrong with it, "" for nothing."""

    text: str
    misfit: str
    wrong: str = ""


def carried(shape: Shape | None) -> list[Carried]:
    """All of them, outer before inner, by name."""
    if shape is None:
        return []
    drift = {each.path: each for each in drifts(shape)}
    rows = sorted((path_of(path), trait) for path, trait in shape.traits.items())
    return [_carried(path, trait, shape, drift.get(path)) for path, trait in rows]


def _carried(path: tuple[str, ...], trait: Trait, shape: Shape, drift: Drift | None) -> Carried:
    span = span_of(trait)
    share = round(100 * span.count / shape.looked_at.count) if len(path) == 1 else 0
    types = set(trait.types) - ({"integer"} if "number" in trait.types else set())
    return Carried(dotted(path), tuple(sorted(types)), trait.samples, share, span.first_at, span.last_at, drift)


def dotted(path: Iterable[str]) -> str:
    """`items[].price`."""
    return "".join(name if name == ELEMENT else f".{name}" for name in path).removeprefix(".")


def draft_of(row: Row, pinned: PinnedSchema | None, shape: Shape | None) -> Draft:
    """What the form offers: the schema that is pinned, else the one that was learned, else the catalogue's."""
    if pinned:
        return Draft(_written(pinned.schema), pinned.misfit)
    return Draft(_written(schema_of(shape) if shape else _bare(object_of(row.properties))), "flag")


def _written(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False)


def _bare(schema: Any) -> Any:
    """Without examples: they are said elsewhere."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {word: _bare(said) for word, said in schema.items() if word != "examples"}


def body_of(form: Form) -> NewSchema:
    """What was filled in, as the API's body has it. Raises Problem 400."""
    if form.get("learned"):
        return checked({"schema": "learned", "misfit": form.get("misfit", "flag")}, NewSchema)
    try:
        schema = json.loads(form.get("schema", ""))
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"It is not JSON: {error}.") from None
    if not isinstance(schema, dict):
        raise Problem(400, "A schema is a JSON object.")
    return checked({"schema": schema, "misfit": form.get("misfit", "flag")}, NewSchema)


def misfits(rejections: Iterable[StoredRejection], row: Row) -> list[Misfit]:
    """The newest events of this kind that did not fit, as far as samples are kept."""
    ending = misfit_message("", row.category, row.key)
    found = [
        Misfit(sample.at, sample.path.partition("].")[2], sample.message.removesuffix(ending))
        for rejection in rejections
        for sample in rejection.samples
        if sample.message.endswith(ending)
    ]
    return sorted(found, key=lambda misfit: -misfit.at)[:SHOWN_MISFITS]
