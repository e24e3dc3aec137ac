"""How does an explanation read? Each line of `explain.py` as a sentence. Reads nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from sessionizer.automations.definition import Trigger
from sessionizer.automations.explain import Line
from sessionizer.automations.run import Passed
from sessionizer.automations.wording import rules, way
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.segments.condition import EventFilter
from sessionizer.segments.wording.phrases import narrowing, property_test

Triggers = Sequence[Trigger]


def explained(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    """A line, as a sentence. triggers: of the definition that was asked about."""
    return _SAID[line.code](speaker, line, triggers) if line.code in _SAID else speaker.say(f"told_{line.code}")


def _passed(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    given = line.params
    return way.passed(speaker, Passed(given["step"], line.at or 0, given["what"], given["more"]))


def _delivery(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    message = int(line.params["message"])
    name = speaker.message(message) if message else speaker.say("told_call")
    said = speaker.say(f"told_{line.params['state']}", name)
    return f"{said[:-1]}: {line.params['reason']}" if line.params["reason"] else said


def _receipt(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    return speaker.say(f"told_{line.params['what']}")


def _alone(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    key = "told_alone" if line.params["scope"] == "all" else "told_alone_partly"
    return speaker.say(key, line.params["address"], line.params["reason"], line.params["scope"])


def _missed(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    times = int(line.params["times"])
    why = speaker.say("told_missed", way.refused(speaker, line.params["reason"]))
    return f"{why} {speaker.say('told_times', str(times))}" if times > 1 else why


def _of_trigger(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    return speaker.say(f"told_{line.code}", rules.trigger(speaker, _trigger(line, triggers)).rstrip("."))


def _fails(speaker: Speaker, line: Line, triggers: Triggers) -> str:
    wanted, found = _wanted(speaker, line, _trigger(line, triggers)), line.params["found"]
    there = speaker.say("told_found", speaker.voice.quoted(found)) if found else speaker.say("told_found_nothing")
    return speaker.say("told_fails", wanted, there)


def _wanted(speaker: Speaker, line: Line, trigger: Any) -> str:
    """The test, in the words of conditions."""
    test = line.params["test"]
    if not isinstance(trigger, EventFilter):
        return rules.trigger(speaker, trigger).rstrip(".")
    if test == "where":
        return property_test(speaker.voice, trigger.where[int(line.params["place"])])
    bare: Mapping[str, Any] = {"where": (), "page": None, "utm": {}, "sites": (), "devices": ()}
    return "; ".join(narrowing(speaker.voice, replace(trigger, **{**bare, test: getattr(trigger, test)})))


def _trigger(line: Line, triggers: Triggers) -> Trigger:
    return triggers[int(line.params["trigger"])]


_SAID: Mapping[str, Callable[[Speaker, Line, Triggers], str]] = {
    "passed": _passed,
    "delivery": _delivery,
    "receipt": _receipt,
    "alone": _alone,
    "missed": _missed,
    "unheard": _of_trigger,
    "nothing": _of_trigger,
    "early": _of_trigger,
    "fits": _of_trigger,
    "fails": _fails,
}
