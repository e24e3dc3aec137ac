"""What may an event change of what we know about a person? Their attributes, and which of them are only a claim.

Reads nothing, writes nothing.

    door                          an attribute that is empty   one that has a value   marked
    secret                        filled                       overwritten            verified
    public, guarded               filled                       stays                  unverified
    public, open or proven        filled                       overwritten            unverified
    public, verified, no proof    stays                        stays
"""

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

MAX_ATTRIBUTES = 255
"""Of one contact; a public door adds none beyond."""

_PROTECTED_NAME = re.compile(
    r"""(?ix) (?:^|.*[_\-\s.])(?:id|uuid|guid)        # ids
        | e-?mail | phone | mobile | sms | whatsapp   # what people are found and reached by
        | .*opt[_\-\s]?(?:in|out).* | .*blacklist.* | .*unsubscribed? | .*consent.*   # what they agreed to
        | (?:^|.*[_\-\s.])(?:date|at|on|birthday)     # dates
    """
)
_PROTECTED_CAMEL = re.compile(r".*[a-z](?:I[dD]|UUID|Date|At|On)")
_DATE = re.compile(r"\s*\d{4}-\d\d?-\d\d?(?:[T\s].*)?|\s*\d\d?[./]\d\d?[./]\d{4}\s*", re.DOTALL)


class Attributes(NamedTuple):
    """What is known of a person. unverified: the names of those that only a public door has said."""

    values: Mapping[str, Any]
    unverified: frozenset[str]


def attributes_after(
    current: Mapping[str, Any], unverified: Set[str], claimed: Mapping[str, Any], *, mode: str, proven: bool = False
) -> Attributes:
    """The attributes after an event claimed some; arguments stay as they are.

    mode: guarded | open | verified under a write key, "" at a secret door. proven: the event carried a good identity
    token: it shows who the person is, not that what the browser says of them is true.
    """
    if mode == "":
        return Attributes({**current, **claimed}, frozenset(unverified) - claimed.keys())  # None: taken away
    if mode == "verified" and not proven:
        return Attributes(current, frozenset(unverified))
    values, names = dict(current), set(unverified)
    for name, value in claimed.items():
        if _may_claim(name, value, values, overwrite=mode == "open" or proven):
            values[name] = value
            names.add(name)
    return Attributes(values, frozenset(names))


def attributes_of(parts: Iterable[tuple[Mapping[str, Any], Iterable[str]]]) -> Attributes:
    """What is known of a person who was several contacts. parts: (attributes, names that are only claimed) of each, the
    one that counts most first. An attribute that is None was taken away, and hides what the others say."""
    values: dict[str, Any] = {}
    names: set[str] = set()
    for part, claimed in parts:
        new = part.keys() - values.keys()
        names |= new.intersection(claimed)
        values |= {name: part[name] for name in part if name in new}
    return Attributes({name: value for name, value in values.items() if value is not None}, frozenset(names))


def is_protected(name: str, value: object) -> bool:
    """Whether a public door may never set it: opt-ins, ids, addresses and dates (SECURITY 2)."""
    if _PROTECTED_NAME.fullmatch(name) or _PROTECTED_CAMEL.fullmatch(name):
        return True
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _may_claim(name: str, value: object, values: Mapping[str, Any], *, overwrite: bool) -> bool:
    """Whether a public claim changes the attribute. One that says nothing, or the same, does not."""
    if is_protected(name, value) or value in (None, "") or values.get(name) == value:
        return False
    if values.get(name) in (None, ""):
        return name in values or len(values) < MAX_ATTRIBUTES
    return overwrite
