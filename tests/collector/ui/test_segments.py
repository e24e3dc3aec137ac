"""Segments in the console: listed, built, kept, explained; by roles, in both languages, and never by strangers."""

import html
import json
import re
import typing
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from collector.api.people.kept import question_of
from collector.instant import instant
from collector.store.ports.segments import Progress
from collector.store.ports.store import QueryTooSlow
from collector.ui.segments import faults, history, of_contact, pages
from collector.ui.segments.fields import KINDS
from collector.ui.segments.starts import STARTS
from sessionizer.segments.check import Fault
from sessionizer.segments.check import faults as faults_of
from sessionizer.segments.condition import Condition, EventFilter, parse
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, minute, opened
from tests.sessionizer.segments.asking import event, last

BOUGHT = event("ecommerce/order_completed")
LATELY = event("ecommerce/order_completed", window=last(1, "hours"))
PROBE = "<script>alert(1)</script>"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment where Ada bought something, and Kim asked for a brochure."""
    with opened(tmp_path) as ready:
        buy(ready, "ada", 0, total=80)
        brochure = {"id": "kim-1", "key": "brochure_asked", "properties": {"brochure": "winter", "pages": 12}}
        ready.serve(10, {**brochure, "identifiers": {"email_id": "kim@mail.example"}})
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def buy(shop: Shop, who: str, at: float, **properties: Any) -> None:
    """Somebody buys something at that minute."""
    bought = {"id": f"{who}-{at}", "category": "ecommerce", "key": "order_completed", "properties": properties}
    about = {"CITY": "Belluno", "FIRSTNAME": who.title()}
    shop.serve(at, {**bought, "identifiers": {"email_id": f"{who}@mail.example"}, "occurred_at": minute(at),
                    "contact_properties": about})  # fmt: skip


def made(shop: Shop, where: Any, name: str = "Buyers") -> int:
    """A segment that asks this; its id."""
    return int(shop.change("POST", "/api/segments", {"name": name, "where": where}).json()["id"])


def drafted(shop: Shop, where: Any, name: str = "Buyers") -> int:
    """A segment that the worker has not seen yet; its id."""
    return int(shop.ask("POST", "/api/segments", {"name": name, "where": where}).json()["id"])


def kept(shop: Shop, where: Any, name: str = "Buyers") -> int:
    """A segment of which the worker has asked everybody; its id."""
    id = made(shop, where, name)
    shop.work()
    return id


def form(where: Any, name: str = "Buyers", **more: str) -> dict[str, str]:
    """What the builder sends."""
    return {"name": name, "where": where if isinstance(where, str) else json.dumps(where), **more}


def shown(text: str) -> str:
    """A page's text, without marks and white space around them."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def part(text: str, id: str) -> str:
    """The section of a page that has that id."""
    return re.split(r"</section>", re.split(rf'<section[^>]* id="{id}"', text)[1])[0]


def told(text: str) -> list[str]:
    """The paths of the faults that a page shows."""
    return re.findall(r'data-fault="([^"]*)"', text)


def test_who_has_no_segments_is_shown_how_to_begin(shop: Shop, admin: Person) -> None:
    """Three examples, each a question without faults; whoever only looks is not sent to a form."""
    text = admin.get("/segments").text
    assert ["quiet", "cart", "twice"] == re.findall(r"/segments/new\?from=(\w+)", text)
    for one in STARTS:
        assert [] == faults_of(parse({"where": one.where}))
        page = admin.get(f"/segments/new?from={one.slug}").text
        assert [] == told(page)
        assert "contacts now" in shown(page)
    assert "/segments/new" not in Person(shop.deployment).log_in("viewer").get("/segments").text


def test_segments_are_listed_with_their_sentences(shop: Shop, admin: Person) -> None:
    """In the reader's language; how many are in one is counted when somebody asks, until the worker has."""
    id = drafted(shop, BOUGHT)
    text = admin.get("/segments").text
    assert "Everyone who completed an order." in text
    assert f'data-count="/segments/{id}/count"' in text
    assert (
        "Ogni contatto che ha completato un ordine."
        in Person(shop.deployment, language="it").log_in().get("/segments").text
    )
    assert {"count": 1} == admin.get(f"/segments/{id}/count").json()
    counted = admin.get(f"/segments?count={id}").text
    assert "data-count" not in counted
    assert '<td class="right nowrap">1</td>' in counted


def test_lists_have_twins(shop: Shop, admin: Person) -> None:
    """The API's answers, at the addresses of the pages."""
    id = made(shop, BOUGHT)
    assert shop.get("/api/segments").json() == admin.get("/segments.json?count=1").json()
    assert shop.get(f"/api/segments/{id}").json() == admin.get(f"/segments/{id}.json").json()
    assert [] == admin.get("/segments.json?archived=true").json()["segments"]


def test_a_segment_is_built_and_changed(shop: Shop, admin: Person) -> None:
    """Saved, it shows its question and who is in it."""
    answer = admin.send("/segments", form(BOUGHT))
    assert (303, "/segments/1?done=saved") == (answer.status_code, answer.headers["location"])
    text = admin.get("/segments/1?done=saved").text
    assert ["Saved.", "Everyone who completed an order.", "Ada"] == [
        part for part in ("Saved.", "Everyone who completed an order.", "Ada", "kim@") if part in shown(text)
    ]
    assert json.loads(html.unescape(textarea(admin.get("/segments/1/edit").text))) == BOUGHT
    assert 303 == admin.send("/segments/1", form(LATELY, "Lately")).status_code
    kept = shop.get("/api/segments/1").json()
    assert ("Lately", LATELY) == (kept["name"], kept["where"])


def textarea(text: str) -> str:
    """What stands in it."""
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", text)
    assert found
    return found[1]


def test_a_question_is_tried_and_nothing_is_kept(shop: Shop, admin: Person) -> None:
    """By the button of those who have no scripts, and by the script: how it reads, how many, who, how long it took."""
    for answer in (
        admin.send("/segments", form(BOUGHT, do="try")),
        admin.send("/segments/preview", form(BOUGHT, "", id="0")),
    ):
        assert 200 == answer.status_code
        text = shown(answer.text)
        assert "Everyone who completed an order." in text
        assert re.search(r"1 contact now counted in \d+ ms", text)
        assert "Ada" in text
    assert "<html" not in admin.send("/segments/preview", form(BOUGHT)).text
    assert [] == shop.get("/api/segments").json()["segments"]


def test_an_event_that_never_came_is_said(admin: Person) -> None:
    """It is no fault: it may come yet."""
    answer = admin.send("/segments/preview", form(event("custom/video_played")))
    assert "Never came so far: custom/video_played." in shown(answer.text)
    assert [] == told(answer.text)


@pytest.mark.parametrize(
    ("where", "path"),
    [
        (event("website/page_visit"), "where.key"),
        (event("ecommerce/order_completed", window={"last": {"n": 0, "unit": "days"}}), "where.window.last.n"),
        ({"type": "all", "of": []}, "where.of"),
        ({"type": "all", "of": [{"type": "attribute", "name": "CITY", "test": {"op": "more", "value": "x"}}]},
         "where.of[0].test.value"),
        ({"type": "all", "of": [{"type": "identity"}]}, "where.of[0].is"),
        ({"type": "segment", "id": 7}, "where"),
        ({"type": "not", "of": {"type": "list", "name": "\0"}}, "where.of.name"),
        ({"type": "list", "name": "a", "more": 2**70}, "where.more"),
        ("{", "where"),
        ('{"type": "not", "of": ' * 1_000, "where"),
        ('{"type": "not", "of": ' * 50 + '{"type": "list", "name": "a"}' + "}" * 50, "where" + ".of" * 40),
        ('{"type": "not", "of": ' * 20 + '{"type": "list", "name": "a"}' + "}" * 20, "where" + ".of" * 10),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_by_its_field(shop: Shop, admin: Person, where: Any, path: str) -> None:
    """What was written stays in the form, and nothing is kept."""
    answer = admin.send("/segments", form(where))
    assert (400, [path]) == (answer.status_code, told(answer.text))
    assert form(where)["where"] == html.unescape(textarea(answer.text))
    assert [path] == told(admin.send("/segments/preview", form(where)).text)
    assert [] == shop.get("/api/segments").json()["segments"]


@pytest.mark.parametrize("name", ["", "a" * 101, "two\nlines", "Buyers"])
def test_a_segment_has_a_name_of_its_own(shop: Shop, admin: Person, name: str) -> None:
    """On one line; what is wrong with it stands beside it."""
    made(shop, BOUGHT)
    answer = admin.send("/segments", form(LATELY, name))
    assert (409 if name == "Buyers" else 400, ["name"]) == (answer.status_code, told(answer.text))
    assert 'aria-describedby="bad-name"' in answer.text
    assert 1 == len(shop.get("/api/segments").json()["segments"])


def test_a_segment_does_not_ask_for_itself(shop: Shop, admin: Person) -> None:
    """Nor by way of another: said while it is built, too."""
    id = made(shop, BOUGHT)
    other = made(shop, {"type": "segment", "id": id}, "Other")
    for where in {"type": "segment", "id": id}, {"type": "segment", "id": other}:
        assert 400 == admin.send(f"/segments/{id}", form(where)).status_code
        assert ["where"] == told(admin.send("/segments/preview", form(where, id=str(id))).text)
    assert f'<a href="/segments/{other}">Other</a>' in admin.get(f"/segments/{id}").text


def test_every_fault_speaks_italian() -> None:
    """All that stands in `check.py` has words of its own; what is new is said as it is."""
    source = (Path(faults_of.__code__.co_filename)).read_text()
    found = re.findall(r'(?:yield Fault\([^,]+, |says = |else |return )f?"([^"]{8,})"', source)
    sentences = [each for each in found if not re.search(r"{(?:says|error)}", each)]  # these two have others in them
    assert 15 < len(sentences)
    for sentence in sentences:
        begins = "no event website/page_visit: " if sentence.startswith(("did you", "the catalogue")) else ""
        plain = begins + re.sub(r"{[^}]*}", "1", sentence)
        assert plain != faults.said([Fault("where", plain)], "it")[0].says, plain
    assert [("where", "Something new.")] == faults.said([Fault("where", "Something new.")], "it")


def test_every_kind_of_condition_has_fields() -> None:
    """And no others; a new one is a question, but for what is still to be chosen."""
    kinds = {kind.__struct_config__.tag for kind in typing.get_args(Condition)}
    assert kinds - {"all", "any", "not"} == {kind.type for kind in KINDS}
    for kind in KINDS:
        asked = next(one for one in typing.get_args(Condition) if one.__struct_config__.tag == kind.type)
        fields = {field.encode_name for field in msgspec.structs.fields(asked)}
        own = {field.name for field in kind.fields} - {""}
        of_filter = {field.encode_name for field in msgspec.structs.fields(EventFilter)}
        has_filter = any(field.control == "filter" and not field.name for field in kind.fields)
        assert fields == own | (of_filter if has_filter else set()), kind.type


def test_only_editors_change_segments(shop: Shop, admin: Person) -> None:
    """Whoever looks may ask and test."""
    id = made(shop, BOUGHT)
    viewer = Person(shop.deployment).log_in("viewer")
    assert [403] * 6 == [
        viewer.get("/segments/new").status_code,
        viewer.get(f"/segments/{id}/edit").status_code,
        viewer.send("/segments", form(LATELY, "Lately")).status_code,
        viewer.send(f"/segments/{id}", form(LATELY)).status_code,
        viewer.send(f"/segments/{id}/archive", {"archived": "true"}).status_code,
        viewer.send(f"/segments/{id}/pause", {"paused": "true"}).status_code,
    ]
    text = viewer.get(f"/segments/{id}").text
    assert [] == [each for each in ("edit", "archive", "pause") if f"/segments/{id}/{each}" in text]
    assert 303 == Person(shop.deployment).log_in("editor").send("/segments", form(LATELY, "Lately")).status_code


def test_strangers_see_no_segments(shop: Shop) -> None:
    """They are asked to log in, also by what only scripts ask for."""
    stranger = Person(shop.deployment)
    paths = ["/segments", "/segments/new", "/segments/1", "/segments/1/count", "/segments/offers", "/segments.json"]
    assert [303] * 5 + [401] == [stranger.get(path).status_code for path in paths]


@pytest.mark.parametrize(
    "path", ["/segments", "/segments/1", "/segments/1/archive", "/segments/1/pause", "/segments/preview"]
)
def test_a_forged_change_changes_nothing(shop: Shop, admin: Person, path: str) -> None:
    """Without the page's token, all is as it was."""
    made(shop, BOUGHT)
    before = shop.get("/api/segments").json()
    assert 403 == admin.post(path, form(LATELY, "Lately", archived="true", paused="true")).status_code
    assert before == shop.get("/api/segments").json()


def test_a_segment_is_put_away_and_taken_back(shop: Shop, admin: Person) -> None:
    """Archived, it stands behind the other tab, and can still be looked at."""
    id = made(shop, BOUGHT)
    assert 303 == admin.send(f"/segments/{id}/archive", {"archived": "true"}).status_code
    assert f"/segments/{id}" not in admin.get("/segments").text
    assert f"/segments/{id}" in admin.get("/segments?archived=true").text
    assert "archived" in shown(admin.get(f"/segments/{id}").text)
    assert 303 == admin.send(f"/segments/{id}/archive", {"archived": "false"}).status_code
    assert f"/segments/{id}" in admin.get("/segments").text


def test_what_is_not_there_is_said(admin: Person) -> None:
    """By every address of one segment."""
    paths = ["/segments/9", "/segments/9/edit", "/segments/9/count", "/segments/nine", f"/segments/{2**70}"]
    assert [404] * 5 == [admin.get(path).status_code for path in paths]
    assert 404 == admin.send("/segments/9/archive", {"archived": "true"}).status_code


@pytest.mark.parametrize("who", ["1", "ada@mail.example", "ADA@MAIL", "visitor"])
def test_a_contact_is_tested(shop: Shop, admin: Person, who: str) -> None:
    """By number, identifier or its beginning, or visitor: yes or no, the events that made it so, and until when."""
    id = made(shop, {"type": "all", "of": [LATELY, {"type": "not", "of": event("custom/brochure_asked")}]})
    if who == "visitor":
        page = {"id": "page", "key": "page_visited", "identifiers": {"email_id": "ada@mail.example"}}
        shop.browse(1, "n" * 16, page)
        who = next(iter(shop.get("/api/contacts/1").json()["visitors"]), "1")
    text = part(admin.get(f"/segments/{id}?who={who}").text, "test")
    assert "Ada is in it." in shown(text)
    assert 'href="/events/ada-0"' in text
    assert "If nothing else happens, it changes on" in shown(text)
    assert ["yes", "yes", "yes", "no"] == re.findall(r'<span class="badge (?:good|bad)">(\w+)</span>', text)
    assert "kim@mail.example is not in it." in shown(admin.get(f"/segments/{id}?who=2").text)


def test_a_contact_that_is_not_clear_is_asked_for(shop: Shop, admin: Person) -> None:
    """Of several those are shown; of none it is said."""
    buy(shop, "adam", 1)
    id = made(shop, BOUGHT)
    text = admin.get(f"/segments/{id}?who=ada").text
    assert ['href="?who=3" data-swap="#test"', 'href="?who=1" data-swap="#test"'] == re.findall(
        r'href="\?who=\d" data-swap="#test"(?=>Ada)', text
    )
    assert "No contact is known as “nobody”." in shown(admin.get(f"/segments/{id}?who=nobody").text)
    assert 200 == admin.get(f"/segments/{id}?who={'9' * 16}").status_code


@pytest.mark.parametrize("is_kept", [True, False])
def test_members_come_page_by_page(
    shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool
) -> None:
    """The newest first, each with a link to their page and to the reason; kept or not."""
    monkeypatch.setattr(pages, "MEMBERS", 1)
    id = drafted(shop, {"type": "identity", "is": "identified"})
    if is_kept:
        shop.work()
    first = part(admin.get(f"/segments/{id}").text, "members")
    assert [False, True, True] == [part in first for part in ("/contacts/1", "/contacts/2", "?before=2")]
    then = part(admin.get(f"/segments/{id}?before=2").text, "members")
    assert [True, False, False] == [part in then for part in ("/contacts/1", "/contacts/2", "?before=1")]


def test_what_takes_too_long_is_said(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says that there is nobody; the question can be looked at and changed all the same."""
    id = drafted(shop, BOUGHT)

    async def slow(*asked: Any, **more: Any) -> None:
        raise QueryTooSlow

    monkeypatch.setattr(shop.deployment.built.services.store.members, "sample", slow)
    monkeypatch.setattr(shop.deployment.built.services.store.contacts, "find", slow)
    assert {"count": None} == admin.get(f"/segments/{id}/count").json()
    assert "too many to count" in shown(admin.get(f"/segments?count={id}").text)
    for answer in (
        admin.get(f"/segments/{id}"),
        admin.get(f"/segments/{id}/edit"),
        admin.send("/segments/preview", form(BOUGHT)),
    ):
        assert 200 == answer.status_code
        assert "Counting took too long" in shown(answer.text)
        assert "Everyone who completed an order." in shown(answer.text)
        assert "Nobody" not in shown(answer.text)


def test_a_contact_shows_their_segments(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in use that they are in, each with its reason; where many must be asked, only when somebody wants it."""
    bought, asked = drafted(shop, BOUGHT), drafted(shop, event("custom/brochure_asked"), "Readers")
    away = drafted(shop, BOUGHT | {"count": {"op": "at_least", "value": 1}}, "Away")
    shop.ask("PATCH", f"/api/segments/{away}", {"archived": True})
    ada = [f"/segments/{bought}?who=1"]
    assert ada == re.findall(r"/segments/\d\?who=\d", admin.get("/contacts/1").text)
    assert [f"/segments/{asked}?who=2"] == re.findall(r"/segments/\d\?who=\d", admin.get("/contacts/2").text)
    monkeypatch.setattr(of_contact, "AT_ONCE", 1)
    text = admin.get("/contacts/1").text
    assert [] == re.findall(r"/segments/\d\?who=\d", text)
    assert 'href="?segments=all"' in text
    assert ada == re.findall(r"/segments/\d\?who=\d", admin.get("/contacts/1?segments=all").text)


def test_a_contact_shows_since_when(shop: Shop, admin: Person) -> None:
    """Of segments whose members are kept; those are never too many to be asked. Of a paused one as it was."""
    kept(shop, event("custom/brochure_asked"), "Readers")
    id = kept(shop, LATELY)
    shop.change("PATCH", f"/api/segments/{id}", {"paused": True})
    shop.work(70)
    text = shown(part(admin.get("/contacts/1").text, "segments"))
    assert "Buyers : why? paused since 25 November 2026" in text
    assert ["Readers"] == re.findall(r">(Readers|Buyers)<", part(admin.get("/contacts/2").text, "segments"))


def test_a_list_shows_sizes_and_how_far_the_worker_is(
    shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of who is kept the number; of the others how many were asked, for the script to go on with."""
    id = kept(shop, BOUGHT)
    assert '<td class="right nowrap">1</td>' in admin.get("/segments").text
    assert {"done": True, "asked": 2, "of": 2, "size": 1} == admin.get(f"/segments/{id}/progress").json()
    (segment,) = shop.deployment.built.services.segments.all()
    underway = Progress(question_of(segment, {}), 0, 3_200, 10_000, stopped=False)

    async def progress(ids: Any) -> Any:
        return {id: underway}

    monkeypatch.setattr(shop.deployment.built.services.store.members, "progress", progress)
    assert "3,200 of 10,000 contacts" in shown(admin.get("/segments").text)
    assert "3.200 di 10.000 contatti" in shown(Person(shop.deployment, language="it").log_in().get("/segments").text)
    assert f'data-progress="/segments/{id}/progress"' in admin.get("/segments").text
    assert {"done": False, "asked": 3200, "of": 10000, "size": None} == admin.get(f"/segments/{id}/progress").json()
    text = admin.get(f"/segments/{id}").text
    assert "3,200 of 10,000 contacts" in shown(part(text, "now"))
    assert "<strong>1</strong>" in part(text, "now")


def test_a_segment_is_paused_and_resumed(shop: Shop, admin: Person) -> None:
    """It says so wherever it is shown, and its members stay as they were."""
    id = kept(shop, BOUGHT)
    answer = admin.send(f"/segments/{id}/pause", {"paused": "true"})
    assert (303, f"/segments/{id}?done=paused") == (answer.status_code, answer.headers["location"])
    buy(shop, "kim", 20)
    text = admin.get(f"/segments/{id}?done=paused").text
    assert "Paused: from now on nobody enters and nobody leaves." in shown(text)
    assert "who is in it stays as it was" in shown(part(text, "now"))
    assert "kim@mail" not in part(text, "members")
    assert "paused" in shown(admin.get("/segments").text)
    assert 303 == admin.send(f"/segments/{id}/pause", {"paused": "false"}).status_code
    shop.work(21)
    assert "kim@mail" in part(admin.get(f"/segments/{id}").text, "members")
    assert "paused" not in shown(admin.get("/segments").text)


def test_a_segment_shows_who_came_and_went(shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest first, with the reason in words, the event, and the contact; page by page."""
    id = kept(shop, LATELY)
    buy(shop, "kim", 20)
    shop.work(61)
    text = part(admin.get(f"/segments/{id}").text, "history")
    rows = [shown(row).split(maxsplit=3)[3] for row in re.findall(r"<tr><td.*?</tr>", text, re.DOTALL)]
    assert [
        "Ada leaves By the passing of time see the event",
        "Kim enters By an event see the event",
        "Ada enters Segment made",
    ] == [" ".join(row.split()) for row in rows]
    assert ["ada-0", "kim-20"] == re.findall(r'/events/([^"]+)"', text)
    assert ["1", "2", "1"] == re.findall(r'/contacts/(\d+)"', text)
    monkeypatch.setattr(history, "LINES", 2)
    first = part(admin.get(f"/segments/{id}").text, "history")
    (older,) = re.findall(r'href="(\?history=[^"]+)"', first)
    assert "Segment made" not in first
    then = admin.get(f"/segments/{id}{older}").text
    assert "Segment made" in then
    assert 200 == admin.get(f"/segments/{id}?history=nonsense").status_code


def test_a_size_is_drawn_day_by_day(shop: Shop, admin: Person) -> None:
    """At the end of each day of the deployment's zone, today included; the same numbers as a table."""
    id = kept(shop, LATELY)
    assert "data-chart" not in admin.get(f"/segments/{id}").text
    shop.work(26 * 60)
    buy(shop, "kim", 26 * 60)
    buy(shop, "adam", 26 * 60 + 1)
    text = part(admin.get(f"/segments/{id}").text, "size")
    (numbers,) = re.findall(r"data-chart-numbers>([^<]*)<", text)
    assert [{"name": "Contacts", "counts": [0, 2]}] == json.loads(numbers)["lines"]
    assert "26 November 2026 2 25 November 2026 0" in shown(text)


def test_days_are_those_of_the_zone() -> None:
    """Also where a day has 23 hours: ninety at most, the last one still going on."""
    rome = ZoneInfo("Europe/Rome")
    since, now = (
        round(datetime.fromisoformat(text).timestamp() * 1000) for text in ("2026-03-28T23:30Z", "2026-03-30T10:00Z")
    )
    first, last = history.days_of(since, now, rome)
    assert ["2026-03-29T22:00:00.000Z", "2026-03-30T22:00:00.000Z"] == [instant(first.ends), instant(last.ends)]
    assert ["2026-03-29T00:00:00.000Z", "2026-03-30T00:00:00.000Z"] == [instant(first.at), instant(last.at)]
    assert 90 == len(history.days_of(0, now, rome))


def test_a_changed_question_says_what_it_changes(shop: Shop, admin: Person) -> None:
    """Before it is saved, by the script and without: how many enter, how many leave."""
    id = kept(shop, BOUGHT)
    asks = event("custom/brochure_asked")
    for answer in (
        admin.send("/segments/preview", form(asks, id=str(id))),
        admin.send(f"/segments/{id}", form(asks, do="try")),
    ):
        assert "On saving, entering: 1, leaving: 1." in shown(answer.text)
    assert "On saving, nobody enters and nobody leaves." in shown(admin.get(f"/segments/{id}/edit").text)
    italian = Person(shop.deployment, language="it").log_in()
    assert "Salvando entrano 1, escono 1." in shown(italian.send("/segments/preview", form(asks, id=str(id))).text)
    assert "On saving" not in shown(admin.get("/segments/new").text)


def test_what_may_be_chosen_is_offered(shop: Shop, admin: Person) -> None:
    """Events by category in the reader's language, a team's own among them, and whether they came; other names."""
    id = made(shop, BOUGHT)
    italian = Person(shop.deployment, language="it").log_in()
    offered = admin.get("/segments/offers").json()
    events = {f"{category}/{key}": (label, came) for _, all in offered["events"] for category, key, label, came in all}
    assert ("Order completed", True) == events["ecommerce/order_completed"]
    assert ("brochure_asked", True) == events["custom/brochure_asked"]
    assert not events["ecommerce/cart_updated"][1]
    assert "Ordine completato" in italian.get("/segments/offers").text
    assert [[id, "Buyers"]] == offered["segments"]
    city = next(one for one in offered["attributes"] if one["path"] == "CITY")
    assert {"path": "CITY", "types": ["string"], "samples": ["Belluno"]} == city


def test_properties_are_offered_with_values_that_came(shop: Shop, admin: Person) -> None:
    """Of a team's own events what was learned, of others examples too; nothing that leads to a person."""
    own = {one["path"]: one for one in admin.get("/segments/offers/custom/brochure_asked").json()}
    assert ["winter"] == own["brochure"]["samples"]
    assert ["integer"] == own["pages"]["types"]
    total = {one["path"]: one for one in admin.get("/segments/offers/ecommerce/order_completed").json()}["total"]
    assert "80" in total["samples"]
    assert [] == admin.get("/segments/offers/custom/never_came").json()
    assert [] == admin.get("/segments/offers/none/never_came").json()


def test_what_a_stranger_writes_is_text(shop: Shop, admin: Person) -> None:
    """In names, values, and in what is typed."""
    buy(shop, PROBE, 1)
    id = made(shop, {"type": "list", "name": PROBE}, PROBE)
    paths = ["/segments", f"/segments/{id}", f"/segments/{id}/edit", f"/segments/{id}?who={PROBE}", "/segments/offers"]
    for path in paths:
        answer = admin.get(path)
        assert PROBE not in answer.text or answer.headers["content-type"] == "application/json"
        assert "nosniff" == answer.headers["x-content-type-options"]


def test_the_builder_is_light(admin: Person) -> None:
    """With all that it loads."""
    loads = ["/segments/new", "/segments/offers", *(f"/static/{name}" for name in
             ("console.css", "segments.css", "frame.js", "segments.js", "trail.svg"))]  # fmt: skip
    assert sum(len(admin.get(path).content) for path in loads) <= 100_000
