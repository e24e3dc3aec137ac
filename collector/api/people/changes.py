"""How does a server change a contact? `POST /api/contacts`, `PATCH /api/contacts/<id>`, `…/merge`, `…/unmerge`.

Each is a command: events in the log, then the answer from the store, when the worker has passed them (INTERFACES 4).
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.operation import operation
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.api.people.contacts import ContactAnswer, answer_of, resolve
from collector.command import Refused
from collector.errors import Code
from collector.event_id import new_id, unpack_id
from collector.instant import instant, parse_instant
from collector.log.entry import IDENTITY_DOOR, Entry
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.definitions.attributes import Attribute, AttributeType
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.derived import derived_id
from sessionizer.identifier import canonical

MAX_LISTS = 100
MERGED = ("contact", "merged")

ListName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
ListNames = Annotated[tuple[ListName, ...], Meta(max_length=MAX_LISTS)]
Plain = str | float | int | bool | None
Identifiers = Annotated[
    dict[str, str | int],
    Meta(
        extra_json_schema={"propertyNames": {"enum": list(IDENTIFIER_KINDS)}},
        examples=[{"email_id": "ada@mail.example"}],
    ),
]
Attributes = dict[Annotated[str, Meta(min_length=1, max_length=255)], Plain | tuple[Plain, ...]]


class ListChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On which lists the contact is to be, and off which, by name."""

    add: ListNames = ()
    remove: ListNames = ()


class NewContact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/contacts. identifiers: kind → value, at least one; who has one of them already is changed."""

    identifiers: Identifiers
    attributes: Attributes = {}
    lists: ListNames = ()
    consent: Literal["granted", "denied"] | None = None


class ChangedContact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/contacts/<id>: what is not there stays. An attribute that is null is taken away."""

    identifiers: Identifiers = {}
    attributes: Attributes = {}
    lists: ListChange = ListChange()
    consent: Literal["granted", "denied"] | None = None


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of …/merge and …/unmerge. contact: the id of the one that is, or was, absorbed."""

    contact: Annotated[int, Meta(ge=1, lt=2**53)]


class Change(NamedTuple):
    """What is to be said of one contact, whoever asks. identifiers: canonical; those that name it among them."""

    identifiers: Mapping[str, str]
    attributes: Mapping[str, Any] = {}
    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    consent: str | None = None


def routes(services: Services) -> list[Route]:
    """Changing contacts."""
    changes = ContactChanges(services)
    return [
        Route("/api/contacts", require(services, "write", changes.create), methods=["POST"]),
        Route("/api/contacts/{id}", require(services, "write", changes.change), methods=["PATCH"]),
        Route("/api/contacts/{id}/merge", require(services, "write", changes.merge), methods=["POST"]),
        Route("/api/contacts/{id}/unmerge", require(services, "write", changes.unmerge), methods=["POST"]),
    ]


class ContactChanges:
    """The four ways to change a contact."""

    def __init__(self, services: Services) -> None:
        self._services, self._contacts = services, services.store.contacts

    @operation(body=NewContact, answers={200: ContactAnswer, 201: ContactAnswer})
    async def create(self, request: Request) -> Response:
        """A contact of these identifiers: a new one (201), or the one that has them, changed (200)."""
        body = await body_of(request, NewContact)
        identifiers = checked_identifiers(body.identifiers)
        if not identifiers:
            raise refusal("identifiers", Code.BAD_IDENTIFIER, f"at least one of {', '.join(IDENTIFIER_KINDS)}")
        await self.check_types(body.attributes)
        known = await self.named(identifiers)
        await self.carry_out(Change(identifiers, body.attributes, add=body.lists, consent=body.consent))
        contact = await self.named(identifiers)
        if contact is None:
            raise refusal("identifiers", Code.BAD_IDENTIFIER, "these identifiers name nobody")
        response = answer(contact, 200 if known else 201)
        response.headers["Location"] = f"/api/contacts/{contact.id}"
        return response

    @operation(places=("id",), body=ChangedContact, answers={200: ContactAnswer})
    async def change(self, request: Request) -> Response:
        """Other attributes, more identifiers, lists; what the body does not name stays."""
        body = await body_of(request, ChangedContact)
        id = (await resolve(self._contacts, request.path_params["id"])).survivor
        await self.check_types(body.attributes)
        identifiers = {**checked_identifiers(body.identifiers), "contact_id": str(id)}
        await self.carry_out(Change(identifiers, body.attributes, body.lists.add, body.lists.remove, body.consent))
        return answer(await self.known(id))

    @operation(places=("id",), body=Other, answers={200: ContactAnswer})
    async def merge(self, request: Request) -> Response:
        """Two contacts are one from now on: the one of the address is left, the other's history is its own."""
        body = await body_of(request, Other)
        survivor = (await resolve(self._contacts, request.path_params["id"])).survivor
        absorbed = (await resolve(self._contacts, str(body.contact))).survivor
        if absorbed == survivor:
            raise Problem(409, f"Contact {body.contact} is contact {survivor}.", title="One already")
        at = self._services.clock()
        await self._services.commands.say(merge_entry(survivor, absorbed, at=at))
        return answer(await self.known(survivor))

    @operation(places=("id",), body=Other, answers={200: ContactAnswer})
    async def unmerge(self, request: Request) -> Response:
        """Takes a merge back: the other contact is itself again, with all that was recorded as its own."""
        body = await body_of(request, Other)
        survivor = (await resolve(self._contacts, request.path_params["id"])).survivor
        story = await self._contacts.story(survivor)
        joined = next((one for one in story.absorbed if one.contact == body.contact), None)
        if joined is None:
            raise Problem(409, f"Contact {survivor} has not absorbed contact {body.contact}.", title="Not merged")
        entry = merge_entry(survivor, body.contact, at=joined.at, event=joined.event, retracted=True)
        if await self._services.store.events.get(entry.id) is None:  # a person asked for it: it was its own cause
            entry = msgspec.structs.replace(entry, id=joined.event, causes=())
        await self._services.commands.say(entry)
        return answer(await self.known(survivor))

    async def carry_out(self, change: Change) -> None:
        """Say it, wait until the store knows it. Raises Problem 400 when a part of it was not taken."""
        await self.carry_out_all([change])

    async def carry_out_all(self, changes: Sequence[Change]) -> None:
        """Several, of several contacts, in one commit; together at most 500 events."""
        at = self._services.clock()
        events = [event for change in changes for event in events_of(change, at=at)]
        if not events:
            return
        told = await self._services.commands.tell(events)
        if wrong := (*told.rejected, *told.warnings):
            raise Problem(400, "; ".join(one.message for one in wrong), title="Not taken", errors=_errors(wrong))

    async def named(self, identifiers: Mapping[str, str]) -> ContactAnswer | None:
        """Who the first known of these identifiers names, by priority."""
        for kind in IDENTIFIER_KINDS:
            if kind in identifiers and (found := await self._by(kind, identifiers[kind])) is not None:
                return found
        return None

    async def _by(self, kind: str, value: str) -> ContactAnswer | None:
        if kind == "contact_id":
            resolved = await self._contacts.resolve(int(value))
            found = await self._contacts.get(resolved.survivor) if resolved else None
            return answer_of(found) if found else None
        rows = await self._contacts.find(ContactQuery(identifiers={kind: (value,)}), limit=1)
        return answer_of(rows[0]) if rows else None

    async def known(self, id: int) -> ContactAnswer:
        """The contact as it is now. Raises Problem 404."""
        resolved = await self._contacts.resolve(id)
        contact = await self._contacts.get(resolved.survivor) if resolved else None
        if contact is None:
            raise unknown("contact", str(id))
        return answer_of(contact)

    async def check_types(self, attributes: Mapping[str, Any]) -> None:
        """Raises Problem 400 for those that are not of the type which was defined for them."""
        if attributes:
            check_types(attributes, await asyncio.to_thread(self._services.attributes.all))


def events_of(change: Change, *, at: int) -> Iterator[Mapping[str, Any]]:
    """The events that say it, as `POST /api/events` takes them; the first one makes the contact if need be. at: now."""
    who = {"category": "contact", "occurred_at": instant(at), "identifiers": change.identifiers}
    if change.attributes or list(change.identifiers) != ["contact_id"]:
        key = "attributes_updated" if "contact_id" in change.identifiers else "identified"
        yield {**who, "id": _new_id(at), "key": key, "contact_properties": change.attributes or None}
    for key, names in (("list_added", change.add), ("list_removed", change.remove)):
        yield from ({**who, "id": _new_id(at), "key": key, "properties": {"list": name}} for name in names)
    if change.consent is not None:
        yield {**who, "id": _new_id(at), "key": "consent_changed", "properties": {"consent": change.consent}}


def merge_entry(survivor: int, absorbed: int, *, at: int, event: str = "", retracted: bool = False) -> Entry:
    """`contact/merged`. event: by which they became one; "" where a person asks for it now: it is its own cause."""
    id = derived_id(IDENTITY_DOOR, MERGED, event, at) if event else _new_id(at)
    return Entry(
        door=IDENTITY_DOOR, source="api", site=0, id=id, category=MERGED[0], key=MERGED[1], occurred_at=at,
        received_at=at, properties={"absorbed_id": absorbed}, causes=(event,) if event else (), contact=survivor,
        retracted=retracted,
    )  # fmt: skip


def checked_identifiers(given: Mapping[str, str | int]) -> dict[str, str]:
    """In their one way to be written. Raises Problem 400 for a kind that is none, or a value that names nobody."""
    found = {kind: canonical(kind, value) for kind, value in given.items()}
    wrong = [kind for kind, value in found.items() if value is None]
    if wrong:
        reason = f"not an identifier of this kind (kinds: {', '.join(IDENTIFIER_KINDS)})"
        raise refusal(f"identifiers.{wrong[0]}"[:200], Code.BAD_IDENTIFIER, reason)
    return {kind: value for kind, value in found.items() if value is not None}


def check_types(attributes: Mapping[str, Any], defined: Sequence[Attribute]) -> None:
    """See `ContactChanges.check_types`."""
    for one in defined:
        value = attributes.get(one.name)
        if value is not None and not _is_of(value, one.type):
            raise refusal(f"attributes.{one.name}", Code.BAD_PROPERTY, f"{one.name} is defined as {one.type}")


def _is_of(value: Any, type: AttributeType) -> bool:
    match type:
        case "text":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list | tuple)
        case "date":
            return isinstance(value, str) and _is_date(value)


def _is_date(text: str) -> bool:
    return parse_instant(f"{text}T00:00:00Z" if len(text) == len("2026-11-25") else text) is not None


def refusal(path: str, code: Code, reason: str) -> Problem:
    """400 about one field."""
    return Problem(400, f"{path}: {reason}.", title="Bad body", errors=(FieldError(path, code, reason),))


def _errors(refused: Sequence[Refused]) -> tuple[FieldError, ...]:
    return tuple(FieldError(one.path, one.code, one.message) for one in refused)


def _new_id(at: int) -> str:
    return unpack_id(new_id(at, secrets.randbits(80)))
