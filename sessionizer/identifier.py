"""Can this value identify a person, and how is it written? One canonical text for each identifier.

Reads nothing, writes nothing. Used at the doors and by `identity.py`: two spellings of one address are one person.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

MAX_CHARACTERS = 255
MAX_CONTACT_ID = 2**53 - 1
"""The greatest whole number that JavaScript keeps exact (INTERFACES 4)."""

ILLEGAL_IDS = frozenset(
    "anonymous guest visitor user unknown null nil undefined none nan na n/a true false yes no 0 -1 -"
    " id email e-mail mail phone name username userid user_id ext_id email_id phone_id distinct_id distinctid"
    " not_authenticated [object] {} []".split()
) | {"[object object]", "not authenticated"}
"""What programs send when they have no identifier. Whoever took these as ids would join strangers. Lower case."""

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@[^\s@\"(),:;<>\[\\\]_]{1,190}")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_PHONE = re.compile(r"[1-9][0-9]{5,14}")  # E.164: country code first, at most 15 digits


def is_illegal_id(value: str) -> bool:
    """Whether the text is blank or a placeholder, in any case and with or without quotes around it."""
    bare = value.strip().strip("'\"").strip().lower()
    return bare == "" or bare in ILLEGAL_IDS or not any(map(str.isalnum, bare))


def canonical(kind: str, value: object) -> str | None:
    """The one way to write an identifier; None when it cannot identify anybody or the kind is none of ours.

    value: text, or a whole number. E-mail addresses come out in lower case; telephone numbers as `+`, country code and
    digits; contact ids as digits; others without blanks around them. Its own result, asked again, stays as it is.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**20 else ""
    if not isinstance(value, str) or len(value) > 4 * MAX_CHARACTERS or kind not in _WAYS:
        return None
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > MAX_CHARACTERS or is_illegal_id(text) or not _is_plain(text):
        return None
    return _WAYS[kind](text)


def _is_plain(text: str) -> bool:
    """Whether it has no control characters, halves of characters or invisible marks."""
    if text.isascii():  # nearly always, and then Python knows
        return text.isprintable()
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)


def _contact_id(text: str) -> str | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 16:
        return None
    return str(int(text)) if 0 < int(text) <= MAX_CONTACT_ID else None


def _email(text: str) -> str | None:
    text = unicodedata.normalize("NFC", text.lower())
    domain = text.rpartition("@")[2]
    dots_are_good = ".." not in text and not domain.startswith((".", "-")) and not domain.endswith((".", "-"))
    return text if _EMAIL.fullmatch(text) and dots_are_good and len(text) <= MAX_CHARACTERS else None


def _phone(text: str) -> str | None:
    digits = _SEPARATORS.sub("", text)
    digits = digits.removeprefix("+") if digits.startswith("+") else digits.removeprefix("00")
    return f"+{digits}" if _PHONE.fullmatch(digits) else None


_WAYS: Mapping[str, Callable[[str], str | None]] = {
    "contact_id": _contact_id,
    "ext_id": lambda text: text,
    "email_id": _email,
    "phone_id": _phone,
    "whatsapp_id": _phone,
    "landline_number_id": _phone,
}
