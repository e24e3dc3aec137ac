"""Does a template say what its author means? Brevo's and Django's syntax, as docs/messages.md tells it."""

from typing import Any

import pytest

from tests.sessionizer.messages.asking import codes, faults, said

EVENT: dict[str, Any] = {
    "total": 34.26,
    "whole": 34.0,
    "zero": 0,
    "yes": True,
    "items": [{"name": "Boots", "price": 129, "limit": 3}, {"name": "Socks & co", "price": 18.5}],
    "tags": ["a", "b"],
    "at": "2026-11-24T23:30:00.000Z",
}
END = "{% endfor %}"
PERSON = {"FIRSTNAME": "joe", "CITY": "", "AGE": 33}


def asked(text: str) -> str:
    """For a person and an event of these tests."""
    return said(text, contact=PERSON, event=EVENT)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("joe", "{{ contact.FIRSTNAME }}"),
        ("joe", '{{ contact["FIRSTNAME"] }}'),
        ("[]", "[{{ contact.NOBODY }}{{ nothing }}{{ event.no.way.down }}]"),
        ("Boots Boots Socks & co", "{{ params.items.0.name }} {{ event.items[0].name }} {{ params.items.last.name }}"),
        ("2 3", "{{ params.items.size }} {{ params.items.0.limit }}"),
        ("34.26 34 true", "{{ event.total }} {{ event.whole }} {{ event.yes }}"),
        ("a, b", "{{ event.tags }}"),
    ],
)
def test_a_variable_is_what_the_data_have(expected: str, text: str) -> None:
    """By dots, brackets and places; what is missing is nothing; params and event are the same."""
    assert expected == asked(text)


@pytest.mark.parametrize(
    ("expected", "condition"),
    [
        (True, 'contact.FIRSTNAME == "joe" and not contact.CITY'),
        (True, "event.total > 34 and event.total <= 34.26"),
        (False, "event.zero"),
        (True, "event.zero == 0 and contact.AGE != 34"),
        (True, "event.nope or event.yes and contact.AGE >= 33"),
        (True, "event.yes or event.nope and event.nope"),
        (False, "(event.yes or event.nope) and event.nope"),
        (True, 'event.tags contains "b" and "a" in event.tags and "z" not in event.tags'),
        (True, "event.items|length == 2"),
        (True, "contact.CITY == empty and contact.NOBODY == None"),
        (True, "event.yes == True"),
        (False, 'contact.AGE == "33"'),
    ],
)
def test_a_condition_binds_as_in_django(expected: bool, condition: str) -> None:
    """`and` before `or`, `not` before both; brackets and filters are welcome."""
    assert ("yes" if expected else "no") == asked(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}")


@pytest.mark.parametrize("word", ["elif", "elsif"])
def test_the_first_branch_that_holds_is_written(word: str) -> None:
    """Django's word and Liquid's."""
    text = "{% if event.nope %}a{% " + word + " event.yes %}b{% " + word + " event.yes %}c{% else %}d{% endif %}"
    assert "b" == asked(text)


def test_unless_and_case_are_conditions_as_well() -> None:
    """Liquid's."""
    assert "x" == asked("{% unless event.nope %}x{% else %}y{% endunless %}")
    assert "old" == asked("{% case contact.AGE %}{% when 1, 2 %}young{% when 32 or 33 %}old{% else %}?{% endcase %}")


@pytest.mark.parametrize("word", ["empty", "else"])
def test_a_loop_over_nothing_says_so(word: str) -> None:
    """In either word, also when there is no list at all."""
    assert "none" == asked("{% for x in event.nope %}{{ x }}{% " + word + " %}none{% endfor %}")


def test_a_loop_knows_where_it_is() -> None:
    """Counting from 1 and from 0, backwards, first and last; the loop around it too."""
    turn = "{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.first }}{{ forloop.last }} "
    assert "102truefalse 211falsetrue " == asked("{% for x in event.tags %}" + turn + "{% endfor %}") + " "
    inner = "{% for y in event.tags %}{{ forloop.parentloop.counter }}{{ forloop.counter }} {% endfor %}"
    assert "11 12 21 22" == asked("{% for x in event.tags %}" + inner + "{% endfor %}").strip()


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("234", "{% for i in (1..9) limit: 3 offset: 1 %}{{ i }}{% endfor %}"),
        ("ba", "{% for x in event.tags reversed %}{{ x }}{% endfor %}"),
        (
            "13",
            "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% elif i > 3 %}{% break %}{% endif %}{{ i }}" + END,
        ),
        ("", "{{ x }}{% for x in event.tags %}{% endfor %}{{ x }}{{ forloop.counter }}"),
        ("name Boots price 129 limit 3", "{% for pair in event.items.0 %}{{ pair.0 }} {{ pair.1 }} {% endfor %}"),
    ],
)
def test_a_loop_goes_as_far_as_it_is_told(expected: str, text: str) -> None:
    """limit, offset, reversed, break, continue; its names end with it."""
    assert expected == asked(text).strip()


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("5", "{% assign x = 2|plus:3 %}{{ x }}"),
        ("Hi JOE", "{% capture x %}Hi {{ contact.FIRSTNAME }}{% endcapture %}{{ x|replace:'joe','JOE' }}"),
        ("34.26/q/", '{% with t=event.total u="q" %}{{ t }}/{{ u }}{% endwith %}/{{ t }}'),
        ("a {{ x }} {% if %} b", "a {% raw %}{{ x }}{% endraw %} {% verbatim %}{% if %}{% endverbatim %} b"),
        ("ab", "a{# {{ no }} #}{% comment %}{{ neither | }}{% endcomment %}b"),
        ("axb", "a  {{- 'x' -}}  b"),
        ("26/11/2026 2026", '{{ "now"|date:"d/m/Y" }} {% now "Y" %}'),
    ],
)
def test_tags_do_what_they_are_known_for(expected: str, text: str) -> None:
    """assign, capture, with, raw, verbatim, comments, dashes, now."""
    assert expected == asked(text)


def test_a_block_stands_in_its_place() -> None:
    """With the variables of the message and the names that it is given; blocks stand in blocks."""
    blocks = {"foot": "{{ a }}{{ event.total }}{% render 'deep' %}", "deep": "!"}
    assert "134.26!|34.26!" == said("{% include 'foot' with a=1 %}|{% include 'foot' %}", blocks=blocks, event=EVENT)


@pytest.mark.parametrize("text", ["{{ event.__class__ }}", "{{ event.items.__len__ }}", "{{ contact.keys }}"])
def test_there_is_no_way_into_the_program(text: str) -> None:
    """Names are looked up in data, never on objects."""
    assert "" == asked(text)


def test_what_is_no_plain_data_is_nothing() -> None:
    """An object that got in by mistake is not written."""
    assert "[]" == said("[{{ event.x }}{{ event.x.real }}]", event={"x": 3j})


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([(1, "unknown_filter"), (2, "unknown_tag"), (3, "syntax")], "{{ x|sfe }}\n{% iff x %}\n{{ x | }}"),
        ([(1, "unclosed")], "{% if x %}"),
        ([(1, "unclosed")], "{% if x %}{% for y in z %}{% endif %}"),
        ([(1, "unopened")], "{% endif %}"),
        ([(1, "unopened")], "{% else %}"),
        ([(1, "unopened")], "{% break %}"),
        ([(1, "syntax")], "{{ x"),
        ([(1, "syntax")], "{{ x {{ contact.A }}"),
        ([(1, "syntax")], "{{ x y }}"),
        ([(1, "syntax")], "{% for x of y %}{% endfor %}"),
        ([(1, "syntax")], "{% if (x %}{% endif %}"),
        ([(1, "syntax")], "{{ }}"),
        ([(1, "filter"), (2, "filter")], "{{ x|truncatechars }}\n{{ x|upper:1 }}"),
        ([(1, "filter")], "{{ x|floatformat:'two' }}"),
        ([(1, "unknown_block")], "{% include 'nope' %}"),
        ([(1, "syntax")], "{% include nope %}"),
        ([(1, "syntax"), (1, "unknown_filter")], "{% if x | %}{{ y|nope }}{% endif %}"),
        ([(1, "needs"), (2, "needs"), (3, "needs")], "{{ contact }}\n{{ contact[x] }}\n{{ event[x] }}"),
        ([(1, "needs"), (2, "needs")], "{{ history[x] }}\n{{ history.website.page_visited.latest }}"),
        ([(1, "needs")], "{% assign h = history %}{{ h.website.page_visited.last }}"),
        ([(1, "unclosed"), (1, "too_deep")], "{% if x %}" * 21),
        ([(1, "too_long")], "x" * (512 * 1024 + 1)),
        ([(1, "empty")], " "),
    ],
)
def test_what_would_fail_at_sending_is_a_fault_at_saving(expected: list[tuple[int, str]], text: str) -> None:
    """All at once, each with its line."""
    assert expected == codes(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("did you mean `upper`?", "{{ x|uper }}"),
        ("did you mean `endfor`?", "{% for x in y %}{% endfro %}{% endfor %}"),
        ("values are always escaped", "{{ x|safe }}"),
        ("did you mean `last`?", "{{ history.website.page_visited.Last }}"),
        ("contact.FIRSTNAME", "{{ contact }}"),
    ],
)
def test_a_fault_says_what_to_do(expected: str, text: str) -> None:
    """The nearest name, or the reason."""
    assert expected in faults(text)[0].message


def test_a_fault_in_a_block_is_told_of_the_block() -> None:
    """At its own line, though the message is what is saved."""
    found = faults("{% include 'foot' %}", blocks={"foot": "fine\n{{ x|nope }}"})
    assert [("block:foot", 2)] == [(fault.part, fault.line) for fault in found]


def test_blocks_do_not_go_round_in_circles() -> None:
    """Nor deeper than five."""
    assert "circle" in {code for _, code in codes("{% include 'a' %}", blocks={"a": "{% include 'a' %}"})}
    chain = {f"b{n}": f"{{% include 'b{n + 1}' %}}" for n in range(5)} | {"b5": "x"}
    assert "too_deep" in {code for _, code in codes("{% include 'b0' %}", blocks=chain)}
    assert "x" == said("{% include 'b1' %}", blocks=chain)
