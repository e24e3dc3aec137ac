"""`sentiero init`: a folder that is ready, and keys that are shown once."""

import json
import os
import re
import stat
from pathlib import Path

from collector.store.ports.definitions.keys import hash_key
from collector.store.sqlite.definitions.keys import SqliteKeys
from tests.collector.commands.terminal import Terminal

WRITE_KEY = re.compile(r"\bwk_[A-Za-z0-9]{24}\b")
API_KEY = re.compile(r"\bsk_[A-Za-z0-9]{32}\b")


def hashes(data: Path) -> set[bytes]:
    """Of every key that the folder knows."""
    ring = SqliteKeys(data / "store.db")
    try:
        return {key.hash for key in ring.all()}
    finally:
        ring.close()


def mode(path: Path) -> int:
    """The rights of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_it_makes_what_a_deployment_needs(here: Terminal) -> None:
    """Folder and secret for the owner only, both files, and the two keys that it prints."""
    out = here.done("init")
    assert out.startswith(f"{here.data} is ready\n")
    assert {hash_key(text) for text in WRITE_KEY.findall(out) + API_KEY.findall(out)} == hashes(here.data)
    assert 2 == len(hashes(here.data))
    assert [0o700, 0o600] == [mode(here.data), mode(here.data / "secret")]
    assert {"log.db", "store.db", "secret"} <= set(os.listdir(here.data))


def test_again_changes_nothing(here: Terminal) -> None:
    """Keys and secret stay, and no key is shown any more."""
    here.done("init")
    before = hashes(here.data), (here.data / "secret").read_bytes()
    assert f"{here.data} is ready\n" == here.done("init")
    assert before == (hashes(here.data), (here.data / "secret").read_bytes())


def test_keys_that_are_given_are_taken(here: Terminal) -> None:
    """From the environment or a file; the secret one is known already and is not printed."""
    path = here.write("api_key", "sk_from_a_file\n")
    here.environ |= {"SENTIERO_WRITE_KEY": "wk_given", "SENTIERO_API_KEY_FILE": str(path)}
    said = here.run("init")
    assert {hash_key("wk_given"), hash_key("sk_from_a_file")} == hashes(here.data)
    assert "wk_given" in said.out
    assert "sk_from" not in said.all


def test_a_changed_key_is_added(here: Terminal) -> None:
    """The old one goes on working until it is revoked; a revoked one does not come back."""
    here.done("init")
    here.environ |= {"SENTIERO_API_KEY": "sk_second_key"}
    here.done("init")
    here.done("keys", "revoke", "3")
    here.done("init")
    keys = json.loads(here.done("keys", "list", "--json"))
    assert [(1, False), (2, False), (3, True)] == [(key["id"], key["revoked_at"] is not None) for key in keys]


def test_flag_beats_environment_beats_file(here: Terminal) -> None:
    """Where the folder is: each place in its turn, relative to where one stands."""
    here.write("sentiero.toml", 'data = "from-file"\n')
    del here.environ["SENTIERO_DATA"]
    here.done("init")
    here.environ["SENTIERO_DATA"] = "from-environment"
    here.done("init")
    here.done("init", "--data", "from/flag")
    assert all((here.folder / name / "store.db").exists() for name in ("from-file", "from-environment", "from/flag"))


def test_a_name_that_no_terminal_can_show_is_no_failure(here: Terminal) -> None:
    """File names are bytes; the deployment is made all the same."""
    data = here.folder / os.fsdecode(b"d\xff")
    assert "d\\udcff is ready" in here.done("init", "--data", str(data))
    assert (data / "store.db").exists()
