"""Does the worst template end? Each is stopped by the same limits, whatever it tries to make large."""

from typing import Any

import pytest

from sessionizer.messages.fault import RenderFailed, TooMuch
from sessionizer.messages.language.run import MAX_STEPS, Run
from sessionizer.messages.links import track_html
from sessionizer.messages.message import Content
from sessionizer.messages.render import MAX_LINE, render, with_preheader
from sessionizer.messages.template import compile
from tests.sessionizer.messages.asking import ROME, codes, compiled, rendered

MANY = "{% for a in (1..9999) %}"
END = "{% endfor %}"
EVENT: dict[str, Any] = {
    "s": "x" * 8_000,
    "l": list(range(1_000)),
    "deep": [[{"a": "y" * 8_000}] * 50] * 50,
    "deep2": [[{"a": "y" * 8_000}] * 50] * 50,
}
HOSTILE = {
    "loops": MANY + MANY + MANY + END + END + END,
    "a range": "{% for a in (1..9999999999999) %}{% endfor %}",
    "multiplying": "{% assign n = 9 %}" + MANY + "{% assign n = n|times:n %}" + END,
    "doubling": "{% assign s = 'x' %}" + MANY + "{% assign s = s|append:s %}" + END,
    "replacing": MANY + "{% assign s = event.s|replace:'x',event.s %}" + END,
    "doubling a list": "{% assign l = event.l %}" + MANY + "{% assign l = l|concat:l %}" + END,
    "joining": "{{ event.l|join:event.s }}",
    "one text a thousand times": "{% assign b = event.s|split:'q' %}"
    + "{% for a in (1..12) %}{% assign b = b|concat:b %}{% endfor %}{{ b|json }}",
    "JSON": MANY + "{{ event.deep|json }}" + END,
    "sorting": MANY + "{% assign x = event.l|sort|uniq %}" + END,
    "splitting": MANY + "{% assign x = event.s|split:'' %}" + END,
    "capturing": MANY + "{% capture x %}{{ x }}{{ x }}y{% endcapture %}" + END,
    "comparing": MANY + "{% if event.deep == event.deep2 %}{% endif %}" + END,
    "conditions": MANY + "{% if " + " and ".join(["1"] * 100) + " %}{% endif %}" + END,
    "branches": MANY + "{% if 0 %}" + "{% elif 0 %}" * 1_000 + "{% endif %}" + END,
    "paths": MANY + "{{ event" + ".a" * 100 + " }}" + END,
    "looking": MANY + "{% if event.s contains 'y' %}{% endif %}" + END,
    "text": MANY + "z" * 5_000 + END,
    "dates": MANY + "{{ 'now'|date:event.s }}" + END,
    "names": MANY + "{% with " + " ".join(f"a{n}=1" for n in range(60)) + " %}{% endwith %}" + END,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_is_stopped(source: str) -> None:
    """By its steps, or before something large is made; and it says where."""
    with pytest.raises(TooMuch) as caught:
        rendered(compiled(source, "email"), event=EVENT)
    assert ("html", 1) == (caught.value.part, caught.value.line)
    assert isinstance(caught.value, RenderFailed)


def test_a_line_is_cut_where_a_header_ends() -> None:
    """A subject that a loop has made is none that a mailbox takes."""
    template = compile(Content("email", subject="{% for a in (1..999) %}ab {% endfor %}", text="x"), {})
    assert MAX_LINE == len(render(template, {}, now=0, zone=ROME).subject)


def test_where_it_was_too_much_is_told_of_the_block() -> None:
    """At the line of the block, not of the message."""
    template = compiled("{% include 'b' %}", blocks={"b": f"\n{MANY}{MANY}{END}{END}"})
    with pytest.raises(TooMuch) as caught:
        rendered(template)
    assert ("block:b", 2) == (caught.value.part, caught.value.line)


def test_all_steps_may_be_spent_and_none_more() -> None:
    """The limit itself is still good."""
    run = Run({}, "text", now=0, zone=ROME)
    run.pay(MAX_STEPS)
    with pytest.raises(TooMuch):
        run.pay(1)


@pytest.mark.parametrize(
    "source",
    [
        "{{" * 200_000,
        "{#" * 200_000,
        "{% raw %}" * 50_000,
        "{% comment %}" * 30_000,
        "{{ [[[[ }}" * 40_000,
        "{% if x %}" * 40_000,
        "{{ " * 100_000 + "}}",
    ],
    ids=["braces", "comments", "raw", "comment", "brackets", "ifs", "closed once"],
)
def test_a_hostile_source_is_refused_in_one_pass(source: str) -> None:
    """Reading it takes time that grows with its length; the same with twice as much would take hours otherwise."""
    assert codes(source, "email")


@pytest.mark.parametrize(
    "markup",
    ["<" * 400_000, "<a " * 150_000, "<!--" * 100_000, "<a href='" * 50_000, "&" * 400_000, "<" + "a" * 400_000],
    ids=["brackets", "links", "comments", "addresses", "entities", "a long name"],
)
def test_hostile_markup_is_read_in_one_pass(markup: str) -> None:
    """A text part is made of it all the same."""
    assert compiled(markup, "email")


@pytest.mark.parametrize("markup", ["<a " * 300_000, "<body " * 150_000, "</body " * 150_000])
def test_links_are_found_in_one_pass(markup: str) -> None:
    """Also in the largest message that there may be."""
    assert markup == track_html(markup, str.upper, own="")
    assert with_preheader(markup, "x").endswith(markup)


def test_mjml_that_nests_without_end_never_reaches_the_library() -> None:
    """It would end the process: its parser calls itself."""
    with pytest.raises(Exception, match="inside of each other"):
        compile(Content("email", subject="x", mjml="<mjml><mj-body><mj-text>" + "<div>" * 50_000), {})


def test_blocks_that_multiply_are_refused() -> None:
    """Two thousand of two thousand of two thousand."""
    blocks = {f"b{n}": f"{{% include 'b{n + 1}' %}}" * 2_000 for n in range(4)} | {"b4": "x"}
    assert [(1, "too_long")] == codes("{% include 'b0' %}", blocks=blocks)
