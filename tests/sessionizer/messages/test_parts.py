"""What is made of what somebody wrote? HTML of MJML, a text part of HTML."""

from datetime import UTC

import pytest

from sessionizer.messages.fault import Fault, Faults
from sessionizer.messages.message import Content
from sessionizer.messages.reasons import because
from sessionizer.messages.render import render
from sessionizer.messages.template import Template, compile
from sessionizer.messages.text_of import text_of
from tests.sessionizer.messages.asking import compiled, rendered

AROUND = "<mjml><mj-body>{}</mj-body></mjml>"
ITEMS = {"items": [{"name": "Boots", "url": "https://s.example/b"}, {"name": "Socks", "url": "https://s.example/s"}]}


def mjml(source: str, blocks: dict[str, str] | None = None) -> Template:
    """An e-mail in MJML."""
    return compile(Content("email", subject="x", mjml=source), blocks or {})


def wrong(source: str) -> list[tuple[int, str]]:
    """(line, what to do) of all that is wrong with the elements."""
    with pytest.raises(Faults) as caught:
        mjml(source)
    assert {"mjml"} == {fault.part for fault in caught.value.faults}
    return [(fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        (
            "Hello you",
            "<html><head><title>no</title><style>p{}</style></head><body><p>Hello <b>you</b></p></body></html>",
        ),
        ("one\n\ntwo\nthree", "<p>one</p><p>two<br>three</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("go (https://x.example)", '<a href="https://x.example">go</a>'),
        ("https://x.example", '<a href="https://x.example">https://x.example</a>'),
        ("a@b.example", '<a href="mailto:a@b.example">a@b.example</a>'),
        ("Logo", '<img src="x.png" alt="Logo">'),
        ("a | b\nc | d", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"),
        ("a\nb", '<table role="presentation"><tr><td>a</td><td>b</td></tr></table>'),
        ("è & <", "&egrave; &amp; &lt;"),
        ("seen", '<div style="display:none">preheader <p>x</p></div><div style="max-height: 0">y</div>seen'),
        ("x", "<!-- a --><!doctype html>x<!-- never closed"),
        ("{% raw %}{{% endraw %}{ x }}", "&#123;&#123; x }}"),
    ],
)
def test_html_reads_as_text(expected: str, html: str) -> None:
    """Links, lists, tables, entities; without what is not shown."""
    assert expected == text_of(html)


def test_a_text_part_is_a_template_again() -> None:
    """Its loops and conditions go on working, a line for each turn, no blank lines between."""
    each = "<li><a href='{{ i.url }}'>{{ i.name }}</a></li>"
    html = "<p>Hi</p><ul>{% for i in params.items %}" + each + "{% endfor %}</ul><p>Bye</p>"
    found = rendered(compiled(html, "email"), event=ITEMS)
    assert "Hi\n\n- Boots (https://s.example/b)\n- Socks (https://s.example/s)\n\nBye" == found.text


def test_a_text_that_somebody_wrote_is_kept() -> None:
    """It is not made then."""
    template = compile(Content("email", subject="x", html="<p>a</p>", text="b"), {})
    assert "b" == rendered(template).text


def test_tags_between_mjml_elements_survive() -> None:
    """Around sections and columns, in attributes and texts; also signs that would break XML."""
    row = '<mj-column><mj-text>{{ i.name }}{% if 1 < 2 and "a" != "b" %}!{% endif %}</mj-text>'
    row += '<mj-button href="{{ i.url }}">Go</mj-button></mj-column>'
    source = AROUND.format("{% for i in params.items %}<mj-section>{# c #}" + row + "</mj-section>{% endfor %}")
    html = rendered(mjml(source), event=ITEMS).html
    assert 2 == html.count("Go</a>")
    assert "Boots!" in html
    assert 'href="https://s.example/s"' in html
    assert html.count("<table") == html.count("</table>")


def test_a_block_of_mjml_is_put_in_before_it_is_html() -> None:
    """With its names."""
    block = {"hello": "<mj-section><mj-column><mj-text>Hi {{ who }}</mj-text></mj-column></mj-section>"}
    html = rendered(mjml(AROUND.format("{% include 'hello' with who='you' %}"), block)).html
    assert "Hi you" in html
    assert "<mj-" not in html


def test_letters_of_an_attribute_stay_as_they_are() -> None:
    """The library would write them as escapes."""
    html = rendered(mjml(AROUND.format('<mj-section><mj-column><mj-image src="x" alt="Cuore ❤️ è\u00a0qui" />'
                                       "</mj-column></mj-section>"))).html  # fmt: skip
    assert "\\u{" not in html


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ([(2, "`<mj-section>` is not closed; add `</mj-section>`.")], AROUND.format("\n<mj-section>\n")),
        ([(1, "There is no `<mj-txt>` in MJML; did you mean `<mj-text>`?")], AROUND.format("<mj-txt></mj-txt>")),
        ([(1, "`<p>` cannot stand in `<mj-body>`; put it into `<mj-text>` or `<mj-raw>`.")], AROUND.format("<p></p>")),
        ([(1, "`</mj-text>` closes nothing; take it away.")], AROUND.format("</mj-text>")),
        (
            [(2, "A `<` that begins no element; close the element, or write `&lt;`.")],
            AROUND.format("\n<mj-raw>1 < 2</mj-raw>"),
        ),
        ([(1, "MJML begins with `<mjml>`; put `<mjml><mj-body>` … around it.")], "<mj-text>x</mj-text>"),
    ],
)
def test_a_fault_in_mjml_has_its_line(expected: list[tuple[int, str]], source: str) -> None:
    """And says what to do."""
    assert expected == wrong(source)


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("blocks_long", AROUND.format("<mj-raw>{% include 'long' %}</mj-raw>" * 8)),
        ("mjml_refused", AROUND.format("") * 2),
        ("mjml_root", "{% include 'part' %}"),
    ],
)
def test_what_does_not_become_html_says_why(expected: str, source: str) -> None:
    """Its blocks make it too long, the library does not take it, there is no root: by the name of the reason."""
    with pytest.raises(Faults) as caught:
        mjml(source, {"long": "<mj-text>" + "y" * 300_000 + "</mj-text>", "part": "<mj-text>y</mj-text>"})
    assert [("mjml", 1, expected)] == [(fault.part, fault.line, fault.reason.name) for fault in caught.value.faults]


def test_mjml_reads_no_files() -> None:
    """Nor does it ask for any."""
    assert "reads files" in wrong(AROUND.format('<mj-include path="/etc/passwd" />'))[0][1]


def test_a_fault_of_the_language_in_mjml_is_told_of_the_mjml() -> None:
    """At the line where it was written, not where it is in the HTML."""
    with pytest.raises(Faults) as caught:
        mjml(AROUND.format("\n\n<mj-section><mj-column><mj-text>{{ x|nope }}</mj-text></mj-column></mj-section>"))
    assert [("mjml", 3, "unknown_filter")] == [(fault.part, fault.line, fault.code) for fault in caught.value.faults]


def test_an_email_has_a_subject_and_one_kind_of_html() -> None:
    """An empty one is refused."""
    with pytest.raises(Faults) as caught:
        compile(Content("email", html="a", mjml=AROUND.format("")), {})
    assert Fault("subject", 1, because("no_subject")) in caught.value.faults
    assert "both" in {fault.code for fault in caught.value.faults}


def test_the_preheader_is_the_first_text_of_the_body() -> None:
    """Nobody sees it in the mail; an inbox shows it behind the subject. What it holds is escaped."""
    html = "<html><body class=x><p>Hi</p></body></html>"
    content = Content("email", "Hi", preheader="{{ event.name }} waits", html=html)
    data = {"event": {"name": "<b>Boots</b>"}}
    made = render(compile(content, {}), data, now=0, zone=UTC).html
    assert made.startswith('<html><body class=x><div style="display:none;')
    assert "&lt;b&gt;Boots&lt;/b&gt; waits" in made
    assert made.endswith("</div><p>Hi</p></body></html>")
