"""Which instant does a provider mean? Each writes it in its own way. Pure."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from collector.instant import instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_2000_S, _YEAR_10000_S = 946_684_800, 253_402_300_800
_MAX_NUMBER = 10**18
_MAX_CHARACTERS = 100


def moment(value: Any) -> str:
    """RFC 3339, UTC. value: an instant as text (without a zone it is UTC), or seconds, milliseconds or microseconds
    since 1970.

    What cannot be read is given back as it came: that a time is bad is for others to say.
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{9,16}(\.[0-9]{1,9})?", value.strip()):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    return _of_text(value.strip()) if isinstance(value, str) else msgspec.json.encode(value)[:_MAX_CHARACTERS].decode()


def _of_number(value: float) -> str:
    """Its size says in which unit it counts: of years between 2000 and 9999 no two can be meant."""
    if not abs(value) < _MAX_NUMBER:  # integers of thousands of digits are no floats
        return "a number beyond all years" if isinstance(value, int) else str(value)
    for unit in (1, 1_000, 1_000_000):
        if _YEAR_2000_S <= value / unit < _YEAR_10000_S:
            return instant(int(value * 1_000 // unit))
    return str(value)


def _of_text(text: str) -> str:
    text = text[:_MAX_CHARACTERS]
    for read in (datetime.fromisoformat, parsedate_to_datetime):  # `Tue, 24 Nov 2026 10:00:00 +0000` is the other one
        with suppress(ValueError, TypeError, OverflowError):
            found = read(text)
            since = (found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH
            return instant(since // timedelta(milliseconds=1))
    return text
