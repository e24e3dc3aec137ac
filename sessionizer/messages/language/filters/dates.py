"""How does a date look? The filter `date`, with Django's letters, and `%` as in strftime.

    "d/m/Y" 26/11/2026      "j F Y" 26 November 2026      "%d.%m.%Y" 26.11.2026      "j F Y", "it" 26 novembre 2026

Takes "now", a date, an instant in RFC 3339, or milliseconds since 1970; instants are shown in the rendering's zone.
Every letter is in a table: nothing is left to the C library. Reads nothing, writes nothing.
Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date
"""

from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sessionizer.messages.language.run import Run
from sessionizer.messages.language.value import number_of, text_of
from sessionizer.wall_clock import EPOCH, MILLISECOND

MAX_FORM = 200  # characters
_SECONDS_UNTIL = 100_000_000_000  # a smaller number counts seconds: as milliseconds it would be in 1973

_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica".split(),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
}

Say = Callable[[datetime, str], str]

_LETTERS: dict[str, Say] = {
    "d": lambda at, _: f"{at.day:02}",
    "j": lambda at, _: str(at.day),
    "D": lambda at, language: _DAYS[language][at.weekday()][:3],
    "l": lambda at, language: _DAYS[language][at.weekday()],
    "S": lambda at, language: _suffix(at.day) if language == "en" else "",
    "w": lambda at, _: str(at.isoweekday() % 7),
    "z": lambda at, _: str(at.timetuple().tm_yday),
    "W": lambda at, _: str(at.isocalendar().week),
    "m": lambda at, _: f"{at.month:02}",
    "n": lambda at, _: str(at.month),
    "M": lambda at, language: _MONTHS[language][at.month - 1][:3],
    "b": lambda at, language: _MONTHS[language][at.month - 1][:3].lower(),
    "F": lambda at, language: _MONTHS[language][at.month - 1],
    "N": lambda at, language: _MONTHS[language][at.month - 1][:3],
    "t": lambda at, _: str(monthrange(at.year, at.month)[1]),
    "y": lambda at, _: f"{at.year % 100:02}",
    "Y": lambda at, _: f"{at.year:04}",
    "o": lambda at, _: str(at.isocalendar().year),
    "L": lambda at, _: "true" if isleap(at.year) else "false",
    "H": lambda at, _: f"{at.hour:02}",
    "G": lambda at, _: str(at.hour),
    "h": lambda at, _: f"{(at.hour + 11) % 12 + 1:02}",
    "g": lambda at, _: str((at.hour + 11) % 12 + 1),
    "i": lambda at, _: f"{at.minute:02}",
    "s": lambda at, _: f"{at.second:02}",
    "u": lambda at, _: f"{at.microsecond:06}",
    "a": lambda at, _: "a.m." if at.hour < 12 else "p.m.",
    "A": lambda at, _: "AM" if at.hour < 12 else "PM",
    "f": lambda at, _: f"{(at.hour + 11) % 12 + 1}" + (f":{at.minute:02}" if at.minute else ""),
    "e": lambda at, _: at.tzname() or "",
    "T": lambda at, _: at.tzname() or "",
    "O": lambda at, _: f"{at:%z}",
    "c": lambda at, _: at.isoformat(),
    "U": lambda at, _: str((at.astimezone(EPOCH.tzinfo) - EPOCH) // (1_000 * MILLISECOND)),
}
_PERCENT = {
    "d": "d", "e": "j", "a": "D", "A": "l", "j": "z", "m": "m", "b": "M", "h": "M", "B": "F", "y": "y", "Y": "Y",
    "H": "H", "I": "h", "M": "i", "S": "s", "p": "A", "Z": "T", "z": "O", "s": "U", "f": "u", "F": "Y-m-d",
    "T": "H:i:s", "D": "m/d/y", "R": "H:i", "u": "w", "V": "W", "G": "o",
}  # fmt: skip
_WITHOUT_NOUGHT = {"d": "j", "m": "n", "H": "G", "I": "g"}  # as in %-d


def date(run: Run, value: Any, form: Any = "d/m/Y", language: Any = "en") -> str:
    """As the letters of the form say. What is no date stays as it is."""
    at = _instant(run, value)
    if at is None:
        return text_of(run, value)
    spoken = "it" if text_of(run, language)[:2].lower() == "it" else "en"
    run.pay(len(text_of(run, form)[:MAX_FORM]) // 8)
    return "".join(part(at, spoken) for part in _parts(text_of(run, form)[:MAX_FORM]))


def _instant(run: Run, value: Any) -> datetime | None:
    try:
        if value == "now":
            return (EPOCH + run.now * MILLISECOND).astimezone(run.zone)
        number = number_of(value)
        if number is not None:
            ms = number * 1_000 if abs(number) < _SECONDS_UNTIL else number
            return (EPOCH + int(ms) * MILLISECOND).astimezone(run.zone)
        return _read(run, value) if isinstance(value, str) and len(value) <= 40 else None
    except (ValueError, OverflowError):
        return None


def _read(run: Run, text: str) -> datetime:
    """A date, or an instant without a zone, is meant in the zone of the rendering. Raises ValueError."""
    at = datetime.fromisoformat(text.strip())
    return at.replace(tzinfo=run.zone) if at.tzinfo is None else at.astimezone(run.zone)


@lru_cache(maxsize=256)
def _parts(form: str) -> tuple[Say, ...]:
    """What is said one after the other."""
    return tuple(_of_percents(form) if "%" in form else _of_letters(form))


def _of_letters(form: str) -> list[Say]:
    found, letters = [], iter(form)
    for letter in letters:
        if letter == "\\":
            found.append(_literal(next(letters, "")))
        else:
            found.append(_LETTERS.get(letter) or _literal(letter))
    return found


def _of_percents(form: str) -> list[Say]:
    found, letters = [], iter(form)
    for letter in letters:
        if letter != "%":
            found.append(_literal(letter))
            continue
        sign = next(letters, "%")
        django = _WITHOUT_NOUGHT.get(next(letters, ""), "") if sign == "-" else _PERCENT.get(sign, "")
        found.extend(_of_letters(django) if django else [_literal(sign)])
    return found


def _literal(text: str) -> Say:
    return lambda _at, _language: text


def _suffix(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
