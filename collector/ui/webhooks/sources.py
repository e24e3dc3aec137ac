"""How is a source of webhooks? Its state, the events it gives, its last calls, and those refused at the door.

Reads the store and what is in memory; writes nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from collector.api.hooks import desk
from collector.errors import Code
from collector.hooks.call import FORM, Call
from collector.hooks.live import mapping_of
from collector.hooks.mapping import BadMapping, HookMapping, parts_of
from collector.services import Services
from collector.store.ports.definitions.sources import Payload, Source
from collector.store.ports.rejections import RejectionQuery, Rejections
from collector.ui.page import Language
from sessionizer.catalogue import CATALOGUE, CATEGORIES, CUSTOM, family_of, lookup

STATES: Mapping[str, tuple[str, str]] = {
    "unreadable": ("webhooks_unreadable", "bad"),
    "paused": ("webhooks_paused", "warn"),
    "secretless": ("webhooks_secretless", "warn"),
    "silent": ("webhooks_silent", ""),
    "works": ("webhooks_works", "good"),
}
"""State → the text that says it, and the badge it stands in."""

MOST_REFUSALS = 100

_CATEGORY = re.compile(r"'([a-z_]+)'")
_LITERAL = re.compile(r"'([A-Za-z][\w.:/-]{2,60})'")
_COMPARED = re.compile(r"""(?P<one>[\w."]+) *== *'[^']*'|contains\(\[[^\]]*\], *(?P<several>[\w."]+)\)""")


class Told(NamedTuple):
    """An event, as people call it. key: with braces when only the call says which it is."""

    category: str
    key: str
    label: str
    times: int = 1

    @property
    def family(self) -> str:
        """Of the category, also of one that a call names."""
        return family_of(self.category if self.category in CATEGORIES else CUSTOM)

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same for all calls."""
        return "{" not in self.category + self.key


class Looked(NamedTuple):
    """A source as the list shows it. mapping: None when it can no longer be read. state: of STATES."""

    source: Source
    mapping: HookMapping | None
    state: str
    last: Payload | None


class Came(NamedTuple):
    """A call and the events that came of it."""

    payload: Payload
    events: list[Told]


class Unsigned(NamedTuple):
    """Calls that no secret of the source has signed: how many are remembered, and when the last one came, ms UTC."""

    calls: int
    last_at: int


def looked_at(services: Services, source: Source) -> Looked:
    """With its last call."""
    mapping = readable(source)
    services.sources.flush()
    last = next(iter(services.sources.kept.payloads(source.name, limit=1)), None)
    return Looked(source, mapping, _state(source, mapping, last), last)


def readable(source: Source) -> HookMapping | None:
    """Its mapping."""
    try:
        return mapping_of(source)
    except (BadMapping, KeyError):
        return None


def _state(source: Source, mapping: HookMapping | None, last: Payload | None) -> str:
    if mapping is None:
        return "unreadable"
    if source.paused:
        return "paused"
    if not source.secrets:
        return "secretless"
    return "works" if last else "silent"


def gives(mapping: HookMapping, language: Language) -> list[Told]:
    """The events that may come out, each once."""
    found = {one.label: one for one in (of_rule(rule.event, language) for rule in mapping.events)}
    return sorted(found.values(), key=lambda one: not one.is_fixed)


def of_rule(event: str, language: Language) -> Told:
    """An event as a rule says it. One of whose category the call decides is called as the first that it may be."""
    pieces = parts_of(event)
    category, _, key = "{}".join(pieces[::2]).partition("/")
    if category == "{}" and "{" not in key:
        category = next((word for word in _CATEGORY.findall(pieces[1]) if (word, key) in CATALOGUE), CUSTOM)
    if "{" in category + key:
        return Told(CUSTOM, "{}", "")
    return told(category, key, language)


def told(category: str, key: str, language: Language, times: int = 1) -> Told:
    """An event with the label that the catalogue has for it."""
    row = lookup(category, key)
    label = (row.label_it if language == "it" else row.label_en) if row else key
    return Told(category, key, label, times)


def asked_for(mapping: HookMapping) -> list[str]:
    """The provider's own names of its events: what the conditions compare with the field that they look at most."""
    found = [match for rule in mapping.events for match in _COMPARED.finditer(rule.when)]
    pairs = [(match["one"] or match["several"], word) for match in found for word in _LITERAL.findall(match[0])]
    counted = Counter(left for left, _ in pairs).most_common(1)
    return list(dict.fromkeys(word for left, word in pairs if counted and left == counted[0][0]))


def calls(services: Services, source: Source, language: Language) -> list[Came]:
    """The last ones, newest first."""
    return [Came(payload, _events(payload, language)) for payload in desk.payloads(services, source.name)]


def call_of(payload: Payload) -> Call:
    """As it came, but for what is not kept of it."""
    return Call(payload.headers, payload.body.encode("utf-8", "replace"), at=payload.at)


def is_form(payload: Payload) -> bool:
    """By its media type."""
    return payload.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def _events(payload: Payload, language: Language) -> list[Told]:
    """By the mapping as it was then."""
    found = Counter(payload.says.get("events", ()))
    kinds = [(*kind.partition("/")[::2], times) for kind, times in found.items()]
    return [told(category, key, language, times) for category, key, times in kinds]


async def unsigned(rejections: Rejections, name: str, *, since: int) -> Unsigned | None:
    """Those at this source's door after `since`, ms UTC, of the refusals whose samples are kept; None when there is
    none."""
    rows = await rejections.find(RejectionQuery(codes=(Code.SIGNATURE_INVALID,)), limit=MOST_REFUSALS)
    at = [sample.at for row in rows for sample in row.samples if sample.door == f"hook:{name}" and sample.at > since]
    return Unsigned(len(at), max(at)) if at else None
