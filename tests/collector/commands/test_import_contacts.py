"""`sentiero import contacts`: people from tables of any make, Brevo's own among them."""

from pathlib import Path

import pytest

from tests.collector.commands.moving import exported, lines, refused, worked
from tests.collector.commands.terminal import Terminal

BREVO = (
    "\ufeffCONTACT ID;EMAIL;FIRSTNAME;LASTNAME;SMS;WHATSAPP;EXT_ID;BIRTHDAY;AGE;ZIP;VIP;EMAIL_BLACKLISTED;"
    "SMS_BLACKLISTED;LISTS;ADDED_TIME;MODIFIED_TIME\r\n"
    '7;Ada@Example.org;"Ada; née Byron";Lovelace;+39 333 1234567;;u1;10-12-1985;36;00118;yes;no;no;'
    '"Newsletter, Clienti";01-02-2024 10:30:00;05-03-2024\r\n'
    "8;bob@example.org;Bob;;;;;24-01-1990;41;20121;no;yes;no;;02-02-2024;02-02-2024\r\n"
)


def contacts(here: Terminal) -> dict[str, dict[str, object]]:
    """Exported, by their first e-mail address."""
    return {contact["identifiers"]["email_id"][0]: contact for contact in exported(here, "contacts")}


def test_an_export_of_brevo_is_read_as_it_is(ready: Terminal) -> None:
    """BOM, semicolons, days before months, yes and no; postal codes stay text; blacklists are consent withdrawn."""
    ready.write("brevo.csv", BREVO)
    said = ready.run("import", "contacts", "brevo.csv", "--list", "Brevo")
    assert (0, "brevo.csv: an export of Brevo's contacts\n") == (said.code, said.err), said
    worked(ready)
    ada, bob = contacts(ready)["ada@example.org"], contacts(ready)["bob@example.org"]
    assert {"email_id": ["ada@example.org"], "phone_id": ["+393331234567"], "ext_id": "u1"} == ada["identifiers"]
    assert {
        "CONTACT ID": 7, "FIRSTNAME": "Ada; née Byron", "LASTNAME": "Lovelace", "BIRTHDAY": "1985-12-10", "AGE": 36,
        "ZIP": "00118", "VIP": True, "EMAIL_UNSUBSCRIBED": False, "SMS_UNSUBSCRIBED": False,
    } == ada["attributes"]  # fmt: skip
    assert ("unknown", "denied") == (ada["consent"], bob["consent"])
    assert ("2024-02-01T10:30:00.000Z", "2024-03-05T00:00:00.000Z") == (ada["first_seen_at"], ada["last_seen_at"])
    added = [event["properties"] for event in exported(ready, "events") if event["key"] == "list_added"]
    assert [{"list": "Brevo"}, {"list": "Newsletter"}, {"list": "Clienti"}, {"list": "Brevo"}] == added


@pytest.mark.parametrize("name", ["c.ndjson", "c.csv", "c.parquet", "c.csv.gz"])
def test_contacts_make_a_round_trip(ready: Terminal, tmp_path: Path, name: str) -> None:
    """Exported, imported elsewhere, exported again: the same people."""
    people = [
        {"identifiers": {"email_id": ["a@x.org", "b@x.org"], "ext_id": "=1+1", "phone_id": ["+393331234567"]},
         "attributes": {"N": 1, "T": "yes", "L": ["a"], "F": 1.5, "B": True}, "consent": "granted", "lists": [],
         "visitors": ["v" * 26], "first_seen_at": "2026-01-01T00:00:00.000Z",
         "last_seen_at": "2026-01-02T00:00:00.000Z"},
        {"identifiers": {"ext_id": "u2"}, "first_seen_at": "2026-01-01T00:00:00.000Z"},
    ]  # fmt: skip
    ready.write("people.ndjson", lines(people))
    ready.done("import", "contacts", "people.ndjson")
    worked(ready)
    before = exported(ready, "contacts")
    assert people[0] == {name: before[0][name] for name in people[0]}
    ready.done("export", "contacts", "-o", name)
    ready.data = tmp_path / "other"
    ready.environ["SENTIERO_DATA"] = str(ready.data)
    ready.done("import", "contacts", name)
    worked(ready)
    assert before == exported(ready, "contacts")
    assert "0 events taken" in ready.done("import", "contacts", name)


def test_contacts_open_no_session(ready: Terminal) -> None:
    """Nobody was there."""
    ready.write("c.ndjson", lines([{"email": "a@x.org", "visitors": ["v" * 26], "NAME": "A"}]))
    ready.done("import", "contacts", "c.ndjson")
    worked(ready)
    assert {"contact"} == {event["category"] for event in exported(ready, "events")}


def test_contacts_whom_nothing_names_are_refused(ready: Terminal) -> None:
    """With the column and what stood there; a bad identifier beside a good one is no reason."""
    content = "EMAIL,SMS,NAME,ADDED_TIME\nnobody,,A,\n,,B,\ngood@x.org,12,C,\nd@x.org,,D,31-02-2024\n"
    _, rows = refused(ready, "contacts", content, name="c.csv")
    assert [(1, "EMAIL", "bad_identifier"), (2, "", "bad_identifier"), (4, "ADDED_TIME", "bad_time")] == [
        (row["row"], row["path"], row["code"]) for row in rows
    ]
    worked(ready)
    assert ["good@x.org"] == list(contacts(ready))
