"""Do the pages on moving here say the truth? Their examples are run as they stand; only host and key are put in.

What came of them is asked from the collector, with its worker: whose events they are, and what is known of the person.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.website import Website
from e2e.world import World
from tests.killed.process import API_KEY, WRITE_KEY
from tests.killed.wait import until

DOCS = Path(__file__).resolve().parent.parent / "docs"
KEYS = {"wk_…": WRITE_KEY, "sk_…": API_KEY}
HOST = "https://t.shop.example"


def examples(page: str, language: str, world: World) -> list[str]:
    """The blocks of that language, for this collector."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    local = f"http://127.0.0.1:{world.port}"
    assert blocks, f"{page} has no example in {language}"
    host = world.collector if language == "html" else local
    return [filled_in(re.sub(r"^   ", "", block, flags=re.MULTILINE), {**KEYS, HOST: host}) for block in blocks]


def filled_in(text: str, places: Mapping[str, str]) -> str:
    """The text with what is this deployment's."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def run(*words: str, **where: Any) -> str:
    """What the command prints. where: folder and environment."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, **where)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def person(world: World, **filters: str) -> Any:
    """The one contact whom these filters find."""
    return until(lambda: next(iter(world.get("/api/contacts", **filters)["contacts"]), None), 20)


def test_the_page_on_segment_is_followed_word_by_word(world: World) -> None:
    """Its library, then its bare request: the same person, identified, with an order."""
    (program,) = examples("move-from-segment.md", "python", world)
    (request,) = examples("move-from-segment.md", "sh", world)
    run(sys.executable, "-c", program)
    assert '{"success":true,"accepted":1,"duplicates":0,"rejected":[],"warnings":[]}' == run("bash", "-c", request)
    found = world.expect("identified", "order_completed", "signed_up", in_order=False)
    assert {"segment"} == {event["source"] for event in found}
    contact = person(world, ext_id="42")
    assert {contact["id"]} == {event["contact_id"] for event in found}
    assert (["anna@shop.example"], "pro") == (contact["identifiers"]["email_id"], contact["attributes"]["plan"])
    world.derived("push_session_started", 1)


EXPORTED = """CONTACT ID;EMAIL;FIRSTNAME;SMS;EMAIL_BLACKLISTED;ADDED_TIME;LISTS
1;anna@shop.example;Anna;;No;24-11-2025 10:30:00;Customers
2;bruno@shop.example;Bruno;393331234567;Yes;25-11-2025 09:00:00;
"""


def test_the_page_on_brevos_contacts_is_followed_word_by_word(world: World, tmp_path: Path) -> None:
    """A look that changes nothing, then everybody with lists and blacklists."""
    commands, _, _ = examples("move-from-brevo.md", "sh", world)
    look, bring = commands.strip().splitlines()
    (tmp_path / "brevo.csv").write_text(EXPORTED, encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    where = {"cwd": tmp_path, "env": {**os.environ, "PATH": path, "SENTIERO_DATA": str(world.deployment.data)}}
    run("bash", "-c", look, **where)
    assert [] == world.contacts()
    run("bash", "-c", bring, **where)
    anna, bruno = (person(world, email_id=f"{name}@shop.example") for name in ("anna", "bruno"))
    assert ("Anna", ["Customers", "Newsletter"]) == (anna["attributes"]["FIRSTNAME"], sorted(anna["lists"]))
    assert ("denied", True) == (bruno["consent"], bruno["attributes"]["EMAIL_UNSUBSCRIBED"])


def test_the_page_on_brevos_tracker_by_rest_is_followed_word_by_word(world: World) -> None:
    """Its request: the event is the person's, and what is said of her is known."""
    _, request, _ = examples("move-from-brevo.md", "sh", world)
    assert "" == run("bash", "-c", request)
    (event,) = world.expect("cart_updated")
    contact = person(world, email_id="anna@shop.example")
    assert ("brevo", contact["id"]) == (event["source"], event["contact_id"])
    assert "Anna" == contact["attributes"]["FIRSTNAME"]


def test_the_page_on_brevos_rest_interface_is_followed_word_by_word(world: World) -> None:
    """Its request: the event is the person's, answered as the page says."""
    _, _, request = examples("move-from-brevo.md", "sh", world)
    assert re.search(r"^HTTP/1.1 204 ", run("bash", "-c", request))
    (event,) = until(lambda: world.events(key="video_played"), 20)
    assert ("brevo", person(world, email_id="jane@shop.example")["id"]) == (event["source"], event["contact_id"])


def test_the_page_on_brevos_snippet_is_followed_word_by_word(page: Page, website: Website, world: World) -> None:
    """The snippet as it stands there, on a page with nothing of ours."""
    snippet = next(block for block in examples("move-from-brevo.md", "html", world) if "sdk-loader.js" in block)
    website.put_raw("/", f"<!doctype html><title>A page</title><link rel=icon href=data:,>{snippet}<body>", headers={})
    page.goto(website.url("/"))
    (event,) = world.expect("page_visited /")
    assert "A page" == event["page"]["title"]


@pytest.mark.parametrize("before", ["browser-1", "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"])
def test_who_was_anonymous_is_known_after_an_alias(world: World, before: str) -> None:
    """What was done before is the person's, with the company that a group call names."""
    calls = [
        {"type": "page", "anonymousId": before, "properties": {"url": "https://shop.example/docs"}},
        {"type": "alias", "previousId": before, "userId": "42"},
        {"type": "group", "userId": "42", "groupId": "g-1", "traits": {"name": "ACME"}},
    ]
    body = {"batch": [{"messageId": f"m-{n}", **call} for n, call in enumerate(calls)], "writeKey": WRITE_KEY}
    answer = world.deployment.request("POST", "/v1/batch", json.dumps(body).encode(), content_type="application/json")
    assert (200, 3) == (answer.status, answer.json()["accepted"])
    found = world.expect("page_visited /docs", "identified", "identified", in_order=False)
    contact = person(world, ext_id="42")
    assert {contact["id"]} == {event["contact_id"] for event in found}
    assert {"company": "g-1", "company_name": "ACME"} == contact["attributes"]
