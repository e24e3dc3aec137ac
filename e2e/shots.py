"""How does the console look? `make shots`: every screen, at four widths, in both themes and languages, as pictures.

Starts a deployment with the data of `filled.py` in a temporary folder; writes `shots/` (not kept) and, a few of them
for the README, `docs/shots/`. `python -m e2e.shots catalogue`: only screens whose name begins like that.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.conftest import AGENT, FLAGS, chromium
from e2e.console import address, link, log_in, profile, settled
from e2e.filled import filled
from e2e.world import World

ROOT = Path(__file__).parents[1]
SHOTS, CHOSEN_SHOTS = ROOT / "shots", ROOT / "docs" / "shots"
WIDTHS, THEMES, LANGUAGES = (390, 768, 1280, 1920), ("light", "dark"), ("en", "it")

SCREENS = {
    "setup": "/setup",
    "events": "/events",
    "events-open": "/events?open={event}",
    "event": "/events/{event}",
    "rejected": "/events/rejected",
    "contacts": "/contacts",
    "contact": "/contacts/{anna}",
    "contact-corrected": "/contacts/{dario}?superseded=include",
    "event-superseded": "/events/{superseded}",
    "lists": "/lists",
    "segments": "/segments",
    "segment": "/segments/{segment}?who={anna}",
    "segment-edit": "/segments/{segment}/edit",
    "segment-new": "/segments/new",
    "messages": "/messages?starters=all",
    "message": "/messages/1",
    "message-new": "/messages/new?start=order",
    "message-results": "/messages/1/results",
    "outbox": "/messages/outbox",
    "delivery": "/messages/outbox/{delivery}",
    "suppressions": "/messages/suppressions",
    "block": "/messages/blocks/foot",
    "sessions": "/sessions",
    "session": "/sessions/{session}",
    "catalogue": "/catalogue",
    "catalogue-event": "/catalogue/ecommerce/cart_updated",
    "catalogue-derived": "/catalogue/conversations/conversation_ended",
    "sites": "/settings/sites",
    "site": "/settings/sites/1",
    "keys": "/settings/keys",
    "users": "/settings/users",
    "account": "/settings/account",
    "docs": "/api/docs#post_contacts",
    "nothing": "/no-such-page",
}
"""Name of the picture → address; what answers 404 and is not meant to is left out."""

CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "events": {"width": 1280, "theme": "light", "language": "en"},
    "contact": {"width": 1280, "theme": "dark", "language": "en"},
    "setup": {"width": 1280, "theme": "light", "language": "en"},
    "catalogue": {"width": 390, "theme": "light", "language": "en"},
}
"""What the README shows: one window of each, no more than that is seen at once."""

SMALL = "-strip +dither -colors 64 -define png:compression-level=9".split()
"""ImageMagick's words for a third of the bytes."""


def main(wanted: str = "") -> None:
    """Take them all. wanted: the beginning of the names."""
    SHOTS.mkdir(exist_ok=True)
    CHOSEN_SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, f"--user-agent={AGENT}"])
        world = World(Path(folder))
        try:
            _shoot_door(browser, world)
            addresses = _addresses(world, wanted)
            for options in _profiles():
                _shoot(browser, world, addresses, options)
        finally:
            world.close()
            browser.close()


def _profiles() -> Iterator[Mapping[str, Any]]:
    for width, theme, language in product(WIDTHS, THEMES, LANGUAGES):
        yield {"width": width, "theme": theme, "language": language}


def _addresses(world: World, wanted: str) -> Mapping[str, str]:
    given = filled(world)._asdict()
    return {name: path.format(**given) for name, path in SCREENS.items() if name.startswith(wanted)}


def _shoot_door(browser: Browser, world: World) -> None:
    """Before anybody has come in: the link of the first login, and the login."""
    with browser.new_context(**profile()) as context:
        page = context.new_page()
        for name, path in ("welcome", link(world)), ("login", "/login"):
            page.goto(address(world, path))
            page.screenshot(path=SHOTS / f"{name}.png")


def _shoot(browser: Browser, world: World, addresses: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """Every screen as one browser sees it."""
    with browser.new_context(**profile(**options)) as context:
        page = log_in(context.new_page(), world)
        for name, path in addresses.items():
            answer = page.goto(address(world, path))
            assert answer is not None
            assert answer.status < 500, f"{path}: {answer.status}"
            if answer.status == 404 and name != "nothing":
                continue
            _save(settled(page), name, options)


def _save(page: Page, name: str, options: Mapping[str, Any]) -> None:
    page.screenshot(path=SHOTS / f"{name}-{'-'.join(map(str, options.values()))}.png", full_page=True)
    if CHOSEN.get(name) == options:
        path = CHOSEN_SHOTS / f"{name}.png"
        page.screenshot(path=path)
        if convert := shutil.which("convert"):
            subprocess.run([convert, path, *SMALL, f"PNG8:{path}"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
