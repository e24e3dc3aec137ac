"""Which name was probably meant? For *did you mean*. Reads nothing, writes nothing."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 64  # characters: comparing takes time that grows with the length
_MANY = 500


def meant(name: str, names: Iterable[str]) -> str | None:
    """The nearest of the names, one that differs by its case first; None when nothing is near."""
    known = sorted(names)[:_MANY]
    folded = {one.casefold(): one for one in reversed(known)}
    if name.casefold() in folded:
        return folded[name.casefold()]
    near = get_close_matches(name.casefold(), folded, n=1) if len(name) <= _LONGEST else []
    return folded[near[0]] if near else None
