"""How does a test wait? For a state, with a generous deadline; never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

LOOK_S = 0.02

T = TypeVar("T")


def until(ask: Callable[[], T | None], within_s: float, says: Callable[[], str] = str) -> T:
    """Ask until the answer is true; returns it. says: what an AssertionError tells when the deadline has passed."""
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited for {within_s:g} s. {says()}"
        time.sleep(LOOK_S)
    return answer
