"""How is it remembered that somebody was erased, and not who? By keyed hashes of the names that they had.

    hash = HMAC-SHA-256(key, kind \\0 value)        ("email_id", "ada@mail.example") · ("visitor", <26 characters>)

The key has a file of its own in the data folder, `tombstone-key`. Beside the hashes, in store.db, it would be no key:
there are few enough telephone numbers to try them all. Nor is it one of those with which the deployment signs, for
these are rotated and thrown away; what a hash was made of is gone, so that it can never be made anew with another key.
Whoever loses the file loses no data, but erased people are recognised no more.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache

from collector.log.entry import AUTOMATION_DOOR, DERIVED_DOOR, IDENTITY_DOOR, Entry

Name = tuple[str, str]
"""(kind, value): an identifier, or a browser."""

VISITOR = "visitor"
CONTACT_ID = "contact_id"


def hasher(key: bytes) -> Callable[[Name], bytes]:
    """What makes hashes of names with that key."""

    @lru_cache(maxsize=8_192)
    def hash_of(name: Name) -> bytes:
        return hmac.digest(key, f"{name[0]}\0{name[1]}".encode(), "sha256")

    return hash_of


def names_of(entry: Entry) -> list[Name]:
    """Under which an entry of the log is somebody's. What the worker said is a contact's, whichever browser it was."""
    if entry.door in (DERIVED_DOOR, IDENTITY_DOOR, AUTOMATION_DOOR):
        named = (entry.contact, (entry.properties or {}).get("absorbed_id") if entry.door == IDENTITY_DOOR else None)
        return [(CONTACT_ID, str(contact)) for contact in named if contact]
    names = list((entry.identifiers or {}).items())
    return [*names, (VISITOR, entry.visitor)] if entry.visitor else names
