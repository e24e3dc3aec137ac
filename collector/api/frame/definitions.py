"""How are definitions listed and named? Few enough to be read together, each by the number of its row."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from starlette.requests import Request

from collector.api.frame.cursor import encode_cursor
from collector.api.frame.params import row_id
from collector.api.frame.problem import unknown


class Numbered(Protocol):
    """What has a number."""

    @property
    def id(self) -> int: ...


Definition = TypeVar("Definition", bound=Numbered)


class Place(NamedTuple):
    """Where a list of definitions goes on: behind this id."""

    id: int


def page(
    rows: Sequence[Definition], noun: str, *, limit: int, place: Place | None
) -> tuple[list[Definition], str | None]:
    """(rows of one page, cursor). rows: all, by id; definitions are few enough to be read together."""
    rest = [row for row in rows if place is None or row.id > place.id]
    shown = rest[:limit]
    return shown, encode_cursor(noun, Place(shown[-1].id)) if len(rest) > limit else None


def id_of(request: Request, noun: str) -> int:
    """The id in the address. Raises Problem 404 for what is no row's id, however long it is."""
    text = request.path_params["id"]
    try:
        return row_id(text)
    except ValueError:
        raise unknown(noun, text[:20]) from None
