"""How is a header written? Folded at 78 characters, in ASCII, never a character that ends it.

`email.message.EmailMessage` would do all this and needs 3.6 ms for the headers of one mail (its parser builds a tree of
each value); a mail may cost 0.5 ms in all. Tests read what stands here back with its parser and compare.
Source: RFC 5322 2.2.3, RFC 2047.
"""

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable

from collector.delivery.mail.address import BadMail, Mailbox, one_line

WIDTH, MAX_LINE = 78, 998
ENCODED_BYTES = 42
"""Of UTF-8 in one encoded word: 56 characters of base64 and 12 around them, below the 75 that are allowed."""

_NAME = re.compile(r"[!-9;-~]{1,64}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_FOLD = re.compile(r"(?<=\S) (?=\S)")


def header(name: str, value: str) -> str:
    """`Name: value` with its line end. Raises BadMail when name or value cannot be a header's."""
    if not _NAME.fullmatch(name):
        raise BadMail(f"{name!r} is no header's name")
    value = one_line(value, f"the header {name}").strip()
    if _PLAIN.fullmatch(value) and "=?" not in value:
        folded = _fold(f"{name}: {value}")
        if max(map(len, folded)) <= MAX_LINE:
            return "\r\n".join(folded) + "\r\n"
    return "\r\n ".join(_lead(name, encoded_words(value))) + "\r\n"


def mailboxes(name: str, boxes: Iterable[Mailbox]) -> str:
    """`To: Anna <a@x.example>`, one mailbox a line."""
    return f"{name}: " + ",\r\n ".join(_mailbox(box) for box in boxes) + "\r\n"


def encoded_words(value: str) -> list[str]:
    """`Città` → `=?utf-8?b?Q2l0dMOg?=`; several when it is long, none of them with half a character."""
    words, chunk = [], b""
    for character in value:
        byte = character.encode("utf-8")
        if len(chunk) + len(byte) > ENCODED_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += byte
    return [f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in (*words, chunk)]


def _lead(name: str, words: list[str]) -> list[str]:
    """The first word beside the name, unless the name is so long that the line would be."""
    together = f"{name}: {words[0]}"
    return [together, *words[1:]] if len(together) <= WIDTH + len(name) else [f"{name}:", *words]


def _fold(line: str) -> list[str]:
    """Lines of at most 78 characters where the blanks allow it; a break stands before a single blank."""
    lines, start = [], 0
    # Not directly behind the name: a first line of a name alone is read wrong by some.
    breaks = [found.start() for found in _FOLD.finditer(line, line.index(":") + 2)]
    while len(line) - start > WIDTH:
        later = bisect_right(breaks, start + WIDTH)
        fits = later > 0 and breaks[later - 1] > start
        if not fits and later == len(breaks):
            break
        at = breaks[later - 1] if fits else breaks[later]
        lines.append(line[start:at])
        start = at
    return [*lines, line[start:]]


def _mailbox(box: Mailbox) -> str:
    if not box.name:
        return box.address if box.address.isascii() else f"<{box.address}>"
    return f"{_display(box.name)} <{box.address}>"


def _display(name: str) -> str:
    if _ATOMS.fullmatch(name) and "=?" not in name and len(name) <= WIDTH:
        return name
    if _PLAIN.fullmatch(name) and "=?" not in name and len(name) <= WIDTH:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "\r\n ".join(encoded_words(name))
