"""What has a webhook? A body in JSON, in which values are escaped for JSON. Reads nothing, writes nothing."""

import msgspec

from sessionizer.messages.channels.part import Blocks, Channel, Part, Source
from sessionizer.messages.fault import Fault
from sessionizer.messages.language.scan import pieces
from sessionizer.messages.message import Content
from sessionizer.messages.reasons import because

_BODY = Part("text", "json")


def _written(content: Content) -> list[Source]:
    return [Source(_BODY, content.text, "text")]


def _checks(content: Content, _: Blocks) -> list[Fault]:
    if not content.text.strip():
        return [Fault("text", 1, because("no_body"))]
    found = list(pieces(content.text))
    if any(piece.kind in ("tag", "wrong") for piece in found):
        return []  # what stands between depends on the data
    try:
        msgspec.json.decode(
            "".join("0" if piece.kind == "output" else _text(piece.kind, piece.text) for piece in found)
        )
    except msgspec.DecodeError as error:
        return [Fault("text", 1, because("no_json", error=str(error)))]
    return []


def _text(kind: str, text: str) -> str:
    return text if kind == "text" else ""


WEBHOOK = Channel(_written, _checks, lambda content, _: _written(content))
