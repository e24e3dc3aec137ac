"""How far may a template go? One rendering: its variables, what it wrote, and what it has left to spend.

Each body, value and filter costs; whoever has nothing left is stopped. The limits are such that the worst template ends
within some 100 ms, and no real message comes near them. Reads nothing, writes nothing.
"""

from datetime import tzinfo
from typing import Any, Literal

from sessionizer.messages.fault import TooMuch
from sessionizer.messages.reasons import because

Mode = Literal["html", "text", "json"]
"""What a value is escaped for."""

MAX_STEPS = 40_000
MAX_OUTPUT = 1_000_000  # characters of one part
MAX_TEXT = 100_000  # characters of one value
MAX_LIST = 10_000  # elements of one value
MAX_NUMBER = 2**63 - 1
CHARACTERS_A_STEP = 64
"""Handling so many characters, or two elements, takes about as long as a step."""


class Safe(str):
    """A text that is HTML already: it is not escaped again."""

    __slots__ = ()


class Run:
    """One rendering. names: the variables by name. now: ms UTC. out: what was written so far."""

    __slots__ = ("left", "mode", "names", "now", "out", "size", "zone")

    def __init__(self, names: dict[str, Any], mode: Mode, *, now: int, zone: tzinfo) -> None:
        """names: is written to; not shared with another rendering."""
        self.names = names
        self.mode = mode
        self.now = now
        self.zone = zone
        self.out: list[str] = []
        self.size = 0
        self.left = MAX_STEPS

    def pay(self, steps: int) -> None:
        """Raises TooMuch when there is nothing left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuch(because("steps"))

    def put(self, text: str) -> None:
        """Write. Raises TooMuch when there is no room."""
        self.out.append(text)
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise TooMuch(because("output_long", most=MAX_OUTPUT))

    def room(self, characters: int) -> None:
        """A text so long is about to be made. Raises TooMuch when it is too long, or nothing is left to make it."""
        if characters > MAX_TEXT:
            raise TooMuch(because("value_long", most=MAX_TEXT))
        self.pay(characters // CHARACTERS_A_STEP)

    def seats(self, elements: int) -> None:
        """A list so long is about to be made or walked over. Raises TooMuch."""
        if elements > MAX_LIST:
            raise TooMuch(because("list_long", most=MAX_LIST))
        self.pay(elements // 2)

    def number(self, value: Any) -> Any:
        """The same number; None for one that is none (1 divided by 0). Raises TooMuch when it is too large."""
        if isinstance(value, float) and (value != value or abs(value) == float("inf")):
            return None
        if abs(value) > MAX_NUMBER:
            raise TooMuch(because("number_large", most=MAX_NUMBER))
        return value
