"""What would have been, and why it was so, in the console: by forms that work without a script, in both languages."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.store.ports.automations.definitions import AutomationChange
from sessionizer.automations.definition import parse
from tests.collector.ingest.sending import NOW
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, opened

PROBE = "<script>alert(1)</script>"
LARGE = {"path": "total", "test": {"op": "more", "value": 50}}
CART = {"type": "event", "category": "ecommerce", "key": "cart_updated", "where": [LARGE]}
WAIT = {"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}
LEFT = {"triggers": [CART, {"type": "hand"}], "steps": [WAIT, {**WAIT, "id": "rest", "span": {"n": 9, "unit": "days"}}]}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Ada leaves a cart; an automation for it is made, and activated after that."""
    with opened(tmp_path) as ready:
        ready.serve(0, cart("cart-1", 80, contact_properties={"FIRSTNAME": PROBE}))
        ready.work(180)
        automations = ready.deployment.built.services.automations
        automations.create(PROBE, parse(LEFT), at=NOW)
        automations.change(1, AutomationChange(status="active"), at=ready.deployment.now)
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def cart(id: str, total: int, **more: Any) -> dict[str, Any]:
    """Ada's."""
    known = {"category": "ecommerce", "key": "cart_updated", "identifiers": {"email_id": "ada@mail.example"}}
    return {"id": id, "properties": {"total": total}, **known, **more}


def text(answer: httpx.Response) -> str:
    """What the page says, without its markup."""
    assert 200 == answer.status_code, answer.text
    assert PROBE not in answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_a_dry_run_shows_who_would_be_where(admin: Person) -> None:
    """By a form whose answer has an address; what cannot be tried is said."""
    assert "Would have come in" not in text(admin.get("/automations/1/rehearse"))
    page = text(admin.get("/automations/1/rehearse?days=7"))
    assert "1 Would have come in" in page
    assert "2. Waits 9 days. 1" in page
    assert "it is no event: When somebody of the team" in page


def test_a_dry_run_that_finds_nobody_says_so(admin: Person) -> None:
    """Days that are no number are those of the form."""
    assert "Nothing." not in text(admin.get("/automations/1/rehearse?days=x"))
    assert 404 == admin.get("/automations/9/rehearse").status_code


def test_why_nothing_was_sent_is_told(shop: Shop, admin: Person) -> None:
    """First it was before; then the test that did not pass is named, with what was there."""
    assert "before the automation was active" in text(admin.get("/automations/1/explain?who=ada@mail.example"))
    shop.serve(181, cart("cart-2", 20))
    page = text(admin.get("/automations/1/explain?who=ada@mail.example"))
    assert "does not pass" in page
    assert "“20”" in page


def test_a_run_is_told_line_by_line(shop: Shop, admin: Person) -> None:
    """In the words of its way, by its id as well."""
    shop.serve(182, cart("cart-3", 90))
    page = text(admin.get("/automations/1/explain?who=1"))
    assert page.index("Comes in:") < page.index("Waits; goes on")


def test_both_speak_italian(shop: Shop, admin: Person) -> None:
    """Every sentence."""
    admin.language = "it"
    assert "Sarebbero entrati" in text(admin.get("/automations/1/rehearse?days=7"))
    assert "prima che l'automazione fosse attiva" in text(admin.get("/automations/1/explain?who=1"))


def test_nobody_is_explained_who_is_not_known(admin: Person) -> None:
    """It is said, and nothing else."""
    assert "No contact has that name" in text(admin.get("/automations/1/explain?who=eve@mail.example"))
