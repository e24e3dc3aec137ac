"""Lists come in and go out as CSV: good lines whatever the bad ones are, twice without harm, out as they came in."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.api.people import list_files, list_import
from collector.api.people.list_lines import Lines, Person, Rejection
from collector.bulk.unusable import Unusable
from collector.command import NotYet
from tests.collector.ingest.sending import API_KEY
from tests.fixtures.shop import Shop, opened

NOBODY = "no identifier: an e-mail address, a telephone number, an ext_id or a contact_id"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment with the list News, on which Ada is."""
    with opened(tmp_path) as ready:
        assert 201 == ready.change("POST", "/api/lists", {"name": "News"}).status_code
        ada = {"identifiers": {"email_id": "ada@mail.example"}, "attributes": {"CITY": "Belluno"}, "lists": ["News"]}
        assert 201 == ready.change("POST", "/api/contacts", ada).status_code
        yield ready


def sent(shop: Shop, content: str | bytes, *, list_id: int = 1, **headers: str) -> httpx.Response:
    """The answer to a file."""
    given = {"content_type": "text/csv", **headers}
    return shop.send("POST", f"/api/lists/{list_id}/import", content, **given)


def brought(shop: Shop, *lines: str, list_id: int = 1) -> dict[str, Any]:
    """What became of a file of these lines."""
    answer = sent(shop, "\n".join(lines), list_id=list_id)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int, int]:
    """(rows, added, already, created, rejected)."""
    return answer["rows"], answer["added"], answer["already"], answer["created"], answer["rejected"]


def written(rows: Sequence[Sequence[str]]) -> str:
    """Lines of a CSV, behind the rest of its first."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return f"\n{text.getvalue()}"


def refused(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(line, path, code) of each that is named."""
    return [(one["line"], one["path"], one["code"]) for one in answer["rejections"]]


def person(shop: Shop, email: str) -> dict[str, Any]:
    """The contact of that address."""
    (found,) = shop.get(f"/api/contacts?email_id={email}").json()["contacts"]
    assert isinstance(found, dict)
    return found


def members(shop: Shop, list_id: int = 1) -> list[int]:
    """Ids of who is on it."""
    return [one["id"] for one in shop.get(f"/api/lists/{list_id}/contacts").json()["contacts"]]


def exported(shop: Shop, list_id: int = 1) -> list[dict[str, str]]:
    """The lines of the file that goes out."""
    answer = shop.get(f"/api/lists/{list_id}/contacts.csv")
    assert (200, "text/csv; charset=utf-8; header=present") == (answer.status_code, answer.headers["content-type"])
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_a_file_puts_people_on_a_list(shop: Shop) -> None:
    """Who is known is found by an identifier, who is not is made; other columns become attributes, by their types."""
    answer = brought(
        shop,
        "E-mail;Ext ID;FIRSTNAME;POINTS;CAP",
        "ada@mail.example;a-1;Ada;12;00100",
        " Kim@Mail.Example;;Kim;3;32100",
    )
    assert (2, 1, 1, 1, 0) == counts(answer)
    ada, kim = person(shop, "ada@mail.example"), person(shop, "kim@mail.example")
    assert {"CITY": "Belluno", "FIRSTNAME": "Ada", "POINTS": 12, "CAP": "00100"} == ada["attributes"]
    assert ("a-1", ["News"]) == (ada["identifiers"]["ext_id"], ada["lists"])
    assert ({"FIRSTNAME": "Kim", "POINTS": 3, "CAP": "32100"}, ["News"]) == (kim["attributes"], kim["lists"])
    assert [ada["id"], kim["id"]] == members(shop)


def test_what_a_file_says_is_events(shop: Shop) -> None:
    """On the timeline, as any change of a contact; what was known before is not said again."""
    brought(shop, "email_id,CITY", "ada@mail.example,Belluno", "kim@mail.example,Feltre")
    kim = person(shop, "kim@mail.example")
    found = shop.get(f"/api/contacts/{kim['id']}/timeline").json()["events"]
    assert {"identified": {}, "list_added": {"list": "News"}} == {one["key"]: one["properties"] for one in found}
    ada = person(shop, "ada@mail.example")
    assert 2 == len(shop.get(f"/api/contacts/{ada['id']}/timeline").json()["events"])


def test_bad_lines_keep_no_good_one_away(shop: Shop) -> None:
    """Each is named with its line as a spreadsheet counts, its column, and why; blank lines are none."""
    shop.change("POST", "/api/attributes", {"name": "AGE", "type": "number"})
    answer = brought(
        shop,
        "email_id,contact_id,AGE",
        "kim@mail.example,,36",
        "nobody,,1",
        "",
        "lea@mail.example,,old",
        ",999,",
        ",many,",
        ",,12",
        "max@mail.example,,1,2",
        '"eva"@mail.example,,1',
        ",1,",
    )
    assert [
        (3, "email_id", "bad_identifier"),
        (5, "AGE", "bad_property"),
        (6, "contact_id", "bad_identifier"),
        (7, "contact_id", "bad_identifier"),
        (8, "", "bad_identifier"),
        (9, "", "malformed"),
        (10, "", "malformed"),
    ] == refused(answer)
    assert (9, 1, 1, 1, 7) == counts(answer)
    says = {one["line"]: one["message"] for one in answer["rejections"]}
    assert "AGE is defined as number" == says[5]
    assert "there is no contact 999" == says[6]
    assert NOBODY == says[8]


def test_values_are_of_the_type_that_was_defined(shop: Shop) -> None:
    """A number that is to be a text stays one; a list is told by its commas."""
    for name, type in ("CODE", "text"), ("SIZES", "list"), ("VIP", "boolean"), ("BORN", "date"):
        shop.change("POST", "/api/attributes", {"name": name, "type": type})
    brought(shop, "email_id;CODE;SIZES;VIP;BORN", "ada@mail.example;17;S,M;yes;24-11-1990")
    found = person(shop, "ada@mail.example")["attributes"]
    assert {"CODE": "17", "SIZES": ["S", "M"], "VIP": True, "BORN": "1990-11-24"}.items() <= found.items()


def test_the_same_file_again_does_no_harm(shop: Shop) -> None:
    """Nothing is said that is known; whoever was taken off meanwhile is put on again, for it is asked again."""
    lines = ("email_id,phone_id,CITY", "kim@mail.example,+390437123456,Feltre", "lea@mail.example,,Feltre")
    assert (2, 2, 0, 2, 0) == counts(brought(shop, *lines))
    before = len(shop.deployment.log())
    assert (2, 0, 2, 0, 0) == counts(brought(shop, *lines))
    assert before == len(shop.deployment.log())
    kim = person(shop, "kim@mail.example")["id"]
    shop.change("POST", "/api/lists/1/contacts", {"remove": [kim]})
    assert (2, 1, 1, 0, 0) == counts(brought(shop, *lines))
    assert kim in members(shop)


def test_a_person_twice_in_a_file_is_one(shop: Shop) -> None:
    """By the same identifier, or by two of theirs; the later line is heard as well."""
    brought(shop, "email_id,ext_id", "kim@mail.example,k-1")
    shop.change("POST", "/api/lists", {"name": "VIP"})
    answer = brought(
        shop, "email_id,ext_id,CITY", "kim@mail.example,,Feltre", ",k-1,", "KIM@mail.example,,Agordo", list_id=2
    )
    assert (3, 1, 2, 0, 0) == counts(answer)
    assert "Agordo" == person(shop, "kim@mail.example")["attributes"]["CITY"]


def test_half_of_a_file_is_finished_by_the_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that breaks off between its groups has lost nothing, and doubles nobody."""
    monkeypatch.setattr(list_import, "GROUP_LINES", 2)
    commands, left = shop.deployment.built.services.commands, [3]
    tell = commands.tell

    async def fragile(events: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise NotYet
        return await tell(events)

    monkeypatch.setattr(commands, "tell", fragile)
    lines = ["email_id", *(f"p{number}@mail.example" for number in range(5))]
    answer = sent(shop, "\n".join(lines))
    assert (503, "1") == (answer.status_code, answer.headers["retry-after"])
    monkeypatch.setattr(commands, "tell", tell)
    assert (5, 3, 2, 1, 0) == counts(brought(shop, *lines))
    assert 6 == len(members(shop))


def test_many_lines_are_told_in_groups(shop: Shop) -> None:
    """More than one command takes: every line is counted, and a hundred of the refused are named."""
    lines = [f"p{number}@mail.example" if number % 2 else "nobody" for number in range(600)]
    answer = brought(shop, "email_id", *lines)
    assert (600, 300, 0, 300, 300) == counts(answer)
    assert [*range(2, 202, 2)] == [one["line"] for one in answer["rejections"]]


def test_a_file_takes_consent_and_gives_none_back(shop: Shop) -> None:
    """Granted counts for those of whom nothing is known, denied for everybody."""
    shop.change("POST", "/api/contacts", {"identifiers": {"ext_id": "k-1"}, "consent": "denied"})
    shop.change("POST", "/api/contacts", {"identifiers": {"ext_id": "k-2"}, "consent": "granted"})
    brought(shop, "ext_id,consent", "k-1,granted", "k-2,denied", "k-3,granted")
    found = [shop.get(f"/api/contacts?ext_id={id}").json()["contacts"][0]["consent"] for id in ("k-1", "k-2", "k-3")]
    assert ["denied", "denied", "granted"] == found


def test_a_number_of_brevo_names_nobody_here(shop: Shop) -> None:
    """In its own export CONTACT ID is a number of theirs: kept, as `sentiero import` keeps it."""
    answer = brought(shop, "CONTACT ID,EMAIL,LASTNAME", "1,kim@mail.example,Rossi")
    assert (1, 1, 0, 1, 0) == counts(answer)
    assert {"CONTACT ID": 1, "LASTNAME": "Rossi"} == person(shop, "kim@mail.example")["attributes"]


def test_what_goes_out_comes_in_as_it_was(shop: Shop, tmp_path: Path) -> None:
    """Here nothing changes; elsewhere everything is there again but when it was, and the other lists."""
    kim = {
        "identifiers": {"email_id": "kim@mail.example", "ext_id": "k-1", "phone_id": "+390437123456"},
        "attributes": {"NOTE": "=1+1", "SIZES": ["S", "M"], "AGE": 3.5, "VIP": True},
        "lists": ["News", "VIP"],
        "consent": "denied",
    }
    id = shop.change("POST", "/api/contacts", kim).json()["id"]
    shop.change("PATCH", f"/api/contacts/{id}", {"identifiers": {"email_id": "kim@home.example"}})
    content = shop.get("/api/lists/1/contacts.csv").content
    before = len(shop.deployment.log())
    assert (2, 0, 2, 0, 0) == counts(sent(shop, content).json())
    assert before == len(shop.deployment.log())
    (tmp_path / "elsewhere").mkdir()
    with opened(tmp_path / "elsewhere") as other:
        other.change("POST", "/api/lists", {"name": "Novità"})
        assert (2, 2, 0, 2, 0) == counts(sent(other, content).json())
        there, here = person(other, "kim@home.example"), person(shop, "kim@home.example")
        same = ("identifiers", "attributes", "consent")
        assert {name: here[name] for name in same} == {name: there[name] for name in same}
        assert ["Novità"] == there["lists"]


def test_a_visitor_without_a_name_comes_back_by_the_browser(shop: Shop) -> None:
    """Nobody else could be meant by it; where it is not known, it is nobody."""
    shop.serve(0, {"id": "v-1", "key": "page_visited", "visitor_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"})
    (visitor,) = shop.get("/api/contacts?anonymous=true").json()["contacts"]
    shop.change("POST", "/api/lists/1/contacts", {"add": [visitor["id"]]})
    content = shop.get("/api/lists/1/contacts.csv").content
    assert (2, 0, 2, 0, 0) == counts(sent(shop, content).json())
    answer = brought(shop, "visitors", "01BX5ZZKBKACTAV9WEVGEMMVRZ")
    assert [(2, "", "bad_identifier")] == refused(answer)


def test_a_browser_of_several_people_names_none_of_them(shop: Shop) -> None:
    """Whoever is on the list by it is not guessed."""
    browser = {"key": "identified", "category": "contact", "visitor_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
    for minute, who in enumerate(("kim@mail.example", "lea@mail.example")):
        shop.serve(minute, {**browser, "id": f"v-{minute}", "identifiers": {"email_id": who}})
    assert person(shop, "kim@mail.example")["visitors"] == person(shop, "lea@mail.example")["visitors"] != []
    answer = brought(shop, "visitors", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert [(2, "", "bad_identifier")] == refused(answer)


def test_an_export_is_written_piece_by_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By id, each once, over the edges of its pieces; of an empty list there is the first line."""
    monkeypatch.setattr(list_files, "IDS", 4)
    monkeypatch.setattr(list_files, "PIECE", 3)
    brought(shop, "email_id", *(f"p{number}@mail.example" for number in range(7)))
    assert members(shop) == [int(row["id"]) for row in exported(shop)]
    shop.change("POST", "/api/lists", {"name": "Empty"})
    assert [] == exported(shop, 2)


def test_no_cell_of_an_export_is_a_formula(shop: Shop) -> None:
    """Whoever opens it in a spreadsheet runs nothing."""
    shop.change("POST", "/api/contacts", {"identifiers": {"ext_id": '=HYPERLINK("//x")'}, "lists": ["News"]})
    assert '\'=HYPERLINK("//x")' == exported(shop)[1]["ext_id"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"email_id\nada@mail.example\n\xff", "not UTF-8"),
        (b"CITY\nBelluno", NOBODY),
        (b"email_id,email_id\na,b", "email_id is there twice"),
    ],
)
def test_what_is_no_file_is_refused_before_anything_is_done(shop: Shop, content: bytes, says: str) -> None:
    """400, with a sentence."""
    before = len(shop.deployment.log())
    answer = sent(shop, content)
    assert 400 == answer.status_code, answer.text
    assert says in answer.json()["detail"]
    assert before == len(shop.deployment.log())


def test_a_file_has_its_type_and_its_bounds(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """415 for what is said to be something else, 413 for more than 10 MiB, also under an Idempotency-Key, 404."""
    assert 415 == sent(shop, "email_id", content_type="application/json").status_code
    assert 404 == sent(shop, "email_id", list_id=7).status_code
    assert 404 == shop.get("/api/lists/7/contacts.csv").status_code
    large = b"email_id\n" + b"nobody\n" * 20_000
    assert 20_000 == sent(shop, large, idempotency_key="one").json()["rejected"]
    for more in {}, {"idempotency_key": "two"}:
        assert 413 == sent(shop, b"email_id" + b"\n" * list_files.MAX_FILE_BYTES, **more).status_code


def test_a_key_for_reading_brings_nothing_in(shop: Shop) -> None:
    """403; it may take a list out."""
    key = shop.deployment.key(scope="read")["key"]
    assert 403 == sent(shop, "email_id\nkim@mail.example", api_key=key).status_code
    assert 200 == shop.get("/api/lists/1/contacts.csv", api_key=key).status_code
    assert 401 == sent(shop, "email_id\nkim@mail.example", api_key=f"{API_KEY}x").status_code


def test_a_list_that_is_deleted_meanwhile_is_not_made_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """404 from then on; who was put on it stays known."""
    names = shop.deployment.built.services.lists.names
    asked: list[int] = []

    def once() -> Any:
        asked.append(1)
        return names() if len(asked) == 1 else {}

    monkeypatch.setattr(shop.deployment.built.services.lists, "names", once)
    monkeypatch.setattr(list_import, "GROUP_LINES", 1)
    assert 404 == sent(shop, "email_id\nkim@mail.example\nlea@mail.example").status_code
    assert ["News"] == person(shop, "kim@mail.example")["lists"]


def test_lines_with_a_name_in_common_are_not_of_one_group() -> None:
    """The second has to see what the first has done; and a group is bounded by its text."""

    def line(number: int, email: str, size: int = 1) -> list_import.Person:
        return list_import.Person(number, {"email_id": [email]}, {}, "", size)

    large = list_import.GROUP_CHARACTERS
    lines = [line(2, "a"), line(3, "b"), line(4, "a"), line(5, "c", large), line(6, "d")]
    found: Sequence[Sequence[int]] = [[one.line for one in group] for group in list_import.groups(lines)]
    assert [[2, 3], [4, 5], [6]] == found


def test_the_page_about_lists_says_the_truth(shop: Shop) -> None:
    """The file of docs/lists.md gets the answer that stands below it."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "lists.md").read_text(encoding="utf-8")
    (content,), (answer,) = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("csv", "json"))
    assert json.loads(answer) == sent(shop, content).json()


@given(st.text() | st.lists(st.lists(st.text(",;\"'\n a@1é", max_size=6), max_size=4)).map(written))
def test_no_file_breaks_the_reading(text: str) -> None:
    """Whatever it holds: every line is somebody or refused, or the whole is."""
    with suppress(Unusable):
        for line in Lines(f"email_id,x{text}".encode(errors="ignore"), ()):
            assert isinstance(line, Person | Rejection)
