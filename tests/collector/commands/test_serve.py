"""`sentiero serve`: where it listens, what it shows, why it does not start, how it ends."""

import http.client
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.process.lock import hold
from tests.collector.commands.files import damage
from tests.collector.commands.terminal import Terminal, ended, interrupted
from tests.killed.wait import until

CONFIGURATION, INTERRUPTED = 3, 130
ADDRESS = re.compile(r"Sentiero is at http://127\.0\.0\.1:(\d+)/")
API_KEY = re.compile(r"API key \(scope admin, shown this once\): (sk_\w{32})\n")
SERVE = ("serve", "--no-worker")


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def serving(here: Terminal, *flags: str) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """A serve that answers: the process, its port, the file into which it prints."""
    path = here.folder / "printed"
    with path.open("w") as file, here.start(*SERVE, *flags, stdout=file) as process:
        try:
            until(lambda: process.poll() is not None or ADDRESS.search(path.read_text()), 20)
            found = ADDRESS.search(path.read_text())
            assert found, ended(process)
            until(lambda: alive(int(found[1])), 20)
            yield process, int(found[1]), path
        finally:
            process.kill()


def alive(port: int) -> bool:
    """Whether /healthz says 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_a_new_deployment_shows_its_key_once(here: Terminal) -> None:
    """The first start prints the API key, a later one does not; Ctrl-C ends it with 130, SIGTERM with 0."""
    with serving(here, "--port", "0") as (process, _, printed):
        assert API_KEY.search(printed.read_text())
        assert "  write key: wk_" in printed.read_text()
        assert (INTERRUPTED, "") == interrupted(process)[::2]
    with serving(here, "--port", "0") as (process, _, printed):
        assert "sk_" not in printed.read_text()
        assert (0, "") == interrupted(process, signal.SIGTERM)[::2]


def test_a_demo_takes_the_next_port(here: Terminal) -> None:
    """It says which was taken, and shows lines to be copied with keys that fit."""
    with taken() as port, serving(here, "--demo", "--port", str(port)) as (_, other, printed):
        text = printed.read_text()
        assert port < other <= port + 20
        assert f"(port {port} is taken)" in text
        key = (here.data / "demo-api-key").read_text()
        assert f"curl -H 'api-key: {key}' http://127.0.0.1:{other}/api/events\n" in text


def test_a_port_that_is_taken(here: Terminal) -> None:
    """It ends with 3 and says which; the keys that nobody has seen are not made yet."""
    with taken() as port:
        said = here.run(*SERVE, "--port", str(port))
    assert (CONFIGURATION, "") == (said.code, said.out)
    assert f"port {port} of 127.0.0.1 is taken: choose another with --port\n" == said.err
    assert API_KEY.search(here.done("init"))


def test_a_demo_knows_the_last_port(here: Terminal) -> None:
    """Behind 65535 there is none: it ends with 3."""
    with taken(65_535):
        said = here.run(*SERVE, "--demo", "--port", "65535")
    assert (CONFIGURATION, True) == (said.code, "port 65535 of 127.0.0.1 is taken" in said.err)


@pytest.mark.parametrize("host", ["203.0.113.1", "2001:db8::1", "a..example", "1.2.3.4:80"])
def test_an_address_that_is_not_ours(ready: Terminal, host: str) -> None:
    """It ends with 3, names the address and the reason."""
    said = ready.run(*SERVE, "--port", "0", "--host", host)
    assert CONFIGURATION == said.code
    assert f"cannot listen on port 0 of {host} (" in said.err


def test_no_host_is_not_every_host(ready: Terminal) -> None:
    """`--host "$UNSET"` must not open the deployment to the world."""
    said = ready.run(*SERVE, "--port", "0", "--host", "")
    assert (CONFIGURATION, True) == (said.code, "(from --host)" in said.err)


@pytest.mark.parametrize(("command", "lock"), [(SERVE, "serve.lock"), (("work",), "work.lock")])
def test_a_second_one_on_the_same_folder(ready: Terminal, command: tuple[str, ...], lock: str) -> None:
    """It ends with 3, and says which process is at work there."""
    with hold(ready.data / lock):
        said = ready.run(*command)
    assert CONFIGURATION == said.code
    expected = f"{ready.data / lock} is held by process {os.getpid()}: only one may work on a data folder\n"
    assert expected == said.err


def test_a_file_that_is_damaged_inside(ready: Terminal) -> None:
    """A start that fails late is one that ends: with words instead of a traceback, and the folder is free again."""
    damage(ready.data / "log.db")
    printed = ready.folder / "printed"
    with printed.open("w") as file, ready.start(*SERVE, "--port", "0", stdout=file, stderr=file) as process:
        try:
            until(lambda: process.poll() is not None or "failed" in printed.read_text(), 20)
            until(lambda: process.poll() is not None, 2)
        finally:
            process.kill()
    assert process.returncode in (1, CONFIGURATION)
    assert "is damaged" in printed.read_text()
    assert "Traceback" not in printed.read_text()


def test_a_demo_key_that_cannot_be_read(ready: Terminal) -> None:
    """Somebody has written over it: it ends with 3 and says which file to delete."""
    path = ready.write("data/demo-api-key", b"\xff\xfe")
    said = ready.run(*SERVE, "--demo", "--port", "0")
    assert (CONFIGURATION, True) == (said.code, f"(from {path})" in said.err)
