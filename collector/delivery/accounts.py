"""Through whom does this deployment send? Settings become accounts; of them `channels.py` makes ways out.

Reads the settings; opens nothing yet.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from collector.config import ConfigError, Settings
from collector.delivery.account_url import AccountUrl, BadAccount
from collector.delivery.mail.account import SmtpAccount, smtp_account
from collector.delivery.pace import Rates
from collector.delivery.providers.account import PROVIDERS, Hook, HttpAccount, http_account
from sessionizer.messages.message import Channel

SCHEMES: Mapping[str, Iterable[str]] = {"smtp": ("smtp", "smtps"), **PROVIDERS}

HOOKED: tuple[Channel, ...] = ("sms", "whatsapp")

T = TypeVar("T", SmtpAccount, HttpAccount)


def smtp_accounts(settings: Settings) -> list[SmtpAccount]:
    """Those of the setting `smtp`, in its order. Raises ConfigError."""
    return _accounts("smtp", settings.smtp, lambda url: smtp_account(url, settings.delivery_networks))


def http_accounts(settings: Settings, channel: str) -> list[HttpAccount]:
    """Those of the setting `sms` or `whatsapp`, in its order. Raises ConfigError."""
    text = settings.sms if channel == "sms" else settings.whatsapp
    found = _accounts(channel, text, lambda url: http_account(channel, url, settings.delivery_networks))
    return [one if one.callback else replace(one, callback=f"{settings.url}/hooks/{one.name}") for one in found]


def hooks(settings: Settings) -> Mapping[str, Hook]:
    """Who may call `/hooks/<name>`. Raises ConfigError, also when an SMS and a WhatsApp account have one name."""
    found = [Hook(channel, one) for channel in HOOKED for one in http_accounts(settings, channel)]
    names = [hook.account.name for hook in found]
    if len(set(names)) < len(names):
        expected = "names that differ from those of `sms`: say name=… in one of them"
        raise ConfigError("whatsapp", value="…", source="the settings", expected=expected)
    return {hook.account.name: hook for hook in found}


def rates(settings: Settings) -> Rates:
    """How fast accounts may be used (rate=), and mails may go to a domain."""
    known = {"email": [(account.name, account.rate_per_s) for account in smtp_accounts(settings)]}
    for channel in PROVIDERS:
        known[channel] = [(account.name, account.rate_per_s) for account in http_accounts(settings, channel)]
    domains = {domain: rate for domain, rate in settings.domain_rates.items() if domain != "*"}
    return Rates(
        domains=domains,
        every_domain=settings.domain_rates.get("*", 0.0),
        accounts={f"{channel}/{name}": rate for channel, accounts in known.items() for name, rate in accounts},
        firsts={channel: accounts[0][0] for channel, accounts in known.items() if accounts},
    )


def _accounts(setting: str, text: str, read: Callable[[AccountUrl], T]) -> list[T]:
    try:
        found = [read(_url(setting, url)) for url in urls(text)]
        _check_names(account.name for account in found)
    except BadAccount as error:
        raise ConfigError(setting, value="…", source="the settings", expected=f"usable accounts: {error}") from None
    return found


def urls(text: str) -> list[str]:
    """With blanks or, as a list in sentiero.toml is read, with commas between them."""
    return [url for url in re.split(r"[\s,]+(?=[a-z][a-z-]*://)", text.strip()) if url]


def _url(setting: str, text: str) -> AccountUrl:
    url = AccountUrl(text)
    if url.scheme not in SCHEMES[setting]:
        raise BadAccount(f"it starts with {' or '.join(f'{scheme}://' for scheme in SCHEMES[setting])}")
    return url


def _check_names(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadAccount(f"two are called {name!r}: say name=… in one of them")
        seen.add(name)
