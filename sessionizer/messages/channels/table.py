"""Which channels are there? One row each. Reads nothing, writes nothing."""

from collections.abc import Mapping

from sessionizer.messages.channels.email import EMAIL
from sessionizer.messages.channels.part import Channel
from sessionizer.messages.channels.short import SHORT
from sessionizer.messages.channels.webhook import WEBHOOK

CHANNELS: Mapping[str, Channel] = {"email": EMAIL, "sms": SHORT, "whatsapp": SHORT, "webhook": WEBHOOK}
