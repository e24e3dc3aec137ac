"""Which event is in a row? One as `GET /api/events` answers it, as `POST /api/events` takes it, or a table's row.

    what an export has beside                   what becomes of it
    source derived, superseded                  left out: it arises again by itself from what is given
    session_id                                  the event was activity
    agent                                       the browser, told to the worker (`collector/told_agent.py`)
    contact_id                                  a number of where it comes from: a visitor, when nothing else says who
    received_at, late, causes                   nothing: it is received now

An event without an id gets one that is made of all that it says: read again, it is the same.
"""

import enum
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from collector.errors import REFUSALS, Code
from collector.event_id import unpack_id
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.sentiero import SECRET, parse
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import ServerItem
from collector.moving.cells import event_of, unsafe
from collector.moving.rows import Row
from sessionizer.event import Agent

DERIVED = "derived"


class LeftOut(enum.StrEnum):
    """Why a row that is in order gives nothing."""

    DERIVED = "derived events, which arise again by themselves"
    SUPERSEDED = "events that were taken back"
    ANONYMOUS = "contacts without identifiers, who arise again from their events"


class AgentItem(msgspec.Struct):
    """The browser as an export has it."""

    browser: str | None = None
    os: str | None = None
    device: str | None = None
    bot: bool | None = None


class EventRow(ServerItem, forbid_unknown_fields=False, kw_only=True):
    """An event in a file. What an export has beside what a server sends is optional."""

    id: str = ""
    source: str | None = None
    received_at: str | None = None
    contact_id: int | None = None
    session_id: str | None = None
    agent: AgentItem | None = None
    superseded: bool | None = None


_decoder = msgspec.json.Decoder(EventRow)
_plain = msgspec.json.Decoder()
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def event_in(row: Row) -> EventRow | Misfit | LeftOut:
    """The event of a row, ready for the pipeline; or why there is none."""
    try:
        event = _decoder.decode(row.line) if row.line else _of_cells(row.cells)
    except (ValueError, RecursionError):  # msgspec's errors and UnicodeDecodeError are ValueErrors
        return _slowly(row)
    return _ready(event)


def _ready(event: EventRow) -> EventRow | LeftOut:
    if event.source == DERIVED:
        return LeftOut.DERIVED
    if event.superseded:
        return LeftOut.SUPERSEDED
    if not event.id:
        event.id = unpack_id(blake2b(_encode(event), digest_size=16).digest())
    event.historical = True
    if event.session_id and event.activity is None:
        event.activity = True
    if event.received_at:
        _make_ours(event)
    return event


def _make_ours(event: EventRow) -> None:
    """Contacts have other numbers here: one that only a number names becomes a visitor of its own."""
    if isinstance(event.identifiers, dict) and "contact_id" in event.identifiers:
        event.identifiers = {kind: value for kind, value in event.identifiers.items() if kind != "contact_id"}
    if event.contact_id and not event.identifiers and not event.visitor_id:
        event.visitor_id = f"contact{event.contact_id:019}"


def agent_of(agent: AgentItem) -> Agent:
    """The browser that a row names."""
    return Agent(agent.browser or "", agent.os or "", agent.device or "", bool(agent.bot))


def _of_cells(cells: Mapping[str, Any]) -> EventRow:
    """A table's row: texts of a CSV, or values of a Parquet. Raises ValueError."""
    return msgspec.convert(event_of(_bare(cells)), EventRow, strict=False)


def _bare(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: unsafe(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _slowly(row: Row) -> EventRow | Misfit | LeftOut:
    """What the fast way cannot read: the door's own slow way says what is wrong, or leaves out what is unknown."""
    try:
        line = row.line or _encode_json(event_of(_bare(row.cells)))
        (item,) = parse(SECRET, b'{"events":[' + _named(line) + b"]}").items
    except RequestRefused as refusal:
        return Misfit(Refusal(refusal.code, "", "the row is not one JSON object"), raw_of(row))
    except (ValueError, RecursionError):
        return Misfit(Refusal(Code.MALFORMED, "", REFUSALS[Code.MALFORMED].says), raw_of(row))
    if isinstance(item, Misfit):
        return Misfit(item.refusal, raw_of(row))
    members = {name: value for name, value in msgspec.to_builtins(item).items() if value != _NAMELESS}
    return _ready(msgspec.convert(members, EventRow))


_NAMELESS = "\N{OBJECT REPLACEMENT CHARACTER}"


def _named(line: bytes) -> bytes:
    """With an id: at the door every event has one, here it may come to it later."""
    try:
        plain = _plain.decode(line)
    except (ValueError, RecursionError):
        return line
    return _encode_json({**plain, "id": _NAMELESS}) if isinstance(plain, dict) and not plain.get("id") else line


_encode_json = msgspec.json.Encoder().encode


def raw_of(row: Row) -> Any:
    """The row as it was, for the file of what was refused: JSON where it is JSON, else text."""
    if not row.line:
        return dict(row.cells)
    try:
        return _plain.decode(row.line)
    except (ValueError, RecursionError):
        return row.line.decode("utf-8", "replace")
