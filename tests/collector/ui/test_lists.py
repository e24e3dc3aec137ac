"""Lists in the console: made, filled by hand and by file, taken out, deleted; by roles, in both languages."""

import asyncio
import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from collector.command import NotYet
from collector.errors import Code
from collector.ui.lists import importing, pages
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, opened

PROBE = "<script>alert(1)</script>"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment with the list News, on which Ada is; Kim is known."""
    with opened(tmp_path) as ready:
        ready.change("POST", "/api/lists", {"name": "News"})
        ada = {"identifiers": {"email_id": "ada@mail.example"}, "attributes": {"FIRSTNAME": "Ada"}, "lists": ["News"]}
        ready.change("POST", "/api/contacts", ada)
        kim = {"identifiers": {"ext_id": "k-1", "phone_id": "+390437123456"}, "attributes": {"FIRSTNAME": "Kim"}}
        ready.change("POST", "/api/contacts", kim)
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def turning(shop: Shop, person: Person, path: str, content: bytes, **headers: str) -> httpx.Response:
    """A change that waits for the worker, which goes round."""
    given = {"cookie": f"__Host-sentiero={person.cookie}", "accept_language": person.language, **headers}
    return shop.send("POST", path, content, accept="text/html", sec_fetch_site="same-origin", api_key="", **given)


def sent(shop: Shop, person: Person, path: str, **fields: str) -> httpx.Response:
    """A form of one of our pages."""
    return turning(shop, person, path, urlencode({"csrf": person.csrf, **fields}).encode(), content_type=FORM)


def filed(shop: Shop, person: Person, content: str | bytes, *, list_id: int = 1, **headers: str) -> httpx.Response:
    """A file, as the page's script sends it."""
    content = content.encode() if isinstance(content, str) else content
    headers = {"content_type": "text/csv", "x_csrf": person.csrf, **headers}
    return turning(shop, person, f"/lists/{list_id}/import", content, **headers)


def shown(text: str) -> str:
    """A page's text, without marks and white space around them."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def people(text: str) -> list[int]:
    """Contacts whose rows a page shows, in its order."""
    return [int(id) for id in re.findall(r'<a href="/contacts/(\d+)" data-row>', text)]


def test_who_has_no_lists_is_told_what_they_are_for(tmp_path: Path) -> None:
    """Whoever only looks is told who can make one, and gets no form."""
    with opened(tmp_path) as shop:
        assert "Give the first one a name" in shown(Person(shop.deployment).log_in().get("/lists").text)
        viewer = Person(shop.deployment).log_in("viewer").get("/lists").text
        assert "Whoever is an editor can make one." in shown(viewer)
        assert 'action="/lists"' not in viewer


def test_lists_are_listed_with_how_many_are_on_them(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, with the same list for programs."""
    shop.change("POST", "/api/lists", {"name": "VIP"})
    text = admin.get("/lists").text
    assert [("1", "News", "1"), ("2", "VIP", "0")] == re.findall(
        r'<a href="/lists/(\d+)" data-row>(\w+)</a></td><td class="right nowrap">(\d+)</td>', text
    )
    monkeypatch.setattr(pages, "ROWS", 1)
    assert 'href="?after=1"' in admin.get("/lists").text
    assert ["2"] == re.findall(r'<a href="/lists/(\d+)" data-row>', admin.get("/lists?after=1").text)
    assert ["News", "VIP"] == [one["name"] for one in admin.get("/lists.json").json()["lists"]]
    assert "News" == admin.get("/lists/1.json").json()["name"]


def test_a_list_is_made_renamed_and_deleted(shop: Shop, admin: Person) -> None:
    """Each says what was done; its people stay."""
    made = admin.send("/lists", {"name": " Fiera "})
    assert (303, "/lists/2?done=made") == (made.status_code, made.headers["location"])
    assert "Nobody is here yet" in shown(admin.get("/lists/2?done=made").text)
    renamed = admin.send("/lists/1", {"name": "Notizie"})
    assert "/lists/1?done=saved" == renamed.headers["location"]
    assert "<h1>Notizie</h1>" in admin.get("/lists/1?done=saved").text
    assert "/lists?done=deleted" == admin.send("/lists/1/delete").headers["location"]
    assert "The list was deleted." in shown(admin.get("/lists?done=deleted").text)
    assert 404 == admin.get("/lists/1").status_code
    assert 200 == admin.get("/contacts/1").status_code


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("News", 409, "There is a list of this name already."),
        ("", 400, "1 to 100 characters"),
        ("x" * 101, 400, "1 to"),
    ],
)
def test_a_name_that_cannot_be_stays_in_the_form(shop: Shop, admin: Person, name: str, status: int, says: str) -> None:
    """With why, where it was written: of a new list and of one that is renamed."""
    shop.change("POST", "/api/lists", {"name": "VIP"})
    for path in "/lists", "/lists/2":
        answer = admin.send(path, {"name": name})
        assert (status, True) == (answer.status_code, says in shown(answer.text)), path
        assert f'name="name" value="{name}"' in answer.text


@pytest.mark.parametrize("who", ["2", " k-1 ", "+39 0437 123456", "new@mail.example"])
def test_somebody_is_added_by_any_identifier(shop: Shop, admin: Person, who: str) -> None:
    """By an e-mail address also who is not known; a second time nothing happens."""
    assert "/lists/1?done=added" == sent(shop, admin, "/lists/1/add", who=who).headers["location"]
    expected = 3 if "@" in who else 2
    assert [expected, 1] == people(admin.get("/lists/1").text)
    before = len(shop.deployment.log())
    assert "/lists/1?done=already" == sent(shop, admin, "/lists/1/add", who=who).headers["location"]
    assert before == len(shop.deployment.log())


def test_nobody_is_added_who_is_not_known(shop: Shop, admin: Person) -> None:
    """The form says so, and keeps what was written."""
    answer = sent(shop, admin, "/lists/1/add", who=PROBE)
    assert 400 == answer.status_code
    assert f"No contact is known as “{PROBE}”" in shown(answer.text)
    assert PROBE not in answer.text


def test_somebody_is_taken_off(shop: Shop, admin: Person) -> None:
    """And stays known; who was never there is not missed."""
    assert "/lists/1?done=removed" == sent(shop, admin, "/lists/1/remove", contact="1").headers["location"]
    assert [] == people(admin.get("/lists/1").text)
    assert 303 == sent(shop, admin, "/lists/1/remove", contact="x").status_code


def test_people_of_a_list_come_page_by_page(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest contacts first; behind the last there is a way back."""
    filed(shop, admin, "ext_id\nk-1\nk-2\nk-3")
    monkeypatch.setattr(pages, "MEMBERS", 3)
    first = admin.get("/lists/1").text
    assert [4, 3, 2] == people(first)
    assert 'href="?before=2"' in first
    assert [1] == people(admin.get("/lists/1?before=2").text)
    assert "The list ends here." in shown(admin.get("/lists/1?before=1").text)


def test_a_list_knows_the_segments_that_ask_for_it(shop: Shop, admin: Person) -> None:
    """By its name, wherever it stands in their question; who renames it is warned."""
    where = {"type": "any", "of": [{"type": "list", "name": "News"}, {"type": "identity", "is": "anonymous"}]}
    id = shop.change("POST", "/api/segments", {"name": "Readers", "where": where}).json()["id"]
    shop.change("POST", "/api/segments", {"name": "Others", "where": {"type": "list", "name": "VIP"}})
    text = admin.get("/lists/1").text
    assert [(str(id), "Readers")] == re.findall(r'<a href="/segments/(\d+)">(\w+)</a>', text)
    assert "Segments ask for the list by its name" in shown(text)


def test_a_contact_leads_to_its_lists(shop: Shop, admin: Person) -> None:
    """From its page, by name."""
    assert '<a href="/lists/1">News</a>' in admin.get("/contacts/1").text
    assert "/lists/1" not in admin.get("/contacts/2").text


def test_a_file_is_told_line_by_line(shop: Shop, admin: Person) -> None:
    """How many were taken, and each refused line with its column and the reason."""
    answer = filed(
        shop, admin, f"email_id,CITY\nada@mail.example,Belluno\nnobody{PROBE},\nnew@mail.example,Feltre\n,x,y"
    )
    text = shown(answer.text)
    assert 200 == answer.status_code, answer.text
    assert "Lines read: 4. Refused: 2." in text
    assert "1 added 1 of these not known before 1 were on it already 2 lines refused" in text
    assert "3 email_id It identifies nobody" in text
    assert "5 – The line cannot be read." in text
    assert PROBE not in answer.text
    assert [3, 1] == people(admin.get("/lists/1").text)


def test_without_scripts_lines_are_pasted(shop: Shop, admin: Person) -> None:
    """The same import, of a form; what cannot be read stays in it."""
    answer = sent(shop, admin, "/lists/1/import", text="email_id\r\nnew@mail.example\r\n")
    assert "Lines read: 1. All is well." in shown(answer.text)
    refused = sent(shop, admin, "/lists/1/import", text="CITY\r\nBelluno")
    assert (400, True) == (refused.status_code, "nothing was imported" in shown(refused.text))
    assert ">CITY\r\nBelluno</textarea>" in refused.text
    long = "email_id\r\n" + "nobody, but at length\r\n" * 10_000
    assert "Refused: 10,000." in shown(sent(shop, admin, "/lists/1/import", text=long).text)


def test_a_file_that_is_refused_as_a_whole_says_why(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large, or stopped halfway, when the same file goes on."""
    large = filed(shop, admin, b"email_id" + b"\n" * importing.MAX_FILE_BYTES)
    assert (413, True) == (large.status_code, "The file is too large" in shown(large.text))

    async def never(events: object) -> None:
        await asyncio.sleep(0)
        raise NotYet

    monkeypatch.setattr(shop.deployment.built.services.commands, "tell", never)
    stopped = filed(shop, admin, "email_id\nnew@mail.example")
    assert (503, True) == (stopped.status_code, "it goes on from where it was" in shown(stopped.text))


@pytest.mark.parametrize("headers", [{"x_csrf": ""}, {"x_csrf": "0" * 64}, {"sec_fetch_site": "cross-site"}])
def test_a_file_comes_from_our_own_page(shop: Shop, admin: Person, headers: dict[str, str]) -> None:
    """Its token is in a header; without it, or from elsewhere, nothing is imported."""
    given = {"content_type": "text/csv", "x_csrf": admin.csrf, "sec_fetch_site": "same-origin", **headers}
    assert 403 == admin.ask("POST", "/lists/1/import", b"ext_id\nk-1", headers=given).status_code
    assert [1] == people(admin.get("/lists/1").text)


def test_a_list_goes_out_by_login(shop: Shop, admin: Person) -> None:
    """The API's own file; a stranger is not given it."""
    answer = admin.get("/lists/1/contacts.csv")
    assert "text/csv; charset=utf-8; header=present" == answer.headers["content-type"]
    assert 'attachment; filename="list-1.csv"' == answer.headers["content-disposition"]
    assert "ada@mail.example" in answer.text
    assert 401 == Person(shop.deployment).get("/lists/1/contacts.csv").status_code


def test_a_viewer_looks_and_changes_nothing(shop: Shop) -> None:
    """No form is shown, and none is taken; an editor may."""
    viewer, editor = Person(shop.deployment).log_in("viewer"), Person(shop.deployment).log_in("editor")
    text = viewer.get("/lists/1").text
    assert [1] == people(text)
    assert [] == re.findall(r'action="/lists[^"]*"', text)
    assert 403 == viewer.get("/lists/1/import").status_code
    for path in "/lists", "/lists/1", "/lists/1/add", "/lists/1/remove", "/lists/1/delete", "/lists/1/import":
        assert 403 == viewer.send(path, {"name": "VIP"}).status_code, path
    assert 403 == filed(shop, viewer, "ext_id\nk-1").status_code
    assert 303 == editor.send("/lists", {"name": "VIP"}).status_code
    assert 200 == filed(shop, editor, "ext_id\nk-1").status_code


def test_pages_of_lists_speak_italian(shop: Shop) -> None:
    """Also why a line was refused; the API's own words beside it are marked as English."""
    person = Person(shop.deployment, language="it").log_in()
    assert "Crea la lista" in shown(person.get("/lists").text)
    assert "Aggiungi un contatto" in shown(person.get("/lists/1").text)
    text = filed(shop, person, "email_id\nnobody").text
    assert "Non identifica nessuno" in shown(text)
    assert '<div class="mono soft" lang="en">&#39;nobody&#39; cannot identify a person</div>' in text


def test_reasons_are_of_codes_that_there_are() -> None:
    """A code that no sentence was written for has one all the same."""
    assert importing.WHY.keys() <= set(Code)


@pytest.mark.parametrize("path", ["/lists/9", "/lists/x", "/lists/9/import", "/lists/9/contacts.csv"])
def test_a_list_that_is_not_there_is_not_found(shop: Shop, admin: Person, path: str) -> None:
    """404, whatever is asked of it."""
    assert 404 == admin.get(path).status_code
