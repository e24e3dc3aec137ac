"""How is a piece of an export written? As bytes that stand by themselves: pieces one after the other are the file.

Of a gzip each piece is a member of its own, so that a file can be cut behind any of them. What becomes Parquet is
written as NDJSON of cells first.
"""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from collector.api.frame.answer import encode
from collector.api.people import contacts
from collector.bulk.format import Format, Kind
from collector.moving.cells import CONTACT_CELLS, EVENT_CELLS, Cells, of_contact, of_event, safe
from collector.told import event

LEVEL = 6


class Noun(NamedTuple):
    """What is exported: how a row of the store becomes an answer, that becomes cells, and what those are called."""

    answer: Callable[[Any], Any]
    cells: Callable[[Any], Cells]
    columns: tuple[str, ...]


EVENTS = Noun(event.answer_of, of_event, EVENT_CELLS)
CONTACTS = Noun(contacts.answer_of, of_contact, CONTACT_CELLS)


def head(noun: Noun, written: Format) -> bytes:
    """What comes before the first piece: the header of a CSV."""
    return _packed(_table([noun.columns]), written) if written.kind is Kind.CSV else b""


def piece(noun: Noun, written: Format, rows: Sequence[Any]) -> bytes:
    """Some rows of the store, as they stand in the file."""
    answers = map(noun.answer, rows)
    match written.kind:
        case Kind.NDJSON:
            return _packed(b"".join(encode(answer) + b"\n" for answer in answers), written)
        case Kind.CSV:
            return _packed(_table([[safe(cell) for cell in noun.cells(answer)] for answer in answers]), written)
        case Kind.PARQUET:
            flat = (dict(zip(noun.columns, noun.cells(answer), strict=True)) for answer in answers)
            return b"".join(encode(cells) + b"\n" for cells in flat)


def _table(rows: Sequence[Sequence[Any]]) -> bytes:
    """CSV as RFC 4180 has it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _packed(content: bytes, written: Format) -> bytes:
    return gzip.compress(content, LEVEL, mtime=0) if written.gzip else content
