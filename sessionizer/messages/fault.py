"""What can be wrong with a message? Faults when it is saved; what is too much when it is rendered.

Reads nothing, writes nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sessionizer.messages.reasons import Reason


class Fault(NamedTuple):
    """part: subject | preheader | html | mjml | text | block:<name>. line: of the source as written, from 1.

    reason: what is wrong, and what to do.
    """

    part: str
    line: int
    reason: Reason

    @property
    def code(self) -> str:
        """For programs, never changes."""
        return self.reason.code

    @property
    def message(self) -> str:
        """A sentence for people, in English."""
        return str(self.reason)


class Faults(Exception):
    """A message cannot be saved. faults: all that were found, in order of part and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """faults: at least one."""
        self.faults = list(faults)
        super().__init__("; ".join(f"{fault.part}, line {fault.line}: {fault.message}" for fault in self.faults))


class RenderFailed(Exception):
    """A message that was saved could not be rendered. part, line: where; "" and 0 until somebody knows."""

    def __init__(self, reason: Reason) -> None:
        """reason: what is the matter."""
        super().__init__(str(reason))
        self.reason = reason
        self.part = ""
        self.line = 0

    def __str__(self) -> str:
        """Where, and what."""
        return f"{self.part}, line {self.line}: {self.reason}"


class TooMuch(RenderFailed):
    """It would take too long, or become too large: a limit of `language/run.py` was passed."""
