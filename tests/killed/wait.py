"""How does a test wait? For a state, with a generous deadline; never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

LOOK_S = 0.02

T = TypeVar("T")


def rest() -> None:
    """A moment before the next look."""
    time.sleep(LOOK_S)


def until(
    ask: Callable[[], T | None], within_s: float, says: Callable[[], str] = str, *, rest: Callable[[], None] = rest
) -> T:
    """Ask until the answer is true; returns it. says: what an AssertionError tells when the deadline has passed.

    rest: what is done between two looks.
    """
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited for {within_s:g} s. {says()}"
        rest()
    return answer
