"""What tests of messages ask: compile a text, render it for one person, hear what is wrong."""

from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest

from sessionizer.messages.fault import Fault, Faults
from sessionizer.messages.message import Content, Rendered
from sessionizer.messages.render import render
from sessionizer.messages.template import Template, compile

ROME = ZoneInfo("Europe/Rome")
NOW = 1_795_680_000_000  # 2026-11-26T08:00Z, nine o'clock in Rome

Channel = Literal["email", "sms", "whatsapp", "webhook"]


def compiled(text: str, channel: Channel = "sms", blocks: Mapping[str, str] = {}) -> Template:
    """A message of this text; of an e-mail it is the HTML."""
    if channel == "email":
        return compile(Content("email", subject="Hello", html=text), blocks)
    return compile(Content(channel, text=text), blocks)


def rendered(template: Template, **data: Any) -> Rendered:
    """For one person, on a morning in Rome."""
    return render(template, data, now=NOW, zone=ROME)


def said(text: str, channel: Channel = "sms", blocks: Mapping[str, str] = {}, **data: Any) -> str:
    """What becomes of a text; of an e-mail its HTML."""
    found = rendered(compiled(text, channel, blocks), **data)
    return found.html if channel == "email" else found.text


def faults(text: str, channel: Channel = "sms", blocks: Mapping[str, str] = {}) -> list[Fault]:
    """What is wrong with a text: something has to be."""
    with pytest.raises(Faults) as caught:
        compiled(text, channel, blocks)
    return caught.value.faults


def codes(text: str, channel: Channel = "sms", blocks: Mapping[str, str] = {}) -> list[tuple[int, str]]:
    """(line, code) of all that is wrong."""
    return [(fault.line, fault.code) for fault in faults(text, channel, blocks)]
