"""Can a team begin with these? Each compiles, needs only what there is, and says something to a person."""

from typing import Any

import pytest

from sessionizer.messages.missing import lacking, missing
from sessionizer.messages.sms import segments_of
from sessionizer.messages.starters.table import STARTERS, Starter, example
from sessionizer.messages.template import compile
from tests.sessionizer.messages.asking import rendered

DATA: Any = example("https://shop.example/")
EACH = pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: f"{starter.slug}-{starter.language}")


@EACH
def test_a_starter_is_filled_from_what_there_is(starter: Starter) -> None:
    """No variable that the catalogue does not know or the example lacks; nothing of the language is left over."""
    template = compile(starter.content, {})
    assert [] == missing(template, kind=starter.kind, attributes=["FIRSTNAME"])
    assert [] == lacking(template, DATA)
    found = rendered(template, **DATA)
    assert found.text
    assert not any(mark in part for part in (found.subject, found.html, found.text) for mark in ("{{", "{%", "q0x"))


@EACH
def test_a_starter_can_be_sent_to_somebody_of_whom_nothing_is_known(starter: Starter) -> None:
    """It is shorter then, and does not fail."""
    assert rendered(compile(starter.content, {})).text


@EACH
def test_who_gets_marketing_can_leave(starter: Starter) -> None:
    """By a link in every part; also a salesperson's letter."""
    if starter.purpose == "transactional":
        return
    found = rendered(compile(starter.content, {}), **DATA)
    assert DATA["unsubscribe"] in found.text
    assert not found.html or DATA["unsubscribe"] in found.html


@EACH
def test_an_sms_is_one_segment(starter: Starter) -> None:
    """With the shop's own addresses."""
    if starter.content.channel == "sms":
        assert 1 == segments_of(rendered(compile(starter.content, {}), **DATA).text).segments


@EACH
def test_an_email_looks_well_by_night(starter: Starter) -> None:
    """It says that it has colours for it, and asks nobody else for fonts."""
    if starter.content.channel == "email":
        html = rendered(compile(starter.content, {}), **DATA).html
        assert 'name="color-scheme" content="light dark"' in html
        assert "fonts.googleapis" not in html


def test_each_starter_is_there_in_both_languages() -> None:
    """Italian first."""
    assert [("it", "en")] * (len(STARTERS) // 2) == [
        (first.language, second.language) for first, second in zip(STARTERS[::2], STARTERS[1::2], strict=True)
    ]


def test_the_same_person_gets_the_same_bytes() -> None:
    """Rendering is pure, and a template keeps nothing of whom it was rendered for."""
    template = compile(STARTERS[0].content, {})
    first = rendered(template, **DATA)
    rendered(template, contact={"FIRSTNAME": "Somebody else"})
    assert first == rendered(template, **DATA)
