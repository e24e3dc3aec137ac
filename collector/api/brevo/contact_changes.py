"""How is a contact changed? `POST /v3/contacts`, `PUT DELETE /v3/contacts/<identifier>`, `POST /v3/contacts/batch`.

Each is a command: events in the log, then the answer, when the worker has passed them (INTERFACES 4). Attributes of a
type that was not defined for them are left out, as Brevo does.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.contacts import BLACKLISTS, IDENTIFYING, SAID, by, list_ids_of, named
from collector.api.brevo.frame.answers import (
    BrevoProblem,
    answer,
    done,
    duplicate,
    invalid,
    missing,
    unknown,
)
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import body_of
from collector.api.frame.problem import Problem
from collector.api.people.changes import Change, check_types, events_of, merge_entry
from collector.api.people.erasures import ask, until_done
from collector.brevo import Fault
from collector.services import Services
from collector.store.ports.contacts import StoredContact
from collector.store.ports.definitions.attributes import Attribute
from sessionizer.identifier import canonical

MAX_BATCH = 100
MAX_EVENTS = 500
"""Of one command."""

ListIds = Annotated[tuple[Annotated[int, Meta(ge=1, lt=2**53)], ...], Meta(max_length=100)]
Attributes = dict[Annotated[str, Meta(min_length=1, max_length=255)], Any]

_PLAIN = (str, int, float, bool)


class Blacklists(msgspec.Struct, frozen=True, rename="camel"):
    """What the person does not want; what is not said stays."""

    email_blacklisted: bool | UnsetType = UNSET
    sms_blacklisted: bool | UnsetType = UNSET


class ContactBody(Blacklists, frozen=True, rename="camel"):
    """What a change of a contact may say."""

    attributes: Attributes = {}
    list_ids: ListIds = ()
    unlink_list_ids: ListIds = ()
    ext_id: str | None = msgspec.field(default=None, name="ext_id")


class NewContact(ContactBody, frozen=True, rename="camel"):
    """Body of POST /v3/contacts."""

    email: str | None = None
    update_enabled: bool = False
    force_merge: bool = False
    get_id: bool = False


class OneOfBatch(ContactBody, frozen=True, rename="camel"):
    """A contact of POST /v3/contacts/batch, by one of its identifiers."""

    id: int | None = None
    email: str | None = None
    sms: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """Body of POST /v3/contacts/batch."""

    contacts: Annotated[tuple[OneOfBatch, ...], Meta(min_length=1, max_length=MAX_BATCH)]


def routes(services: Services) -> list[Route]:
    """Changing contacts."""
    pages = ContactPages(services)
    return [
        Route("/v3/contacts", require(services, "write", pages.create), methods=["POST"]),
        Route("/v3/contacts/batch", require(services, "write", pages.change_batch), methods=["POST"]),
        Route("/v3/contacts/{identifier}", require(services, "write", pages.change), methods=["PUT"]),
        Route("/v3/contacts/{identifier}", require(services, "admin", pages.delete), methods=["DELETE"]),
    ]


class ContactPages:
    """Each answers one address and method."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def create(self, request: Request) -> Response:
        """A contact: a new one (201), or with updateEnabled the one that has an identifier, changed (204)."""
        body = await body_of(request, NewContact)
        identifiers = identifiers_of({**given(body), "email_id": body.email})
        if not identifiers:
            raise missing("email, ext_id or SMS")
        lists = await self._names(body.list_ids)
        holders = await self._holders(identifiers)
        attributes = await self._attributes(body)
        if not holders:
            await tell(self._services, [Change(identifiers, attributes, add=lists, consent=consent_of(body))])
            made = await self._holders(identifiers)
            return answer({"id": next(iter(made.values())).id}, 201)
        survivor = await self._merged(holders, body)
        who = {**identifiers, "contact_id": str(survivor)}
        await tell(self._services, [Change(who, attributes, add=lists, consent=consent_of(body))])
        return answer({"id": survivor}) if body.get_id else done()

    async def change(self, request: Request) -> Response:
        """Other attributes, identifiers, lists; what the body does not name stays."""
        body = await body_of(request, ContactBody)
        await tell(self._services, [await self._change_of(await named(self._services, request), body)])
        return done()

    async def change_batch(self, request: Request) -> Response:
        """Up to 100 contacts, all or none of them."""
        body = await body_of(request, Batch)
        changes = [await self._change_of(await self._meant(one), one) for one in body.contacts]
        await tell(self._services, changes)
        return done()

    async def delete(self, request: Request) -> Response:
        """The person is erased, for good; answered when nothing of them is left."""
        contact = await named(self._services, request)
        await until_done(self._services, await ask(self._services, contact.id))
        return done()

    async def _change_of(self, contact: StoredContact, body: ContactBody) -> Change:
        identifiers = identifiers_of(given(body))
        others = {kind: one for kind, one in (await self._holders(identifiers)).items() if one.id != contact.id}
        if others:
            raise taken(others)
        return Change(
            {**identifiers, "contact_id": str(contact.id)},
            await self._attributes(body),
            add=await self._names(body.list_ids),
            remove=await self._names(body.unlink_list_ids),
            consent=consent_of(body),
        )

    async def _meant(self, one: OneOfBatch) -> StoredContact:
        """Whom a part of a batch names: by the first that it says of id, email, ext_id, sms."""
        said = {"contact_id": one.id, "email_id": one.email, "ext_id": one.ext_id, "phone_id": one.sms}
        first = {kind: value for kind, value in said.items() if value is not None}
        if not first:
            raise missing("contacts.email")
        kind, value = next(iter(identifiers_of(first).items()))
        found = await by(self._services, kind, value)
        if found is None:
            raise unknown("Contact")
        return found

    async def _holders(self, identifiers: Mapping[str, str]) -> dict[str, StoredContact]:
        """Who has them, by kind."""
        found = {kind: await by(self._services, kind, value) for kind, value in identifiers.items()}
        return {kind: contact for kind, contact in found.items() if contact is not None}

    async def _merged(self, holders: Mapping[str, StoredContact], body: NewContact) -> int:
        """Who is to be changed: the one, or of several whom the call may merge the latest. Raises BrevoProblem 400."""
        found = sorted({one.id: one for one in holders.values()}.values(), key=lambda one: (one.last_seen_at, one.id))
        if not body.force_merge and (len(found) > 1 or not body.update_enabled):
            raise taken(holders)
        survivor = found[-1].id
        for absorbed in found[:-1]:
            await self._services.commands.say(merge_entry(survivor, absorbed.id, at=self._services.clock()))
        return survivor

    async def _names(self, ids: Sequence[int]) -> list[str]:
        return await names_of(self._services, ids)

    async def _attributes(self, body: ContactBody) -> dict[str, Any]:
        defined = await asyncio.to_thread(self._services.attributes.all)
        return {**attributes_of(body.attributes, defined), **blacklists_of(body)}


# What was said --------------------------------------------------------------------------------------------------------


def given(body: ContactBody) -> dict[str, Any]:
    """The identifiers that stand among the attributes, as Brevo has them, and the one beside."""
    attributes = {name.upper(): value for name, value in body.attributes.items()}
    among = {kind: attributes.get(name) for name, kind in {**IDENTIFYING, "EMAIL": "email_id"}.items()}
    return among | ({"ext_id": body.ext_id} if body.ext_id else {})


def identifiers_of(said: Mapping[str, Any]) -> dict[str, str]:
    """In their one way to be written; what is null or empty is not said. Raises BrevoProblem 400."""
    found = {}
    for kind, value in said.items():
        if value is None or value == "":
            continue
        text = canonical(kind, value)
        if text is None:
            raise invalid(SAID.get(kind, "id"), "this cannot identify a person")
        found[kind] = text
    return found


def attributes_of(said: Mapping[str, Any], defined: Sequence[Attribute]) -> dict[str, Any]:
    """What can be kept: plain values, of the type that was defined; identifiers are none. null takes one away."""
    identifying = {*IDENTIFYING, "EMAIL", *BLACKLISTS.values()}
    return {
        name: value for name, value in said.items() if name.upper() not in identifying and fits(name, value, defined)
    }


def fits(name: str, value: Any, defined: Sequence[Attribute]) -> bool:
    """Whether the attribute may have the value."""
    parts = value if isinstance(value, list) else [value]
    if not all(part is None or isinstance(part, _PLAIN) for part in parts):
        return False
    try:
        check_types({name: value}, defined)
    except Problem:
        return False
    return True


def blacklists_of(body: Blacklists) -> dict[str, bool]:
    """As attributes of ours."""
    said = {"emailBlacklisted": body.email_blacklisted, "smsBlacklisted": body.sms_blacklisted}
    return {BLACKLISTS[flag]: value for flag, value in said.items() if value is not UNSET}


def consent_of(body: Blacklists) -> str | None:
    """Who is put on a blacklist has withdrawn it; who is taken off has not thereby given it."""
    return "denied" if True in (body.email_blacklisted, body.sms_blacklisted) else None


def taken(holders: Iterable[str]) -> BrevoProblem:
    """400: an identifier is somebody's already."""
    names = [SAID.get(kind, "id") for kind in holders]
    says = "Contact already exists" if names == ["email"] else f"{', '.join(names)} is associated with another contact"
    return duplicate(f"Unable to create or update the contact: {says}", {"duplicate_identifiers": names})


async def names_of(services: Services, ids: Sequence[int]) -> list[str]:
    """The names of lists. Raises BrevoProblem 400 for a list that is not there."""
    if not ids:
        return []
    known = {id: name for name, id in (await list_ids_of(services)).items()}
    if unknown_ids := [id for id in ids if id not in known]:
        raise invalid("listIds", f"there is no list {unknown_ids[0]}")
    return [known[id] for id in dict.fromkeys(ids)]


async def tell(services: Services, changes: Iterable[Change], *, historical: bool = False) -> None:
    """Say it, wait until the store knows it. Raises BrevoProblem 400 when a part was not taken.

    historical: nothing reacts to it, and what is not taken of one contact does not keep the others away.
    """
    at = services.clock()
    said = ([{**event, "historical": historical} for event in events_of(change, at=at)] for change in changes)
    for events in pieces(said):
        told = await services.commands.tell(events)
        wrong = (*told.rejected, *told.warnings)
        if wrong and not historical:
            raise BrevoProblem(400, Fault.INVALID, f"{wrong[0].path}: {wrong[0].message}")


def pieces(said: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """As many events as one command takes; those of one contact stay together."""
    gathered: list[dict[str, Any]] = []
    for events in said:
        if gathered and len(gathered) + len(events) > MAX_EVENTS:
            yield gathered
            gathered = []
        gathered = [*gathered, *events]
    if gathered:
        yield gathered
