"""How do many contacts come in at once? `POST /v3/contacts/import`: as JSON, or as CSV with a line of names.

    EMAIL;FIRSTNAME;SMS          one column an attribute; a contact needs EMAIL, SMS or EXT_ID
    a@shop.example;Ada;+39 …     values become what their attribute is defined as, else they stay texts

They are imported before the answer; nothing reacts to them. Contacts that name nobody are left out.
"""

import asyncio
import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.contact_changes import (
    Attributes,
    Blacklists,
    ContactBody,
    ListIds,
    attributes_of,
    blacklists_of,
    consent_of,
    given,
    identifiers_of,
    names_of,
    tell,
)
from collector.api.brevo.contacts import by
from collector.api.brevo.frame.answers import BrevoProblem, answer, invalid, missing, not_implemented
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import body_of
from collector.api.brevo.lists import ListName
from collector.api.people.changes import Change
from collector.services import Services
from collector.store.ports.definitions.attributes import Attribute
from collector.store.ports.definitions.lists import NameTaken

MAX_CONTACTS = 10_000
MAX_NAME_BYTES, MAX_DIGITS = 128, 18
IDENTIFYING = ("EMAIL", "SMS", "EXT_ID", "WHATSAPP", "LANDLINE_NUMBER")
YES, NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


class NewListOfImport(msgspec.Struct, frozen=True, rename="camel"):
    """A list that is made for the import."""

    list_name: ListName
    folder_id: Annotated[int, Meta(ge=1, lt=2**31)] = 1


class Imported(msgspec.Struct, frozen=True):
    """A contact of `jsonBody`."""

    email: str | None = None
    attributes: Attributes = {}


class Import(msgspec.Struct, frozen=True, rename="camel"):
    """Body of POST /v3/contacts/import: one of the three sources, and what becomes of all contacts."""

    file_body: str | None = None
    file_url: str | None = None
    json_body: Annotated[tuple[Imported, ...], Meta(min_length=1, max_length=MAX_CONTACTS)] | None = None
    list_ids: ListIds = ()
    new_list: NewListOfImport | None = None
    email_blacklist: bool = False
    sms_blacklist: bool = False
    update_existing_contacts: bool = True
    empty_contacts_attributes: bool = False


class Person(NamedTuple):
    """Who is imported. identifiers: canonical, at least one."""

    identifiers: Mapping[str, str]
    attributes: Mapping[str, Any]


def routes(services: Services) -> list[Route]:
    """Importing contacts."""

    async def bring(request: Request) -> Response:
        """Import contacts, by their identifiers; they are there when this answers."""
        body = await body_of(request, Import)
        defined = await asyncio.to_thread(services.attributes.all)
        people = await asyncio.to_thread(people_of, body, defined)  # thousands would keep the others waiting
        lists = [*(await names_of(services, body.list_ids)), *(await made(services, body.new_list))]
        if not lists:
            raise missing("listIds")
        if not body.update_existing_contacts:
            people = [person for person in people if not await is_known(services, person)]
        refusals = Blacklists(body.email_blacklist or UNSET, body.sms_blacklist or UNSET)
        marks, consent = blacklists_of(refusals), consent_of(refusals)
        changes = (Change(one.identifiers, {**one.attributes, **marks}, add=lists, consent=consent) for one in people)
        await tell(services, changes, historical=True)
        return answer({"processId": services.clock()}, 202)

    return [Route("/v3/contacts/import", require(services, "write", bring), methods=["POST"])]


async def is_known(services: Services, person: Person) -> bool:
    """Whether somebody has one of the identifiers."""
    return any([await by(services, kind, value) is not None for kind, value in person.identifiers.items()])


async def made(services: Services, new: NewListOfImport | None) -> list[str]:
    """The name of the list that the import makes, or finds."""
    if new is None:
        return []
    try:
        at = services.clock()
        await asyncio.to_thread(lambda: services.lists.create(new.list_name, folder=new.folder_id, at=at))
    except NameTaken:
        return [new.list_name]
    return [new.list_name]


def people_of(body: Import, defined: Sequence[Attribute]) -> list[Person]:
    """Those of whom anything identifies somebody. Raises BrevoProblem 400, 501."""
    found = []
    for attributes in contacts_of(body, defined):
        try:
            identifiers = identifiers_of(given(ContactBody(attributes=attributes)))
        except BrevoProblem:
            continue
        if identifiers:
            found.append(Person(identifiers, attributes_of(fitting(attributes), defined)))
    return found


def fitting(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Those whose name can be one."""
    return {name: value for name, value in attributes.items() if 0 < len(name.encode()) <= MAX_NAME_BYTES}


# What was sent --------------------------------------------------------------------------------------------------------


def contacts_of(body: Import, defined: Sequence[Attribute]) -> list[dict[str, Any]]:
    """The attributes of each, identifiers among them. Raises BrevoProblem 400, 501."""
    if body.file_url:
        raise not_implemented("Fetching a file (fileUrl)")
    if body.json_body is not None:
        return [_without_empty({**one.attributes, "EMAIL": one.email}, body) for one in body.json_body]
    if not body.file_body:
        raise missing("fileBody")
    types = {one.name: one.type for one in defined}
    rows = [
        {name: typed(text, types.get(name, "text")) for name, text in row.items()} for row in rows_of(body.file_body)
    ]
    return [_without_empty(row, body) for row in rows]


def _without_empty(attributes: Mapping[str, Any], body: Import) -> dict[str, Any]:
    """Nothing takes an attribute away, or leaves it, as the import says."""
    kept = {name: None if value == "" else value for name, value in attributes.items()}
    return kept if body.empty_contacts_attributes else {n: value for n, value in kept.items() if value is not None}


def rows_of(text: str) -> Iterator[dict[str, str]]:
    """The lines of a CSV file, by the names of its first. Separated by what stands most often in that. Raises 400."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    separator = max(";,\t", key=first.count)
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    try:
        names = [name.strip().upper() for name in next(lines, [])]
        if not set(names) & set(IDENTIFYING):
            raise invalid("fileBody", f"its first line must name one of {', '.join(IDENTIFYING)}")
        for number, line in enumerate(lines):
            if number >= MAX_CONTACTS:
                raise invalid("fileBody", f"at most {MAX_CONTACTS:,} contacts at once; `sentiero import` takes more")
            if line:
                yield dict(zip(names, (part.strip() for part in line), strict=False))
    except csv.Error as error:
        raise invalid("fileBody", f"not CSV: {error}") from None


def typed(text: str, type: str) -> Any:
    """A text of a file as its attribute is defined; what does not fit stays a text, and is left out later."""
    if text and type == "number":
        return number_of(text)
    if type == "boolean" and text.lower() in YES | NO:
        return text.lower() in YES
    return [part.strip() for part in text.split(",")] if text and type == "list" else text


def number_of(text: str) -> str | int | float:
    """Itself when it is none, or greater than can be kept."""
    try:
        found = float(text) if len(text) > MAX_DIGITS or not text.lstrip("-").isdigit() else int(text)
    except ValueError:
        return text
    return found if isinstance(found, int) or math.isfinite(found) else text
