"""Which messages are there? The row, its versions, the blocks that they share, and the port that keeps them."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from sessionizer.event import Kind
from sessionizer.messages.message import Channel, Content, Purpose


class Writing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a version says, and how it is sent.

    content: the sources as they were written; of MJML also the HTML that was made of it when it was saved. event: the
    kind of event that it is about, None when it is about none. sender: an address, a number; "" is the deployment's.
    account: which of several accounts sends it; "" the first. template, template_language: of WhatsApp, one that Meta
    has approved; the lines of the text are then its parameters, in their order.
    """

    purpose: Purpose
    content: Content
    event: Kind | None = None
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    account: str = ""
    template: str = ""
    template_language: str = ""
    track_opens: bool = True
    track_clicks: bool = True

    @property
    def channel(self) -> Channel:
        """By which way it goes."""
        return self.content.channel


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is kept, in its newest version. Instants in ms UTC. archived_at: None while it is in use."""

    id: int
    name: str
    version: int
    writing: Writing
    created_at: int
    modified_at: int
    archived_at: int | None = None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said once. written_at: ms UTC."""

    message: int
    version: int
    writing: Writing
    written_at: int


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A part that several messages share."""

    name: str
    body: str
    modified_at: int


class MessageChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes other; None stays. A writing is a new version, when it differs."""

    name: str | None = None
    writing: Writing | None = None
    archived: bool | None = None


class Messages(Protocol):
    """Messages of one deployment. Each write is a durable transaction of its own."""

    def all(self) -> list[Message]:
        """Every message, by id, archived ones too."""

    def one(self, id: int) -> Message | None:
        """One message in its newest version."""

    def version(self, message: int, version: int) -> Version | None:
        """What it said then."""

    def versions(self, message: int) -> list[Version]:
        """All of them, the newest first."""

    def create(self, name: str, writing: Writing, *, at: int) -> Message:
        """A new one. Raises NameTaken (`definitions/lists.py`)."""

    def change(self, id: int, change: MessageChange, *, at: int) -> Message | None:
        """As it is afterwards; None when there is no such message. Raises NameTaken."""

    def blocks(self) -> Mapping[str, Block]:
        """By name."""

    def put_block(self, name: str, body: str, *, at: int) -> Block:
        """A new one, or what an old one says from now on."""

    def delete_block(self, name: str) -> bool:
        """Whether there was one."""

    def data_version(self) -> int:
        """Changes whenever somebody has written to the file: what is remembered may be old."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
