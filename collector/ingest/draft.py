"""What do the pipeline's steps work on? A draft of one event, and what all events of a request share.

Reads nothing, writes nothing.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from collector.errors import Code
from collector.ingest.item import Item
from collector.log.entry import Entry
from collector.privacy.consent import Mode
from collector.store.ports.definitions.schemas import PinnedSchema
from sessionizer.event import Kind, ObjectRef, Page


class Refusal(NamedTuple):
    """Why an event, or a part of it, is not taken. path: inside of the event, such as `properties.price`."""

    code: Code
    path: str
    message: str


class Misfit(NamedTuple):
    """What could not even be typed as an item: a dialect's word that it is refused. raw: as it was received."""

    refusal: Refusal
    raw: object


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What all events of one request share. Instants in ms UTC.

    door, source: as in `collector/log/entry.py`. correction_ms: to be added to the client's times. oldest_at: earlier
    ones are too old. ahead_ms: how far in the future an event may be. visitor: "" when each event names its own, or
    none. ip: truncated. identify_mode: "" at a secret door. is_small: the whole body is below the bound of one event's
    properties, so that none needs to be measured. pinned: schemas that events are held to. is_site: whether a site of
    that id exists; only asked at a secret door. landed: the delivery that a page's token names;
    None where no page asks.
    needs_person: an event that names nobody is refused.
    """

    door: str
    source: str
    received_at: int
    oldest_at: int
    ahead_ms: int
    is_small: bool
    site: int = 0
    correction_ms: int = 0
    visitor: str = ""
    consent: str = "unknown"
    mode: Mode = Mode.FULL
    identify_mode: str = ""
    user_agent: str = ""
    ip: str = ""
    origin: str = ""
    pinned: Mapping[Kind, PinnedSchema] = {}
    is_site: Callable[[int], bool] = bool
    landed: Callable[[str], str | None] | None = None
    needs_person: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it came under a write key, which anybody can read in a page's source."""
        return self.identify_mode != ""


class Draft(msgspec.Struct):
    """One event on its way through the steps; what they have checked and enriched so far. index: in the request.
    agent: of the event's own browser, "" when it is the request's."""

    item: Item
    index: int
    site: int
    visitor: str
    agent: str = ""
    category: str = ""
    at: int = 0
    page: Page | None = None
    identifiers: dict[str, str] | None = None
    attributes: dict[str, object] | None = None
    object: ObjectRef | None = None
    activity: bool | None = None
    historical: bool = False
    proven: bool = False
    warnings: tuple[Refusal, ...] = ()

    def warn(self, code: Code, path: str, message: str) -> None:
        """A part was left out; the event is taken all the same."""
        self.warnings += (Refusal(code, path, message),)


def entry_of(draft: Draft, batch: Batch) -> Entry:
    """A draft that has passed every step → the log's row. Positional: half the time of keywords."""
    item = draft.item
    return Entry(
        batch.door,
        batch.source,
        draft.site,
        item.id,
        draft.category,
        item.key,
        draft.at,
        batch.received_at,
        draft.visitor,
        draft.page,
        item.properties or None,
        draft.identifiers,
        draft.attributes,
        draft.object,
        draft.agent or batch.user_agent,
        batch.ip,
        item.seq,
        draft.activity,
        draft.historical,
        batch.consent,
        (),
        0,
        0,
        False,
        batch.identify_mode,
        draft.proven,
    )
