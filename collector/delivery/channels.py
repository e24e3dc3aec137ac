"""Which ways out does this deployment have? One a channel; a channel that is not set up is not there.

Apart from `accounts.py`, for what speaks SMTP and HTTP is nothing that `serve` needs.
"""

import time
from collections.abc import Callable, Mapping

from collector.config import Settings
from collector.delivery.accounts import http_accounts, smtp_accounts
from collector.delivery.http import Http
from collector.delivery.port import Channel
from collector.delivery.providers.account import PROVIDERS
from collector.delivery.smtp import Smtp


def _clock() -> int:
    return time.time_ns() // 1_000_000


def channels(settings: Settings, now: Callable[[], int] = _clock) -> Mapping[str, Channel]:
    """By name: email, sms, whatsapp. now: ms UTC. Raises ConfigError at the first account that cannot be used."""
    found: dict[str, Channel] = {}
    if accounts := smtp_accounts(settings):
        found["email"] = Smtp(accounts, now)
    for channel in PROVIDERS:
        if others := http_accounts(settings, channel):
            found[channel] = Http(others, now)
    return found
