"""What of a property's value may be kept as a sample that people look at? Nothing that leads to a person.

Mail addresses, telephone numbers (any long run of digits), URLs' secrets, everything under a name that speaks of a
person or of a secret say `redacted`; a long text is not kept at all. Names of properties are masked likewise: some
send `{"anna@shop.it": 1}`. Reads nothing, writes nothing; all are linear in the length, which is bounded first.
"""

import re
from functools import lru_cache
from typing import Any

import msgspec

from collector.privacy.redact import REDACTED, redact_url
from sessionizer.properties.learned import Masks

MAX_CHARACTERS = 100
MAX_NAME = 64

_MAIL = re.compile(r"[^\s@<>\"',;:()]+(?:@|%40)[^\s@<>\"',;:()]+")
_DIGITS = re.compile(r"(?<![\w.,])\+?\d(?:[\s().\-/]{0,2}\d){6,}(?!\w)")
_SEVEN = re.compile(r"(?:\d\D{0,2}){6}\d")  # most texts have no such run: a look that is quickly over
_INSTANT = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_PERSONAL = re.compile(
    r"mail|phone|telefon|mobile|cellul|whatsapp|address|indirizzo|street|iban|card_?num|birth|nascita|surname|cognome|"
    r"(?:first|last|full|user|nick|middle)_?-?name|^nome$|^tel$|^ip$|codice_?fiscale|tax_?(?:id|code)|^ssn$|vat|passport|"
    r"token|secret|passw|^pwd$|^pass$|^pin$|^otp$|api_?-?key|authorization|^auth$|signature|session_?-?id|sessid|"
    r"credential|jwt|cookie",
    re.IGNORECASE,
)

_encoder = msgspec.json.Encoder()


@lru_cache(maxsize=4_096)
def masked_name(name: str) -> str:
    """A property's name; `redacted` when it is somebody's address or number, or too long for a name."""
    return name if len(name) <= MAX_NAME and masked_text(name) == name else REDACTED


def masked_text(text: str) -> str:
    """The text without mail addresses and telephone numbers; dates stay."""
    if "@" in text or "%40" in text:
        text = _MAIL.sub(REDACTED, text)
    if _SEVEN.search(text) and not _INSTANT.fullmatch(text):
        text = _DIGITS.sub(REDACTED, text)
    return text


def masked_value(name: str, value: Any) -> str:
    """A text, number or truth value as JSON text, fit to be shown; "" when nothing of it is. name: the property's."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_personal(name):
        return f'"{REDACTED}"'
    if not isinstance(value, str):
        text = _encoder.encode(value).decode()
        return text if masked_text(text) == text else f'"{REDACTED}"'
    if len(value) > MAX_CHARACTERS:
        return ""
    shown = redact_url(value) if value.startswith(("http://", "https://")) else value
    return _encoder.encode(masked_text(shown)).decode()


@lru_cache(maxsize=4_096)
def _is_personal(name: str) -> bool:
    return _PERSONAL.search(name) is not None


MASKS = Masks(masked_name, masked_value)
