"""What stands in the form of a message, and what is it as a writing? Fields become what the API would take, or why not.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta

from collector.api.frame.body import checked
from collector.api.frame.problem import Problem
from collector.api.messages.bodies import NewMessage, writing_of
from collector.store.ports.definitions.messages import Message, Writing
from collector.ui.guard import Form
from sessionizer.messages.message import Channel, Content

MAX_FORM_BYTES = 2 * 1024 * 1024
CHANNELS: tuple[Channel, ...] = ("email", "sms", "whatsapp")
"""Those that go to people."""
PURPOSES = ("transactional", "marketing", "sales")
TEXTS = (
    "name", "subject", "preheader", "sender", "sender_name", "reply_to", "account", "template", "template_language",
)  # fmt: skip
FIELDS: Mapping[str, str] = {
    **dict.fromkeys(TEXTS, ""),
    "channel": "email", "purpose": "transactional", "format": "mjml", "body": "", "text": "", "event": "",
    "track_opens": "on", "track_clicks": "on",
}  # fmt: skip
"""Every field, and what stands in it at first."""
SOURCES = ("subject", "preheader", "body", "text")
BOXES = ("track_opens", "track_clicks")
FIELD_OF = {"html": "body", "mjml": "body"}
"""The field in which a part is written, where it is called otherwise."""
_TAG = re.compile(r"\{\{(?:(?!\{[{%]|\}\}).)*+\}\}|\{%(?:(?!\{[{%]|%\}).)*+%\}", re.DOTALL)
"""One ends before the next begins, so that the time grows with the length."""
WRONG = {
    "name": "messages_bad_name", "template": "messages_bad_template",
    "template_language": "messages_bad_template_language",
}  # fmt: skip
"""What is said of a field that is not as it must be."""


class Written(NewMessage, frozen=True):
    """A message as people write it: templates of WhatsApp are called as Meta allows it, or by Twilio's SID. Programs
    may have a gateway of their own, with other names."""

    template: Annotated[str, Meta(pattern=r"^([a-z0-9_]{1,512}|HX[0-9a-fA-F]{32})?$")] = ""
    template_language: Annotated[str, Meta(pattern=r"^([a-z]{2,3}(_([A-Z]{2}|[0-9]{3}))?)?$")] = ""


class Draft(NamedTuple):
    """The form. values: every field. writing: None where something keeps it from being one; wrong: what, by field."""

    values: Mapping[str, str]
    writing: Writing | None
    wrong: Mapping[str, str] = {}


def draft_of(form: Form) -> Draft:
    """What was filled in."""
    boxes = {name: form.get(name, "") for name in BOXES}
    given = {name: form.get(name, usual).replace("\r\n", "\n") for name, usual in FIELDS.items()}
    values = {**given, **boxes, "name": given["name"].strip()}
    try:
        return Draft(values, writing_of(_body(values)))
    except Problem as problem:
        wrong = {error.path: WRONG.get(error.path, "messages_bad_field") for error in problem.errors}
        return Draft(values, None, wrong)


def is_blank(draft: Draft) -> bool:
    """Whether nothing was written that anybody would get."""
    return not any(draft.values[name].strip() for name in SOURCES)


def _body(values: Mapping[str, str]) -> NewMessage:
    """As a program would send it. Raises Problem 400."""
    category, _, key = values["event"].partition("/")
    is_mail = values["channel"] == "email"
    body = {
        **{name: values[name].strip() for name in TEXTS if name != "name"},
        "name": values["name"],
        "channel": values["channel"],
        "purpose": values["purpose"],
        "text": values["text"],
        "event": {"category": category, "key": key} if key else None,
        **{name: values[name] == "on" for name in BOXES},
    }
    if is_mail:
        body["html" if values["format"] == "html" else "mjml"] = values["body"]
    return checked(body, Written)


def nameless(draft: Draft) -> Draft:
    """The same, when it need not have a name yet."""
    return draft if draft.writing else draft_of({**draft.values, "name": draft.values["name"] or "–"})


def form_of(content: Content, *, name: str = "", purpose: str = "transactional", event: str = "") -> Form:
    """The form of a new message that says this."""
    return {
        **FIELDS,
        "name": name,
        "channel": content.channel,
        "purpose": purpose,
        "event": event,
        **said(content),
    }


def of_message(message: Message) -> Form:
    """The form of one that is there."""
    writing = message.writing
    return {
        "name": message.name,
        "channel": writing.channel,
        "purpose": writing.purpose,
        "event": "/".join(writing.event or ()),
        "sender": writing.sender,
        "sender_name": writing.sender_name,
        "reply_to": writing.reply_to,
        "account": writing.account,
        "template": writing.template,
        "template_language": writing.template_language,
        "track_opens": "on" if writing.track_opens else "",
        "track_clicks": "on" if writing.track_clicks else "",
        **said(writing.content),
    }


def said(content: Content) -> Form:
    """What it says, in the fields in which it is written."""
    return {
        "subject": content.subject,
        "preheader": content.preheader,
        "format": "html" if content.html else "mjml",
        "body": content.html or content.mjml,
        "text": content.text,
    }


def replaced(text: str, name: str, near: str) -> str:
    """A text with another variable in the place of one that is not there: the step in which they differ."""
    old, new = name.replace("[]", "").split("."), near.replace("[]", "").split(".")
    at = next((place for place, steps in enumerate(zip(old, new, strict=False)) if steps[0] != steps[1]), 0)
    before = r"(?<=\.)" if at else r"(?<![\w.])"
    step = re.compile(rf"{before}{re.escape(old[at])}(?![\w-])")
    return _TAG.sub(lambda tag: step.sub(lambda _: new[at], tag[0]), text)
