"""Is what people ask of automations done for everybody, whatever happens to the transaction?"""

from types import SimpleNamespace
from typing import Any, cast

from collector.store.ports.automations.definitions import Ask
from collector.store.ports.work import WorkStore
from collector.work.automations.wishes import Wishes
from sessionizer.automations.book import Book, House, Live
from sessionizer.automations.definition import Definition


def test_who_was_reached_in_a_transaction_that_failed_is_reached_again() -> None:
    """A segment is let in, a part of it in each turn."""
    everybody = range(1, 6)

    def members(segment: int, after: int, limit: int) -> list[int]:
        return [one for one in everybody if one > after][:limit]

    automations = SimpleNamespace(
        asks=lambda limit: [Ask(1, 1, "enter_segment", 0, "ada", segment=4)], members=members, done=lambda ids: None
    )
    wishes = Wishes(cast(WorkStore, cast(Any, SimpleNamespace(automations=automations))))
    book = Book([Live(1, 1, Definition(), active_at=0)], House(), lambda automation, version: None)
    assert [1, 2] == list(wishes.take(book, 0, 2))
    wishes.forget()
    assert [1, 2] == list(wishes.take(book, 0, 2))
    assert [3, 4] == list(wishes.take(book, 0, 2))
