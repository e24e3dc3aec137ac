"""What can be asked here, and what is answered? `GET /api/openapi.json`: OpenAPI 3.1 of every route below /api.

Made once, from the declarations beside the endpoints (`operation.py`) and the structs that decode and encode.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from collector import __version__
from collector.api.frame import idempotency, parameters
from collector.api.frame.answer import encode
from collector.api.frame.auth import CSRF_HEADER, HEADER, LOGIN_COOKIE, SAFE, require
from collector.api.frame.example import example
from collector.api.frame.operation import Operation, operation, operation_of
from collector.api.frame.parameters import Parameter
from collector.api.frame.params import Params
from collector.api.frame.problem import MEDIA_TYPE, ProblemAnswer
from collector.services import Services

Json = dict[str, Any]

PREFIX, FOREIGN = "/api/", "/api/v2/"
"""What is described, and what is not: addresses of Brevo's tracker are described by Brevo."""
JSON = "application/json"
SCHEMAS = "#/components/schemas/{name}"
PLACE = re.compile(r"{(\w+)(?::\w+)?}")

ABOUT = """\
Times are RFC 3339 in UTC with milliseconds. Every field of an answer is always there: null where a thing is absent. \
A parameter that is a list may be repeated, which means *or*; different ones mean *and*; an unknown one is refused. \
Refusals are problem JSON (RFC 9457)."""

SECURITY: Mapping[str, Json] = {
    "key": {"type": "apiKey", "in": "header", "name": HEADER, "description": "A key of the deployment; secret."},
    "login": {"type": "apiKey", "in": "cookie", "name": LOGIN_COOKIE, "description": "Of who uses the console."},
    "page": {"type": "apiKey", "in": "header", "name": CSRF_HEADER, "description": "With a login, to change things."},
}


class Described(NamedTuple):
    """One method of one address. scope: "" where anybody may ask. says: the endpoint's docstring."""

    method: str
    path: str
    operation: Operation
    scope: str
    says: str

    @property
    def noun(self) -> str:
        """What it is about: the first word behind /api."""
        word = self.path.split("/")[2]
        return "document" if word in ("openapi.json", "docs") else word

    @property
    def is_change(self) -> bool:
        """Whether it changes something."""
        return self.method not in SAFE


class Book:
    """The document, written when it is asked for the first time: then all routes are there."""

    def __init__(self, doors: Mapping[str, Operation]) -> None:
        """doors: path → declaration, of those that know nothing of `api`."""
        self._doors = doors
        self._document: Json = {}

    def read(self, request: Request) -> Json:
        """The document of the application that is asked."""
        if not self._document:
            self._document = document(described(request.app.routes, self._doors))
        return self._document


def routes(services: Services, book: Book) -> list[Route]:
    """Reading the document."""

    @operation(answers={200: dict[str, Any]})
    async def read(request: Request) -> Response:
        """This document: OpenAPI 3.1, made from the code that answers."""
        Params(request, ())
        return Response(encode(book.read(request)), 200, {"Cache-Control": "no-store"}, JSON)

    return [Route("/api/openapi.json", require(services, "read", read), methods=["GET"])]


def described(routes: Iterable[BaseRoute], doors: Mapping[str, Operation]) -> list[Described]:
    """Every route below /api that is declared, here or in `doors`."""
    return [
        found
        for route in routes
        if isinstance(route, Route) and is_ours(route.path)
        for found in _described(route, doors)
    ]


def is_ours(path: str) -> bool:
    """Whether the document speaks of it."""
    return path.startswith(PREFIX) and not path.startswith(FOREIGN)


def _described(route: Route, doors: Mapping[str, Operation]) -> Iterator[Described]:
    declared = operation_of(route.endpoint) or doors.get(route.path)
    if declared is None:
        return
    scope = getattr(route.endpoint, "scope", declared.scope)
    for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
        yield Described(method, PLACE.sub(r"{\1}", route.path), declared, scope, inspect.getdoc(route.endpoint) or "")


def document(operations: Sequence[Described]) -> Json:
    """The whole document."""
    types = _types(operations)
    found, components = msgspec.json.schema_components(types, ref_template=SCHEMAS)
    writer = Writer(dict(zip(map(repr, types), found, strict=True)), components)
    paths: dict[str, Json] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = writer.operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sentiero", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": noun} for noun in dict.fromkeys(one.noun for one in operations)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": SECURITY,
            "responses": {str(status): writer.problem(status) for status in sorted(_problems(operations))},
        },
    }


def _types(operations: Iterable[Described]) -> list[Any]:
    """Every type that the document speaks of, once."""
    of_bodies = [
        type
        for one in operations
        for type in (one.operation.body, *one.operation.answers.values())
        if type is not None and not isinstance(type, str)
    ]
    known = (*parameters.QUERY.values(), *parameters.HEADERS.values(), parameters.NUMBER, parameters.TEXT)
    every = [ProblemAnswer, *of_bodies, *(parameter.type for parameter in known)]
    return list({repr(type): type for type in every}.values())


def _problems(operations: Iterable[Described]) -> set[int]:
    return {status for one in operations for status in problems_of(one)}


def problems_of(one: Described) -> list[int]:
    """The refusals that can happen there; of those that anybody may ask for, only what is declared."""
    has_body, once = one.operation.body is not None, one.is_change and one.operation.once
    when = {
        400: True,
        401: True,
        403: one.is_change or one.scope != "read",
        404: "{" in one.path,
        408: has_body,
        409: once,
        413: has_body,
        415: has_body,
        422: once,
        503: True,
    }
    return [status for status, happens in when.items() if happens and one.scope]


class Writer:
    """Writes operations. schemas: the `repr` of a type → its schema."""

    def __init__(self, schemas: Mapping[str, Json], components: Mapping[str, Json]) -> None:
        self._schemas, self._components = schemas, components

    def operation(self, one: Described) -> Json:
        """One method of one address."""
        summary, _, more = one.says.partition("\n\n")
        said: Json = {
            "tags": [one.noun],
            "operationId": "_".join(re.findall(r"\w+", f"{one.method.lower()}{one.path.removeprefix('/api')}")),
            "summary": " ".join(summary.split()),
            "description": " ".join(more.split()),
            "parameters": list(self.parameters(one)),
            "responses": {str(status): answer for status, answer in self.answers(one)},
            "security": self.security(one),
        }
        if one.operation.body is not None:
            said["requestBody"] = {
                "required": True,
                "content": {one.operation.media.type: self.content(one.operation.body)},
            }
        return said

    def parameters(self, one: Described) -> Iterator[Json]:
        """Of the path, the query, the headers."""
        for name in PLACE.findall(one.path):
            known = parameters.NUMBER if name in one.operation.places else parameters.TEXT
            yield {**self.parameter(name, known), "in": "path", "required": True}
        for name in one.operation.query:
            yield {**self.parameter(name, parameters.QUERY[name]), "in": "query"}
        once = (idempotency.HEADER,) if one.is_change and one.operation.once else ()
        for name in (*one.operation.headers, *once):
            yield {**self.parameter(name, parameters.HEADERS[name]), "in": "header"}

    def parameter(self, name: str, known: Parameter) -> Json:
        """Its name, what it means, its type."""
        return {"name": name, "description": known.says, "schema": self._schemas[repr(known.type)]}

    def answers(self, one: Described) -> Iterator[tuple[int, Json]]:
        """Those that are declared, then the refusals."""
        for status, kind in one.operation.answers.items():
            yield status, self.answer(one, status, kind)
        for status in problems_of(one):
            yield status, {"$ref": f"#/components/responses/{status}"}

    def answer(self, one: Described, status: int, kind: Any) -> Json:
        """One that is no refusal."""
        said: Json = {"description": HTTPStatus(status).phrase}
        if kind is not None:
            said["content"] = {kind: {}} if isinstance(kind, str) else {JSON: self.content(kind)}
        headers = {"Location": "Where it is."} if status == 308 else {}
        if one.is_change and one.operation.once:
            headers[idempotency.REPLAYED] = "true when this was answered before."
        if headers:
            said["headers"] = {
                name: {"description": says, "schema": {"type": "string"}} for name, says in headers.items()
            }
        return said

    def content(self, kind: Any) -> Json:
        """A schema and what could stand there."""
        schema = self._schemas[repr(kind)]
        return {"schema": schema, "example": example(schema, self._components)}

    def problem(self, status: int) -> Json:
        """A refusal."""
        schema = self._schemas[repr(ProblemAnswer)]
        phrase = HTTPStatus(status).phrase
        shown = {"type": "about:blank", "title": phrase, "status": status, "detail": "Why.", "errors": []}
        return {"description": phrase, "content": {MEDIA_TYPE: {"schema": schema, "example": shown}}}

    def security(self, one: Described) -> list[Json]:
        """Any one of these."""
        if not one.scope:
            return []
        key: Json = {"key": []}
        if not one.operation.once:
            return [key]
        return [key, {"login": [], "page": []} if one.is_change else {"login": []}]
