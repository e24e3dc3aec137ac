"""Automations in the console: made with a click, shown, switched, with who is in; by roles, in both languages."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.store.ports.automations.definitions import Ask, Automation, AutomationChange
from collector.store.ports.automations.work import Missed
from collector.store.sqlite.automations.work import SqliteAutomationWork
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.automations.definition import parse
from sessionizer.automations.ready.table import READY
from sessionizer.automations.run import Occurrence, Passed, Run
from sessionizer.automations.way import NO_MESSAGE
from tests.collector.ingest.sending import NOW, Deployment
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, opened

PROBE = "<script>alert(1)</script>"
WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
CART = {"type": "event", "category": "ecommerce", "key": "cart_updated"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment where Ada has left a cart."""
    with opened(tmp_path) as ready:
        ready.serve(0, {"id": "cart-1", "category": "ecommerce", "key": "cart_updated", "properties": {"total": 80},
                        "identifiers": {"email_id": "ada@mail.example"},
                        "contact_properties": {"FIRSTNAME": "Ada"}})  # fmt: skip
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


@pytest.fixture
def work(shop: Shop, tmp_path: Path) -> Iterator[SqliteAutomationWork]:
    """The worker's side."""
    store = SqliteWorkStore(tmp_path / "store.db")
    yield store.automations
    store.close()


def made(admin: Person, slug: str = "cart") -> str:
    """One of those that are ready; its address."""
    answer = admin.send("/automations", {"ready": slug})
    assert 303 == answer.status_code, answer.text
    return answer.headers["location"].split("?")[0]


def kept(shop: Shop, definition: dict[str, Any], name: str = "Carts") -> str:
    """One that says this; its address."""
    automations = shop.deployment.built.services.automations
    return f"/automations/{automations.create(name, parse(definition), at=NOW).id}"


def turned(admin: Person, one: str, do: str) -> httpx.Response:
    """Switched; the page to which that leads."""
    answer = admin.send(f"{one}/status", {"do": do})
    return admin.get(answer.headers["location"]) if answer.status_code == 303 else answer


def run(id: str = "r1", **more: Any) -> Run:
    """Ada waits in the first automation."""
    given: dict[str, Any] = {
        "automation": 1, "version": 1, "contact": 1, "key": "", "step": "wait", "wake_at": NOW + 7_200_000,
        "trigger": Occurrence("cart-1", NOW, "ecommerce", "cart_updated", {"total": 80}),
        "entered_at": NOW, "arrived_at": NOW,
        "path": (Passed("", NOW, "entered", "ecommerce/cart_updated"),
                 Passed("wait", NOW, "waits", "2026-11-24T11:00:00Z"),
                 Passed("wait", NOW, "ended", "left order-1")),
    }  # fmt: skip
    return Run(id=id, **(given | more))


def text(answer: httpx.Response) -> str:
    """What the page says, without its markup."""
    assert answer.status_code < 500, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


# Made ready -----------------------------------------------------------------------------------------------------------


def test_the_first_page_offers_what_is_ready(admin: Person) -> None:
    """Each of them, with a button."""
    page = admin.get("/automations").text
    assert [one.slug for one in READY] == re.findall(r'name="ready" value="([^"]+)"', page)


@pytest.mark.parametrize("slug", [one.slug for one in READY])
def test_each_is_one_click_from_going(shop: Shop, admin: Person, slug: str) -> None:
    """Message, segment and list are made along: nothing lacks, and it is switched on."""
    one = made(admin, slug)
    assert "data-bad" not in admin.get(one).text
    assert "Active" in text(turned(admin, one, "activate"))
    assert "active" == shop.deployment.built.services.automations.all()[0].status


def test_it_is_made_in_the_readers_language(shop: Shop, admin: Person) -> None:
    """The automation, its message and its segment."""
    admin.language = "it"
    made(admin, "again")
    services = shop.deployment.built.services
    assert ["Ricoinvolgimento"] == [one.name for one in services.automations.all()]
    assert ["Da un po' non ci si vede"] == [one.name for one in services.messages.all()]
    assert ["Non aprono da tre mesi"] == [one.name for one in services.segments.all()]


def test_the_segment_says_which_automation_asks_for_it(shop: Shop, admin: Person) -> None:
    """So that nobody puts it away unawares."""
    one = made(admin, "again")
    (segment,) = shop.deployment.built.services.segments.all()
    assert f'<a href="{one}">Re-engagement</a>' in admin.get(f"/segments/{segment.id}").text


def test_a_message_says_which_automation_sends_it(shop: Shop, admin: Person) -> None:
    """The way back, until that one was put away."""
    one = made(admin)
    (message,) = shop.deployment.built.services.messages.all()
    link = f'<a href="{one}">Abandoned cart</a>'
    assert link in admin.get(f"/messages/{message.id}").text
    admin.send(f"{one}/archive", {"archived": "true"})
    assert link not in admin.get(f"/messages/{message.id}").text


def test_what_is_ready_has_nothing_that_nothing_fills(deployment: Deployment) -> None:
    """Of no message of theirs, although nobody is there yet of whom a name is known."""
    admin = Person(deployment).log_in()
    for one in READY:
        made(admin, one.slug)
    messages = deployment.built.services.messages.all()
    assert sum(len(one.mails) for one in READY) == len(messages)
    for message in messages:
        assert "Nothing fills these variables" not in admin.get(f"/messages/{message.id}").text


def test_a_second_one_has_a_name_of_its_own(shop: Shop, admin: Person) -> None:
    """Also its message; a segment that asks the same is the same."""
    made(admin, "again")
    made(admin, "again")
    services = shop.deployment.built.services
    assert ["Re-engagement", "Re-engagement 2"] == [one.name for one in services.automations.all()]
    assert ["It has been a while", "It has been a while 2"] == [one.name for one in services.messages.all()]
    assert 1 == len(services.segments.all())


def test_a_blank_one_is_written_at_once(admin: Person) -> None:
    """It leads to the form."""
    assert "/automations/1/edit" == admin.send("/automations").headers["location"]


# Shown ----------------------------------------------------------------------------------------------------------------


def test_one_reads_in_both_languages(admin: Person) -> None:
    """What brings somebody in, what leads out, each step; the same as a drawing."""
    one = made(admin)
    page = text(admin.get(one))
    for says in ("When somebody has updated the cart.", "Leaves as soon as they have completed an order.",
                 "Waits 2 hours.", "Sends “Abandoned cart”."):  # fmt: skip
        assert says in page
    admin.language = "it"
    assert "Aspetta 2 ore." in text(admin.get(one))


def test_what_is_wrong_stands_where_it_is(shop: Shop, admin: Person) -> None:
    """No trigger beside the triggers, no step beside the steps; while it is shown and while it is written."""
    one = kept(shop, {"entry": {"per": "a..b"}})
    for path in (one, f"{one}/edit?open=entry"):
        page = text(admin.get(path))
        comes, goes = page.index("Who comes in"), page.index("Who leaves before the end")
        nobody, nothing = page.index("Nobody would come in"), page.index("Nothing would be done: add a step.")
        assert comes < nobody < goes < page.index("What is done") < nothing


def test_the_drawing_begins_with_triggers_and_ends_with_exits(admin: Person) -> None:
    """Each leads to its sentence, on the page and where it is written."""
    one = made(admin)
    for path in (one, f"{one}/edit"):
        page = admin.get(path).text
        links = re.findall(r'<a href="#([^"]+)" class="node"', page)
        assert "part-triggers-0" == links[0]
        assert "part-exits-0" in links
        assert all(page.count(f'id="{link}"') == 1 for link in links)


@pytest.mark.parametrize(
    ("trigger", "is_said"),
    [({}, True), ({"change": "entered"}, True), ({"change": "left"}, False), ({"type": "hand"}, False)],
)
def test_those_who_are_in_a_segment_already_stay_out_and_that_is_said(
    shop: Shop, admin: Person, trigger: dict[str, Any], is_said: bool
) -> None:
    """Where it brings somebody in to come into a segment."""
    given = trigger if "type" in trigger else {"type": "segment", "id": 1, **trigger}
    one = kept(shop, {"triggers": [given], "steps": [WAIT]})
    found = ["stay out until they leave it" in text(admin.get(path)) for path in (one, f"{one}/edit")]
    assert [is_said] * 2 == found


def test_the_drawing_leads_to_the_steps(admin: Person, work: SqliteAutomationWork) -> None:
    """Each box is a link, with how many are there."""
    one = made(admin)
    work.save([run()])
    page = admin.get(one).text
    assert ["#step-wait", "#step-mail"] == re.findall(r'<a href="(#step-[a-z_]+)" class="node"', page)
    assert {"step-wait", "step-mail"} <= set(re.findall(r'id="(step-[a-z_]+)"', page))
    assert "1. Waits 2 hours. 1 here now" in text(admin.get(one))


def test_what_is_named_is_one_click_away(admin: Person) -> None:
    """The message that a step sends, and the segment that sets it going."""
    one = made(admin, "again")
    assert {'href="/messages/1"', 'href="/segments/1"'} <= set(re.findall(r'href="/[a-z]+/1"', admin.get(one).text))


def test_the_list_has_figures(admin: Person, work: SqliteAutomationWork) -> None:
    """How many are in, and what failed, with the way there."""
    made(admin)
    work.save([run(), run("r2", contact=2, failed="no address", wake_at=None)])
    page = admin.get("/automations")
    assert "Draft 2 0 0 1" in text(page)
    assert "/automations/1/contacts?stage=failed" in page.text


def test_lists_have_twins(admin: Person) -> None:
    """For programs, by the same login."""
    made(admin)
    assert [1] == [one["id"] for one in admin.get("/automations.json").json()["automations"]]
    assert "Abandoned cart" == admin.get("/automations/1.json").json()["name"]


def test_what_a_stranger_writes_is_text(shop: Shop, admin: Person) -> None:
    """Also within the drawing, where a name stands in a box and in its title."""
    steps = [{"type": "list", "id": "l", "name": PROBE}, {"type": "split", "id": "s", "cases": [{"name": PROBE}]}]
    one = kept(shop, {"triggers": [{**CART, "key": PROBE, "category": "custom"}], "steps": steps}, PROBE)
    for path in one, f"{one}/edit", f"{one}/edit?open=steps[0]", f"{one}/contacts", "/automations":
        assert "<script>alert" not in admin.get(path).text, path


# Switched -------------------------------------------------------------------------------------------------------------


def test_it_goes_rests_and_ends(shop: Shop, admin: Person) -> None:
    """Each button leads to the next state, and says what it means."""
    one, automations = made(admin), shop.deployment.built.services.automations
    for do, status, says in (("activate", "active", "come in from now on"), ("pause", "paused", "stand still"),
                             ("resume", "active", "Active again"), ("stop", "stopped", "taken out")):  # fmt: skip
        assert says in text(turned(admin, one, do))
        assert status == automations.all()[0].status


def test_one_with_faults_is_not_switched_on(shop: Shop, admin: Person) -> None:
    """It says what is wrong, at the step."""
    one = kept(shop, {"triggers": [CART], "steps": [{"type": "send", "id": "mail", "message": 0}]})
    answer = turned(admin, one, "activate")
    assert 409 == answer.status_code
    assert "Sends a message that is still to be chosen. Choose a message." in text(answer)
    assert "draft" == shop.deployment.built.services.automations.all()[0].status


def test_one_that_somebody_else_has_changed_is_looked_at_again(
    shop: Shop, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not switched on, and shown as it is now."""
    one, automations = made(admin), shop.deployment.built.services.automations
    change = automations.change

    def overtaken(id: int, wanted: AutomationChange, *, at: int) -> Automation | None:
        change(id, AutomationChange(name="Theirs", definition=parse({})), at=at)
        return change(id, wanted, at=at)

    monkeypatch.setattr(automations, "change", overtaken)
    answer = turned(admin, one, "activate")
    assert (409, True) == (answer.status_code, "somebody else has changed it meanwhile" in answer.text)
    assert "<h1>Theirs</h1>" in answer.text
    assert "draft" == automations.all()[0].status


def test_it_is_put_away_and_taken_back(admin: Person) -> None:
    """Then it stands among the others that were."""
    one = made(admin)
    admin.send(f"{one}/archive", {"archived": "true"})
    assert "Abandoned cart" in text(admin.get("/automations?archived=true"))
    admin.send(f"{one}/archive", {"archived": "false"})
    assert "Abandoned cart" in text(admin.get("/automations"))


def test_an_old_version_comes_back(shop: Shop, admin: Person) -> None:
    """As the newest one."""
    one, automations = made(admin), shop.deployment.built.services.automations
    admin.send(f"{one}/edit", {"name": "Cart", "version": "1", "definition": '{"steps": []}', "do": "save"})
    assert 303 == admin.send(f"{one}/back", {"version": "1"}).status_code
    now, first = automations.all()[0], automations.version(1, 1)
    assert first
    assert (3, first.definition) == (now.version, now.definition)
    assert 404 == admin.send(f"{one}/back", {"version": "9"}).status_code


def test_a_viewer_only_looks(shop: Shop, admin: Person) -> None:
    """No buttons, and no way around them."""
    one = made(admin)
    viewer = Person(shop.deployment).log_in("viewer")
    assert "/status" not in viewer.get(one).text
    changes = [(f"{one}/status", {"do": "activate"}), ("/automations", {"ready": "cart"}), (f"{one}/edit", {}),
               ("/automations/rules", {})]  # fmt: skip
    assert [403] * 4 == [viewer.send(path, fields).status_code for path, fields in changes]


# Who is in ------------------------------------------------------------------------------------------------------------


def test_it_says_who_is_where(admin: Person, work: SqliteAutomationWork) -> None:
    """Step, since when, until when; others are found by their stage."""
    one = made(admin)
    work.save([run(), run("r2", step="", wake_at=None, ended_at=NOW, why="left")])
    page = admin.get(f"{one}/contacts")
    assert "Ada" in text(page)
    assert "Waits 2 hours." in text(page)
    assert ["r1"] == re.findall(r"/automations/runs/(r\d)", page.text)
    ended = admin.get(f"{one}/contacts?stage=ended")
    assert ["r2"] == re.findall(r"/automations/runs/(r\d)", ended.text)
    assert "an exit condition" in text(ended)


@pytest.mark.parametrize(("query", "found"), [
    ("who=ada@mail.example", ["r1"]), ("who=nobody@mail.example", []), ("step=wait", ["r1"]), ("step=mail", []),
])  # fmt: skip
def test_who_is_in_is_searched(admin: Person, work: SqliteAutomationWork, query: str, found: list[str]) -> None:
    """By person, and by step."""
    one = made(admin)
    work.save([run()])
    assert found == re.findall(r"/automations/runs/(r\d)", admin.get(f"{one}/contacts?{query}").text)


def test_a_run_tells_its_way(admin: Person, work: SqliteAutomationWork) -> None:
    """In sentences, with the event by which it began."""
    made(admin)
    work.save([run()])
    page = admin.get("/automations/runs/r1")
    assert "Comes in: has updated the cart." in text(page)
    assert "Waits; goes on on 24 November 2026" in text(page)
    assert {"/events/cart-1", "/events/order-1"} <= set(re.findall(r"/events/[a-z]+-1", page.text))
    assert 404 == admin.get("/automations/runs/none").status_code


def test_what_people_want_is_put_before_the_worker(admin: Person, work: SqliteAutomationWork) -> None:
    """By name: take out, try again, let in."""
    one = made(admin)
    turned(admin, one, "activate")
    work.save([run(failed="no address", wake_at=None)])
    for do in "retry", "remove":
        assert f"done={do}" in admin.send("/automations/runs/r1/ask", {"do": do}).headers["location"]
    assert "done=enter" in admin.send(f"{one}/enter", {"who": "ada@mail.example"}).headers["location"]
    assert "done=nobody" in admin.send(f"{one}/enter", {"who": "kim@mail.example"}).headers["location"]
    assert [("retry", "r1", 1), ("remove", "r1", 1), ("enter", "", 1)] == [
        (ask.what, ask.run, ask.contact) for ask in work.asks(10)
    ]
    assert {"admin"} == {ask.by for ask in work.asks(10)}


def test_nobody_comes_into_a_draft_by_hand(admin: Person, work: SqliteAutomationWork) -> None:
    """It says so."""
    one = made(admin)
    answer = admin.send(f"{one}/enter", {"who": "ada@mail.example"})
    assert "That cannot be done now." in text(admin.get(answer.headers["location"]))
    none: list[Ask] = []
    assert none == work.asks(10)


def test_why_a_step_has_failed_is_said_in_the_readers_language(admin: Person, work: SqliteAutomationWork) -> None:
    """In the list and on the page of the run."""
    one = made(admin)
    work.save([run(failed=NO_MESSAGE.format(9), wake_at=None)])
    for path in (f"{one}/contacts?stage=failed", "/automations/runs/r1"):
        assert "Il messaggio 9 non c'è, o è stato archiviato." in text(admin.get(path, accept_language="it"))
        assert "There is no message 9, or it was put away." in text(admin.get(path))


def test_it_says_who_did_not_come_in_and_why(admin: Person, work: SqliteAutomationWork) -> None:
    """With the event that would have done it, and how often."""
    one = made(admin)
    work.miss([Missed(1, 1, "old", NOW, "cart-1"), Missed(1, 1, "old", NOW, "cart-1")])
    page = admin.get(f"{one}/missed")
    assert "Ada The event arrived too late. 2" in text(page).replace("A Ada", "Ada")
    assert "/events/cart-1" in page.text


def test_it_says_how_late_was_too_late(admin: Person, work: SqliteAutomationWork) -> None:
    """By the event, as long as that is there, and the limit."""
    one = made(admin)
    work.miss([Missed(1, 1, "old", NOW + 5 * 3_600_000, "cart-1"), Missed(1, 2, "old", NOW, "gone")])
    assert "The event arrived too late." in text(admin.get(f"{one}/missed"))
    assert "The event arrived about 5 hours late; the limit is 1 hour." in text(admin.get(f"{one}/missed"))
    says = text(admin.get(f"{one}/missed", accept_language="it"))
    assert "L'evento è arrivato dopo circa 5 ore; il limite è 1 ora." in says


def test_the_page_of_a_contact_says_where_they_are(admin: Person, work: SqliteAutomationWork) -> None:
    """With the way to the run."""
    made(admin)
    assert "/automations/runs/" not in admin.get("/contacts/1").text
    work.save([run()])
    assert 'href="/automations/runs/r1"' in admin.get("/contacts/1").text


# House rules ----------------------------------------------------------------------------------------------------------


def test_the_house_has_rules(admin: Person) -> None:
    """Kept, and said in a sentence."""
    rules = {"f.quiet_from": "22:00", "f.quiet_to": "08:00", "f.zone": "deployment", "f.caps.0.most": "2",
             "f.caps.0.n": "1", "f.caps.0.unit": "weeks"}  # fmt: skip
    assert 303 == admin.send("/automations/rules", rules).status_code
    page = text(admin.get("/automations/rules?done=saved"))
    assert "Between 22:00 and 08:00 (on our own clock) nothing is sent" in page
    assert "At most 2 marketing messages a person in 1 week." in page


@pytest.mark.parametrize("language", ["it", "en"])
def test_quiet_hours_that_end_as_they_begin_are_refused(shop: Shop, admin: Person, language: str) -> None:
    """With a sentence of their own, at the field."""
    before = shop.deployment.built.services.automations.rules()
    answer = admin.send(
        "/automations/rules", {"f.quiet_from": "22:00", "f.quiet_to": "22:00"}, accept_language=language
    )
    says = {"it": "finiscono a un'altra ora", "en": "end at another time"}[language]
    assert (400, True) == (answer.status_code, says in text(answer))
    assert 1 == answer.text.count('aria-invalid="true" aria-describedby="bad-rules"')
    assert before == shop.deployment.built.services.automations.rules()


@pytest.mark.parametrize("rules", [
    {"f.quiet_from": "22:00"}, {"f.quiet_from": "late", "f.quiet_to": "08:00"},
    {"f.caps.0.most": "0", "f.caps.0.n": "1", "f.caps.0.unit": "weeks"},
])  # fmt: skip
def test_rules_that_are_none_are_refused(shop: Shop, admin: Person, rules: dict[str, str]) -> None:
    """Half of the quiet hours, no time, no number."""
    before = shop.deployment.built.services.automations.rules()
    assert 400 == admin.send("/automations/rules", rules).status_code
    assert before == shop.deployment.built.services.automations.rules()
