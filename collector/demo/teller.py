"""How is a history told while it is written? By a process beside: one core makes it up, the other writes it.

Chapters come through a pipe, in order; whoever reads slowly makes the teller wait.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from collector.demo.history import Chapter, History, Request
from collector.process.garbage import look_never
from collector.store.ports.bulk import People
from sessionizer.event import Agent

Agents = Mapping[str, tuple[int, Agent]]


class Teller:
    """The end at which one listens: `chapters`, then `everybody`."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.expected: int = pipe.recv()
        self.everybody: People | None = None

    def chapters(self) -> Iterator[Chapter]:
        """In their order. Raises EOFError when the teller has died."""
        while isinstance(told := self._pipe.recv(), Chapter):
            yield told
        self.everybody = told


@contextmanager
def telling(request: Request, agents: Agents) -> Iterator[Teller]:
    """A teller of that history; it ends with the block, also in the middle of it."""
    context = get_context("spawn")  # the same on every system, and nothing of this process is shared by accident
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(there, request, agents), daemon=True)
    process.start()
    there.close()  # so that the end of the process is the end of the pipe
    try:
        yield Teller(here)
    finally:
        here.close()
        process.terminate()
        process.join()


def _tell(pipe: Connection, request: Request, agents: Agents) -> None:
    with look_never():
        history = History(request, agents)
        pipe.send(history.chapters_expected)
        for chapter in history.chapters():
            pipe.send(chapter)
        pipe.send(history.crowd.everybody())
