"""How is a time said to people? A while ago, a day, a time of day, how long; and a number: in their language."""

from datetime import UTC, datetime

SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000

_UNITS = (
    (DAY_MS, ("{n} giorno fa", "{n} giorni fa"), ("{n} day ago", "{n} days ago")),
    (HOUR_MS, ("{n} ora fa", "{n} ore fa"), ("{n} hour ago", "{n} hours ago")),
    (MINUTE_MS, ("{n} minuto fa", "{n} minuti fa"), ("{n} minute ago", "{n} minutes ago")),
    (SECOND_MS, ("{n} secondo fa", "{n} secondi fa"), ("{n} second ago", "{n} seconds ago")),
)
_MONTHS = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def ago(at: int, now: int, language: str) -> str:
    """How long before `now` (both ms UTC), in the greatest unit that fits."""
    gap = now - at
    for unit, it, en in _UNITS:
        if gap >= unit:
            n = gap // unit
            return (it if language == "it" else en)[n != 1].format(n=n)
    return "adesso" if language == "it" else "just now"


def clock(at: int) -> str:
    """`14:03:09`, UTC."""
    seconds = at // SECOND_MS % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def day(at: int, language: str) -> str:
    """`24 novembre 2026`, UTC."""
    when = datetime.fromtimestamp(at / SECOND_MS, UTC)
    return f"{when.day} {_MONTHS[language][when.month - 1]} {when.year}"


def lasts(seconds: int) -> str:
    """`45 s`, `12 min 5 s`, `2 h 5 min`: the two greatest units, written alike in both languages."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def number(value: int, language: str) -> str:
    """`1.234.567` in Italian, `1,234,567` in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if language == "it" else text
