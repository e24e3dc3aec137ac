"""How does a program ask? `/api/docs`: the API's document for people, and a form that tries each operation.

Whoever is logged in may read it, and whoever shows a key: those who do neither are asked for one of the two.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.auth import caller
from collector.api.frame.openapi import Book
from collector.api.frame.operation import HTML, operation
from collector.api.frame.problem import Problem
from collector.services import Services
from collector.ui.guard import Guard

Json = Mapping[str, Any]

METHODS = ("get", "post", "patch", "put", "delete")


class Field(NamedTuple):
    """A parameter, or a field of a body. where: query, path, header, or "" for a field. type: in words."""

    name: str
    type: str
    says: str
    where: str = ""
    required: bool = False
    choices: Sequence[str] = ()
    example: str = ""


class Answered(NamedTuple):
    """One possible answer. example: JSON for people, "" where there is none."""

    status: str
    says: str
    example: str


class Shown(NamedTuple):
    """One operation. body: an example of it, "" where none is read; media: how it is sent."""

    id: str
    method: str
    path: str
    summary: str
    more: str
    parameters: Sequence[Field]
    body: str
    media: str
    fields: Sequence[Field]
    answers: Sequence[Answered]
    by_login: bool


def routes(services: Services, guard: Guard, book: Book) -> list[Route]:
    """The page, for everybody who may read."""

    @operation(answers={200: HTML, 401: HTML})
    async def show(request: Request) -> Response:
        """The API for people: every operation with its parameters, examples, and a form that tries it."""
        visitor = guard.visitor(request)
        if visitor is None and not has_key(services, request):
            return guard.render(request, "docs/ask.html", {}, status=401)
        context = {"nouns": nouns_of(book.read(request)), "origin": guard.origin(request)}
        return guard.render(request, "docs/docs.html", context, visitor=visitor)

    return [Route("/api/docs", show, methods=["GET"])]


def has_key(services: Services, request: Request) -> bool:
    """Whether the request shows a good key."""
    try:
        caller(services, request)
    except Problem:
        return False
    return True


def nouns_of(document: Json) -> list[tuple[str, list[Shown]]]:
    """The operations by noun, in the document's order."""
    every = [
        (said["tags"][0], shown_of(path, method, said, document))
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    order = [tag["name"] for tag in document["tags"]]
    every.sort(key=lambda pair: order.index(pair[0]))
    return [(noun, [shown for _, shown in pairs]) for noun, pairs in groupby(every, key=lambda pair: pair[0])]


def shown_of(path: str, method: str, said: Json, document: Json) -> Shown:
    """One operation as the page shows it."""
    bodies: Json = said.get("requestBody", {}).get("content", {})
    media, content = next(iter(bodies.items()), ("", None))
    return Shown(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        more=said["description"],
        parameters=[parameter_of(one, document) for one in said["parameters"]],
        body=body_of(content["example"]) if content else "",
        media=media,
        fields=list(fields_of(content["schema"], document)) if content else [],
        answers=[answer_of(status, one, document) for status, one in said["responses"].items()],
        by_login=any("login" in way for way in said["security"]),
    )


def parameter_of(said: Json, document: Json) -> Field:
    """One of the path, the query or the headers."""
    schema = resolved(said["schema"], document)
    choices = schema.get("enum") or resolved(schema.get("items", {}), document).get("enum") or ()
    return Field(
        name=said["name"],
        type=type_of(schema, document),
        says=said["description"],
        where=said["in"],
        required=said.get("required", False),
        choices=["true", "false"] if schema.get("type") == "boolean" else [str(choice) for choice in choices],
    )


def fields_of(schema: Json, document: Json) -> Iterator[Field]:
    """The fields of an object; those of a list of objects with the list's name before."""
    found = resolved(schema, document)
    for name, field in found.get("properties", {}).items():
        yield Field(name, type_of(field, document), field.get("description", ""), required=name in found["required"])
        items = resolved(field.get("items", {}), document)
        inner = fields_of(items, document) if "properties" in items else ()
        yield from (one._replace(name=f"{name}[].{one.name}") for one in inner)


def answer_of(status: str, said: Json, document: Json) -> Answered:
    """One answer; those that several operations have alike stand among the components."""
    if "$ref" in said:
        said = document["components"]["responses"][said["$ref"].rpartition("/")[2]]
    examples = [one["example"] for one in said.get("content", {}).values() if "example" in one]
    return Answered(status, said["description"], pretty(examples[0]) if examples and status < "300" else "")


def type_of(schema: Json, document: Json) -> str:
    """In words: `string, 1 to 100 characters`, `list of integer`."""
    schema = resolved(schema, document)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(one, document) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(choice) for choice in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}), document)}"
    return schema.get("format") or schema.get("type") or "any"


def resolved(schema: Json, document: Json) -> Json:
    """The schema that a reference stands for."""
    if "$ref" not in schema:
        return schema
    found: Json = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def body_of(example: Any) -> str:
    """What is sent: a text as it is, all else as JSON."""
    return example if isinstance(example, str) else pretty(example)


def pretty(value: Any) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)
