"""What do a team's own events carry, as far as we have seen, and does it drift?

A shape says which properties a kind of event was seen to have: of which types, since when, until when, with a few
samples. Events give a shape (`observe`), two shapes make one (`join`): in any order and grouping, the same events
give the same shape, so that it does not matter what came late. It is bounded: what does not fit is the same whatever
came first. Reads nothing, writes nothing; instants are ms UTC of `occurred_at`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

import msgspec

from sessionizer.properties.schema import Schema, type_of

MAX_PROPERTIES = 100
MAX_SAMPLES = 5
MAX_LEVELS = 4
"""What is nested deeper is an object or an array, and no more is said of it."""
MAX_ELEMENTS = 10
"""Of an array so many are looked at."""

ELEMENT = "[]"
"""The name, in a path, of what stands in an array."""
_BEFORE = "\0"
"""Before each name of a path: no name holds it, and a name may be empty."""

DAY_MS = 86_400_000
LONG_MS = 7 * DAY_MS
RECENT_MS = 30 * DAY_MS
HABIT = 10
"""A property is missed when it is away for so many times as long as it used to be."""
SURE = 20
"""Events of which all must have had a property, for it to be taken as required."""


Seen = tuple[int, Mapping[str, Any]]
"""An event: (at, properties)."""


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How often something was seen, and when first and last."""

    count: int
    first_at: int
    last_at: int


class Trait(msgspec.Struct, frozen=True, array_like=True):
    """One property. types: as JSON Schema names them. samples: JSON texts, masked, in the order of their hashes."""

    types: dict[str, Span]
    samples: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """A kind of event. looked_at: the events that were. traits: by path, see `path_of`."""

    looked_at: Span
    traits: dict[str, Trait] = {}


class Masks(NamedTuple):
    """What may be kept. name: a property's → the same or another. value: (name, value) → JSON text, "" for none."""

    name: Callable[[str], str]
    value: Callable[[str, Any], str]


def path_of(path: str) -> tuple[str, ...]:
    """The names that lead to a property, `[]` for what stands in an array."""
    return tuple(path[1:].split(_BEFORE))


def observe(seen: Sequence[Seen], masks: Masks) -> Shape:
    """What one event or more show. Together they cost less than one by one."""
    spans: dict[tuple[str, str], list[int]] = {}
    samples: defaultdict[str, set[str]] = defaultdict(set)
    for at, properties in seen:
        for path, type, sample in _walk(properties, "", masks, MAX_LEVELS):
            if span := spans.get((path, type)):
                span[:] = span[0] + 1, min(span[1], at), max(span[2], at)
            else:
                spans[path, type] = [1, at, at]
            if sample:
                samples[path].add(sample)
    types: defaultdict[str, dict[str, Span]] = defaultdict(dict)
    for (path, type), span in spans.items():
        types[path][type] = Span(*span)
    instants = [at for at, _ in seen]
    traits = {path: Trait(types[path], _kept(samples.get(path, ()))) for path in _first(types)}
    return Shape(Span(len(seen), min(instants), max(instants)), traits)


def join(left: Shape, right: Shape) -> Shape:
    """What both have seen."""
    traits = {**left.traits, **right.traits}
    for path in left.traits.keys() & right.traits.keys():
        traits[path] = _join_traits(left.traits[path], right.traits[path])
    kept = {path: traits[path] for path in _first(traits)} if len(traits) > MAX_PROPERTIES else traits
    return Shape(_join_spans(left.looked_at, right.looked_at), kept)


def _walk(value: Any, path: str, masks: Masks, levels: int) -> Iterator[tuple[str, str, str]]:
    """(path, type, sample) of every property and of what is in it."""
    for name, part in _parts(value, masks):
        inner = f"{path}{_BEFORE}{name}"
        if isinstance(part, dict | list):
            yield inner, type_of(part), ""
            if levels > 1:
                yield from _walk(part, inner, masks, levels - 1)
        else:
            label = path.rpartition(_BEFORE)[2] if name == ELEMENT else name
            yield inner, type_of(part), masks.value(label, part) if part is not None else ""


def _parts(value: Mapping[str, Any] | list[Any], masks: Masks) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((ELEMENT, part) for part in value[:MAX_ELEMENTS])
    else:
        yield from ((masks.name(name), part) for name, part in value.items())


def _first(paths: Mapping[str, Any]) -> list[str]:
    """Those that are kept: outer before inner ones, then by name. Which they are depends on no order of arrival."""
    if len(paths) <= MAX_PROPERTIES:
        return list(paths)
    return sorted(paths, key=lambda path: (path.count(_BEFORE), path))[:MAX_PROPERTIES]


def _kept(samples: Collection[str]) -> tuple[str, ...]:
    """Those of the smallest hashes: a fair choice among all that ever came, and the same in any order."""
    return tuple(samples) if len(samples) < 2 else tuple(sorted(samples, key=_hash)[:MAX_SAMPLES])


def _hash(sample: str) -> bytes:
    return blake2b(sample.encode(), digest_size=8).digest()


def _join_traits(left: Trait, right: Trait) -> Trait:
    types = {**left.types, **right.types}
    for type in left.types.keys() & right.types.keys():
        types[type] = _join_spans(left.types[type], right.types[type])
    new = set(right.samples).difference(left.samples)
    return Trait(types, _kept(new.union(left.samples)) if new else left.samples)


def _join_spans(left: Span, right: Span) -> Span:
    return Span(left.count + right.count, min(left.first_at, right.first_at), max(left.last_at, right.last_at))


# What it says --------------------------------------------------------------------------------------------------------


class Drift(NamedTuple):
    """Something that is no longer as it was. at: since when. before, now: the types, of a property that has another."""

    path: tuple[str, ...]
    what: Literal["retyped", "new", "gone"]
    at: int
    before: str = ""
    now: str = ""


def span_of(trait: Trait) -> Span:
    """When a property was seen, whatever its type."""
    first, *others = trait.types.values()
    for other in others:
        first = _join_spans(first, other)
    return first


def properties_of(shape: Shape) -> dict[str, Schema]:
    """Name → schema, with the samples as examples: as the catalogue has it."""
    return dict(_schema(shape, "", {"object"}).get("properties", {}))


def schema_of(shape: Shape) -> Schema:
    """A schema that everything fits that was seen, to be pinned. What every event had is required.

    A number that always was whole may be a price: it is taken for a number.
    """
    schema = _widened(_schema(shape, "", {"object"}))
    always = [
        path_of(path)[0] for path, trait in _below(shape, "") if span_of(trait).count >= shape.looked_at.count >= SURE
    ]
    return {**schema, "required": sorted(always)} if always else schema


def drifts(shape: Shape) -> list[Drift]:
    """What has changed, by path; measured by the events themselves: nothing drifts while nothing comes."""
    found = (_drift(path_of(path), trait, shape.looked_at) for path, trait in sorted(shape.traits.items()))
    return [drift for drift in found if drift is not None]


def _schema(shape: Shape, path: str, types: set[str]) -> dict[str, Any]:
    """Of what is at that path, with all that is in it."""
    schema: dict[str, Any] = {"type": sorted(types)[0] if len(types) == 1 else sorted(types)}
    inner = {}
    for below, trait in _below(shape, path):
        name = path_of(below)[-1]
        described = _schema(shape, below, _plain(trait))
        if trait.samples:
            described["examples"] = [msgspec.json.decode(sample) for sample in trait.samples]
        inner[name] = described
    if ELEMENT in inner and "array" in types:
        schema["items"] = inner.pop(ELEMENT)
    if inner:
        schema["properties"] = dict(sorted(inner.items()))
    return schema


def _below(shape: Shape, path: str) -> Iterator[tuple[str, Trait]]:
    """The traits one level below that path."""
    start, level = path + _BEFORE, path.count(_BEFORE) + 1
    for below, trait in shape.traits.items():
        if below.startswith(start) and below.count(_BEFORE) == level:
            yield below, trait


def _plain(trait: Trait) -> set[str]:
    """Its types; an integer is a number where others are not whole."""
    types = set(trait.types)
    return types - {"integer"} if "number" in types else types


def _widened(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Without examples, and every integer a number."""
    said = schema["type"]
    types = sorted({"number" if one == "integer" else one for one in ([said] if isinstance(said, str) else said)})
    wide: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if "items" in schema:
        wide["items"] = _widened(schema["items"])
    if "properties" in schema:
        wide["properties"] = {name: _widened(inner) for name, inner in schema["properties"].items()}
    return wide


def _drift(path: tuple[str, ...], trait: Trait, looked_at: Span) -> Drift | None:
    seen = span_of(trait)
    if _is_missed(seen, looked_at):
        return Drift(path, "gone", seen.last_at)
    if retyped := _retyped(path, trait, looked_at):
        return retyped
    if seen.first_at - looked_at.first_at >= LONG_MS and looked_at.last_at - seen.first_at < RECENT_MS:
        return Drift(path, "new", seen.first_at)
    return None


def _is_missed(seen: Span, looked_at: Span) -> bool:
    """Away for a week, and for much longer than it used to be: what came three times or more had a habit."""
    away = looked_at.last_at - seen.last_at
    return seen.count >= 3 and away >= LONG_MS and away * (seen.count - 1) >= HABIT * (seen.last_at - seen.first_at)


def _retyped(path: tuple[str, ...], trait: Trait, looked_at: Span) -> Drift | None:
    """Another type than at first, not long ago or still beside it; null is no type, and an integer is a number."""
    types: dict[str, Span] = {}
    for said, span in trait.types.items():
        name = "number" if said == "integer" else said
        if name != "null":
            types[name] = _join_spans(types[name], span) if name in types else span
    if len(types) < 2:
        return None
    first, *_, last = sorted(types, key=lambda name: (types[name].first_at, name))
    before, now = types[first], types[last]
    is_recent = looked_at.last_at - max(now.first_at, before.last_at) < RECENT_MS
    return Drift(path, "retyped", now.first_at, first, last) if now.first_at > before.first_at and is_recent else None
