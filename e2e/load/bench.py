"""Is it as fast, small and steady as was asked? Measures, prints a table, writes JSON.

    python e2e/load/bench.py [--json FILE] [names…]    names: the keys of MEASURES

A figure that misses its limit is marked MISS: reported, not hidden. Exit code 0 all the same; 2 for an unknown name.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[0] = str(ROOT)  # run as a script it would be this folder, whose `e2e.load` could not be found

import msgspec  # noqa: E402

from e2e.load import (  # noqa: E402
    accept,
    automations,
    brevo,
    bulk,
    console,
    demo,
    events,
    hooks,
    idle,
    imported,
    mails,
    members,
    memory,
    mixed,
    rebuild,
    render,
    rule,
    segment,
    segments,
    size,
    stream,
    tail,
    timers,
    webhooks,
    work,
)
from e2e.load.figure import HEADER, Figure, conditions, line  # noqa: E402
from e2e.load.load import generator  # noqa: E402

MEASURES: Mapping[str, Callable[[Path], list[Figure]]] = {
    "accept": accept.measure,
    "segment": segment.measure,
    "brevo": brevo.measure,
    "hooks": hooks.measure,
    "work": work.measure,
    "mixed": mixed.measure,
    "rule": rule.measure,
    "timers": timers.measure,
    "stream": stream.measure,
    "size": size.measure,
    "memory": memory.measure,
    "idle": idle.measure,
    "console": console.measure,
    "events": events.measure,
    "mails": mails.measure,
    "members": members.measure,
    "automations": automations.measure,
    "segments": segments.measure,
    "webhooks": webhooks.measure,
    "tail": tail.measure,
    "demo": demo.measure,
    "bulk": bulk.measure,
    "rebuild": rebuild.measure,
    "import": imported.measure,
    "render": render.measure,
}


def main() -> None:
    """Measure what is asked for, one after the other."""
    options = _options()
    about = {**conditions(), "generator": generator()}
    print(", ".join(f"{name}: {value}" for name, value in about.items()), HEADER, sep="\n\n", flush=True)
    figures: list[Figure] = []
    for name in options.names or MEASURES:
        for figure in _measured(name):
            print(line(figure), flush=True)
            figures.append(figure)
    if options.json:
        rows = [{**msgspec.to_builtins(figure), "holds": figure.holds, **about} for figure in figures]
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure; mark what misses its limit.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    parser.add_argument("names", nargs="*", choices=[[], *MEASURES], help="what to measure; default: all")
    return parser.parse_args()


def _measured(name: str) -> list[Figure]:
    """In a folder on a real disk, where a commit costs what it costs; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"sentiero-bench-{name}-", dir="/var/tmp") as scratch:
        return MEASURES[name](Path(scratch))


if __name__ == "__main__":
    main()
