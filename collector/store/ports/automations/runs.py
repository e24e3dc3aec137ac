"""What can be asked about the runs of automations? The side of `serve`: figures, who is where, why somebody is out."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from sessionizer.automations.run import Run

Stage = Literal["running", "failed", "ended"]


class Figures(NamedTuple):
    """Of one automation. inside: who is in now, failed ones among them. sent: messages that it asked for."""

    inside: int
    failed: int
    entered: int
    ended: int
    sent: int


class AtStep(NamedTuple):
    """waiting: who is there now. passed: how many have come there since the automation exists."""

    waiting: int
    passed: int


class Refusal(NamedTuple):
    """Why a contact did not come in: the last time (ms UTC), by which event, and how often."""

    automation: int
    contact: int
    reason: str
    at: int
    event: str
    times: int


class Runs(Protocol):
    """Reading only. Contacts as recorded: the caller gives a contact with all whom it absorbed."""

    def figures(self) -> Mapping[int, Figures]:
        """By automation."""

    def steps(self, automation: int) -> Mapping[str, AtStep]:
        """By step."""

    def entered(self, automation: int, *, since: int, until: int, day_ms: int) -> list[tuple[int, int]]:
        """(day, how many came in)."""

    def find(
        self,
        automation: int,
        *,
        stage: Stage | None = None,
        step: str = "",
        contacts: Collection[int] = (),
        limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[Run]:
        """Newest first. after: (entered_at, id) of the last one seen."""

    def one(self, id: str) -> Run | None:
        """One run."""

    def of_contact(self, contacts: Sequence[int], limit: int) -> list[Run]:
        """Newest first, of all automations."""

    def refusals(self, *, automation: int | None = None, contacts: Collection[int] = (), limit: int) -> list[Refusal]:
        """Newest first."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
