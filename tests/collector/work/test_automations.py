"""Do automations go on through the running worker: log, store, restarts? Every effect once."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from collector.store.ports.automations.definitions import Ask, AutomationChange
from collector.store.ports.definitions.messages import Writing
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.automations.runs import SqliteRuns
from collector.store.sqlite.definitions.messages import SqliteMessages
from sessionizer.automations.definition import HouseRules, parse
from sessionizer.automations.run import Run, decode_run
from sessionizer.messages.message import Content
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.collector.work.erasing import erase, files_with

CART = {
    "triggers": [{"type": "event", "category": "ecommerce", "key": "cart_updated"}],
    "entry": {"again": "after_exit", "inside": "restart"},
    "exits": [{"type": "event", "category": "ecommerce", "key": "order_completed"}],
    "steps": [
        {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}},
        {"type": "send", "id": "mail", "message": 1},
    ],
}


class Here(Deployment):
    """With one message, and automations made by hand."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.automations = SqliteAutomations(folder / "store.db")
        self.runs = SqliteRuns(folder / "store.db")
        content = Content(channel="email", subject="Yours", html="<p>{{ event.total }}</p>")
        SqliteMessages(folder / "store.db").create("Cart", Writing(purpose="marketing", content=content), at=T0)

    def automate(self, definition: dict[str, Any], name: str = "cart") -> int:
        """Keep it and let it go."""
        made = self.automations.create(name, parse(definition), at=T0)
        self.automations.change(made.id, AutomationChange(status="active"), at=T0)
        return made.id

    def shop(self, id: str, minute: float, key: str = "cart_updated", visitor: str = "v1", **fields: Any) -> None:
        """Something in the shop."""
        self.say(id, minute, key=key, category="ecommerce", visitor=visitor, **fields)

    def outbox(self) -> list[tuple[str, int, str]]:
        """(recipient, minute, event that it is about)."""
        rows = self.ask("SELECT recipient, due_at, body FROM outbox ORDER BY due_at, id")
        return [(to, (at - T0) // MINUTE, msgspec.json.decode(body).get("event", "")) for to, at, body in rows]

    def walked(self, automation: int) -> list[Run]:
        """Its runs, the oldest first."""
        return self.runs.find(automation, limit=100)[::-1]


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A deployment of which Anna is known."""
    here = Here(tmp_path)
    here.identify("hello", 0, email_id="anna@mail.example")
    here.work(0)
    return here


def test_a_cart_that_is_left_becomes_a_mail_two_hours_later(here: Here) -> None:
    """Not before; with what was in it last; once, also after a crash."""
    automation = here.automate(CART)
    here.shop("cart-1", 1)
    here.shop("cart-2", 31)
    here.work(32)
    here.work(150)
    assert [] == here.outbox()
    here.start()
    here.work(151)
    here.work(500)
    assert [("anna@mail.example", 151, "cart-2")] == here.outbox()
    (run,) = here.walked(automation)
    assert "done" == run.why
    assert ["entered", "waits", "restarted", "waits", "due", "sent", "ended"] == [line.what for line in run.path]


def test_a_purchase_in_between_stops_it(here: Here) -> None:
    """And a later cart begins anew."""
    automation = here.automate(CART)
    here.shop("cart-1", 1)
    here.work(1)
    here.shop("bought", 100, key="order_completed")
    here.work(300)
    assert [] == here.outbox()
    here.shop("cart-2", 301)
    here.work(301)
    here.work(421)
    assert [("anna@mail.example", 421, "cart-2")] == here.outbox()
    assert ["left", "done"] == [run.why for run in here.walked(automation)]


def test_two_devices_become_one_mail(here: Here) -> None:
    """A cart on a telephone that nobody knows, the same on the computer; then the telephone says who it is."""
    automation = here.automate(CART)
    here.shop("phone", 1, visitor="v2")
    here.shop("computer", 2)
    here.work(3)
    here.identify("me", 30, visitor="v2", email_id="anna@mail.example")
    here.work(30)
    here.work(500)
    assert [("anna@mail.example", 122, "computer")] == [(to, min(at, 122), id) for to, at, id in here.outbox()]
    assert ["done", "joined"] == sorted(run.why for run in here.walked(automation))


def test_somebody_without_an_address_gets_nothing_and_one_sees_why(here: Here) -> None:
    """Until they say who they are."""
    automation = here.automate(CART)
    here.shop("phone", 1, visitor="v2")
    here.work(1)
    here.work(200)
    assert [] == here.outbox()
    assert ("unsent", "address") in [(line.what, line.more) for line in here.walked(automation)[0].path]


def test_what_comes_late_is_told_why_it_is_not_in(here: Here) -> None:
    """An hour is the limit unless it is said otherwise; nothing that was before it was active."""
    automation = here.automate(CART)
    here.shop("early", -5)
    here.shop("late", 1)
    here.work(90)
    assert [] == here.walked(automation)
    found = here.runs.refusals(automation=automation, limit=10)
    assert {("early", 1), ("old", 1)} == {(one.reason, one.times) for one in found}


def test_steps_change_the_contact_and_say_something_of_their_own(here: Here) -> None:
    """An attribute with what the event says, a number that grows, a list, an event; each is heard by others."""
    first = {
        "triggers": [{"type": "event", "category": "ecommerce", "key": "order_completed"}],
        "entry": {"again": "after_exit"},
        "steps": [
            {"type": "attribute", "id": "total", "name": "LAST_TOTAL", "value": "{{ event.total }}"},
            {"type": "attribute", "id": "count", "name": "ORDERS", "op": "add", "value": 1},
            {"type": "list", "id": "list", "name": "buyers"},
            {"type": "emit", "id": "said", "key": "thanked", "properties": {"of": "{{event.total}}", "by": "us"}},
        ],
    }
    second = {
        "triggers": [{"type": "list", "name": "buyers"}, {"type": "attribute", "name": "ORDERS"}],
        "entry": {"again": "after_exit"},
        "steps": [{"type": "send", "id": "mail", "message": 1}],
    }
    here.automate(first)
    other = here.automate(second, "second")
    here.shop("order", 1, key="order_completed", properties={"total": 25.5})
    here.work(1)
    ((attributes,),) = here.ask("SELECT attributes FROM contacts WHERE id = 1")
    assert {"LAST_TOTAL": 25.5, "ORDERS": 1} == msgspec.json.decode(attributes)
    assert ["thanked"] == [key for key, _ in here.story() if key == "thanked"]
    assert [("buyers",)] == here.ask("SELECT l.name FROM lists l JOIN list_members m ON m.list = l.id")
    assert 2 == len(here.walked(other))
    here.shop("order-2", 5, key="order_completed", properties={"total": 1})
    here.work(5)
    ((attributes,),) = here.ask("SELECT attributes FROM contacts WHERE id = 1")
    assert {"LAST_TOTAL": 1, "ORDERS": 2} == msgspec.json.decode(attributes)


def test_what_feeds_itself_comes_to_an_end(here: Here) -> None:
    """An automation whose step sets it going again: eight times, then the step fails and says why."""
    automation = here.automate(
        {
            "triggers": [{"type": "event", "category": "custom", "key": "again"}],
            "entry": {"again": "after_exit"},
            "steps": [{"type": "emit", "id": "again", "key": "again"}],
        }
    )
    here.say("start", 1, key="again", category="custom")
    here.work(1)
    assert 9 == len(here.walked(automation))
    assert ["loop_depth"] == [run.failed for run in here.walked(automation) if run.failed]


def test_a_birthday_comes_each_year(here: Here) -> None:
    """Of whoever was there before it was active, and of whoever says it later; two days before, at nine."""
    known = {"identifiers": {"email_id": "anna@mail.example"}, "attributes": {"BIRTHDAY": "1990-09-30"}}
    here.say("born", 1, door="api", key="attributes_updated", category="contact", visitor="", identify_mode="", **known)
    here.work(1)
    automation = here.automate(
        {
            "triggers": [
                {
                    "type": "date",
                    "attribute": "BIRTHDAY",
                    "yearly": True,
                    "shift": {"span": {"n": 2, "unit": "days"}, "before": True},
                }
            ],
            "entry": {"again": "after_exit"},
            "steps": [{"type": "send", "id": "mail", "message": 1}],
        }
    )
    here.work(2)
    days = 24 * 60
    for day in range(1, 380):
        here.work(day * days)
    assert 2 == len(here.walked(automation)), "T0 is in September"
    assert 2 == len(here.outbox())


def test_people_let_somebody_in_and_out(here: Here) -> None:
    """By hand, though they were in before; removed, and pausing lets everybody stand still."""
    automation = here.automate({**CART, "triggers": [{"type": "hand"}]})
    here.automations.ask(Ask(0, automation, "enter", T0, "ada", contact=1))
    here.work(1)
    (run,) = here.walked(automation)
    here.automations.ask(Ask(0, automation, "remove", T0, "ada", run=run.id))
    here.work(2)
    assert ["removed"] == [run.why for run in here.walked(automation)]
    here.automations.ask(Ask(0, automation, "enter", T0, "ada", contact=1))
    here.work(3)
    here.automations.change(automation, AutomationChange(status="paused"), at=T0)
    here.work(500)
    assert [] == here.outbox()
    here.automations.change(automation, AutomationChange(status="active"), at=T0)
    here.work(501)
    assert 1 == len(here.outbox())
    here.automations.ask(Ask(0, automation, "enter", here.now, "ada", contact=1))
    here.work(502)
    here.automations.change(automation, AutomationChange(status="stopped"), at=T0)
    here.work(503)
    assert ["done", "removed", "stopped"] == sorted(run.why for run in here.walked(automation))


def test_at_night_nothing_is_sent_and_too_much_is_not(here: Here) -> None:
    """Quiet hours hold it back until their end; one marketing message a day."""
    rules = {"quiet_from": "00:00", "quiet_to": "23:00", "caps": [{"n": 1, "within": {"n": 1, "unit": "days"}}]}
    here.automations.put_rules(msgspec.convert(rules, HouseRules))
    here.automate({**CART, "exits": [], "entry": {"again": "after_exit"}})
    here.shop("cart", 1)
    here.work(1)
    for minute in range(60, 3 * 24 * 60, 30):
        here.work(minute)
    ((_, minute, _),) = here.outbox()
    assert 23 * 60 <= (T0 // MINUTE + minute) % (24 * 60) < 23 * 60 + 30, "it looks each half hour"


def test_numbers_grow_by_each_however_far_the_worker_is_behind(here: Here) -> None:
    """What was said and has not been read back counts already."""
    here.automate(
        {
            "triggers": [{"type": "event", "category": "ecommerce", "key": "order_completed"}],
            "entry": {"again": "after_exit"},
            "steps": [{"type": "attribute", "id": "count", "name": "ORDERS", "op": "add", "value": 1}],
        }
    )
    for number in range(2_500):
        here.shop(f"order-{number}", 1 + number / 1_000, key="order_completed")
    here.work(10)
    ((attributes,),) = here.ask("SELECT attributes FROM contacts WHERE id = 1")
    assert {"ORDERS": 2_500} == msgspec.json.decode(attributes)


def test_an_import_sets_nothing_going(here: Here) -> None:
    """Told as historical, though it is of this very minute."""
    automation = here.automate(CART)
    here.shop("cart", 1, historical=True)
    here.work(1)
    assert [] == here.walked(automation)


def test_groups_of_conditions_read_what_happened(here: Here) -> None:
    """Who looked at it and did not buy it, by the whole history."""
    looked = {"type": "event", "category": "custom", "key": "looked"}
    bought = {"type": "event", "category": "custom", "key": "bought"}
    who = {"type": "all", "of": [looked, {"type": "not", "of": bought}]}
    automation = here.automate(
        {**CART, "triggers": [CART["triggers"][0] | {"who": who}], "entry": {"again": "after_exit"}}
    )
    here.say("looked", 1, key="looked", category="custom")
    here.shop("cart-1", 2)
    here.work(2)
    assert 1 == len(here.walked(automation))
    here.say("bought", 3, key="bought", category="custom")
    here.shop("done", 4, key="order_completed")
    here.shop("cart-2", 5)
    here.work(5)
    assert 1 == len(here.walked(automation))
    assert ["who"] == [one.reason for one in here.runs.refusals(automation=automation, limit=10)]


def test_what_nobody_can_go_on_with_comes_to_an_end(here: Here) -> None:
    """Runs of an automation, of a version, of a contact that are not there: ended or forgotten, not asked for ever."""
    automation = here.automate(CART)
    here.shop("cart", 1)
    here.work(1)
    ((body,),) = here.ask("SELECT body FROM automation_runs")
    run = decode_run(body)
    with here.store.transaction():
        here.store.automations.save(
            [
                replace(run, id="no automation", automation=99, wake_at=T0),
                replace(run, id="no version", version=99, wake_at=T0),
                replace(run, id="no contact", contact=99, wake_at=T0),
            ]
        )
    here.work(2)
    ended = {run.id: run.why for run in here.walked(automation)} | {run.id: run.why for run in here.walked(99)}
    assert {run.id: "", "no automation": "stopped", "no version": "stopped"} == ended


def test_what_steps_said_of_somebody_goes_with_them(here: Here) -> None:
    """Out of the log and the store, also what was on its way to the log."""
    here.automate({
        "triggers": [{"type": "event", "category": "ecommerce", "key": "cart_updated"}],
        "entry": {"again": "after_exit"},
        "steps": [
            {"type": "attribute", "id": "keep", "name": "LAST", "value": "{{ event.note }}"},
            {"type": "emit", "id": "say", "key": "told", "properties": {"note": "{{ event.note }}"}},
        ],
    })  # fmt: skip
    here.shop("cart-1", 1, properties={"note": "canary-one"})
    here.work(2)
    here.shop("cart-2", 3, properties={"note": "canary-two"})
    here.worker.turn()  # appended, and not read back
    (contact,) = here.ask("SELECT id FROM contacts")[0]
    erase(here, contact, 4)
    here.work(10)
    assert [] == files_with(here.folder, "canary-one", "canary-two")


def test_an_unsound_one_stands_still_and_the_others_go_on(here: Here) -> None:
    """However it came into the store: a test without a value would raise at every cart."""
    test = {"path": "total", "test": {"op": "more"}}
    unsound = here.automate({**CART, "triggers": [CART["triggers"][0] | {"where": [test]}]}, "unsound")  # type: ignore[index]
    sound = here.automate(CART)
    here.shop("cart", 1, properties={"total": 5})
    here.work(1)
    assert [0, 1] == [len(here.walked(unsound)), len(here.walked(sound))]
    (run,) = here.walked(sound)
    with here.store.transaction():
        here.store.automations.save([replace(run, id="from before", automation=unsound, wake_at=T0)])
    here.work(2)
    assert ["from before"] == [run.id for run in here.walked(unsound) if run.goes_on]
