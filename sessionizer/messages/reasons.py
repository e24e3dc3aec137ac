"""Why can a message not be saved, or not be rendered? Every reason there is: its code, and what is said of it.

Whoever finds something wrong names the reason and what belongs into its sentence. Programs are told in English here;
the console has the same sentences in the languages of its readers, by the same names. Reads nothing, writes nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

Given = str | int


class Row(NamedTuple):
    """code: for programs, never changes. says: for people, what is wrong and what to do; {…} are filled when it is."""

    code: str
    says: str


REASONS: Mapping[str, Row] = {
    # what there has to be
    "no_subject": Row("empty", "There is no subject; write one."),
    "no_content": Row("empty", "The message is empty; write MJML, HTML or a text."),
    "no_text": Row("empty", "The message is empty; write its text."),
    "no_body": Row("empty", "The body is empty; write JSON, such as {{{{ event|json }}}}."),
    "both": Row("both", "There is HTML and MJML; leave one of them away."),
    "no_json": Row("json", "The body is no JSON ({error}); put quotes around values that are texts."),
    # braces
    "never_closed": Row("syntax", "`{tag}` is never closed; add `{end}`."),
    "closed_late": Row("syntax", "`{tag}` is not closed before the next tag; add `{end}`."),
    "tag_long": Row("syntax", "More than {most} characters in one tag; make several of it."),
    "tag_nameless": Row("syntax", "A tag without a name; write one behind `{{%`."),
    # tags
    "source_long": Row("too_long", "Longer than {most} KiB; make it shorter."),
    "tags_many": Row("too_long", "More than {most} tags; make it shorter."),
    "tags_deep": Row("too_deep", "More than {most} tags inside of each other; make it flatter."),
    "tag_open": Row("unclosed", "`{tag}` is not closed; add `{end}`."),
    "tag_astray": Row("unopened", "`{tag}` belongs to nothing; take it away, or open what it belongs to."),
    "tag_near": Row("unknown_tag", "There is no tag `{name}`; did you mean `{near}`?"),
    "tag_unknown": Row("unknown_tag", "There is no tag `{name}`; there are {all}."),
    "tag_outside": Row("unopened", "`{tag}` belongs inside of a `for`."),
    "assign_sign": Row("syntax", "`=` is missing: write `{{% assign name = value %}}`."),
    "include_quotes": Row("syntax", "Write the block's name between quotes: `{{% include 'footer' %}}`."),
    "unquoted": Row("unquoted", "Put the value of this attribute between quotes."),
    # what stands between the braces
    "surplus": Row("syntax", "`{near}` is not expected here; take it away, or join it by a filter."),
    "cut_short": Row("syntax", "Something is missing at the end; write a variable: `{{{{ contact.FIRSTNAME }}}}`."),
    "confusing": Row("syntax", "`{near}` is not understood here; check what stands around it."),
    "no_tokens": Row("syntax", "There is a sign here that means nothing; put texts between quotes."),
    "no_value": Row("syntax", "This is not understood; write a variable, a text in quotes, or a number."),
    "name_missing": Row("syntax", "A name is missing; use letters, digits and _."),
    "value_missing": Row("syntax", "A value is missing: write `name=value`."),
    "in_missing": Row("syntax", "`in` is missing: write `{{% for item in params.items %}}`."),
    "bracket_open": Row("syntax", "A bracket is not closed; add `)`."),
    "tokens_many": Row("syntax", "This is too long for one tag; make several of it."),
    "argument_named": Row("syntax", "`{name}` takes its arguments without a name; take `name:` away."),
    "constant_large": Row("syntax", "Numbers go up to {most}; write a smaller one."),
    # filters
    "filter_near": Row("unknown_filter", "There is no filter `{name}`; did you mean `{near}`?"),
    "filter_unknown": Row("unknown_filter", "There is no filter `{name}`; docs/messages.md lists them."),
    "filter_refused": Row(
        "unknown_filter",
        "`{name}` would let anybody who fills in a form write HTML into your message; values are always escaped. "
        "Take it away.",
    ),
    "arguments": Row("filter", "`{name}` takes {wanted} arguments and got {number}."),
    "arguments_between": Row("filter", "`{name}` takes {least} to {most} arguments and got {number}."),
    "argument_whole": Row("filter", "`{name}` takes a whole number, such as `{name}:2`."),
    # blocks
    "block_near": Row("unknown_block", "There is no block `{name}`; did you mean `{near}`?"),
    "block_unknown": Row("unknown_block", "There is no block `{name}`; write one, or take this away."),
    "block_circle": Row("circle", "`{name}` would stand in itself; take it out."),
    "blocks_deep": Row("too_deep", "Blocks stand in each other more than {most} deep; put them side by side."),
    "blocks_wide": Row("too_long", "Its blocks stand in each other too often; use them less."),
    "blocks_long": Row("mjml", "Its blocks make it too long; use them less."),
    # what is asked for
    "attribute_missing": Row("needs", "Say which attribute: `contact.FIRSTNAME`."),
    "attribute_open": Row("needs", "Write the attribute's name out: `contact.FIRSTNAME`, not `contact[name]`."),
    "property_open": Row("needs", "Write the property's name out: `event.total`, not `event[name]`."),
    "history_short": Row(
        "needs",
        "Write it out: `history.ecommerce.order_completed.last`, with a category, an event, and what of it.",
    ),
    "history_near": Row("needs", "There is no `{name}` of a history; did you mean `{near}`?"),
    "history_unknown": Row("needs", "There is no `{name}` of a history; there are {all}."),
    # MJML
    "mjml_root": Row("mjml", "MJML begins with `<mjml>`; put `<mjml><mj-body>` … around it."),
    "mjml_refused": Row("mjml", "This is no MJML ({error}); close every element."),
    "elements_deep": Row("mjml", "More than {most} elements inside of each other; make it flatter."),
    "element_open": Row("mjml", "`<{name}>` is not closed; add `</{name}>`."),
    "element_unopened": Row("mjml", "`</{name}>` closes nothing; take it away."),
    "element_near": Row("mjml", "There is no `<{name}>` in MJML; did you mean `<{near}>`?"),
    "element_misplaced": Row("mjml", "`<{name}>` cannot stand in `<{parent}>`; put it into `<mj-text>` or `<mj-raw>`."),
    "element_alone": Row("mjml", "`<{name}>` cannot stand here; put it into `<mj-text>` or `<mj-raw>`."),
    "element_reads": Row("mjml", "`<mj-include>` reads files; use a block: `{{% include 'name' %}}`."),
    "sign_stray": Row("mjml", "A `<` that begins no element; close the element, or write `&lt;`."),
    # what is too much when it is rendered
    "steps": Row("too_much", "The message takes too many steps to write; loop over less, or less deeply."),
    "output_long": Row("too_much", "The message becomes longer than {most} characters; write less."),
    "value_long": Row("too_much", "A text becomes longer than {most} characters; make it shorter."),
    "list_long": Row("too_much", "A list has more than {most} elements; use less of it."),
    "number_large": Row("too_much", "A number becomes larger than {most}; calculate with smaller ones."),
}
"""Name → what it is. Braces that are not filled are doubled."""


class Reason(NamedTuple):
    """One of REASONS, with what its sentence is filled with."""

    name: str
    given: tuple[tuple[str, Given], ...] = ()

    @property
    def code(self) -> str:
        """For programs."""
        return REASONS[self.name].code

    def __str__(self) -> str:
        """For people, in English."""
        return REASONS[self.name].says.format(**{name: _written(value) for name, value in self.given})


def because(reason: str, /, **given: Given) -> Reason:
    """reason: one of REASONS. given: what its sentence is filled with; numbers are written as people read them."""
    return Reason(reason, tuple(given.items()))


def _written(value: Given) -> str:
    return f"{value:,}" if isinstance(value, int) else value
