"""What can be wrong with a message? Faults when it is saved; what is too much when it is rendered.

Reads nothing, writes nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """part: subject | preheader | html | mjml | text | block:<name>. line: of the source as written, from 1.

    code: for programs, never changes. message: a sentence for people that says what to do.
    """

    part: str
    line: int
    code: str
    message: str


class Faults(Exception):
    """A message cannot be saved. faults: all that were found, in order of part and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """faults: at least one."""
        self.faults = list(faults)
        super().__init__("; ".join(f"{fault.part}, line {fault.line}: {fault.message}" for fault in self.faults))


class RenderFailed(Exception):
    """A message that was saved could not be rendered. part, line: where; "" and 0 until somebody knows."""

    def __init__(self, says: str) -> None:
        """says: what is the matter, for people."""
        super().__init__(says)
        self.says = says
        self.part = ""
        self.line = 0

    def __str__(self) -> str:
        """Where, and what."""
        return f"{self.part}, line {self.line}: {self.says}"


class TooMuch(RenderFailed):
    """It would take too long, or become too large: a limit of `language/run.py` was passed."""
