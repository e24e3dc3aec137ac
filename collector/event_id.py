"""How is an event's id stored? As 16 bytes when it is a canonical UUID, else as its text.

A UUID's text takes 36 bytes, twice (row and index); most ids are UUIDs: a quarter of an event's cost on disk.
"""

import re
from binascii import unhexlify
from functools import lru_cache

_is_canonical = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def pack_id(text: str) -> bytearray | str:
    """The id as SQLite keeps it. Only lower-case canonical UUIDs become bytes: `unpack_id` gives back the same.

    A `Blob`, as `collector/sqlite.py` has it: of bytes `sqlite3` asks for a microsecond whether they can be adapted.
    """
    return bytearray.fromhex(text.replace("-", "")) if _is_canonical(text) else text


pack_id_often = lru_cache(maxsize=8_192)(pack_id)
"""For the worker, that needs each id some four times: event, session, derived events."""


def unpack_id(stored: bytes | str) -> str:
    """The id as it was given."""
    if isinstance(stored, str):
        return stored
    h = stored.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def pack_uuid(text: str) -> bytes:
    """As `pack_id`, of an id that is known to be a canonical UUID."""
    return unhexlify(text.replace("-", ""))


_STAMP = 7 << 76 | 0b10 << 62  # a UUID's version and variant
_FREE = (1 << 80) - 1 & ~(0xF << 76 | 0b11 << 62)


def new_id(at: int, chance: int) -> bytes:
    """A UUIDv7 as it is stored. at: ms UTC. chance: 80 random bits, of which 74 are used."""
    return (at << 80 | chance & _FREE | _STAMP).to_bytes(16, "big")
