"""Which ways out does this deployment have? One a channel; a channel that is not set up is not there; a webhook needs
no account.

Apart from `accounts.py`, for what speaks SMTP and HTTP is nothing that `serve` needs.
"""

from collections.abc import Mapping

from collector.access.secret import read_or_create
from collector.config import Settings
from collector.delivery.accounts import http_accounts, smtp_accounts
from collector.delivery.http import Http
from collector.delivery.port import Channel
from collector.delivery.providers.account import PROVIDERS
from collector.delivery.smtp import Smtp
from collector.delivery.webhook import Webhook
from collector.process.clock import Clock, outside, wall_clock


def channels(settings: Settings, now: Clock = wall_clock) -> Mapping[str, Channel]:
    """By name: email, sms, whatsapp, webhook. Raises ConfigError at the first account that cannot be used."""
    path = settings.webhook_secret_path
    found: dict[str, Channel] = {
        "webhook": Webhook(lambda: read_or_create(path), settings.delivery_networks, outside(now))
    }
    if accounts := smtp_accounts(settings):
        found["email"] = Smtp(accounts, now)
    for channel in PROVIDERS:
        if others := http_accounts(settings, channel):
            found[channel] = Http(others, outside(now))
    return found
