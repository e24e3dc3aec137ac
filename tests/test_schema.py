"""Can the code of today open what every version before it has left on disks, and does it leave alone what is newer?

Reads copies of `tests/fixtures/schema-<n>/`; who adds a migration adds one of them (`python -m tests.fixtures.make`).
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collector.commands.prepare import prepare
from collector.config import load
from collector.delivery.hooks.sink import key_of
from collector.log.sqlite import SCHEMA
from collector.sqlite import NewerSchema, connect, migrate
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from collector.store.sqlite.webhooks.telling import SqliteTelling
from collector.store.sqlite.work.store import MIGRATIONS
from tests.collector.ingest.sending import NOW
from tests.fixtures.history import END, GUEST, LAPTOP, READER, REVOKED, page
from tests.fixtures.make import FILES, FIXTURES, make, newest, present
from tests.fixtures.shop import Shop, minute, opened

ROOT = Path(__file__).parents[1]
MAX_BYTES = 700_000
MIGRATIONS_OF = {"log.db": SCHEMA, "store.db": MIGRATIONS}


class Counts(NamedTuple):
    """What the API finds. events: by default; shown: with what was taken back and what bots did."""

    events: int
    shown: int
    contacts: int
    sessions: int
    rejections: int


FOUND = {
    "schema-1": Counts(events=27, shown=32, contacts=5, sessions=4, rejections=9),
    "schema-2": Counts(events=27, shown=32, contacts=5, sessions=4, rejections=9),
    "schema-3": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
    "schema-4": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
    "schema-5": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
    "schema-6": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
    "schema-7": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
    "schema-8": Counts(events=28, shown=33, contacts=5, sessions=4, rejections=9),
}
"""What must be found in each fixture."""


@pytest.fixture(params=sorted(FOUND))
def name(request: pytest.FixtureRequest) -> str:
    """Of a fixture."""
    found: str = request.param
    return found


@pytest.fixture
def data(name: str, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(FIXTURES / name, tmp_path / "data"))


@pytest.fixture
def shop(data: Path) -> Iterator[Shop]:
    """The deployment that goes on with it today, at the minute at which its history ends."""
    with opened(data) as ready:
        ready.work(END)
        yield ready


def listed(shop: Shop, noun: str, query: str = "") -> list[dict[str, Any]]:
    """All rows of a list."""
    answer = shop.get(f"/api/{noun}?limit=500{query}").json()
    assert answer["next"] is None
    rows: list[dict[str, Any]] = answer[noun]
    return rows


def counted(shop: Shop) -> Counts:
    """What the API finds."""
    return Counts(
        events=len(listed(shop, "events")),
        shown=len(listed(shop, "events", "&superseded=include&bots=include")),
        contacts=len(listed(shop, "contacts")),
        sessions=len(listed(shop, "sessions")),
        rejections=sum(row["count"] for row in listed(shop, "rejections")),
    )


def schema(path: Path) -> int:
    """The number of the migration that was applied last."""
    connection = connect(path, readonly=True)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_it_is_brought_up_to_date(data: Path) -> None:
    """Both files end at the newest schema; keys and sites that were there are enough, so that nothing is made."""
    first = prepare(load({"data": data}, {}, data), now=NOW)
    assert (None, "", "") == first
    assert {file: newest(folder) for file, folder in MIGRATIONS_OF.items()} == {
        file: schema(data / file) for file in FILES
    }


def test_everything_is_still_found(shop: Shop, name: str) -> None:
    """Events, contacts, sessions, refusals: as many as there were."""
    assert FOUND[name] == counted(shop)


def test_people_are_who_they_were(shop: Shop) -> None:
    """Identifiers, attributes, two browsers; who was absorbed leads to the survivor."""
    anna = shop.get("/api/contacts/1").json()
    assert {"email_id": ["anna@mail.example"], "ext_id": "anna-1"} == anna["identifiers"]
    assert {"FIRSTNAME": "Anna", "SIZES": [41, 42]} == anna["attributes"]
    assert 2 == len(anna["visitors"])
    answer = shop.get("/api/contacts/2")
    assert (308, "/api/contacts/1") == (answer.status_code, answer.headers["location"])
    assert "bruno-7" == shop.get("/api/contacts/4").json()["identifiers"]["ext_id"]


def test_events_say_what_they_said(shop: Shop) -> None:
    """Nested properties, an object, a redacted address, a late one, a bot's."""
    order = shop.get("/api/events/order-1001").json()
    assert ({"type": "order", "id": "1001"}, {"total": 79.9, "città": "Torino"}) == (
        order["object"],
        order["properties"],
    )
    chart = shop.get("/api/events/phone-4").json()
    assert {"sizes": [41, 42], "unit": {"system": "eu", "half": True}} == chart["properties"]
    first = shop.get("/api/events/01936000-0000-7000-8000-000000000001").json()
    assert "https://shop.example/?utm_source=news&utm_medium=mail&token=redacted" == first["page"]["url"]
    assert [True, False] == [shop.get(f"/api/events/{id}").json()["late"] for id in ("old-1", "order-1001")]
    assert ["bot-1", "bot-2"] == sorted(event["id"] for event in listed(shop, "events", "&bots=only"))


def test_sessions_are_those_that_stood(shop: Shop) -> None:
    """The one that became of three, with the ids of before; the one that was open."""
    anna = listed(shop, "sessions", "&contact=1")[0]
    assert (10, 5, 3_000) == (anna["events"], anna["pages"], anna["duration_seconds"])
    superseded = listed(shop, "events", "&superseded=only&key=push_session_started")
    assert 2 == len(superseded)
    for event in superseded:
        answer = shop.get(f"/api/sessions/{event['id']}")
        assert (308, f"/api/sessions/{anna['id']}") == (answer.status_code, answer.headers["location"])
    assert [6] == [session["contact_id"] for session in listed(shop, "sessions") if session["open"]]


def test_keys_open_what_they_opened(shop: Shop) -> None:
    """One for reading reads, a revoked one is refused as such."""
    assert [200, 401] == [shop.get("/api/sites", api_key=key).status_code for key in (READER, REVOKED)]
    assert "key_revoked" == shop.get("/api/sites", api_key=REVOKED).json()["errors"][0]["code"]
    assert ["https://shop.example"] == shop.get("/api/sites/1").json()["origins"]


def test_the_worker_goes_on(shop: Shop, name: str) -> None:
    """A further event is taken into the session that was open, by the same contact; when that ends it says so."""
    answer = shop.browse(END, GUEST, page("guest-2", "/shoes"))
    assert (202, 1) == (answer.status_code, answer.json()["accepted"])
    (visit,) = listed(shop, "sessions", "&contact=6")
    assert (2, True, 300) == (visit["events"], visit["open"], visit["duration_seconds"])
    assert visit["id"] == shop.get("/api/events/guest-2").json()["session_id"]
    shop.work(END + 30)
    assert FOUND[name].events + 2 == counted(shop).events
    assert [] == [session for session in listed(shop, "sessions") if session["open"]]


def test_an_old_worker_state_is_read(shop: Shop) -> None:
    """A late event folds a history of before again: the session that ended is longer, under its own id."""
    (before,) = listed(shop, "sessions", "&contact=4")
    shop.browse(END, LAPTOP, page("laptop-6", "/late", occurred_at=minute(230)))
    (after,) = listed(shop, "sessions", "&contact=4")
    assert (before["id"], before["events"] + 1) == (after["id"], after["events"])


@pytest.mark.parametrize("file", FILES)
def test_a_newer_file_is_refused_and_not_touched(data: Path, file: str) -> None:
    """The error names the file and both numbers; not one byte of it changes."""
    settings = load({"data": data}, {}, data)
    prepare(settings, now=NOW)
    known = newest(MIGRATIONS_OF[file])
    connection = connect(data / file)
    connection.execute(f"PRAGMA user_version = {known + 1}")
    connection.close()
    before = (data / file).read_bytes()
    with pytest.raises(NewerSchema) as refused:
        prepare(settings, now=NOW)
    assert f"{data / file}: schema {known + 1} is newer than {known}, the newest that this version knows" == str(
        refused.value
    )
    assert before == (data / file).read_bytes()


# The fixtures themselves ----------------------------------------------------------------------------------------------


def test_every_schema_has_its_fixture() -> None:
    """Who adds a migration: `python -m tests.fixtures.make`, and a row in FOUND."""
    assert present() in FOUND, f"no fixture for {present()}: python -m tests.fixtures.make"
    assert sorted(FOUND) == sorted(folder.name for folder in FIXTURES.glob("schema-*"))
    assert {file: newest(folder) for file, folder in MIGRATIONS_OF.items()} == {
        file: schema(FIXTURES / present() / file) for file in FILES
    }


def test_a_fixture_is_two_whole_files(name: str) -> None:
    """Sound, small, in no WAL mode, so that nothing of them is elsewhere; nothing of the machine they come from."""
    assert sorted(FILES) == sorted(path.name for path in (FIXTURES / name).iterdir())
    for path in (FIXTURES / name / file for file in FILES):
        content = path.read_bytes()
        assert b"\x01\x01" == content[18:20], "journal_mode is not DELETE"
        assert len(content) < MAX_BYTES
        assert [] == [word for word in (b"/tmp", b"/home/", b"/root/", b"/Users/", bytes(ROOT)) if word in content]


def test_making_one_gives_what_the_table_says(tmp_path: Path) -> None:
    """The history of today leads to the counts of the newest fixture: whoever makes the next one can trust it."""
    make(tmp_path / "made")
    with opened(tmp_path / "made") as shop:
        shop.work(END)
        assert FOUND[present()] == counted(shop)


def test_a_fixture_is_never_overwritten(name: str, tmp_path: Path) -> None:
    """What is there stays as it is."""
    before = {file: (FIXTURES / name / file).read_bytes() for file in FILES}
    with pytest.raises(FileExistsError):
        make(FIXTURES / name)
    assert before == {file: (FIXTURES / name / file).read_bytes() for file in FILES}


def test_messages_that_were_asked_for_before_stand_in_the_outbox(tmp_path: Path) -> None:
    """One whose time is to come waits; one whose time is past is not sent without a person's word."""
    older = tmp_path / "older"
    older.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        if int(script.stem) <= 5:
            shutil.copy(script, older)
    path = tmp_path / "store.db"
    migrate(path, older)
    mail = {"subject": "Hi", "htmlContent": "<p>Hi {{ params.n }}", "params": {"n": 7}}
    ada, ann = {"email": "Ada@mail.example", "name": "Ada"}, {"email": "ann@mail.example"}
    with closing(connect(path)) as store:
        put = "INSERT INTO mails (message, body, send_at, created_at) VALUES (?, ?, ?, 1)"
        store.execute(put, (f"<{'a' * 32}@h>", json.dumps({**mail, "to": [ada, ann]}), 2))
        store.execute(put, (f"<{'b' * 32}@h>", json.dumps({"to": [ann], "templateId": 4}), 2**42))
    assert 6 in migrate(path, MIGRATIONS)
    deliveries = SqliteDeliveries(path)
    late, waiting = deliveries.one("a" * 26), deliveries.one("b" * 26)
    deliveries.close()
    assert late is not None
    assert waiting is not None
    assert ("cancelled", "ada@mail.example", "Ada") == (late.state, late.recipient, late.order.name)
    assert ({"n": 7}, "<p>Hi {{ params.n }}") == (late.order.params, late.order.content and late.order.content.html)
    assert ("waiting", 4, 2**42) == (waiting.state, waiting.message, waiting.due_at)


def test_webhooks_that_were_kept_are_told_from_now_on(tmp_path: Path) -> None:
    """As /v3 shows them, each with a secret of its own; nothing of what was before is told."""
    older = tmp_path / "older"
    older.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        if int(script.stem) <= 7:
            shutil.copy(script, older)
    path = tmp_path / "store.db"
    migrate(path, older)
    body = {"url": "https://crm.example/", "description": "theirs", "events": ["delivered"],
            "headers": [{"key": "X-Team", "value": "a"}], "auth": {"type": "bearer", "token": "hush"}}  # fmt: skip
    with closing(connect(path)) as store:
        put = "INSERT INTO webhooks (type, body, created_at, modified_at) VALUES (?, ?, 1, 2)"
        store.execute(put, ("marketing", json.dumps(body)))
        store.execute(put, ("inbound", json.dumps({"url": "https://b.example/", "domain": "b.example"})))
        store.execute("INSERT INTO events (offset, id, door, kind, source, site, at, lag, flags)"
                      " VALUES (7, 'x', 1, 1, 1, 1, 1, 0, 0)")  # fmt: skip
    migrate(path, MIGRATIONS)
    telling = SqliteTelling(path)
    (first, told_to), (second, _) = telling.readers()
    telling.close()
    assert (7, "theirs", "https://crm.example/", "active") == (told_to, first.name, first.url, first.status)
    assert ({"X-Team": "a"}, "brevo") == (first.writing.headers, first.writing.form)
    assert {"type": "marketing", "events": ["delivered"], "auth": body["auth"]} == first.writing.brevo
    assert {"type": "inbound", "domain": "b.example"} == second.writing.brevo
    secrets = {one.writing.secrets for one in (first, second)}
    assert 2 == len(secrets)
    assert [36, 36] == [len(key_of(secret)) for (secret,) in secrets]
