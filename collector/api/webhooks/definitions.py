"""Who is told? `/api/webhooks`, `…/<id>`, and of one a new `/secret` and a `/test`."""

from msgspec import UNSET
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import Problem, unknown
from collector.api.webhooks.bodies import (
    ChangedWebhook,
    MadeWebhook,
    NewWebhook,
    SecretAnswer,
    TestAnswer,
    WebhookAnswer,
    check_headers,
    made_of,
    test_of,
    webhook_of,
)
from collector.api.webhooks.desk import Desk, Refused
from collector.services import Services
from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, TooMany, Webhook, WebhookChange, Writing


def routes(services: Services) -> list[Route]:
    """Defining webhooks."""
    pages = WebhookPages(services)
    one = "/api/webhooks/{id}"
    return [
        Route("/api/webhooks", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/webhooks", require(services, "admin", pages.create), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "admin", pages.change), methods=["PATCH"]),
        Route(one, require(services, "admin", pages.remove), methods=["DELETE"]),
        Route(f"{one}/secret", require(services, "admin", pages.rotate), methods=["POST"]),
        Route(f"{one}/test", require(services, "admin", pages.test), methods=["POST"]),
    ]


class WebhookPages:
    """Webhooks."""

    def __init__(self, services: Services) -> None:
        self._desk = Desk(services)

    @operation(query=PAGING, answers={200: page_of("webhooks", WebhookAnswer)})
    async def find(self, request: Request) -> Response:
        """Every webhook, by id, and how it does; also those that were made at Brevo's addresses."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("webhooks", Place)
        some, more = page(await self._desk.all(), "webhooks", limit=limit, place=place)
        return listing("webhooks", [webhook_of(one) for one in await self._desk.shown(some)], more)

    @operation(body=NewWebhook, answers={201: MadeWebhook}, is_secret=True)
    async def create(self, request: Request) -> Response:
        """A new webhook, told of what happens from now on; its secret is in this answer only. At most 40."""
        body = await body_of(request, NewWebhook)
        check_headers(body.headers)
        try:
            made = await self._desk.create(body.name, body.url, Writing(kinds=body.kinds, headers=body.headers))
        except Refused as error:
            raise bad_body(["url"], str(error)) from None
        except TooMany:
            says = f"There are {MAX_WEBHOOKS} webhooks, which is the most."
            raise Problem(409, says, title="Too many webhooks") from None
        response = answer(made_of(made), 201)
        response.headers["Location"] = f"/api/webhooks/{made.id}"
        return response

    @operation(places=("id",), answers={200: WebhookAnswer})
    async def get(self, request: Request) -> Response:
        """One webhook, and how it does."""
        Params(request, ())
        return await self._answer(await named(request, self._desk))

    @operation(places=("id",), body=ChangedWebhook, answers={200: WebhookAnswer})
    async def change(self, request: Request) -> Response:
        """Another name, address, kinds, headers; paused or not. What happens while it is paused is told afterwards;
        what happened while it was disabled is not."""
        body = await body_of(request, ChangedWebhook)
        webhook = await named(request, self._desk)
        if body.kinds is not UNSET and webhook.writing.form == "brevo":
            raise bad_body(["kinds"], "it was made at /v3/webhooks, where its events are changed")
        try:
            changed = await self._desk.change(webhook, change_of(body, webhook.writing))
        except Refused as error:
            raise bad_body(["url"], str(error)) from None
        if changed is None:
            raise unknown("webhook", str(webhook.id))
        return await self._answer(changed)

    @operation(places=("id",), answers={204: None})
    async def remove(self, request: Request) -> Response:
        """Forget the webhook, what waits for it and what it was told."""
        Params(request, ())
        await self._desk.remove(await named(request, self._desk))
        return Response(status_code=204)

    @operation(places=("id",), answers={200: SecretAnswer}, is_secret=True)
    async def rotate(self, request: Request) -> Response:
        """A new secret, in this answer only. What is sent is signed by it and by the one before, until the next."""
        Params(request, ())
        return answer(SecretAnswer(await self._desk.rotate(await named(request, self._desk))))

    @operation(places=("id",), answers={200: TestAnswer})
    async def test(self, request: Request) -> Response:
        """Send a sample of the first kind that it wants, now, and say what its receiver answered."""
        Params(request, ())
        return answer(test_of(await self._desk.test(await named(request, self._desk))))

    async def _answer(self, webhook: Webhook) -> Response:
        (shown,) = await self._desk.shown([webhook])
        return answer(webhook_of(shown))


def change_of(body: ChangedWebhook, writing: Writing) -> WebhookChange:
    """What becomes other. writing: as it stands. Raises Problem 400."""
    if body.headers is not UNSET:
        check_headers(body.headers)
        writing = replace(writing, headers=body.headers)
    if body.kinds is not UNSET:
        writing = replace(writing, kinds=body.kinds)
    return WebhookChange(
        name=None if body.name is UNSET else body.name,
        url=None if body.url is UNSET else body.url,
        writing=writing,
        status=None if body.paused is UNSET else "paused" if body.paused else "active",
    )


async def named(request: Request, desk: Desk) -> Webhook:
    """The webhook of the address. Raises Problem 404."""
    id = id_of(request, "webhook")
    webhook = await desk.one(id)
    if webhook is None:
        raise unknown("webhook", str(id))
    return webhook
