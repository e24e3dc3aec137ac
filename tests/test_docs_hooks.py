"""Are the tables of docs/hooks.md as old as the code, and true? And has every system event a door?"""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from collector.hooks.call import Call
from collector.hooks.providers import GENERIC, shipped
from collector.hooks.signature import Signature
from collector.hooks.translate import Translator
from docs import hooks
from sessionizer.catalogue import CATALOGUE, CUSTOM, SYSTEM
from tests.collector.hooks.payloads import AT, payloads

ONLY_JSON = {("payments", "payment_request_reminder_sent")}
"""What no provider's mapping gives: JSON that says category and key does."""


def test_the_tables_are_as_old_as_the_code() -> None:
    """docs/hooks.md is what the generator would write now; `make docs` writes it."""
    assert hooks.page() == hooks.PAGE.read_text(encoding="utf-8"), "docs/hooks.md is stale: run `make docs`"


def test_what_stands_around_the_tables_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody has written it. A page without markers gets them at its end."""
    monkeypatch.setattr(hooks, "PAGE", tmp_path / "hooks.md")
    hooks.PAGE.write_text("# Ours\n\nBefore.\n", encoding="utf-8")
    written = hooks.page().replace("<!-- providers end -->", "<!-- providers end -->\n\nBetween.") + "\nAfter.\n"
    hooks.PAGE.write_text(written, encoding="utf-8")
    assert written == hooks.page()
    assert written.startswith("# Ours\n\nBefore.\n\n## Providers\n")


def test_no_system_event_has_the_plain_api_alone() -> None:
    """A browser, our delivery, a rule, a provider or any JSON gives each of the 90."""
    assert 90 == len(SYSTEM)
    assert [] == [row.key for row in SYSTEM if not any(hooks.doors_of(row))]
    only = {(row.category, row.key) for row in SYSTEM if ("", "", "", shipped()[GENERIC].title) == hooks.doors_of(row)}
    assert ONLY_JSON == only


@pytest.mark.parametrize("provider", shipped())
def test_the_table_has_what_comes_out_of_payloads(provider: str) -> None:
    """All of it; and each rule gives something that has a row, or an event of one's own."""
    kinds = {
        (item["category"], item["key"]) for name, one in payloads().values() if name == provider for item in one.gives
    }
    assert set() == {kind for kind in kinds if kind in CATALOGUE} - {*hooks.given()[provider]}
    for rule in shipped()[provider].events:
        assert provider == GENERIC or rule.event.startswith(f"{CUSTOM}/") or [*hooks.kinds_of(rule)], rule.event


def test_every_scheme_has_words() -> None:
    """Those of the table of signatures."""
    assert {*get_args(get_type_hints(Signature)["scheme"])} == {*hooks.SIGNED}


def test_the_envelope_of_the_page_is_taken() -> None:
    """It gives the event that it names, whole."""
    (envelope,) = re.findall(r"```json\n(.*?)```", hooks.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    call = Call({"content-type": "application/json"}, envelope.encode(), at=AT)
    (item,) = Translator(shipped()["wallet_pass"])(call).items
    assert isinstance(item, dict)
    assert ("wallet", "counter_value_changed") == (item["category"], item["key"])
    assert {"ext_id", "email_id", "phone_id"} == item["identifiers"].keys()
    assert {"pass_id", "campaign_id", "counter_id", "value", "max_value"} == item["properties"].keys()
    assert {"FIRSTNAME": "Anna"} == item["contact_properties"]
