"""What the pages show, and that no stranger's text can act on them."""

import re
from pathlib import Path
from string import Formatter

import pytest

from collector import ui
from collector.log.sqlite import SqliteLog
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.ui.page import HEADERS
from collector.ui.words import NOUNS, WORDS
from collector.work.loop import Worker
from sessionizer.engine import Engine
from sessionizer.messages.reasons import REASONS
from sessionizer.rules.assignments import RULES
from tests.collector.ingest.sending import Deployment, event
from tests.collector.ui.console import Person

PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
QUOTED = re.compile(r"""["']([a-z_]+)["']""")
TEXT = re.compile(r"""\bt\(\s*["']([a-z_]+)["']""")


def work(deployment: Deployment) -> None:
    """Let the worker take what has come."""
    log, store = SqliteLog(deployment.settings.log_path), SqliteWorkStore(deployment.settings.store_path)
    worker = Worker(log, store, Engine(RULES), lambda: deployment.now, tombstone_key=b"a test's")
    while any(worker.turn()):
        pass
    store.close()
    log.close()


def test_home_is_the_setup_until_the_first_event(deployment: Deployment, admin: Person) -> None:
    """Then it is the events."""
    assert "/setup" == admin.get("/").headers["location"]
    deployment.send(event())
    work(deployment)
    assert "/events" == admin.get("/").headers["location"]


def test_the_setup_shows_the_tag_and_waits(admin: Person) -> None:
    """With the key of the site, and the address under which the page was asked for."""
    text = admin.get("/setup").text
    assert "&lt;script async src=&#34;https://collector.example/tracker.js&#34;" in text
    assert "wk_of_the_first_site" in text
    assert 'data-state="waiting"' in text


def test_the_setup_says_what_came_and_what_was_refused(deployment: Deployment, admin: Person) -> None:
    """The last event, and each reason with what to do."""
    deployment.send(event(key="page_visited"), event(key="!"))
    work(deployment)
    text = admin.get("/setup").text
    assert 'data-state="received"' in text
    assert "bad_key" in text


def test_a_person_is_found_by_mail(deployment: Deployment, admin: Person) -> None:
    """And their page has the identifiers and what they did."""
    deployment.send(event(id="one", identifiers={"email_id": "anna@shop.it"}, contact_properties={"CITY": "Roma"}))
    work(deployment)
    assert 'href="/contacts/1"' in admin.get("/contacts?q=anna@").text
    text = admin.get("/contacts/1").text
    assert [True] * 3 == [part in text for part in ("anna@shop.it", "Roma", 'href="/events/one"')]
    assert 404 == admin.get("/contacts/99").status_code
    assert [404] * 3 == [admin.get(f"/contacts/{id}").status_code for id in (2**60, "9" * 5_000, "anna")]


@pytest.mark.parametrize("path", ["/setup", "/events", "/events/one", "/contacts", "/contacts/1"])
def test_what_a_stranger_writes_is_text(deployment: Deployment, admin: Person, path: str) -> None:
    """A probe in every field that comes from outside stands escaped in every page."""
    page = {"url": f"https://shop.example/{PROBE}", "title": PROBE, "referrer": f"https://a.example/{PROBE}"}
    deployment.send(
        event(id="one", key="k", page=page, properties={PROBE: PROBE}, object={"type": PROBE, "id": PROBE},
              identifiers={"ext_id": PROBE}, contact_properties={"CITY": PROBE}),
        event(id=PROBE, key="!"),
        headers={"user_agent": PROBE},
    )  # fmt: skip
    work(deployment)
    text = admin.get(path).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_every_page_is_under_a_strict_policy(admin: Person, stranger: Person) -> None:
    """Nothing inline, nothing from elsewhere, in no frame; nothing is cached."""
    for answer in admin.get("/setup"), admin.get("/events"), stranger.get("/login"):
        assert HEADERS == {name: answer.headers[name] for name in HEADERS}
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", answer.text)


def test_every_text_of_a_template_is_there_in_both_languages() -> None:
    """None lacks, none is left over, and both have the same places to be filled."""
    folder = Path(ui.__file__).parent
    used = {key for path in folder.rglob("*.html") for key in TEXT.findall(path.read_text())}
    sources = [path for kind in ("*.html", "*.py") for path in folder.rglob(kind) if not path.name.startswith("words")]
    quoted = {key for path in sources for key in QUOTED.findall(path.read_text())}
    named = quoted | {f"fault_{reason}" for reason in REASONS}
    assert set() == used - WORDS.keys()
    assert set() == WORDS.keys() - named
    assert len(WORDS) == sum(len(noun.WORDS) for noun in NOUNS), "a key stands twice"
    for italian, english in WORDS.values():
        assert italian
        assert english
        assert {field for _, field, *_ in Formatter().parse(italian)} == {
            field for _, field, *_ in Formatter().parse(english)
        }
