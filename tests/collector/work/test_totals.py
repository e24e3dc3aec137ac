"""Totals beside the rows: whatever arrives in whatever order, they are what counting the rows would give."""

import random
from pathlib import Path

import pytest

from sessionizer.event import Page
from tests.collector.work.deployment import COUNTED, HOURS, KEPT, SESSIONS, Deployment

BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PAGES = (
    Page("https://shop.example/", "Home"),
    Page("https://shop.example/?utm_source=news", "Home", "https://mail.example/"),
    Page("https://shop.example/shoes", "Shoes", "https://www.search.example/?q=shoes"),
    None,
)


@pytest.mark.parametrize("seed", range(12))
def test_totals_are_what_counting_gives(here: Deployment, seed: int) -> None:
    """Late events, joins, retractions, revivals, bots and doubles, in small batches and with restarts."""
    chance = random.Random(seed)
    for n in range(60):
        minute, visitor = chance.randrange(0, 3_000, 10), f"v{chance.randrange(4)}"
        if chance.random() < 0.15:
            here.identify(f"i{n}", minute, visitor=visitor, email_id=f"p{chance.randrange(2)}@example.it")
        elif chance.random() < 0.1:
            here.say(f"b{n}", minute, user_agent=BOT)
        else:
            here.say(f"e{chance.randrange(n + 1)}", minute, visitor=visitor, page=chance.choice(PAGES))
        if chance.random() < 0.3:
            here.work(3_000 + n)
        if chance.random() < 0.05:
            here.store.close()
            here.start()
    here.work(9_000)
    assert here.ask("SELECT count(*) FROM events WHERE flags & 1") > [(0,)]
    assert here.ask(COUNTED) == here.ask(KEPT)
    assert here.ask(SESSIONS) == here.ask(HOURS)


def test_a_batch_that_fails_is_not_counted(here: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Totals are written in the transaction of the events."""
    here.say("a", 0)
    with monkeypatch.context() as broken:
        broken.setattr(here.worker._decide, "batch", None)
        with pytest.raises(TypeError):
            here.worker.turn()
    assert [] == here.ask(KEPT)
    here.work(1)
    assert [(1,), (1,)] == here.ask("SELECT events FROM kind_days ORDER BY kind")
