"""What happened? The event as every rule, segment and screen sees it.

Reads nothing, writes nothing: the vocabulary that everyone imports. (`gc=False`, here and in the states: values that
hold no cycle need no collector to walk over them, and there are many.)
"""

from collections.abc import Mapping
from typing import Any

import msgspec

Kind = tuple[str, str]
"""An event's identity of kind: (category, key), never the key alone."""

NOTHING: Mapping[str, Any] = {}


class Page(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The page on which an event happened: absolute http(s) address, title, address of the page before."""

    url: str
    title: str = ""
    referrer: str = ""


class ObjectRef(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The thing an event is about (a cart, an order): the same id comes again as the thing changes."""

    type: str
    id: str


class Agent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the visitor holds, read from the user agent: families by name, "" where unknown."""

    browser: str = ""
    os: str = ""
    device: str = ""  # desktop | mobile | tablet | ""
    bot: bool = False


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event of one contact, as the engine folds it.

    at: milliseconds UTC at which it happened. depth: 0 for a given event, parent's + 1 for a derived one.
    activity: whether a person did it in a browser or an app (DESIGN 5: it keeps a session open). object: the thing that
    it is about.
    """

    at: int
    id: str
    category: str
    key: str
    properties: Mapping[str, Any] = NOTHING
    page: Page | None = None
    visitor: str = ""
    site: int = 0
    agent: Agent | None = None
    activity: bool = False
    causes: tuple[str, ...] = ()
    depth: int = 0
    object: ObjectRef | None = None

    @property
    def kind(self) -> Kind:
        """(category, key)."""
        return (self.category, self.key)
