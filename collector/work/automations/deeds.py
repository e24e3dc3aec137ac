"""What do the steps of automations come to? A row of the outbox, or something that is said of the contact to the log.

Everything has an id that follows from the run and the step: done again after a crash, it is no second one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from collector.log.entry import AUTOMATION_DOOR, DERIVED_DOOR, Entry, decode_entry, encode_entry
from collector.store.ports.automations.work import Sent
from collector.store.ports.messages.outbox import Order, Post
from collector.store.ports.work import Said, WorkStore
from collector.work.saying import Sayings
from sessionizer.automations import definition as asks
from sessionizer.automations.book import House
from sessionizer.automations.filled import added, filled
from sessionizer.automations.reach import address_of
from sessionizer.automations.way import Effect
from sessionizer.contact import Contact
from sessionizer.messages.message import Content

ORIGIN = "automation"
SET, LISTED, UNLISTED = ("contact", "attributes_updated"), ("contact", "list_added"), ("contact", "list_removed")


class Deeds:
    """One a worker. They gather until `flush`, in the same transaction."""

    def __init__(self, store: WorkStore, sayings: Sayings) -> None:
        self._store, self._sayings = store, sayings
        self.forget()

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._posts: list[Post] = []
        self._sent: list[Sent] = []
        self._said: list[Said] = []

    def do(self, effects: Sequence[Effect], contact: Contact, house: House, now: int) -> None:
        """Ask for them. contact: as it is known now."""
        attributes = {**contact.attributes}  # several steps of one batch add to one number
        if any(isinstance(one.step, asks.SetAttribute) and one.step.op == "add" for one in effects):
            attributes |= self._on_its_way(contact.id)
        for one in effects:
            step = one.step
            if isinstance(step, asks.Send):
                self._send(one, step, contact, house, now)
            elif isinstance(step, asks.Webhook):
                self._call(one, step, contact, now)
            elif isinstance(step, asks.SetAttribute):
                self._set(one, step, contact, attributes, now)
            elif isinstance(step, asks.ChangeList):
                kind = LISTED if step.op == "add" else UNLISTED
                self._say(one, kind, now, properties={"list": step.name})
            elif isinstance(step, asks.Emit):
                properties = filled(step.properties, one.run.trigger, contact)
                self._say(one, ("custom", step.key), now, properties=properties)

    def _on_its_way(self, contact: int) -> Mapping[str, Any]:
        """What automations have said of its attributes, and what has not been read back: it is so already."""
        rows = self._store.outgoing.of(self._store.people.closure(contact), 0)
        entries = (decode_entry(row.body) for row in sorted(rows, key=lambda row: row.at))
        said = (entry.attributes or {} for entry in entries if entry.door == AUTOMATION_DOOR)
        return {name: value for one in said for name, value in one.items()}

    def _send(self, effect: Effect, step: asks.Send, contact: Contact, house: House, now: int) -> None:
        mail = house.messages[step.message]
        post = Post(
            id=effect.id, channel=mail.channel, purpose=mail.purpose,
            recipient=address_of(mail, contact), due_at=now, order=_order(effect), message=step.message,
            version=mail.version, contact=contact.id,
        )  # fmt: skip
        run, is_marketing = effect.run, mail.purpose == "marketing"
        self._posts.append(post)
        self._sent.append(Sent(post.id, run.id, run.automation, contact.id, step.message, is_marketing, effect.at))

    def _call(self, effect: Effect, step: asks.Webhook, contact: Contact, now: int) -> None:
        body = step.body or "{{ contact|json }}"
        post = Post(
            id=effect.id, channel="webhook", purpose="transactional", recipient=step.url, due_at=now,
            order=_order(effect, content=Content(channel="webhook", text=body)), contact=contact.id,
        )  # fmt: skip
        self._posts.append(post)

    def _set(
        self, effect: Effect, step: asks.SetAttribute, contact: Contact, attributes: dict[str, Any], now: int
    ) -> None:
        value = None if step.op == "remove" else filled(step.value, effect.run.trigger, contact)
        if step.op == "add" and isinstance(value, int | float):
            value = added(attributes, step.name, value)
        attributes[step.name] = value
        self._say(effect, SET, now, attributes={step.name: value})

    def _say(self, effect: Effect, kind: tuple[str, str], now: int, **more: Any) -> None:
        run, trigger = effect.run, effect.run.trigger
        entry = Entry(
            door=AUTOMATION_DOOR, source=DERIVED_DOOR, site=0, id=effect.id, category=kind[0],
            key=kind[1], occurred_at=effect.at, received_at=now, causes=(trigger.id,), depth=trigger.depth + 1,
            contact=run.contact, **more,
        )  # fmt: skip
        self._said.append(Said(entry.id, False, run.contact, entry.occurred_at, encode_entry(entry)))

    def flush(self, now: int) -> None:
        """Write what has gathered."""
        self._store.outbox.put(self._posts, at=now)
        self._store.automations.sent(self._sent)
        self._sayings.put(self._said)
        self.forget()


def _order(effect: Effect, content: Content | None = None) -> Order:
    """What the message is about: the event by its id, so that it is kept once; else what is known of the occasion."""
    trigger = effect.run.trigger
    event, params = (trigger.id, {}) if trigger.category else ("", dict(trigger.properties))
    return Order(params=params, event=event, content=content, origin=ORIGIN)
