"""How is JSON read that may hold anything? By Python's own parser, within the bounds of time and depth.

The slow way of every dialect: where the fast one refuses a body, this finds which part of it is to blame. Reads
nothing, writes nothing.
"""

import json
from typing import NoReturn

from collector.errors import Code
from collector.ingest.answer import RequestRefused

_MAX_DIGITS = 30


def read_plain(body: bytes) -> object:
    """A body's bytes → plain values. Raises RequestRefused: malformed, too_deep.

    Python's own parser lets half characters through, so that one event that holds one is refused alone.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_integer)
    except UnicodeDecodeError:
        raise RequestRefused(Code.MALFORMED, "The body is not UTF-8.") from None
    except RecursionError:
        raise RequestRefused(Code.TOO_DEEP) from None
    except ValueError:
        raise RequestRefused(Code.MALFORMED, "The body is not JSON.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | float:
    """Thousands of digits cost quadratic time; nothing beyond 64 bits is taken anyway, and infinity is refused."""
    return int(digits) if len(digits) <= _MAX_DIGITS else float("inf")
