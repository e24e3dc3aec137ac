"""What does a user agent say about the visitor's browser, and is it a bot's?

Reads a text of at most 512 bytes. The worker asks once a text and remembers (`agents` in the store), for it takes up to
a millisecond. Parsed by ua-parser's Rust engine; `user-agents` knows what is a phone, a tablet, a computer.
"""

import re
from functools import cache

import crawleruseragents
from ua_parser import parse
from user_agents import parsers

from collector.told_agent import heard
from sessionizer.event import Agent

MAX_BYTES = 512

_CLIENTS = re.compile(
    r"^(curl|wget|python-requests|python-httpx|python-urllib|aiohttp|httpie|go-http-client|okhttp|axios|node-fetch|node$"
    r"|undici|apache-httpclient|java|ruby|faraday|guzzlehttp|postmanruntime|dart|sentiero)\b",
    re.IGNORECASE,
)
"""Programs with which developers send events. Lists of crawlers name them, but who sends with one means it."""


class _UserAgent(parsers.UserAgent):  # type: ignore[misc]  # user-agents has no types
    """`user_agents.parse` without its slow regular expressions: the families come from the Rust engine."""

    def __init__(self, text: str) -> None:
        found = parse(text).with_defaults()
        self.ua_string = text
        version = ("major", "minor", "patch", "patch_minor")
        self.os = parsers.parse_operating_system(found.os.family, *(getattr(found.os, part) for part in version))
        browser = found.user_agent
        self.browser = parsers.parse_browser(browser.family, browser.major, browser.minor, browser.patch)
        self.device = parsers.parse_device(found.device.family, found.device.brand, found.device.model)


def read_agent(user_agent: str) -> Agent:
    """The text → browser and system by family ("" where unknown), device, bot. Never raises: strangers write it."""
    text = user_agent.encode(errors="replace")[:MAX_BYTES].decode(errors="ignore")
    if not text.strip():
        return Agent()
    if (known := heard(text)) is not None:
        return known
    found = _UserAgent(text)
    return Agent(_named(found.browser.family), _named(found.os.family), _device(found), _is_bot(text, found))


def _named(family: str) -> str:
    return "" if family == "Other" else family


def _device(found: _UserAgent) -> str:
    if found.is_tablet:
        return "tablet"
    if found.is_mobile:
        return "mobile"
    return "desktop" if found.is_pc else ""


def _is_bot(text: str, found: _UserAgent) -> bool:
    if _CLIENTS.match(text):
        return False
    return bool(found.is_bot) or _crawlers().search(text) is not None


@cache
def _crawlers() -> re.Pattern[str]:
    """One pattern of all known crawlers: made at first use, it takes 40 ms."""
    return re.compile("|".join(row["pattern"] for row in crawleruseragents.CRAWLER_USER_AGENTS_DATA))
