"""What can be done with automations? Checked, saved, set going, stopped; people put in and taken out. Without HTTP.

Reads and writes definitions; asks the worker for what is about runs. API and console do the same by it.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

import msgspec

from collector.services import Services
from collector.store.ports.automations.definitions import (
    Ask,
    Automation,
    AutomationChange,
    Meanwhile,
    Status,
    Version,
)
from collector.store.ports.automations.runs import AtStep, Figures, Refusal, Stage
from collector.store.ports.definitions.lists import Lists
from collector.store.ports.definitions.messages import Messages
from collector.store.ports.definitions.segments import Segments
from sessionizer.automations.check import Fault, Known, faults
from sessionizer.automations.definition import Definition, HouseRules, messages_of, segments_of
from sessionizer.automations.run import Run

T = TypeVar("T")

Turn = Literal["activate", "pause", "resume", "stop"]


class Turning(NamedTuple):
    """What it becomes, and from what; what it is already it stays."""

    to: Status
    of: tuple[Status, ...]


TURNS: Mapping[Turn, Turning] = {
    "activate": Turning("active", ("draft", "stopped")),
    "pause": Turning("paused", ("active",)),
    "resume": Turning("active", ("paused",)),
    "stop": Turning("stopped", ("active", "paused")),
}
AT_WORK: Collection[Status] = ("active", "paused")
"""Nothing that is wrong may be in them: somebody is in, or comes in."""


class Wrong(Exception):
    """The definition has faults, and it is or would be at work."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(f"{found[0].path}: {found[0].says}")
        self.faults = found


class NotNow(Exception):
    """It cannot be done as things stand. code: for other languages; it says why, in English."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


class Numbers(NamedTuple):
    """How one automation does. entered: (day, how many came in)."""

    whole: Figures
    steps: Mapping[str, AtStep]
    entered: Sequence[tuple[int, int]]


NONE = Figures(0, 0, 0, 0, 0)


def known_from(messages: Messages, segments: Segments, lists: Lists) -> Known:
    """What there is that a definition may name: what is in use."""
    return Known(
        messages={one.id: one.writing.channel for one in messages.all() if one.archived_at is None},
        segments={one.id: one.definition for one in segments.all() if one.archived_at is None},
        lists=frozenset(lists.names().values()),
    )


class Desk:
    """One a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._automations, self._runs = services.automations, services.runs

    # Definitions ------------------------------------------------------------------------------------------------------

    async def all(self) -> list[Automation]:
        """Every one, by id, archived ones too."""
        return await asyncio.to_thread(self._automations.all)

    async def one(self, id: int) -> Automation | None:
        """In its newest version."""
        return await asyncio.to_thread(self._automations.one, id)

    async def versions(self, id: int) -> list[Version]:
        """All of them, the newest first."""
        return await asyncio.to_thread(self._automations.versions, id)

    async def that_ask_for(self, segment: int) -> list[Automation]:
        """Those in use that would not be what they are without it."""
        return [one for one in await self.all() if one.archived_at is None and segment in segments_of(one.definition)]

    async def that_send(self, message: int) -> list[Automation]:
        """Those in use."""
        return [one for one in await self.all() if one.archived_at is None and message in messages_of(one.definition)]

    async def create(self, name: str, definition: Definition) -> Automation:
        """A new draft, whatever is wrong with it. Raises NameTaken."""
        return await self._later(lambda at: self._automations.create(name, definition, at=at))

    async def change(self, automation: Automation, change: AutomationChange) -> Automation:
        """As it is afterwards. Raises NameTaken; Wrong when it is at work; NotNow when somebody was faster."""
        if change.definition is not None and automation.status in AT_WORK:
            await self._sound(change.definition)
        return await self._change(automation, change)

    async def turn(self, automation: Automation, turn: Turn) -> Automation:
        """Set it going or stop it; it stays what it is already. Raises Wrong, NotNow."""
        turning = TURNS[turn]
        if automation.archived_at is not None:
            raise NotNow("archived", "It was put away. Take it back into use first.")
        if automation.status == turning.to:
            return automation
        if automation.status not in turning.of:
            says = f"It is {automation.status}: {turn} is for what is {' or '.join(turning.of)}."
            raise NotNow("status", says)
        if turning.to == "active":
            await self._sound(automation.definition)
        return await self._change(automation, AutomationChange(status=turning.to))

    async def known(self) -> Known:
        """What there is that a definition may name."""
        services = self._services
        return await asyncio.to_thread(known_from, services.messages, services.segments, services.lists)

    async def faults(self, definition: Definition) -> list[Fault]:
        """Everything that is wrong."""
        return faults(definition, await self.known())

    async def _sound(self, definition: Definition) -> None:
        if found := await self.faults(definition):
            raise Wrong(found)

    async def _change(self, automation: Automation, change: AutomationChange) -> Automation:
        """Of what was checked, and of nothing that came to be meanwhile. Another name, or none, harms nothing."""
        if change.seen is None and (change.definition is not None or change.status is not None):
            change = msgspec.structs.replace(change, seen=automation.seen)
        try:
            changed = await self._later(lambda at: self._automations.change(automation.id, change, at=at))
        except Meanwhile:
            raise NotNow("meanwhile", "Somebody else has changed it meanwhile: look again.") from None
        assert changed is not None, "automations are put away, never deleted"
        return changed

    # House rules ------------------------------------------------------------------------------------------------------

    async def rules(self) -> HouseRules:
        """What holds for all."""
        return await asyncio.to_thread(self._automations.rules)

    async def put_rules(self, rules: HouseRules) -> None:
        """From now on."""
        await asyncio.to_thread(self._automations.put_rules, rules)

    # Who is in --------------------------------------------------------------------------------------------------------

    async def enter(self, automation: Automation, *, by: str, contact: int = 0, segment: int = 0) -> None:
        """Put a contact in, or all of a segment, within a second or so. Raises NotNow."""
        if automation.status != "active":
            raise NotNow("inactive", f"It is {automation.status}: nobody comes in. Activate it first.")
        what: Literal["enter", "enter_segment"] = "enter_segment" if segment else "enter"
        await self._ask(Ask(0, automation.id, what, 0, by, contact=contact, segment=segment))

    async def take_out(self, automation: Automation, contact: int, *, by: str) -> None:
        """All runs of that contact in it end."""
        await self._ask(Ask(0, automation.id, "remove_contact", 0, by, contact=contact))

    async def remove(self, run: Run, *, by: str) -> None:
        """It ends. Raises NotNow."""
        self._goes_on(run)
        await self._ask(Ask(0, run.automation, "remove", 0, by, contact=run.contact, run=run.id))

    async def retry(self, run: Run, *, by: str) -> None:
        """The step that failed is done again. Raises NotNow."""
        self._goes_on(run)
        if not run.failed:
            raise NotNow("sound", "No step of it has failed.")
        await self._ask(Ask(0, run.automation, "retry", 0, by, contact=run.contact, run=run.id))

    async def move(self, automation: Automation, *, by: str, run: Run | None = None) -> None:
        """Those who are in (or that run) go on by the newest version. Raises NotNow, Wrong."""
        if run is not None:
            self._goes_on(run)
        await self._sound(automation.definition)
        contact, id = (run.contact, run.id) if run is not None else (0, "")
        await self._ask(Ask(0, automation.id, "move", 0, by, contact=contact, run=id))

    def _goes_on(self, run: Run) -> None:
        if not run.goes_on:
            raise NotNow("ended", "It has ended.")

    async def _ask(self, ask: Ask) -> None:
        await self._later(lambda at: self._automations.ask(ask._replace(at=at)))

    # What is to be seen -----------------------------------------------------------------------------------------------

    async def figures(self) -> Mapping[int, Figures]:
        """Of each automation in which anything has happened."""
        return await asyncio.to_thread(self._runs.figures)

    async def numbers(self, automation: int, *, since: int, until: int, day_ms: int) -> Numbers:
        """How it does, as a whole, by step, by day."""
        return await asyncio.to_thread(self._numbers, automation, since, until, day_ms)

    def _numbers(self, automation: int, since: int, until: int, day_ms: int) -> Numbers:
        return Numbers(
            self._runs.figures().get(automation, NONE),
            self._runs.steps(automation),
            self._runs.entered(automation, since=since, until=until, day_ms=day_ms),
        )

    async def find(
        self,
        automation: int,
        *,
        stage: Stage | None = None,
        step: str = "",
        contacts: Collection[int] = (),
        limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[Run]:
        """Runs, the newest first. after: (entered_at, id) of the last one seen."""
        return await asyncio.to_thread(
            self._runs.find, automation, stage=stage, step=step, contacts=contacts, limit=limit, after=after
        )

    async def run(self, id: str) -> Run | None:
        """One of them."""
        return await asyncio.to_thread(self._runs.one, id)

    async def of_contact(self, contacts: Sequence[int], limit: int) -> list[Run]:
        """A contact's, of all automations, the newest first."""
        return await asyncio.to_thread(self._runs.of_contact, contacts, limit)

    async def missed(
        self, *, automation: int | None = None, contacts: Collection[int] = (), limit: int
    ) -> list[Refusal]:
        """Who did not come in, and why, the newest first."""
        return await asyncio.to_thread(self._runs.refusals, automation=automation, contacts=contacts, limit=limit)

    async def _later(self, write: Callable[[int], T]) -> T:
        """Write, in a thread. at: now, ms UTC."""
        return await asyncio.to_thread(write, self._services.clock())
