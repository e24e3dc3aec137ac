"""What is sent and answered about sources of webhooks."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from collector.api.frame.answer import Instant
from collector.hooks.mapping import MAX_BYTES, HookMapping
from collector.hooks.trial import Outcome
from collector.instant import instant
from collector.store.ports.definitions.sources import Payload, Source

Name = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Secret = Annotated[str, Meta(min_length=8, max_length=2_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]
MappingText = Annotated[str, Meta(max_length=MAX_BYTES)]


class NewSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST. name: of its address, as its provider is called without it. secret: the provider's own; one is made
    where it is ours to make. mapping: TOML; as it is shipped without it."""

    provider: Annotated[str, Meta(min_length=1, max_length=63)]
    name: Name | UnsetType = UNSET
    secret: Secret | UnsetType = UNSET
    mapping: MappingText | UnsetType = UNSET


class ChangedSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH: what is not there stays. mapping: "" is the shipped one again."""

    mapping: MappingText | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class NewSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST …/secrets. secret: the provider's own; one is made without it. replace: the older ones go at once;
    else they stay good, so that calls that are under way are taken."""

    secret: Secret | UnsetType = UNSET
    replace: bool = False


class Trying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/webhooks/try. payload: the body of a call, as it comes. mapping: TOML, or that of `source`,
    or as shipped for `provider`. form: whether the payload is one, instead of JSON."""

    payload: Annotated[str, Meta(max_length=MAX_BYTES)]
    mapping: MappingText | UnsetType = UNSET
    source: str = ""
    provider: str = ""
    headers: Mapping[str, str] = {}
    form: bool = False


class ProviderAnswer(msgspec.Struct, frozen=True):
    """What is shipped of a provider. events: those that may come out. checked: the day on which its payloads were
    compared with `docs`; untried: what could not be."""

    name: str
    title: str
    about_it: str
    about_en: str
    where_it: str
    where_en: str
    docs: str
    checked: str
    untried: str
    secret: str
    events: tuple[str, ...]
    mapping: str


class SourceAnswer(msgspec.Struct, frozen=True):
    """A source as programs see it. url: what the provider must call. mapping: TOML, "" for the shipped one. secrets:
    their last four characters, newest first: what is not signed by one of them is refused. secret: the one that was
    made just now, once. readable: whether its mapping can still be read."""

    name: str
    provider: str
    url: str
    mapping: str
    secrets: tuple[str, ...]
    paused: bool
    readable: bool
    created_at: Instant
    modified_at: Instant
    secret: str | UnsetType = UNSET


class PayloadAnswer(msgspec.Struct, frozen=True):
    """A call that came, signed rightly. body: cut at 64 KiB. says: what it was answered."""

    at: Instant
    headers: Mapping[str, str]
    body: str
    says: Mapping[str, Any]


class PayloadsAnswer(msgspec.Struct, frozen=True):
    """The last twenty, newest first."""

    payloads: tuple[PayloadAnswer, ...]


class ProvidersAnswer(msgspec.Struct, frozen=True):
    """All that are shipped; `generic` takes any JSON."""

    providers: tuple[ProviderAnswer, ...]


class TriedAnswer(msgspec.Struct, frozen=True):
    """What would come out; nothing was written."""

    events: tuple[Outcome, ...]
    ignored: int


def source_answer(source: Source, url: str, *, readable: bool, secret: str = "") -> SourceAnswer:
    """url: the deployment's. secret: "" unless it was made just now."""
    return SourceAnswer(
        name=source.name,
        provider=source.provider,
        url=f"{url}/hooks/{source.name}",
        mapping=source.mapping,
        secrets=tuple(f"…{one[-4:]}" for one in source.secrets),
        paused=source.paused,
        readable=readable,
        created_at=instant(source.created_at),
        modified_at=instant(source.modified_at),
        secret=secret or UNSET,
    )


def payload_answer(payload: Payload) -> PayloadAnswer:
    """As it was kept."""
    return PayloadAnswer(instant(payload.at), payload.headers, payload.body, payload.says)


def provider_answer(name: str, mapping: HookMapping, text: str) -> ProviderAnswer:
    """text: of its file."""
    return ProviderAnswer(
        name=name,
        title=mapping.title,
        about_it=mapping.about.it,
        about_en=mapping.about.en,
        where_it=mapping.where.it,
        where_en=mapping.where.en,
        docs=mapping.docs,
        checked=mapping.checked.isoformat() if mapping.checked else "",
        untried=mapping.untried,
        secret=mapping.secret,
        events=tuple(dict.fromkeys(rule.event for rule in mapping.events)),
        mapping=text,
    )
