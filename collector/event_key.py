"""Which key is an event given that another product calls by a name of its own? Reads nothing, writes nothing."""

import re
import unicodedata
from functools import lru_cache

from sessionizer.catalogue import CUSTOM, known

_NO_KEY = re.compile(r"[^A-Za-z0-9_-]+")


@lru_cache(maxsize=4_096)
def key_of(name: str) -> str:
    """The key of an event that is called so: a name that can be one stays as it is, `Signed Up` is `signed_up`.

    "" when nothing is left of it.
    """
    if known(CUSTOM, name):
        return name
    plain = unicodedata.normalize("NFKD", name[:1_000]).encode("ascii", "ignore").decode()
    return _NO_KEY.sub("_", plain).strip("_-").lower()[:255]
