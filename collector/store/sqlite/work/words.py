"""Under which number is a word kept? Kinds, doors, sources, pages, user agents repeat: event rows hold their numbers.

Reads and writes `kinds doors sources agents pages`; remembers what it has seen, within bounds.
"""

import sqlite3
from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import TypeVar

from sessionizer.event import Agent, Page

REMEMBER = 20_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(dict[K, V]):
    """A cache that forgets its older half when it is full: no work on a hit."""

    def keep(self, key: K, value: V) -> V:
        """Remember and return the value."""
        if len(self) >= REMEMBER:
            for old in list(self)[: REMEMBER // 2]:
                del self[old]
        self[key] = value
        return value


class Words:
    """One method a kind of word: the number, made when it is new."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: Memory[tuple[str, ...], int] = Memory()
        self._pages: Memory[tuple[str, str], int] = Memory()
        self._agents: Memory[str, tuple[int, Agent]] = Memory()

    def kind(self, category: str, key: str) -> int:
        """The number of (category, key)."""
        found = self._numbers.get((category, key))
        return found or self._number("kinds", "category, key", (category, key))

    def door(self, name: str) -> int:
        """The number of a door."""
        return self._numbers.get(("doors", name, "")) or self._number("doors", "name", (name,))

    def source(self, name: str) -> int:
        """The number of a source."""
        return self._numbers.get(("sources", name, "")) or self._number("sources", "name", (name,))

    def _number(self, table: str, columns: str, values: tuple[str, ...]) -> int:
        where = " AND ".join(f"{column} = ?" for column in columns.split(", "))
        row = self._connection.execute(f"SELECT id FROM {table} WHERE {where}", values).fetchone()
        if row is None:
            marks = ", ".join("?" * len(values))
            row = self._connection.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id",  # names from this file
                values,
            ).fetchone()
        return self._numbers.keep(values if len(values) == 2 else (table, *values, ""), int(row[0]))

    def page(self, page: Page) -> int:
        """The number of a page's (url, title)."""
        found = self._pages.get((page.url, page.title))
        if found is not None:
            return found
        digest = blake2b(f"{page.url}\n{page.title}".encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big", signed=True)
        row = self._connection.execute("SELECT id FROM pages WHERE hash = ?", (number,)).fetchone()
        if row is None:
            row = self._connection.execute(
                "INSERT INTO pages (hash, url, title) VALUES (?, ?, ?) RETURNING id", (number, page.url, page.title)
            ).fetchone()
        return self._pages.keep((page.url, page.title), int(row[0]))

    def agent(self, user_agent: str, read: Callable[[str], Agent]) -> tuple[int, Agent]:
        """The number of a user agent and what it says; `read` is called once an unknown text."""
        found = self._agents.get(user_agent)
        if found is not None:
            return found
        row = self._connection.execute(
            "SELECT id, browser, os, device, bot FROM agents WHERE user_agent = ?", (user_agent,)
        ).fetchone()
        if row is None:
            agent = read(user_agent)
            row = self._connection.execute(
                "INSERT INTO agents (user_agent, browser, os, device, bot) VALUES (?, ?, ?, ?, ?)"
                " RETURNING id, browser, os, device, bot",
                (user_agent, agent.browser, agent.os, agent.device, agent.bot),
            ).fetchone()
        number, browser, os, device, bot = row
        return self._agents.keep(user_agent, (number, Agent(browser, os, device, bool(bot))))

    def forget(self) -> None:
        """The transaction was rolled back: numbers that it made are no more."""
        self._numbers.clear()
        self._pages.clear()
        self._agents.clear()
