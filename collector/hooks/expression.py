"""How is something found in a payload? JMESPath, as it is known elsewhere, and a few functions that payloads need.

    data.object.id                        a path
    items[?sku].{name: title, n: qty}     lists, shapes
    minor(amount, currency)               1099, 'eur' → 10.99; of yen, which have no cents, 1099
    pairs(list, 'name', 'value')          [{name: a, value: 1}] → {a: 1}
    without(@, 'email', 'phone')          an object but for some members
    time(1764000000)                      an instant however it is written: '2025-11-24T16:00:00.000Z'
    lower(x) upper(x) trim(x) split(x, ',') replace(x, 'a', 'b') address('A <a@b.c>') digits('+39 333')

Of our own functions those that read a text give null for anything else, so that a payload that lacks a field is no
error. Pure. Source: https://jmespath.org/specification.html
"""

import re
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.visitor import TreeInterpreter

from collector.hooks.compiled import Ask, Library, compiled
from collector.hooks.growth import MAX_GROWTH, growth
from collector.hooks.moment import moment

if TYPE_CHECKING:
    from jmespath.functions import _Signature

MAX_CHARACTERS: Final = 1_000
MAX_NESTED: Final = 40
"""Brackets within brackets: deeper ones would exhaust the stack of whoever reads them."""

MAX_REPLACED: Final = 1_000_000
"""Characters, at worst: replacements within replacements grow without end."""

MAX_ONE: Final = 1_000
"""Characters of an address or a number: who takes longer ones apart would be busy for a while."""

_ANY: "_Signature" = {"types": []}
_TEXT: "_Signature" = {"types": ["string"]}

# ISO 4217: how many decimals an amount in the smallest unit has, where it is not two. Source: the currency tables of
# https://docs.stripe.com/currencies and https://www.six-group.com/en/products-services/financial-information/data-standards.html
_NO_DECIMALS: Final = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
_THREE_DECIMALS: Final = frozenset("bhd iqd jod kwd lyd omr tnd".split())


class BadExpression(ValueError):
    """It is no expression, or what it was asked of does not fit; the text says why."""


class _Functions(Functions):
    """Found by their names: `_func_<name>`."""

    @signature(_ANY, _ANY)
    def _func_minor(self, amount: Any, currency: Any) -> float | int | None:
        code = currency.lower() if isinstance(currency, str) else ""
        if isinstance(amount, str) and re.fullmatch(r"-?[0-9]{1,15}", amount):
            amount = int(amount)
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            return None
        if code in _NO_DECIMALS:
            return amount
        return amount / 1_000 if code in _THREE_DECIMALS else amount / 100

    @signature(_ANY, _TEXT, _TEXT)
    def _func_pairs(self, items: Any, name: str, value: str) -> dict[str, Any] | None:
        if not isinstance(items, list):
            return None
        rows = [item for item in items if isinstance(item, dict) and isinstance(item.get(name), str)]
        return {row[name]: row.get(value) for row in rows}

    @signature(_ANY, {"types": ["string"], "variadic": True})
    def _func_without(self, whole: Any, *names: str) -> dict[str, Any] | None:
        return {k: v for k, v in whole.items() if k not in names} if isinstance(whole, dict) else None

    @signature(_ANY)
    def _func_time(self, value: Any) -> str | None:
        return None if value is None or isinstance(value, bool | dict | list) else moment(value)

    @signature(_ANY)
    def _func_lower(self, text: Any) -> str | None:
        return text.lower() if isinstance(text, str) else None

    @signature(_ANY)
    def _func_upper(self, text: Any) -> str | None:
        return text.upper() if isinstance(text, str) else None

    @signature(_ANY)
    def _func_trim(self, text: Any) -> str | None:
        return text.strip() if isinstance(text, str) else None

    @signature(_ANY, _TEXT)
    def _func_split(self, text: Any, by: str) -> list[str] | None:
        return text.split(by) if isinstance(text, str) and by else None

    @signature(_ANY, _TEXT, _TEXT)
    def _func_replace(self, text: Any, old: str, new: str) -> str | None:
        if not isinstance(text, str) or not old or len(text) * max(1, len(new)) > MAX_REPLACED:
            return None
        return text.replace(old, new)

    @signature(_ANY)
    def _func_address(self, text: Any) -> str | None:
        return parseaddr(text)[1] or None if isinstance(text, str) and len(text) <= MAX_ONE else None

    @signature(_ANY)
    def _func_digits(self, text: Any) -> str | None:
        plain = str(text) if isinstance(text, int) else text
        return re.sub(r"[^0-9]", "", plain) or None if isinstance(plain, str) and len(plain) <= MAX_ONE else None

    @signature(_TEXT, {"types": ["array-string"]})
    def _func_join(self, by: str, texts: list[str]) -> str | None:
        """JMESPath's own, but for one that would fill the memory."""
        is_small = len(by) * len(texts) + sum(map(len, texts)) <= MAX_REPLACED
        return by.join(texts) if is_small else None


FUNCTIONS: Final = tuple(sorted(_Functions.FUNCTION_TABLE.keys() - Functions.FUNCTION_TABLE.keys()))
"""The names of our own."""

_LIBRARY: Final = Library(TreeInterpreter(jmespath.Options(custom_functions=_Functions())), _Functions())


class Expression:
    """A compiled expression."""

    def __init__(self, text: str) -> None:
        """Raises BadExpression."""
        self.text = text
        self._ask = _asked(text)

    def __call__(self, payload: object) -> Any:
        """What it finds, None for nothing. Raises BadExpression when a function is given what it cannot take."""
        try:
            return self._ask(payload)
        except JMESPathError as error:
            raise BadExpression(_says(error)) from None
        except RecursionError:
            raise BadExpression("the payload is nested too deeply") from None
        except (TypeError, ValueError, ArithmeticError) as error:  # a text is less than a number, a half of infinity …
            raise BadExpression(_says(error)) from None


@lru_cache(maxsize=4_096)
def _asked(text: str) -> Ask:
    if len(text) > MAX_CHARACTERS:
        raise BadExpression(f"an expression has at most {MAX_CHARACTERS:,} characters")
    if max(text.count("("), text.count("["), text.count("{"), text.count("!"), text.count("&")) > MAX_NESTED:
        raise BadExpression(f"at most {MAX_NESTED} brackets of a kind")
    try:
        parsed = jmespath.compile(text).parsed
        _check_functions(parsed)
        if growth(parsed) > MAX_GROWTH:
            raise BadExpression("what it finds could be far larger than the payload")
        return compiled(parsed, _LIBRARY)
    except JMESPathError as error:
        raise BadExpression(_says(error)) from None
    except RecursionError:
        raise BadExpression("it is nested too deeply") from None


def _check_functions(node: Any) -> None:
    """An unknown function would show only when it is called."""
    if node["type"] == "function_expression" and node["value"] not in _Functions.FUNCTION_TABLE:
        raise BadExpression(f"there is no function {node['value']}()")
    for child in node["children"]:
        if isinstance(child, dict):
            _check_functions(child)


def _says(error: Exception) -> str:
    """The first line: what follows draws the place with blanks."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
