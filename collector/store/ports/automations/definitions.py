"""Which automations are there? The row, its versions, what holds for all, and the port that keeps them."""

from typing import Literal, NamedTuple, Protocol

import msgspec

from sessionizer.automations.definition import Definition, HouseRules

Status = Literal["draft", "active", "paused", "stopped"]
"""draft: nobody comes in yet. paused: nobody comes in, who is in stands still. stopped: nobody is in any more."""


class Seen(NamedTuple):
    """How an automation stood when somebody looked at it."""

    version: int
    status: Status
    is_archived: bool


class Meanwhile(Exception):
    """It stands otherwise than when it was looked at: what was found sound then may not be."""


class Automation(msgspec.Struct, frozen=True, kw_only=True):
    """As it is kept, in its newest version. Instants in ms UTC. active_at: since when it is active; None: it is not.

    archived_at: None while it is in use.
    """

    id: int
    name: str
    status: Status
    version: int
    definition: Definition
    created_at: int
    modified_at: int
    active_at: int | None = None
    archived_at: int | None = None

    @property
    def seen(self) -> Seen:
        """What a change of it is founded on."""
        return Seen(self.version, self.status, self.archived_at is not None)


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What an automation was once. written_at: ms UTC."""

    automation: int
    version: int
    definition: Definition
    written_at: int


class AutomationChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes other; None stays. A definition is a new version, when it differs: who is in goes on with theirs.

    seen: how it has to stand still for the change to be made; None: whatever it is.
    """

    name: str | None = None
    definition: Definition | None = None
    status: Status | None = None
    archived: bool | None = None
    seen: Seen | None = None


class Ask(NamedTuple):
    """What a person wants of the worker. what: enter (contact, by hand), enter_segment, remove (run), remove_contact,
    retry (run), move (all who are in, to the newest version; a run: that one). by: who asks, for the run's path."""

    id: int
    automation: int
    what: Literal["enter", "enter_segment", "remove", "remove_contact", "retry", "move"]
    at: int
    by: str
    contact: int = 0
    segment: int = 0
    run: str = ""


class Automations(Protocol):
    """Automations of one deployment: the side of `serve`. Each write is a durable transaction of its own."""

    def all(self) -> list[Automation]:
        """Every one, by id, archived ones too."""

    def one(self, id: int) -> Automation | None:
        """In its newest version."""

    def version(self, automation: int, version: int) -> Version | None:
        """What it was then."""

    def versions(self, automation: int) -> list[Version]:
        """All of them, the newest first."""

    def create(self, name: str, definition: Definition, *, at: int) -> Automation:
        """A new one, a draft. Raises NameTaken (`definitions/lists.py`)."""

    def change(self, id: int, change: AutomationChange, *, at: int) -> Automation | None:
        """As it is afterwards; None when there is no such automation. Raises Meanwhile, NameTaken."""

    def ask(self, ask: Ask) -> None:
        """Put it before the worker (its id is given by the store), which does it within a second or so."""

    def rules(self) -> HouseRules:
        """What holds for all."""

    def put_rules(self, rules: HouseRules) -> None:
        """From now on."""

    def data_version(self) -> int:
        """Changes whenever somebody has written to the file: what is remembered may be old."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
