"""How does a step read, and how are the ways called that part at it? Reads nothing, writes nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from sessionizer.automations import definition as made
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.segments.wording.phrases import property_test
from sessionizer.segments.wording.sentence import about


def step(speaker: Speaker, one: made.Step) -> str:
    """`Waits 2 hours.`"""
    return f"{_STEPS[type(one)](speaker, one)}."


def ways(speaker: Speaker, one: made.Step) -> tuple[str, ...]:
    """What those have in common who go each way, in the order of `definition.branches`."""
    if isinstance(one, made.WaitFor):
        return speaker.say("way_yes"), speaker.say("way_no")
    if isinstance(one, made.Split):
        return *(_case(speaker, case) for case in one.cases), speaker.say("way_otherwise")
    if isinstance(one, made.RandomSplit):
        return tuple(_named(speaker, part.name, speaker.say("share", str(part.share))) for part in one.parts)
    return ()


def _named(speaker: Speaker, name: str, says: str) -> str:
    return speaker.say("way_named", name, says) if name else says


def _case(speaker: Speaker, case: made.Case) -> str:
    """Of the contact, then of the event."""
    says = [speaker.say("way_who", about(speaker.voice, case.when))] if case.when else []
    if case.event:
        tests = "; ".join(property_test(speaker.voice, one) for one in case.event)
        says.append(speaker.say("way_event", tests))
    return _named(speaker, case.name, "; ".join(says) or speaker.say("way_all"))


def _wait(speaker: Speaker, one: made.Wait) -> str:
    return speaker.say("wait", speaker.voice.span(one.span))


def _wait_until(speaker: Speaker, one: made.WaitUntil) -> str:
    days = "" if set(one.days) == set(made.WEEKDAYS) else speaker.say("on_days", speaker.days(one.days))
    return speaker.say("wait_until", one.time, days, speaker.zone(one.zone))


def _wait_date(speaker: Speaker, one: made.WaitDate) -> str:
    date = speaker.say(f"date_of_{one.of}", speaker.voice.path(one.name))
    return speaker.say("wait_date", speaker.shifted(one.shift) + date)


def _wait_for(speaker: Speaker, one: made.WaitFor) -> str:
    what = [speaker.say("until_done", speaker.done(one.event)) + speaker.only(one.event.who)] if one.event else []
    if one.condition:
        what.append(speaker.say("until_so", about(speaker.voice, one.condition)))
    says = speaker.say("or").join(what) or speaker.say("until_nothing")
    return speaker.say("wait_for", says, speaker.voice.span(one.within))


def _split(speaker: Speaker, one: made.Split) -> str:
    return speaker.say("split")


def _random(speaker: Speaker, one: made.RandomSplit) -> str:
    return speaker.say("random")


def _send(speaker: Speaker, one: made.Send) -> str:
    return speaker.say("send", speaker.message(one.message), "" if one.quiet else speaker.say("not_quiet"))


def _webhook(speaker: Speaker, one: made.Webhook) -> str:
    return speaker.say("webhook", one.url, speaker.say("with_body", _short(one.body)) if one.body else "")


def _attribute(speaker: Speaker, one: made.SetAttribute) -> str:
    value = speaker.say("nothing") if one.value is None else speaker.voice.value(one.value)
    return speaker.say(f"attribute_{one.op}", speaker.voice.name(one.name), value)


def _list(speaker: Speaker, one: made.ChangeList) -> str:
    return speaker.say(f"list_{one.op}", speaker.voice.quoted(one.name))


def _emit(speaker: Speaker, one: made.Emit) -> str:
    given = [f"{speaker.voice.name(name)} = {speaker.voice.value(value)}" for name, value in one.properties.items()]
    return speaker.say("emit", speaker.voice.quoted(one.key), f" ({'; '.join(given)})" if given else "")


def _go_to(speaker: Speaker, one: made.GoTo) -> str:
    return speaker.say("go_to", speaker.step(one.step))


def _leave(speaker: Speaker, one: made.Leave) -> str:
    return speaker.say("leave")


def _short(text: str) -> str:
    """A body is a page of its own: its beginning says which."""
    return text if len(text) <= 40 else f"{text[:39]}…"


_STEPS: Mapping[type, Callable[[Speaker, Any], str]] = {
    made.Wait: _wait,
    made.WaitUntil: _wait_until,
    made.WaitDate: _wait_date,
    made.WaitFor: _wait_for,
    made.Split: _split,
    made.RandomSplit: _random,
    made.Send: _send,
    made.Webhook: _webhook,
    made.SetAttribute: _attribute,
    made.ChangeList: _list,
    made.Emit: _emit,
    made.GoTo: _go_to,
    made.Leave: _leave,
}
