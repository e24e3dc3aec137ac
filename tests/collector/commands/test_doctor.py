"""`sentiero doctor`: it finds what is ill, says what to do, and changes nothing."""

import importlib
import json
from functools import partial

import pytest

from collector.delivery.mail.sender_check import check_sender
from collector.sqlite import connect
from tests.collector.commands.files import FILES, UNKNOWN, contents, damage, garbage, newer, newest, set_schema
from tests.collector.commands.terminal import Terminal
from tests.fixtures.name_server import NameServer

CHECKS = ["versions", "clock", "folder", "disk", "secret", "log.db", "store.db", "backlog"]


def ills(here: Terminal) -> dict[str, str]:
    """What is ill, and what is said of it; the exit code says the same."""
    said = here.run("doctor", "--json")
    findings = {finding["check"]: finding for finding in json.loads(said.out)}
    found = {check: finding["says"] for check, finding in findings.items() if not finding["well"]}
    assert (1 if found else 0) == said.code
    return found


def test_a_deployment_that_is_well(ready: Terminal) -> None:
    """Every check is there, each says ok, and it ends with 0."""
    lines = ready.done("doctor").splitlines()
    assert [f"ok   {check}" for check in CHECKS] == [line.partition(":")[0] for line in lines]
    assert {} == ills(ready)


def test_what_is_ill_stands_out(ready: Terminal) -> None:
    """A line for people, and the others are still looked at."""
    (ready.data / "secret").unlink()
    said = ready.run("doctor")
    assert 1 == said.code
    assert ["ILL  secret"] == [line.partition(":")[0] for line in said.out.splitlines() if line.startswith("ILL")]
    assert len(CHECKS) == len(said.out.splitlines())


def test_a_folder_that_is_not_there(here: Terminal) -> None:
    """It says how to make it, and does not."""
    assert {"folder": f"{here.data} is not there: run `sentiero init`"} == ills(here)
    assert not here.data.exists()
    here.write("data", "a file")
    assert ["folder"] == list(ills(here))


def test_a_folder_that_cannot_be_written(here: Terminal) -> None:
    """Tried, not asked: whoever is root is told that he may, where nobody can. /proc is such a folder."""
    here.environ["SENTIERO_DATA"] = "/proc"
    assert "/proc cannot be written" in ills(here)["folder"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_database(ready: Terminal, name: str) -> None:
    """Somebody has written over it."""
    garbage(ready.data / name)
    assert "file is not a database" in ills(ready)[name]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_damaged_inside(ready: Terminal, name: str) -> None:
    """Its head is whole, so that it opens; one page of it is not."""
    damage(ready.data / name)
    said = ills(ready)[name]
    assert "restore" in said
    assert "damaged" in said or "malformed" in said


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing(ready: Terminal, name: str) -> None:
    """It is missed, and not made."""
    (ready.data / name).unlink()
    assert "unable to open" in ills(ready)[name]
    assert not (ready.data / name).exists()


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_version(ready: Terminal, name: str) -> None:
    """An older one is migrated; for a newer one a newer Sentiero is needed: `migrate` would not help."""
    set_schema(ready.data / name, 0)
    assert {name: f"schema 0, this version has {newest(name)}: run `sentiero migrate`"} == ills(ready)
    newer(ready.data / name)
    assert {name: f"schema {UNKNOWN}, this version knows {newest(name)}: install a newer Sentiero"} == ills(ready)


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 16])
def test_a_secret_that_cannot_be_used(ready: Terminal, content: str) -> None:
    """Damaged: tokens would be signed with a guess."""
    (ready.data / "secret").write_text(content)
    assert ["secret"] == list(ills(ready))


def test_a_secret_that_others_can_read(ready: Terminal) -> None:
    """It says what to type."""
    (ready.data / "secret").chmod(0o640)
    assert {"secret": "others can read it: chmod 600"} == ills(ready)


@pytest.mark.parametrize(("rows", "well"), [(100_000, True), (100_001, False)])
def test_a_worker_that_lags_behind(ready: Terminal, rows: int, well: bool) -> None:
    """Exactly 100,000 rows may wait."""
    connection = connect(ready.data / "log.db")
    connection.execute("INSERT INTO log VALUES (?, x'00', 0, 0, x'')", (rows,))
    connection.close()
    assert ({} if well else {"backlog": f"{rows} rows of the log wait for the worker: is it running?"}) == ills(ready)


def test_a_disk_that_is_nearly_full(ready: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the least that must be free; here more is asked for than any disk has."""
    monkeypatch.setattr(importlib.import_module("collector.commands.doctor"), "LEAST_FREE_BYTES", 1 << 62)
    assert "make room" in ills(ready)["disk"]


def test_what_sends(ready: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sender's domain is asked of its name servers, once; here of one that knows no DMARC."""
    ready.environ |= {
        "SENTIERO_SMTP": "smtp://mail.example?from=a@shop.example smtp://mail.example?from=b@shop.example&name=b",
        "SENTIERO_SMS": "vonage://key:secret@?from=Shop",
    }
    with NameServer({"shop.example": ["v=spf1 include:mail.example -all"]}) as names:
        asking = partial(check_sender, resolver=names.resolver())
        monkeypatch.setattr(importlib.import_module("collector.commands.doctor"), "check_sender", asking)
        found = {row["check"]: row for row in json.loads(ready.run("doctor", "--json").out)}
        assert "email, sms can be sent" == found["delivery"]["says"]
        names_of = [f"{record} of shop.example" for record in ("spf", "dkim", "dmarc")]
        assert [True, True, False] == [found[name]["well"] for name in names_of]
        assert 1 == names.asked.count("shop.example")


def test_accounts_that_cannot_be_used(ready: Terminal) -> None:
    """What is wrong, without the password; and a door for bounces that nobody is told of."""
    ready.environ["SENTIERO_SMTP"] = "smtp://u:hush@mail.example"
    said = ills(ready)["delivery"]
    assert "from=" in said
    assert "hush" not in said
    ready.environ |= {"SENTIERO_SMTP": "", "SENTIERO_BOUNCE_LISTEN": "127.0.0.1:2525"}
    assert ["bounces"] == [*ills(ready)]


def test_it_changes_nothing(ready: Terminal) -> None:
    """The files of a deployment that is looked at are the same afterwards; SQLite may add its empty companions."""
    before = contents(ready.data)
    ills(ready)
    assert before | {"log.db-wal": b"", "store.db-wal": b""} | before == contents(ready.data)
