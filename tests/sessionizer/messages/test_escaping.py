"""Can what a stranger wrote become more than text? In HTML, in JSON, in a header, in an address."""

import msgspec
import pytest

from sessionizer.messages.message import Content
from sessionizer.messages.template import compile
from tests.sessionizer.messages.asking import codes, rendered, said

EVIL = "<b>\"'&"


def test_values_are_escaped_in_html_and_nowhere_else() -> None:
    """Also what a filter made, and what was written out in the template; text parts and SMS stay as they are."""
    assert "&lt;b&gt;&quot;&#x27;&amp;" == said("{{ event.x }}", "email", event={"x": EVIL})
    assert "&lt;B&gt;" == said("{{ event.x|append:'<b>'|upper|slice:':3' }}", "email", event={"x": ""})
    assert EVIL == said("{{ event.x }}", event={"x": EVIL})


def test_what_was_captured_is_not_escaped_twice() -> None:
    """It is HTML already."""
    text = "{% capture x %}<i>{{ event.x }}</i>{% endcapture %}{{ x }}"
    assert "<i>&lt;</i>" == said(text, "email", event={"x": "<"})


@pytest.mark.parametrize("call", ["escape", "escape_once", "newline_to_br", "json", "default:'<b>'", "strip_html"])
def test_no_filter_lets_a_tag_through(call: str) -> None:
    """Whatever is asked for."""
    assert "<s" not in said("{{ event.x|" + call + " }}", "email", event={"x": "<script>\n<s <s x"})


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JaVa\tScript:alert(1)", "\x01data:text/html,x", "vbscript:x"]
)
def test_an_address_leads_to_no_program(address: str) -> None:
    """Neither where the message is shown in a browser."""
    assert '<a href="#">x</a>' == said('<a href="{{ event.url }}">x</a>', "email", event={"url": address})


@pytest.mark.parametrize(
    "address", ["https://x.example/?a=1:2", "/path:x", "mailto:a@b.example", "#top", "x?y=javascript:"]
)
def test_an_address_leads_where_it_leads(address: str) -> None:
    """What is none of a program stays as it is."""
    assert f"<a href='{address}'>" == said("<a href='{{ event.url }}'>", "email", event={"url": address})


def test_a_value_without_quotes_around_it_is_a_fault() -> None:
    """A blank in it would begin another attribute."""
    assert [(1, "unquoted")] == codes("<td width={{ event.x }}>", "email")


def test_a_body_of_a_webhook_is_json_whatever_comes() -> None:
    """Texts are escaped inside of their quotes; `json` writes a value with its own."""
    text = '{"name": "{{ event.x }}", "n": {{ event.n }}, "all": {{ event|json }}}'
    event = {"x": 'a"b\\\n<b>', "n": 1.5}
    assert {"name": 'a"b\\\n<b>', "n": 1.5, "all": event} == msgspec.json.decode(said(text, "webhook", event=event))


def test_a_body_that_is_no_json_is_a_fault() -> None:
    """Where it can be known: without tags."""
    assert [(1, "json")] == codes('{"a": {{ event.x }}', "webhook")


def test_nothing_breaks_out_of_a_header() -> None:
    """CR, LF and NUL are blanks in a subject and a preheader, also Unicode's own breaks."""
    template = compile(Content("email", subject="S {{ event.x }}", preheader="P\n{{ event.x }}", text="t"), {})
    found = rendered(template, event={"x": "a\r\nBcc: b@c.example\x00\u2028z"})
    assert ("S a Bcc: b@c.example z", "P a Bcc: b@c.example z") == (found.subject, found.preheader)
