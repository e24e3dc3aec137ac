"""What has an e-mail? Subject, preheader, HTML (or MJML, of which HTML is made), and a text part.

The text part is made from the HTML when nobody wrote one. Reads nothing, writes nothing.
"""

from collections.abc import Iterator

from sessionizer.messages import mjml
from sessionizer.messages.channels.part import Blocks, Channel, Part, Source
from sessionizer.messages.fault import Fault, Faults
from sessionizer.messages.language.inline import TooLong, inlined
from sessionizer.messages.message import Content
from sessionizer.messages.reasons import because
from sessionizer.messages.text_of import text_of

_SUBJECT = Part("subject", "text", is_line=True)
_PREHEADER = Part("preheader", "text", is_line=True)
_HTML = Part("html", "html")
_TEXT = Part("text", "text", is_tidy=True)
_PARTS = {"subject": _SUBJECT, "preheader": _PREHEADER, "html": _HTML, "mjml": _HTML, "text": _TEXT}


def _written(content: Content) -> list[Source]:
    return [Source(part, text, name) for name, part in _PARTS.items() if (text := getattr(content, name))]


def _checks(content: Content, blocks: Blocks) -> list[Fault]:
    return list(_faults(content, blocks))


def _faults(content: Content, blocks: Blocks) -> Iterator[Fault]:
    if not content.subject.strip():
        yield Fault("subject", 1, because("no_subject"))
    if not (content.html.strip() or content.mjml.strip() or content.text.strip()):
        yield Fault("html", 1, because("no_content"))
    if content.html and content.mjml:
        yield Fault("html", 1, because("both"))
    if content.mjml.strip():
        yield from mjml.faults_of(content.mjml)
    for name, text in blocks.items():
        if is_mjml(text):
            yield from mjml.faults_of(text, f"block:{name}")


def is_mjml(block: str) -> bool:
    """Whether a block is MJML, so that it has to be put in its place before HTML is made."""
    return "<mj-" in block


def _made(content: Content, blocks: Blocks) -> list[Source]:
    """Raises Faults."""
    sources = [source for source in _written(content) if source.written != "mjml"]
    html = content.html or _html(content, blocks)
    if content.mjml:
        sources.append(Source(_HTML, html))
    if html and not content.text:
        sources.append(Source(_TEXT, text_of(html)))
    return sources


def _html(content: Content, blocks: Blocks) -> str:
    if not content.mjml.strip():
        return ""
    mine = {name: text for name, text in blocks.items() if is_mjml(text)}
    try:
        return mjml.html_of(inlined(content.mjml, mine))
    except TooLong:
        raise Faults([Fault("mjml", 1, because("blocks_long"))]) from None
    except mjml.NotMjml as error:
        raise Faults([Fault("mjml", 1, error.reason)]) from None


EMAIL = Channel(_written, _checks, _made)
