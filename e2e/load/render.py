"""How fast is a message written? The order confirmation: subject, preheader, HTML and text part, three items.

The ceiling is Python's own: the same bytes, whose pieces are known already, joined and encoded. One core, in turns.
"""

import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from e2e.load.figure import Figure, Limit, middle
from sessionizer.messages.render import render
from sessionizer.messages.starters.table import STARTERS, example
from sessionizer.messages.template import compile

RUNS = 5
MESSAGES = 1_000
NOW = 1_795_680_000_000


def measure(_: Path) -> list[Figure]:
    """Messages a second, and how it compares with joining what is known."""
    template = compile(STARTERS[0].content, {})
    data = example("https://shop.example/")
    once = render(template, data, now=NOW, zone=UTC)
    pieces = [
        part[at : at + 64]
        for part in (once.subject, once.preheader, once.html, once.text)
        for at in range(0, len(part), 64)
    ]
    ours, bare = [], []
    for _run in range(RUNS):
        ours.append(_a_second(lambda: render(template, data, now=NOW, zone=UTC)))
        bare.append(_a_second(lambda: "".join(pieces).encode()))
    return [
        Figure(
            name="render",
            what="order confirmation rendered (to: joining its pieces)",
            figure=middle(ours),
            unit="messages/s",
            ratio=middle([one / other for one, other in zip(ours, bare, strict=True)]),
            limit=Limit("at least", 1_500),
            runs=ours,
            details={"characters": sum(map(len, pieces)), "ceiling": middle(bare)},
        )
    ]


def _a_second(write: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for _ in range(MESSAGES):
        write()
    return MESSAGES / (time.perf_counter() - begun)
