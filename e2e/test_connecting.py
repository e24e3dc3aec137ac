"""Do the pages that connect a provider say the truth? They are followed word by word, in console and terminal.

What is **bold** is chosen, what is `written` into a field is written there, and each example runs as it stands; only
the host is put in. At the end the event stands on the timeline of the person whom the page opens.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.console import Console, address
from e2e.world import World

DOCS = Path(__file__).resolve().parent.parent / "docs" / "hooks"
HOST = "https://t.shop.example"
ACCEPTED = '{"accepted":1,"duplicates":0,"ignored":0,"rejected":[],"warnings":[]}'
SECONDS_MS = 20_000

STEPS = re.compile(r"^1\. .*?^(?=[^ \d\n])", re.DOTALL | re.MULTILINE)
DEED = re.compile(
    r"write [^`*]*`(?P<text>[^`]+)`[^`*]*? into\s+\*\*(?P<field>[^*]+)\*\*"
    r"|at \*(?P<card>[^*]+)\*\s+choose\s+\*\*(?P<there>[^*]+)\*\*"
    r"|\*\*(?P<chosen>[^*]+)\*\*"
    r"|open\s+`(?P<opened>[^`]+)`"
    r"|```sh\n(?P<program>.*?)```",
    re.DOTALL,
)


def deeds(page: str) -> Iterator[re.Match[str]]:
    """What its numbered steps say is to be done, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    steps = STEPS.search(text)
    assert steps, f"{page} has no steps"
    return DEED.finditer(steps[0])


def one_line(text: str) -> str:
    """Without the line breaks that the page has for whoever reads its source."""
    return " ".join(text.split())


def follow(page: Page, world: World, document: str) -> None:
    """Do all that it says."""
    for deed in deeds(document):
        said = {name: text for name, text in deed.groupdict().items() if text}
        if "field" in said:
            page.get_by_label(said["field"], exact=True).first.fill(said["text"])
        elif "card" in said:
            card = page.locator(".card, li, article").filter(
                has=page.get_by_role("heading", name=said["card"], exact=True)
            )
            card.get_by_role("link", name=one_line(said["there"])).first.click()
        elif "chosen" in said:
            chosen = one_line(said["chosen"])
            page.get_by_role("link", name=chosen, exact=True).or_(
                page.get_by_role("button", name=chosen, exact=True)
            ).first.click()
        elif "opened" in said:
            page.get_by_role("link", name=said["opened"]).first.click()
        elif not said["program"].lstrip().startswith("# skip"):
            assert ACCEPTED == run(said["program"], world)
            expect(page.get_by_text("accepted: 1")).to_be_visible(timeout=SECONDS_MS)


def run(program: str, world: World) -> str:
    """What an example prints, for this collector."""
    text = re.sub(r"^   ", "", program, flags=re.MULTILINE).replace(HOST, f"http://127.0.0.1:{world.port}")
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("document", "label", "detail", "key"),
    [
        ("stripe.md", "Payment done", "20.00 EUR", "payment_done"),
        ("calendly.md", "Meeting booked", "15 Minute Meeting", "meeting_booked"),
    ],
)
def test_a_provider_is_connected_by_following_its_page(
    console: Console, world: World, document: str, label: str, detail: str, key: str
) -> None:
    """Word by word; then the event is on the person's timeline, and can be opened there."""
    page = console()
    page.goto(address(world, "/"))
    follow(page, world, document)
    timeline = page.get_by_role("region", name="Timeline")
    expect(timeline.get_by_text(detail)).to_be_visible(timeout=SECONDS_MS)
    timeline.get_by_role("link", name=label, exact=True).click()
    expect(page.locator("main").get_by_text(key).first).to_be_visible(timeout=SECONDS_MS)
