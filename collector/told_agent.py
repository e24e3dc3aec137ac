"""How does a browser that is known already travel as a user agent's text? As one of our own: an import writes it, the
worker reads it.

    Sentiero-Agent ["Chrome", "Windows", "desktop", false]      browser, system, device, bot: `sessionizer/event.py`
"""

import re

import msgspec

from sessionizer.event import Agent

PREFIX = "Sentiero-Agent "
MAX_CHARACTERS = 100  # of a family's name: the text stays below the 512 bytes of any user agent

_ODD = re.compile(r'[^ -~]|["\\]')
"""What JSON would write longer than it is."""

_decoder = msgspec.json.Decoder(tuple[str, str, str, bool])
_encoder = msgspec.json.Encoder()


def told(agent: Agent) -> str:
    """The text that says it, in ASCII."""
    families = (agent.browser, agent.os, agent.device)
    names = [_ODD.sub("?", name[:MAX_CHARACTERS]) for name in families]
    return PREFIX + _encoder.encode([*names, agent.bot]).decode()


def heard(text: str) -> Agent | None:
    """What the text says; None when it is a user agent like any other."""
    if not text.startswith(PREFIX):
        return None
    try:
        return Agent(*_decoder.decode(text[len(PREFIX) :]))
    except msgspec.MsgspecError:
        return None
