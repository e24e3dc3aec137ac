"""Where does a list go on? An opaque text that names the last row shown: it stays right while rows arrive.

It holds nothing secret and grants nothing: whoever changes it asks for another place of the same list.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, TypeVar

import msgspec

P = TypeVar("P", bound=tuple[Any, ...])

MAX_CHARS = 1024
LARGEST = 2**63 - 1


def encode_cursor(noun: str, place: tuple[Any, ...]) -> str:
    """noun: the list that it belongs to. place: a NamedTuple of numbers and texts."""
    return urlsafe_b64encode(msgspec.msgpack.encode((noun, place))).rstrip(b"=").decode()


def decode_cursor(noun: str, text: str, kind: type[P]) -> P:
    """The place, of the type that was encoded. Raises ValueError when it is no cursor of this list."""
    if len(text) > MAX_CHARS:
        raise ValueError("too long for a cursor")
    try:
        packed = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        said, place = msgspec.msgpack.decode(packed, type=tuple[str, kind])  # type: ignore[valid-type]  # known at run time
    except (ValueError, msgspec.DecodeError) as error:
        raise ValueError("no cursor") from error
    if said != noun:
        raise ValueError(f"a cursor of {said}")
    if not is_storable(place):
        raise ValueError("no cursor")
    return place


def is_storable(place: tuple[Any, ...]) -> bool:
    """Whether its numbers are such as a database has."""
    return all(abs(value) <= LARGEST for value in place if isinstance(value, int))
