"""How do triggers, exits, the rules of entry and those of the house read? One sentence each. Reads nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sessionizer.automations import definition as made
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.segments.wording.phrases import bracketed, narrowing, tested


def trigger(speaker: Speaker, one: made.Trigger) -> str:
    """`When somebody has updated the cart, only if it is somebody who is in “VIP”.`"""
    return f"{_TRIGGERS[type(one)](speaker, one)}{speaker.only(one.who)}."


def exit(speaker: Speaker, one: made.Exit) -> str:
    """`Leaves as soon as they have completed an order.`"""
    if isinstance(one, made.OnSegment):
        return f"{speaker.say(f'out_{one.change}', speaker.voice.segment(one.id))}{speaker.only(one.who)}."
    return f"{speaker.say('out_event', speaker.done(one))}{speaker.only(one.who)}."


def entry(speaker: Speaker, rules: made.Entry) -> Iterator[str]:
    """Who may come in, and how often."""
    span = speaker.voice.span
    if rules.per and rules.again == "never":
        yield speaker.say("per_once", speaker.voice.path(rules.per))
    else:
        yield speaker.say(f"again_{rules.again}")
    if rules.inside == "restart":
        yield speaker.say("restart")
    if rules.per and rules.again != "never":
        yield speaker.say("per", speaker.voice.path(rules.per))
    if rules.pause:
        yield speaker.say("pause", span(rules.pause))
    if rules.cap:
        yield speaker.say("cap", speaker.voice.number(rules.cap.n), span(rules.cap.within))
    yield speaker.say("max_age", speaker.minutes(rules.max_age_minutes))
    if rules.holdout:
        yield speaker.say("holdout", str(rules.holdout))


def house(speaker: Speaker, rules: made.HouseRules) -> Iterator[str]:
    """What holds for all automations; nothing where there is no rule."""
    if rules.quiet_from and rules.quiet_to:
        whose = speaker.say("their_clock" if rules.zone == "contact" else "our_clock")
        yield speaker.say("quiet", rules.quiet_from, rules.quiet_to, whose)
    for cap in rules.caps:
        yield speaker.say("house_cap", speaker.voice.number(cap.n), speaker.voice.span(cap.within))


def _event(speaker: Speaker, one: made.OnEvent) -> str:
    return speaker.say("in_event", speaker.done(one))


def _segment(speaker: Speaker, one: made.OnSegment) -> str:
    return speaker.say(f"in_{one.change}", speaker.voice.segment(one.id))


def _attribute(speaker: Speaker, one: made.OnAttribute) -> str:
    name = speaker.voice.name(one.name)
    now = speaker.say("now", tested(speaker.voice, name, one.test)) if one.test else ""
    return speaker.say("in_attribute", name, now)


def _date(speaker: Speaker, one: made.OnDate) -> str:
    how = speaker.say("yearly" if one.yearly else "once")
    date = speaker.say("date_of", speaker.voice.name(one.attribute))
    return speaker.say("in_date", speaker.shifted(one.shift) + date, one.time, speaker.zone(one.zone), how)


def _event_date(speaker: Speaker, one: made.OnEventDate) -> str:
    what = bracketed(speaker.voice.deed(one.kind), list(narrowing(speaker.voice, one))).done
    date = speaker.say("date_of", speaker.voice.path(one.property))
    return speaker.say("in_event_date", speaker.shifted(one.shift) + date, what)


def _list(speaker: Speaker, one: made.OnList) -> str:
    return speaker.say("in_list", speaker.voice.quoted(one.name))


def _form(speaker: Speaker, one: made.OnForm) -> str:
    return speaker.say("in_form", speaker.voice.quoted(one.form)) if one.form else speaker.say("in_any_form")


def _hand(speaker: Speaker, one: made.ByHand) -> str:
    return speaker.say("in_hand")


_TRIGGERS: Mapping[type, Callable[[Speaker, Any], str]] = {
    made.OnEvent: _event,
    made.OnSegment: _segment,
    made.OnAttribute: _attribute,
    made.OnDate: _date,
    made.OnEventDate: _event_date,
    made.OnList: _list,
    made.OnForm: _form,
    made.ByHand: _hand,
}
