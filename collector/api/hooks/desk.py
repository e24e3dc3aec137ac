"""How is a source of webhooks made, changed and tried? All that can be done with one, for the API and the console.

Raises Problem for whatever cannot be done: 404, 409, 400 with the path of each field. Call it in a thread.
"""

import base64
import secrets
from collections.abc import Mapping

from msgspec import UNSET
from msgspec.structs import replace

from collector.api.frame.body import bad_body
from collector.api.frame.problem import FieldError, Problem, unknown
from collector.api.hooks.bodies import ChangedSource, NewSecret, NewSource, Trying
from collector.errors import Code
from collector.hooks.call import FORM, Call, Unreadable
from collector.hooks.live import mapping_of
from collector.hooks.mapping import BadMapping, HookMapping, read_mapping
from collector.hooks.providers import shipped
from collector.hooks.translate import MAX_MADE, MAX_PARTS, TooManyParts, Translator
from collector.hooks.trial import Tried
from collector.services import Services
from collector.store.ports.definitions.sources import (
    MAX_SECRETS,
    MAX_SOURCES,
    NameTaken,
    Payload,
    Source,
    TooManySources,
)

SECRET_BYTES = 24
MAX_HEADERS = 100


def all_of(services: Services) -> list[Source]:
    """Every source, by name."""
    return services.sources.kept.all()


def get(services: Services, name: str) -> Source:
    """One of them."""
    source = services.sources.kept.get(name)
    if source is None:
        raise unknown("source", name[:63])
    return source


def payloads(services: Services, name: str) -> list[Payload]:
    """The last that came, newest first, also those of this second."""
    get(services, name)
    services.sources.flush()
    return services.sources.kept.payloads(name)


def make(services: Services, body: NewSource) -> tuple[Source, str]:
    """The new source, and the secret that was made for it, "" when it is the provider's to make."""
    mapping = shipped_of(body.provider)
    if body.mapping is not UNSET and body.mapping:
        mapping = checked(body.mapping)
    name = body.name if body.name is not UNSET else body.provider.replace("_", "-")
    if name in services.hooks:
        raise taken(name, "is the name of an account through which this deployment sends")
    made = new_secret() if body.secret is UNSET and mapping.secret == "ours" else ""
    given = made or ("" if body.secret is UNSET else body.secret)
    at = services.clock()
    source = Source(
        name=name,
        provider=body.provider,
        mapping="" if body.mapping is UNSET else body.mapping,
        secrets=(given,) if given else (),
        paused=False,
        created_at=at,
        modified_at=at,
    )
    try:
        services.sources.kept.add(source)
    except NameTaken:
        raise taken(name, "is taken by another source") from None
    except TooManySources:
        raise Problem(409, f"At most {MAX_SOURCES} sources. Remove one first.", title="Too many") from None
    services.sources.reload()
    return source, made


def change(services: Services, name: str, body: ChangedSource) -> Source:
    """The source with another mapping, or paused, or open again."""
    source = get(services, name)
    if body.mapping is not UNSET:
        if body.mapping:
            checked(body.mapping)
        source = replace(source, mapping=body.mapping)
    if body.paused is not UNSET:
        source = replace(source, paused=body.paused)
    return _changed(services, source)


def add_secret(services: Services, name: str, body: NewSecret) -> tuple[Source, str]:
    """The source with a newer secret, and the one that was made, "" when it was given."""
    source = get(services, name)
    made = new_secret() if body.secret is UNSET else ""
    newest = made or str(body.secret)
    older = () if body.replace else tuple(one for one in source.secrets if one != newest)
    return _changed(services, replace(source, secrets=(newest, *older)[:MAX_SECRETS])), made


def remove(services: Services, name: str) -> None:
    """Its address answers 404 from now on; what came by it stays."""
    if not services.sources.kept.remove(name):
        raise unknown("source", name[:63])
    services.sources.reload()


def tried(services: Services, body: Trying) -> Tried:
    """What would come out of a payload."""
    mapping = _mapping_of(services, body)
    if len(body.headers) > MAX_HEADERS:
        raise bad_body(["headers"], f"at most {MAX_HEADERS}")
    headers = {name.lower(): value for name, value in body.headers.items()}
    headers["content-type"] = FORM if body.form else "application/json"
    call = Call(headers, body.payload.encode("utf-8", "replace"), at=services.clock())
    try:
        return services.trial(Translator(mapping), call, body.source or body.provider or "try")
    except Unreadable:
        raise bad_body(["payload"], "it is not a form" if body.form else "it is not JSON") from None
    except TooManyParts:
        raise bad_body(["payload"], f"at most {MAX_PARTS:,} parts and {MAX_MADE:,} events in one call") from None


def new_secret() -> str:
    """As Standard Webhooks writes them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def checked(text: str, path: str = "mapping") -> HookMapping:
    """A mapping without a fault. path: of the field in which it stands."""
    try:
        return read_mapping(text)
    except BadMapping as bad:
        faults = tuple(
            FieldError(f"{path}.{fault.path}" if fault.path else path, Code.MALFORMED, fault.message)
            for fault in bad.faults
        )
        raise Problem(400, f"{faults[0].path}: {faults[0].message}", title="Bad mapping", errors=faults) from None


def shipped_of(provider: str) -> HookMapping:
    """A provider's mapping as it is shipped."""
    found: Mapping[str, HookMapping] = shipped()
    if provider not in found:
        raise bad_body(["provider"], f"one of {', '.join(found)}")
    return found[provider]


def _mapping_of(services: Services, body: Trying) -> HookMapping:
    if body.mapping is not UNSET:
        return checked(body.mapping)
    if body.source:
        source = services.sources.kept.get(body.source)
        if source is None:
            raise bad_body(["source"], "there is no such source")
        try:
            return mapping_of(source)
        except (BadMapping, KeyError):
            raise bad_body(["source"], "its mapping can no longer be read") from None
    return shipped_of(body.provider)


def _changed(services: Services, source: Source) -> Source:
    now = replace(source, modified_at=services.clock())
    if not services.sources.kept.change(now):
        raise unknown("source", source.name)
    services.sources.reload()
    return now


def taken(name: str, reason: str) -> Problem:
    """409: the name is somebody else's. reason: whose."""
    error = FieldError("name", Code.MALFORMED, f"{name} {reason}")
    return Problem(409, f"name: {name} {reason}.", title="Name taken", errors=(error,))
