"""Whom do many identifiers name, asked at once? For files, whose lines would each be a question."""

from collections.abc import Iterable, Mapping, Sequence

from collector.store.ports.contacts import ContactQuery, Contacts, StoredContact
from sessionizer.contact import IDENTIFIER_KINDS

VISITOR = "visitor_id"
"""The kind of what names a browser, beside those of identifiers."""

Names = Mapping[str, Sequence[str]]
"""Kind → canonical values."""


class Named:
    """Contacts by what names them."""

    def __init__(self, by: Mapping[tuple[str, str], StoredContact]) -> None:
        self._by = by

    def of(self, names: Names) -> StoredContact | None:
        """Who the first known of these names is, by priority; a browser only counts where nothing else is known."""
        keys = ((kind, value) for kind in (*IDENTIFIER_KINDS, VISITOR) for value in names.get(kind, ()))
        return next((self._by[key] for key in keys if key in self._by), None)


async def named(contacts: Contacts, wanted: Iterable[Names]) -> Named:
    """Who is known of them: a question for each kind, whatever their number."""
    asked: dict[str, list[str]] = {}
    for names in wanted:
        for kind, values in names.items():
            asked.setdefault(kind, []).extend(values)
    by = await _by_id(contacts, asked.pop("contact_id", ()))
    by |= await _by_browser(contacts, asked.pop(VISITOR, ()))
    for kind, values in asked.items():
        query = ContactQuery(identifiers={kind: tuple(values)})
        for one in await contacts.find(query, limit=len(values)):
            by |= {(kind, value): one for value in one.identifiers.get(kind, ())}
    return Named(by)


async def _by_id(contacts: Contacts, ids: Sequence[str]) -> dict[tuple[str, str], StoredContact]:
    """Absorbed ones are the survivor."""
    resolved = {id: await contacts.resolve(int(id)) for id in ids}
    survivors = {id: one.survivor for id, one in resolved.items() if one}
    if not survivors:
        return {}
    query = ContactQuery(ids=tuple(survivors.values()))
    found = {one.id: one for one in await contacts.find(query, limit=len(survivors))}
    return {("contact_id", id): found[survivor] for id, survivor in survivors.items() if survivor in found}


async def _by_browser(contacts: Contacts, visitors: Sequence[str]) -> dict[tuple[str, str], StoredContact]:
    """A browser that several people used names nobody."""
    if not visitors:
        return {}
    found = await contacts.find(ContactQuery(visitors=tuple(visitors)), limit=2 * len(visitors))
    owners: dict[str, list[StoredContact]] = {}
    for one in found:
        for visitor in one.visitors:
            owners.setdefault(visitor, []).append(one)
    return {(VISITOR, visitor): several[0] for visitor, several in owners.items() if len(several) == 1}
