"""What may stand in a message? Ready pieces for the kind of event that it is for, each with a value that came.

Reads what the builder of segments offers; writes nothing. Values are masked as samples are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from collector.printing.reading import NAMES
from sessionizer.event import Kind

PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*")
TELLING = ("name", "title", "quantity", "price")
"""What a list shows of each of its elements, where they have it."""
MOST_SAMPLES = 2
ALWAYS = ("object.id", "occurred_at", "page.url", "page.title")
"""What every event has beside its properties."""


class Snippet(NamedTuple):
    """A piece. says: a key of words, "" where the piece says itself. sample: values that came."""

    text: str
    says: str = ""
    sample: str = ""


class Group(NamedTuple):
    """Pieces that belong together. title: a key of words."""

    title: str
    snippets: Sequence[Snippet]


def palette_of(
    kind: Kind | None,
    *,
    properties: Sequence[Mapping[str, Any]],
    attributes: Sequence[Mapping[str, Any]],
    blocks: Iterable[str],
    is_html: bool,
) -> list[Group]:
    """properties: of the events of that kind, attributes: of contacts, as `segments/offers.py` says them."""
    groups = [
        Group("messages_palette_event", _of_event(kind, properties, is_html=is_html) if kind else ()),
        Group("messages_palette_contact", _of_contact(attributes)),
        Group("messages_palette_history", HISTORY),
        Group("messages_palette_links", LINKS_HTML if is_html else LINKS),
        Group("messages_palette_blocks", [Snippet(f"{{% include '{name}' %}}") for name in blocks] if is_html else ()),
    ]
    return [group for group in groups if group.snippets]


HISTORY = (
    Snippet("{{ history.ecommerce.order_completed.last.total }}", "messages_last_order"),
    Snippet("{{ history.ecommerce.order_completed.count }}", "messages_order_count"),
    Snippet(
        "{% for item in history.ecommerce.order_completed.last.items %}\n{{ item.name }}\n{% endfor %}",
        "messages_last_items",
    ),
    Snippet("{{ history.website.page_visited.last.page.title }}", "messages_last_page"),
    Snippet("{{ history.forms.form_submitted.last.form_name }}", "messages_last_form"),
)
LINKS = (
    Snippet("{{ unsubscribe }}", "messages_link_unsubscribe"),
    Snippet("{{ mirror }}", "messages_link_mirror"),
    Snippet("{{ update_profile }}", "messages_link_profile"),
    Snippet("{{ doubleoptin }}", "messages_link_optin"),
)
LINKS_HTML = tuple(link._replace(text=f'<a href="{link.text}">…</a>') for link in LINKS)


def variable(root: str, path: str) -> str:
    """`event.total`, `event["my list"]`."""
    steps = (f".{step}" if PLAIN_NAME.fullmatch(step) else f'["{step}"]' for step in path.split("."))
    return root + "".join(steps)


def _of_contact(attributes: Sequence[Mapping[str, Any]]) -> list[Snippet]:
    found = [Snippet(f"{{{{ {variable('contact', name)} }}}}") for name in ("EMAIL",) if name in NAMES]
    return found + [Snippet(f"{{{{ contact.{one['path']} }}}}", "", _sample(one)) for one in attributes
                    if PLAIN_NAME.fullmatch(str(one["path"]))]  # fmt: skip


def _of_event(kind: Kind, properties: Sequence[Mapping[str, Any]], *, is_html: bool) -> list[Snippet]:
    """Lists as loops first: they are what is hardest to write."""
    names = {str(one["path"]) for one in properties if '"' not in str(one["path"])}
    plain = [one for one in properties if str(one["path"]) in names and "[]" not in str(one["path"])]
    loops = [_loop(name, sorted(names), is_html=is_html) for name in _lists(names)]
    money = (
        [Snippet("{{ event.total|money:event.currency }}", "messages_money")] if {"total", "currency"} <= names else []
    )
    single = [Snippet(f"{{{{ {variable('event', str(one['path']))} }}}}", "", _sample(one)) for one in plain]
    return [*loops, *money, *single, *(Snippet(f"{{{{ event.{path} }}}}") for path in ALWAYS if path not in names)]


def _lists(names: Iterable[str]) -> list[str]:
    """Those whose elements have names first: they are what was bought."""
    found = {before: rest for before, mark, rest in sorted(name.partition("[]") for name in names) if mark}
    return sorted(found, key=lambda name: (not found[name], name))


def _loop(list_: str, names: Sequence[str], *, is_html: bool) -> Snippet:
    inner = [rest for name in names if (rest := _inside(name, list_)) is not None]
    wanted = [name for name in TELLING if name in inner] or inner[:3]
    told = " · ".join(f"{{{{ {variable('item', name)} }}}}" if name else "{{ item }}" for name in wanted)
    line = f"  <p>{told}</p>" if is_html else f"- {told}"
    return Snippet(f"{{% for item in {variable('event', list_)} %}}\n{line}\n{{% endfor %}}", "messages_loop")


def _inside(name: str, list_: str) -> str | None:
    """`name` of `items[].name`, "" of `tags[]`; None of what is in another list, or deeper."""
    before, found, rest = name.partition("[]")
    return rest.removeprefix(".") if found and before == list_ and "[]" not in rest else None


def _sample(one: Mapping[str, Any]) -> str:
    return ", ".join(str(sample)[:40] for sample in one["samples"][:MOST_SAMPLES])
