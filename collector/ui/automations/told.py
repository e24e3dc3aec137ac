"""How does an automation read on a page? Each part of its draft with its sentence, its faults, and who waits there.

Reads nothing, writes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from collector.store.ports.automations.runs import AtStep
from collector.ui.automations import layout
from collector.ui.automations.editing import tree
from collector.ui.automations.editing.kinds import FAMILIES
from collector.ui.automations.known import House
from collector.ui.page import Language, translator
from sessionizer.automations import definition as made
from sessionizer.automations.check import Fault
from sessionizer.automations.wording import rules, steps
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.segments.wording.voice import Voice

T = TypeVar("T")
NOBODY = AtStep(0, 0)


class Way(NamedTuple):
    """What parts at a step. path: of its steps. part: of the case that it is, "" where there is none to change."""

    path: str
    part: str
    label: str
    steps: Sequence["Told"]


class Told(NamedTuple):
    """A part. says: "" while it is not finished. number: of a step; at: who is there, and was. about: the address of
    what it names, a message or a segment."""

    path: str
    type: str
    says: str
    faults: Sequence[Fault] = ()
    id: str = ""
    number: str = ""
    goes_to: str = ""
    family: str = ""
    ways: Sequence[Way] = ()
    at: AtStep = NOBODY
    about: str = ""


class Page(NamedTuple):
    """The whole. faults: those of no part, by the list that they are about, or `entry`. is_by_segment: whether coming
    into a segment brings somebody in, which those who are in it already do not."""

    triggers: Sequence[Told]
    exits: Sequence[Told]
    entry: Sequence[str]
    steps: Sequence[Told]
    drawing: layout.Drawing
    faults: Mapping[str, Sequence[Fault]]
    everything: Sequence[Fault]
    is_by_segment: bool


class Teller:
    """Tells a draft. faults: of the whole. at: who is where, by id of the step."""

    def __init__(self, draft: tree.Tree, speaker: Speaker, faults: Sequence[Fault], at: Mapping[str, AtStep]) -> None:
        self._draft, self._speaker, self._faults, self._at = draft, speaker, faults, at
        self._numbers = {id(step): str(n) for n, (_, step) in enumerate(tree.walk(draft), 1)}

    def page(self) -> Page:
        """All of it."""
        told = self._steps("steps")
        triggers = self._doors("triggers", made.Trigger, rules.trigger)
        exits = self._doors("exits", made.Exit, rules.exit)
        return Page(
            triggers,
            exits,
            self._entry(),
            told,
            self._drawn(told, triggers, exits),
            {name: self._wrong_with(name) for name in (*tree.LISTS, "entry")},
            self._faults,
            any(
                one["type"] == "segment" and one.get("change", "entered") == "entered"
                for one in self._draft["triggers"]
            ),
        )

    def _drawn(self, steps_: Sequence[Told], triggers: Sequence[Told], exits: Sequence[Told]) -> layout.Drawing:
        name = translator(self._speaker.voice.language)("automations_goes_out")
        leaving = layout.Way(name, tuple(map(_box, exits)))
        return layout.draw(list(map(_box, steps_)), triggers=list(map(_box, triggers)), exits=leaving)

    def _wrong_with(self, name: str) -> Sequence[Fault]:
        """Of a list only what is about it as a whole: its parts say the rest."""
        return [one for one in self._faults if one.path == name or (name == "entry" and one.path.startswith("entry."))]

    def _entry(self) -> Sequence[str]:
        found = _typed(self._draft["entry"], made.Entry)
        return list(rules.entry(self._speaker, found)) if found else []

    def _doors(self, name: str, of: Any, say: Callable[[Speaker, Any], str]) -> Sequence[Told]:
        return [self._door(f"{name}[{place}]", one, of, say) for place, one in enumerate(self._draft[name])]

    def _door(self, path: str, one: tree.Tree, of: Any, say: Callable[[Speaker, Any], str]) -> Told:
        found = _typed(one, of)
        says, family = say(self._speaker, found) if found else "", "door" if path.startswith("triggers") else "way_out"
        return Told(path, one["type"], says, self._wrong(path), family=family, about=_about(one))

    def _steps(self, path: str) -> Sequence[Told]:
        return [self._step(f"{path}[{place}]", one) for place, one in enumerate(tree.get(self._draft, path))]

    def _step(self, path: str, one: tree.Tree) -> Told:
        found: made.Step | None = _typed(_bare(one), made.Step)
        labels = steps.ways(self._speaker, found) if found else ()
        inner = tree.ways(one)
        wrong = self._wrong(path, but=[f"{path}.{way}[" for way in inner])
        ways = [
            Way(
                f"{path}.{way}",
                f"{path}.{way.removesuffix('.then')}" if way.endswith(".then") else "",
                labels[place] if place < len(labels) else "–",
                self._steps(f"{path}.{way}"),
            )
            for place, way in enumerate(inner)
        ]
        id_ = str(one.get("id", ""))
        says = steps.step(self._speaker, found) if found else ""
        goes_to = str(one.get("step", "")) if one["type"] == "go_to" else ""
        number, family = self._numbers[id(one)], FAMILIES.get(one["type"], "act")
        return Told(
            path, one["type"], says, wrong, id_, number, goes_to, family, ways, self._at.get(id_, NOBODY), _about(one)
        )

    def _wrong(self, path: str, but: Sequence[str] = ()) -> Sequence[Fault]:
        """Faults at a path or below it. but: below these they are somebody else's."""
        here = (path, f"{path}.", f"{path}[")
        return [
            one
            for one in self._faults
            if (one.path == path or one.path.startswith(here[1:])) and not one.path.startswith(tuple(but) or ("\0",))
        ]


def speaker_of(draft: tree.Tree, house: House, language: Language) -> Speaker:
    """Who knows what messages, segments and steps are called."""
    numbers = {str(step.get("id", "")): str(n) for n, (_, step) in enumerate(tree.walk(draft), 1)}
    return Speaker(Voice(language, house.names), {one.id: one.name for one in house.messages}, numbers)


def definition_of(draft: tree.Tree) -> tuple[made.Definition | None, list[Fault]]:
    """The draft as a definition; None, and what keeps it from being one."""
    try:
        return made.parse(draft), []
    except msgspec.ValidationError as error:
        says, _, path = str(error).rpartition(" - at `$")
        return None, [Fault(path.rstrip("`").removeprefix(".") or "steps", "", "unreadable", f"{says or error}.")]


def _about(part: tree.Tree) -> str:
    if part["type"] == "send" and part.get("message"):
        return f"/messages/{part['message']}"
    return f"/segments/{part.get('id')}" if part["type"] == "segment" else ""


def _bare(step: tree.Tree) -> tree.Tree:
    """A step without those inside of it, which are told by themselves."""
    bare = {name: value for name, value in step.items() if name not in ("yes", "no", "otherwise")}
    for name in ("cases", "parts"):
        if name in bare:
            bare[name] = [{key: value for key, value in one.items() if key != "then"} for one in bare[name]]
    return bare


def _typed(value: Any, of: Any) -> Any:
    try:
        return msgspec.convert(value, of)
    except msgspec.ValidationError:
        return None


def _box(told: Told) -> layout.Box:
    ways = tuple(layout.Way(way.label, tuple(map(_box, way.steps))) for way in told.ways)
    text = f"{told.number}. {told.says}" if told.number else told.says or "…"
    return layout.Box(told.id, text, ways, told.goes_to, told.type in ("exit", "go_to"), told)
