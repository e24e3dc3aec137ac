"""How does an event of another product come in? As an item that names its own visitor.

One request of such a product may hold the events of many people: each says whose it is, of what browser, and what was
agreed to. Reads nothing, writes nothing.
"""

from functools import lru_cache
from typing import Literal, NoReturn

from collector.errors import Code
from collector.ingest.bounds import text_fault
from collector.ingest.draft import Refusal
from collector.ingest.item import Item
from collector.ingest.request import MAX_AGENT_BYTES
from sessionizer.identifier import is_illegal_id

MAX_NAMED_BYTES = 255
MAX_EVENT_BYTES = 32 * 1024
"""Of one event as it was written, as Segment has it."""

Consented = Literal["granted", "denied", "unknown"]

_UUID_CHARACTERS = 36


class ForeignItem(Item, omit_defaults=True):
    """An event in another product's words.

    named: its visitor as that product names him, with the product's name before it ("segment:…"), "" when it names
    nobody. consent: what that person has agreed to. agent: of the person's browser. visitor: our id; the door knows it.
    """

    named: str = ""
    consent: Consented = "unknown"
    agent: str = ""
    visitor: str = ""


class Unfit(Exception):
    """What another product's client has sent is no event."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def unfit(code: Code, path: str, message: str) -> NoReturn:
    """Refuse this event. path: in the words of the sender."""
    raise Unfit(Refusal(code, path, message))


def named(product: str, name: object) -> str:
    """The visitor's whole name, "" when the name says nothing: placeholders would make one visitor of many."""
    if type(name) is str and len(name) == _UUID_CHARACTERS and name.isascii() and name.replace("-", "").isalnum():
        return f"{product}:{name}"  # nearly always a UUID: no placeholder is as long
    text = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    if not isinstance(text, str) or is_illegal_id(text[: MAX_NAMED_BYTES + 1]) or text_fault(text, MAX_NAMED_BYTES):
        return ""
    return f"{product}:{text}"


def agent_of(text: object) -> str:
    """A browser's name of itself, cut as the header is; "" when it is none."""
    return _agent_often(text[:MAX_AGENT_BYTES]) if isinstance(text, str) else ""


@lru_cache(maxsize=4_096)
def _agent_often(text: str) -> str:
    """The same browsers come again and again."""
    return text.encode("utf-8", "ignore")[:MAX_AGENT_BYTES].decode("utf-8", "ignore").replace("\0", "")
