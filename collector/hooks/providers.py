"""Which providers do we know? Their mapping files, which are shipped; `generic` takes any JSON."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from collector.hooks.mapping import HookMapping, read_mapping

GENERIC = "generic"


@cache
def texts() -> Mapping[str, str]:
    """The files' texts by the name of their provider, in order of name; the generic one first."""
    found = {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in files("collector.hooks").joinpath("shipped").iterdir()
        if file.name.endswith(".toml")
    }
    return {name: found[name] for name in sorted(found, key=lambda name: (name != GENERIC, name))}


@cache
def shipped() -> Mapping[str, HookMapping]:
    """The same, read."""
    return {name: read_mapping(text) for name, text in texts().items()}
