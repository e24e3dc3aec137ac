"""In which automations is one person, and in which were they? For the page of a contact."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from collector.services import Services
from collector.store.ports.contacts import Resolved
from sessionizer.automations.run import Run

SHOWN = 10


class Walk(NamedTuple):
    """A run, and what its automation is called."""

    run: Run
    name: str


async def walks_of(who: Resolved, services: Services) -> Sequence[Walk]:
    """The newest first; those that go on before those that have ended."""
    runs = await asyncio.to_thread(services.runs.of_contact, who.all, SHOWN)
    if not runs:
        return ()
    names = {one.id: one.name for one in await asyncio.to_thread(services.automations.all)}
    walks = [Walk(run, names.get(run.automation, f"n. {run.automation}")) for run in runs]
    return sorted(walks, key=lambda walk: not walk.run.goes_on)
