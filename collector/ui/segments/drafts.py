"""What stands in the form of a segment, and what is wrong with it? The JSON of a textarea as a question.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from collector.api.frame.body import bad_body, checked
from collector.api.frame.problem import FieldError, Problem
from collector.api.frame.storable import MAX_DEPTH, Unstorable, check_storable
from collector.api.people.segments import LEVELS
from collector.store.ports.definitions.segments import Segment
from collector.ui.guard import Form
from sessionizer.segments.check import Fault, faults
from sessionizer.segments.condition import Condition, Definition

MAX_NAME = 100
_PLACE = re.compile(r"\.(\d+)(?=\.|$)")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Draft(NamedTuple):
    """The form. where: JSON. definition: None when it cannot be read. faults: all that keeps it from being saved."""

    name: str
    where: str
    definition: Definition | None
    faults: Sequence[Fault]

    @property
    def is_sound(self) -> bool:
        """Whether the question can be asked, whatever it is called."""
        return self.definition is not None and not any(fault.path.startswith("where") for fault in self.faults)


def draft_of(form: Form, every: Sequence[Segment], *, id: int = 0) -> Draft:
    """What was filled in. id: of the segment that is changed, 0 for a new one."""
    name, where = form.get("name", "").strip(), form.get("where", "")
    wrong = [] if is_name(name) else [Fault("name", "1 to 100 characters, on one line.")]
    try:
        definition = read(where)
    except Problem as problem:
        return Draft(name, where, None, [*wrong, *map(_fault, problem.errors)])
    others = {one.id: one.definition for one in every}
    return Draft(name, where, definition, [*wrong, *faults(definition, id=id, others=others)])


def is_name(name: str) -> bool:
    """Whether a segment may be called so."""
    return 0 < len(name) <= MAX_NAME and not _CONTROL.search(name)


def read(where: str) -> Definition:
    """JSON → question. Raises Problem 400, whose paths are those of `check`."""
    try:
        plain = msgspec.json.decode(where)
        check_storable(plain, "where", MAX_DEPTH - LEVELS + 1)
    except Unstorable as error:
        raise bad_body([_PLACE.sub(r"[\1]", error.path)], error.reason, error.code) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise bad_body(["where"], "it is not JSON") from None
    return checked({"where": plain}, Definition)


def written(where: Mapping[str, Any] | Condition) -> str:
    """A condition as people read and write JSON."""
    return msgspec.json.format(msgspec.json.encode(where), indent=2).decode()


def _fault(error: FieldError) -> Fault:
    """A field that lacks is named itself, not the object in which it should stand."""
    lacks = _MISSING.match(error.message)
    return Fault(f"{error.path}.{lacks[1]}" if lacks else error.path, f"{error.message}.")
