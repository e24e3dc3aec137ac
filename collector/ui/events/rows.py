"""How does an event stand in a list? One line: when, what, the most telling of it, and whose it is by name."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from collector.store.ports.contacts import ContactQuery, Contacts
from collector.store.ports.events import StoredEvent
from collector.ui.contacts.names import called
from collector.ui.events.payload import currency_of, worded
from collector.ui.page import Language

TELLING = (
    "total amount value query name product_name subject form title text file campaign plan code status segment list"
    " url pages duration_seconds"
).split()
"""Properties that say most about an event, the most telling first. `static/events.js` has them from the page."""

MOST_TOLD = 2
MOST_CHARACTERS = 120


class Line(NamedTuple):
    """What the list shows of an event. what: its page's title or what tells most. where: path of the page."""

    event: StoredEvent
    what: str
    where: str
    name: str


async def lines(events: list[StoredEvent], contacts: Contacts, language: Language) -> list[Line]:
    """A page of the list, with the names of those whose events they are."""
    names = await names_of({event.contact for event in events if event.contact}, contacts)
    return [
        Line(
            event,
            telling(event, language),
            path_of(event.page.url) if event.page else "",
            names.get(event.contact or 0, ""),
        )
        for event in events
    ]


async def names_of(ids: Iterable[int], contacts: Contacts) -> Mapping[int, str]:
    """How to call each of these contacts; whoever is anonymous has no name here."""
    wanted = tuple(ids)
    found = await contacts.find(ContactQuery(ids=wanted), limit=len(wanted)) if wanted else []
    return {contact.id: name for contact in found if (name := called(contact))}


def telling(event: StoredEvent, language: Language) -> str:
    """What its properties say most clearly, else the title of its page: one line of at most 120 characters."""
    values, currency = event.properties, currency_of(event.properties)
    said = [name for name in TELLING if is_plain(values.get(name))][:MOST_TOLD]
    told = [f"{name} {worded(values[name], language, name=name, currency=currency)}" for name in said]
    if event.key == "page_visited" or not told:
        title = event.page.title if event.page else ""
        told = [title] if title else told
    if not told:
        told = [*event.identifiers.values()]
    return " · ".join(told)[:MOST_CHARACTERS]


def is_plain(value: object) -> bool:
    """Whether it says something in one line: a text that is not empty, or a number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""


def path_of(url: str) -> str:
    """The path of an address with what follows it; the whole address when it has no such shape. Cut."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:MOST_CHARACTERS]
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}" if parts.netloc else url
    return path[:MOST_CHARACTERS]
