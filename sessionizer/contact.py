"""Who is this person? The snapshot of a contact that rules see, and the names of the identifiers.

Reads nothing, writes nothing.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from sessionizer.event import NOTHING

IDENTIFIER_KINDS = ("contact_id", "ext_id", "email_id", "phone_id", "whatsapp_id", "landline_number_id")
"""In order of priority: the first that is known decides (INTERFACES 4)."""

SEVERAL_ALLOWED = frozenset({"email_id", "phone_id"})
"""Kinds of which a contact may hold more than one value; the first is primary."""


class Contact(msgspec.Struct, frozen=True):
    """One person, anonymous until an identifier is known. lists: names; consent: granted | denied | unknown."""

    id: int
    anonymous: bool = True
    attributes: Mapping[str, Any] = NOTHING
    identifiers: Mapping[str, tuple[str, ...]] = NOTHING
    lists: tuple[str, ...] = ()
    consent: str = "unknown"
