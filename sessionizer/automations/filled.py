"""What does a value say that a step sets? `{{event.total}}` alone takes what stands there; others stay as they are.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

from sessionizer.automations.run import Occurrence
from sessionizer.contact import Contact
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.evaluate import values_of

MOST = 2**63 - 1
_TAKEN = re.compile(r"\{\{\s*(event|params|contact)\.([^{}\s]+)\s*\}\}")


def filled(value: Any, trigger: Occurrence, contact: Contact) -> Any:
    """With what the event by which the contact came in says, and what is known of the contact; None for nothing."""
    if isinstance(value, str) and (taken := _TAKEN.fullmatch(value.strip())):
        return _first(taken[1], taken[2], trigger, contact)
    if isinstance(value, dict):
        return {name: filled(inside, trigger, contact) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inside, trigger, contact) for inside in value]
    return value


def _first(where: str, path: str, trigger: Occurrence, contact: Contact) -> Any:
    if where == "contact":
        return next(iter(values_of(contact, path)), None)
    try:
        return next(iter(values_at(trigger.properties, names_of(path))), None)
    except ValueError:
        return None


def added(before: Mapping[str, Any], name: str, amount: float) -> float:
    """An attribute with so much more; what is no number begins at nothing. It grows to what can be kept, not beyond."""
    known = before.get(name)
    whole = (known if isinstance(known, int | float) and not isinstance(known, bool) else 0) + amount
    return max(-MOST, min(MOST, whole))
