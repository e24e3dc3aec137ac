"""What can be calculated, and how do numbers look? Filters that take a number, also one written as a text.

What is no number is 0 where one calculates, and "" where one writes. No result passes 2^63. Reads nothing, writes
nothing.
"""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

from sessionizer.messages.language.run import Run
from sessionizer.messages.language.value import number_of, text_of

MAX_PLACES = 20
_WIDE = Context(prec=60)  # a number of 2^63 with all its places
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "CLP", "VND", "ISK", "HUF", "XAF", "XOF", "PYG", "UGX"})
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
_NARROW = "\N{NO-BREAK SPACE}"

Number = int | float


def _number(value: Any) -> Number:
    found = number_of(value)
    return 0 if found is None else found


def _calculated(calculate: Callable[[Number, Number], Number]) -> Callable[[Run, Any, Any], Any]:
    def apply(run: Run, value: Any, other: Any) -> Any:
        try:
            return run.number(calculate(run.number(_number(value)), run.number(_number(other))))
        except (ZeroDivisionError, OverflowError, TypeError):
            return None

    return apply


plus = _calculated(lambda value, other: value + other)
minus = _calculated(lambda value, other: value - other)
times = _calculated(lambda value, other: value * other)
divided_by = _calculated(
    lambda value, other: value // other if isinstance(value, int) and isinstance(other, int) else value / other
)
modulo = _calculated(lambda value, other: value % other)
at_least = _calculated(max)
at_most = _calculated(min)


def absolute(run: Run, value: Any) -> Any:
    """Without its sign."""
    return run.number(abs(_number(value)))


def rounded(run: Run, value: Any, places: Any = 0) -> Any:
    """To so many places behind the point; a half goes up."""
    found = _rounded(run, value, max(0, _places(places)), ROUND_HALF_UP)
    return None if found is None else int(found) if _places(places) <= 0 else float(found)


def ceil(run: Run, value: Any) -> Any:
    """The next whole number above."""
    found = _rounded(run, value, 0, ROUND_CEILING)
    return None if found is None else int(found)


def floor(run: Run, value: Any) -> Any:
    """The next whole number below."""
    found = _rounded(run, value, 0, ROUND_FLOOR)
    return None if found is None else int(found)


def _places(value: Any) -> int:
    found = _number(value)
    return int(max(-MAX_PLACES, min(MAX_PLACES, found)))


def _rounded(run: Run, value: Any, places: int, how: str) -> Decimal | None:
    """None for what is no number. Raises TooMuch."""
    found = number_of(value)
    run.pay(2)
    if found is None or run.number(found) is None:
        return None
    return Decimal(repr(found)).quantize(Decimal(1).scaleb(-places), rounding=how, context=_WIDE)


def floatformat(run: Run, value: Any, places: Any = -1) -> str:
    """So many places; a negative number: as many, but none where they would all be 0. Nothing for what is no number."""
    number, wanted = number_of(value), _places(places)
    found = _rounded(run, value, abs(wanted), ROUND_HALF_UP)
    if found is None or number is None:
        return ""
    if wanted < 0 and Decimal(repr(number)) == Decimal(repr(number)).to_integral_value():
        found = _rounded(run, value, 0, ROUND_HALF_UP)
    return f"{found:f}"


def money(run: Run, value: Any, currency: Any = "", language: Any = "en") -> str:
    """An amount with its currency, `€1,234.50`; in Italian `1.234,50 €`. Nothing for what is no number."""
    code = text_of(run, currency)[:8].upper()
    found = _rounded(run, value, 0 if code in _WITHOUT_CENTS else 2, ROUND_HALF_UP)
    if found is None:
        return ""
    digits, sign = f"{abs(found):,f}", "-" if found < 0 else ""
    if text_of(run, language)[:2].lower() == "it":
        return f"{sign}{digits.translate(_SWAPPED)}{_NARROW}{_SIGNS.get(code, code)}".rstrip(_NARROW)
    return f"{sign}{_SIGNS[code]}{digits}" if code in _SIGNS else f"{code}{_NARROW}{sign}{digits}".lstrip(_NARROW)


_SWAPPED = str.maketrans(",.", ".,")
