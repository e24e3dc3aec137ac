"""How often does Python look for garbage that holds itself? Seldom, in a process that makes none.

Requests and events leave no cycles behind; what they do leave is freed at once. Looking for cycles after every 700
objects costs the worker a quarter of its time, and the collector a tenth.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 50_000


def look_seldom() -> None:
    """Leave alone what is there now, and look again after 50,000 more objects have been made than freed."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 100)


@contextmanager
def look_never() -> Iterator[None]:
    """Not inside of the block, in which millions of objects are made that hold only others."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
