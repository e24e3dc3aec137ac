"""What has an SMS, and a WhatsApp message? One text, which is what is sent. Reads nothing, writes nothing."""

from sessionizer.messages.channels.part import Blocks, Channel, Part, Source
from sessionizer.messages.fault import Fault
from sessionizer.messages.message import Content
from sessionizer.messages.reasons import because

_TEXT = Part("text", "text", is_tidy=True)


def _written(content: Content) -> list[Source]:
    return [Source(_TEXT, content.text, "text")]


def _checks(content: Content, _: Blocks) -> list[Fault]:
    return [] if content.text.strip() else [Fault("text", 1, because("no_text"))]


SHORT = Channel(_written, _checks, lambda content, _: _written(content))
