"""What does each line of a CSV say of a person? One after the other, in bounded memory: somebody, or why nobody.

    email_id,ext_id,FIRSTNAME        identifiers by any name that `moving/headings.py` knows; others are attributes
    contact_id                       who has that id here, unless the file is Brevo's, where it is a number of theirs
    lists, first_seen_at, …          what a file of ours says beside, which is passed over

Lines are counted as spreadsheets do: 1 is that of the names. Values become what their attribute is defined as, else
what the whole column is (`moving/columns.py`).
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from collector.api.frame.problem import Problem
from collector.api.frame.storable import Unstorable, check_storable
from collector.api.people.changes import check_types
from collector.api.people.naming import VISITOR, Names
from collector.bulk.unusable import Unusable
from collector.errors import Code
from collector.moving.cells import unsafe
from collector.moving.columns import AS_DEFINED, types_of
from collector.moving.headings import NUMBER_ELSEWHERE, is_brevo, meaning_of
from collector.moving.rows import header
from collector.moving.said import BadContact, Found
from collector.store.ports.definitions.attributes import Attribute
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical

NAMING = (*IDENTIFIER_KINDS, "identifiers", "visitors")
"""What a file must have a column of."""

PASSED_OVER = ("lists", "first_seen_at", "last_seen_at")
"""What our own files say beside: a file that is old puts nobody on a list that they have left since."""

WHO = "an e-mail address, a telephone number, an ext_id or a contact_id"
NOBODY = f"no identifier: {WHO}"

Cells = tuple[int, list[str] | csv.Error]


class Rejection(msgspec.Struct, frozen=True):
    """A line that was refused. line: as a spreadsheet counts. path: its column, "" for the whole line."""

    line: int
    path: str
    code: str
    message: str

    @property
    def names(self) -> Names:
        """Nobody's."""
        return {}

    @property
    def size(self) -> int:
        """Of its text: nothing is kept of it."""
        return 0


class Person(NamedTuple):
    """Whom a line names. names: the first of a kind is primary. size: of its text."""

    line: int
    names: Names
    attributes: Mapping[str, Any]
    consent: str
    size: int


class Lines:
    """The lines of one file, which is read twice: for the types of its columns, and for what it says."""

    def __init__(self, content: bytes, defined: Sequence[Attribute]) -> None:
        """Looks at all of it. Raises Unusable with a sentence for people."""
        self._content, self._defined = content, defined
        try:
            self._names = self._header()
            self._types = {**types_of(self._texts()), **_defined_types(self._names, defined)}
        except UnicodeDecodeError as error:
            raise Unusable(f"The file is not UTF-8: {error.reason}") from None
        except csv.Error as error:
            raise Unusable(f"The file cannot be read as a CSV: {error}") from None
        self._numbers = {name for name in self._names if self._is_number(name)}
        if not self._numbers and not any(meaning_of(name) in NAMING for name in self._names):
            raise Unusable(f"The first line has {NOBODY}")

    def __iter__(self) -> Iterator[Person | Rejection]:
        for number, cells in self._cells():
            try:
                yield self._person(number, cells)
            except BadContact as error:
                yield Rejection(number, error.path, error.code, error.message)

    def _header(self) -> list[str]:
        names, _ = header("The file", self._file())
        return names

    def _file(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._content), encoding="utf-8-sig", newline="")

    def _cells(self) -> Iterator[Cells]:
        """(line, cells), or what is wrong with it; empty lines are passed over."""
        _, reader = header("The file", self._file())
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, error
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells

    def _texts(self) -> Iterator[Mapping[str, str]]:
        for _, cells in self._cells():
            if isinstance(cells, list):
                yield self._given(cells)

    def _given(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells that say something, by their columns; what a spreadsheet was kept from running is itself again."""
        return {name: unsafe(cell) for name, cell in zip(self._names, cells, strict=False) if name and cell.strip()}

    def _person(self, number: int, cells: list[str] | csv.Error) -> Person:
        """Raises BadContact."""
        if isinstance(cells, csv.Error):
            raise BadContact(Code.MALFORMED, "", f"it cannot be read as a CSV: {cells}")
        if len(cells) > len(self._names):
            raise BadContact(Code.MALFORMED, "", f"it has {len(cells)} cells, the first line {len(self._names)}")
        found, given = Found(), self._given(cells)
        for column, text in given.items():
            if column not in self._numbers and meaning_of(column) not in PASSED_OVER:
                found.take(column, text, self._types.get(column))
        names = {**self._ids(given), **found.identifiers, **({VISITOR: found.visitors} if found.visitors else {})}
        if not names:
            found.check(WHO)
            raise BadContact(Code.BAD_IDENTIFIER, "", NOBODY)
        self._check(found.attributes)
        return Person(number, names, found.attributes, found.consent, sum(map(len, cells)))

    def _ids(self, given: Mapping[str, str]) -> dict[str, list[str]]:
        """The contact's own number. Raises BadContact."""
        column = next((name for name in given if name in self._numbers), None)
        if column is None:
            return {}
        id = canonical("contact_id", given[column])
        if id is None:
            raise BadContact(Code.BAD_IDENTIFIER, column, f"{ascii(given[column])[:80]} is no contact's id")
        return {"contact_id": [id]}

    def _check(self, attributes: Mapping[str, Any]) -> None:
        """Raises BadContact for what cannot be kept, or is not of the type that was defined."""
        try:
            check_storable(attributes)
            check_types(attributes, self._defined)
        except Unstorable as error:
            raise BadContact(error.code, error.path, error.reason) from None
        except Problem as problem:
            (wrong,) = problem.errors
            raise BadContact(Code.BAD_PROPERTY, wrong.path.removeprefix("attributes."), wrong.message) from None

    def _is_number(self, name: str) -> bool:
        return meaning_of(name) == NUMBER_ELSEWHERE and not is_brevo(self._names)


def _defined_types(names: Sequence[str], defined: Sequence[Attribute]) -> dict[str, Callable[[str], Any]]:
    types = {one.name: AS_DEFINED[one.type] for one in defined}
    return {name: _leniently(types[name]) for name in names if name in types}


def _leniently(type: Callable[[str], Any]) -> Callable[[str], Any]:
    """What is not of the type stays a text: the check of types says so, by its name."""

    def become(text: str) -> Any:
        try:
            return type(text)
        except ValueError:
            return text

    return become
