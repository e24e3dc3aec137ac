"""What is there to set, call, send and read? Writes docs/reference.md from the code, so that it cannot be wrong.

Reads the tables of `collector` and `sessionizer` (settings, commands, routes, refusals, catalogue); writes that file,
the page of `events.py`, the tables of `hooks.py` and the pictures of `pictures.py`. Run it by `make docs`.
`tests/test_docs.py` and `test_docs_hooks.py` fail when one of them is older than the code.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from starlette.routing import BaseRoute, Route

from collector.app import build
from collector.commands.terminal.verbs import VERBS, command_of
from collector.config import KINDS, SETTINGS, Setting, load
from collector.errors import REFUSALS, Refused
from collector.metrics import Metrics
from docs import events as events_page
from docs import hooks as hooks_page
from docs import pictures
from docs.markdown import code, paragraph, table
from sessionizer.catalogue import CATALOGUE, CATEGORIES

REFERENCE = Path(__file__).resolve().parent / "reference.md"

CONVERTER = re.compile(r":[a-z]+}")  # {id:int} is {id} to whoever calls it

HEAD = """\
# Reference

Written from the code by `make docs`: change the code, not this file.

[Settings](#settings) · [Commands](#commands) · [Routes](#routes) · [Refusals](#refusals) ·
[Metrics](#metrics) · [Events](#events)
"""

SETTINGS_HEAD = """\
A flag of the command line wins over an environment variable, that over `sentiero.toml` in the current folder, that over
the default. A setting `port` is `--port` where the command has that flag, `SENTIERO_PORT`, and `port = 8400` in the
file. A secret may also stand in a file of its own: `SENTIERO_API_KEY_FILE=/run/secrets/api_key`.
"""

COMMANDS_HEAD = """\
Exit codes: 0 ok, 1 failure, 2 usage, 3 configuration, 4 not found, 5 partly done, 130 interrupted.
"""

ROUTES_HEAD = """\
Times are RFC 3339 in UTC with milliseconds. Errors are problem JSON (RFC 9457). `api-key` is a header.
"""

REFUSALS_HEAD = """\
The closed list. In a batch an event is refused with its code in the answer's `rejected`, and the answer stays 202; the
status below is that of a whole request. What is marked *again* was refused for now only: send the same ids again.
"""

METRICS_HEAD = """\
What `GET /metrics` shows, in the words of Prometheus.
"""

EVENTS_HEAD = """\
An event's kind is its category and key together. *Arises*: `given`, somebody sends it; `derived`, it follows from
others; `receipt`, our own delivery reports it. *Activity*: whether it keeps a session open when a visitor does it in a
browser or app. What they carry stands in [events.md](events.md).
"""

OPEN_CATEGORY = """\
Any key of your own: 1 to 255 letters, digits, `-` and `_`, with properties of up to 50 KB.
"""


def reference() -> str:
    """The whole text of docs/reference.md."""
    sections = (
        ("Settings", SETTINGS_HEAD, settings()),
        ("Commands", COMMANDS_HEAD, commands()),
        ("Routes", ROUTES_HEAD, routes()),
        ("Refusals", REFUSALS_HEAD, refusals()),
        ("Metrics", METRICS_HEAD, metrics()),
        ("Events", EVENTS_HEAD, events()),
    )
    return HEAD + "".join(f"\n## {title}\n\n{head}\n{body.strip()}\n" for title, head, body in sections)


def settings() -> str:
    """One row a setting, in the order of the table in the code."""
    rows = [(code(row.name), code(variable(row)), code(row.default), setting_says(row)) for row in SETTINGS]
    return table(("setting", "environment", "default", "what it is"), rows)


def variable(row: Setting) -> str:
    """The environment variable of a setting."""
    return f"SENTIERO_{row.name.upper()}"


def setting_says(row: Setting) -> str:
    """The help, what values it takes, and whether it is a secret."""
    return f"{row.help} ({KINDS[row.kind].says}{'; a secret' if row.secret else ''})"


def commands() -> str:
    """One heading a command, with its arguments and options."""
    return "\n".join(command_section(path, command) for path, command in command_tree())


def command_tree() -> Iterator[tuple[str, Any]]:
    """(the words to type, the command) of every command, sub-commands after their group."""
    for verb in sorted(VERBS):
        command = command_of(verb)
        yield f"sentiero {verb}", command
        yield from _below(f"sentiero {verb}", command)


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield f"{path} {name}", child
        yield from _below(f"{path} {name}", child)


def command_section(path: str, command: Any) -> str:
    """`### sentiero serve`, what it does, a table of its parameters."""
    rows = [(code(", ".join(parameter_names(p))), getattr(p, "help", None) or "") for p in parameters(command)]
    listing = table(("parameter", "what it is"), rows) if rows else ""
    return f"### `{path}`\n\n{paragraph(command.help)}\n\n{listing}"


def parameters(command: Any) -> list[Any]:
    """A command's own arguments and options."""
    return [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]


def parameter_names(parameter: Any) -> list[str]:
    """`--port` for an option, `NAME` for an argument."""
    if parameter.param_type_name == "argument":
        return [parameter.name.upper()]
    return [*parameter.opts, *parameter.secondary_opts]


class Documented(NamedTuple):
    """A route as the reference shows it. says: the first paragraph of its handler's docstring."""

    methods: tuple[str, ...]
    path: str
    says: str


def route_table() -> list[Documented]:
    """Every route, in order of path. The parts are real and put together in a folder that is thrown away."""
    with TemporaryDirectory() as folder:
        built = build(load({"data": folder, "worker": "off"}, {}, Path(folder)))
    return sorted(filter(None, map(documented, built.routes)), key=lambda route: (route.path, route.methods))


def documented(route: BaseRoute) -> Documented | None:
    """What the reference shows of it; HEAD goes without saying, and so does OPTIONS (browsers ask it)."""
    if not isinstance(route, Route):
        return None
    methods = tuple(sorted((route.methods or set()) - {"HEAD", "OPTIONS"}))
    path, says = CONVERTER.sub("}", route.path), paragraph(route.endpoint.__doc__)
    return Documented(methods, path, says) if methods else None


def routes() -> str:
    """One row a route: methods, path, the first sentence of the handler."""
    rows = [(" ".join(route.methods), code(route.path), route.says) for route in route_table()]
    return table(("method", "path", "what it does"), rows)


def refusals() -> str:
    """One row a code of the closed enum."""
    rows = [(code(name.value), str(row.status), again(row), row.says) for name, row in REFUSALS.items()]
    return table(("code", "status", "", "what it says"), rows)


def again(row: Refused) -> str:
    """Whether the same may be sent once more."""
    return "again" if row.retryable else ""


def metrics() -> str:
    """One row a metric: its name as Prometheus shows it, its type, its help."""
    rows = [(code(family.name), family.type, family.documentation) for family in Metrics().registry.collect()]
    return table(("metric", "type", "what it is"), rows)


def events() -> str:
    """One table a category, in the order of the catalogue."""
    return "\n".join(category_section(slug) for slug in CATEGORIES)


def category_section(slug: str) -> str:
    """`### website`, its labels, one row an event."""
    category = CATEGORIES[slug]
    rows = [event_row(row) for row in CATALOGUE.values() if row.category == slug]
    listing = table(("key", "arises", "activity", "in English", "in italiano"), rows) if rows else OPEN_CATEGORY
    return f"### `{slug}`\n\n{category.label_en} · *{category.label_it}*\n\n{listing}"


def event_row(row: Any) -> tuple[str, ...]:
    """One event: key, how it arises, and its two labels with their sentences."""
    return (
        code(row.key),
        row.arises,
        "yes" if row.activity else "",
        f"**{row.label_en}**: {row.description_en}",
        f"**{row.label_it}**: {row.description_it}",
    )


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
    events_page.PAGE.write_text(events_page.page(), encoding="utf-8")
    hooks_page.PAGE.write_text(hooks_page.page(), encoding="utf-8")
    pictures.write()
    print(f"{REFERENCE.name}: {len(reference().splitlines())} lines; {len(pictures.STORIES)} pictures")
