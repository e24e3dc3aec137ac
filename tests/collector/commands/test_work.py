"""`sentiero work`: a worker as a process of its own, and how it is told to end."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.collector.commands.terminal import Terminal, ended, interrupted
from tests.collector.work.deployment import Deployment
from tests.killed.wait import until

INTERRUPTED = 130


@contextmanager
def working(here: Terminal, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that has the folder."""
    lock = here.data / "work.lock"
    with here.start("work", *flags) as process:
        try:
            until(lambda: process.poll() is not None or (lock.exists() and lock.read_text() == str(process.pid)), 20)
            yield process
        finally:
            process.kill()


def test_it_works_until_it_is_told_to_end(ready: Terminal) -> None:
    """What the log holds is stored and sessionized; SIGTERM ends it with 0, and the files are whole."""
    deployment = Deployment(ready.data)
    deployment.say("a", 0)
    with working(ready) as process:
        until(lambda: deployment.sessions() == [(1, 0, 0, False)], 20)
        deployment.say("b", 1)
        until(lambda: deployment.sessions() == [(1, 0, 1, False)], 20)
        assert (0, "") == interrupted(process, signal.SIGTERM)[:2]
    assert 8 == ready.done("doctor").count("ok ")


def test_ctrl_c_is_told_apart(here: Terminal) -> None:
    """It ends with 130; keys that it had to make are not lost."""
    with working(here) as process:
        until(lambda: (here.data / "store.db").exists() and "shown this once" in "".join(read(process)), 20)
        assert INTERRUPTED == interrupted(process).code


def read(process: subprocess.Popen[str]) -> Iterator[str]:
    """The lines of stderr up to the API key's."""
    assert process.stderr is not None
    for line in process.stderr:
        yield line
        if "API key" in line:
            return


def test_a_child_ends_with_its_parent(ready: Terminal) -> None:
    """Its stdin closes, also when the parent was killed; Ctrl-C, which the whole group gets, is not for it."""
    deployment = Deployment(ready.data)
    with working(ready, "--child") as process:
        process.send_signal(signal.SIGINT)
        deployment.say("a", 0)
        until(lambda: deployment.sessions() == [(1, 0, 0, False)], 20)
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert 0 == ended(process).code
