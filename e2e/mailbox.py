"""How does a test read what a demo has sent? By the demo's mailbox, as a person or by its addresses."""

import json
from collections.abc import Mapping
from typing import Any

from e2e.world import World
from tests.killed.process import API_KEY
from tests.killed.wait import until

BODY = "<h1>Ciao</h1><p><a href='{shop}'>The boots</a></p><p><a href='{{{{ unsubscribe }}}}'>No more</a></p>"


def home(world: World, path: str = "") -> str:
    """An address of the deployment as its links have it."""
    return f"http://127.0.0.1:{world.port}{path}"


def call(world: World, method: str, path: str, body: Mapping[str, Any]) -> Any:
    """Write, by the API; what is answered."""
    headers = {"api_key": API_KEY, "content_type": "application/json"}
    answer = world.deployment.request(method, path, json.dumps(body).encode(), **headers)
    assert answer.status in (200, 201, 202, 204), answer.body
    return answer.json() if answer.body else None


def letters(world: World, count: int) -> list[Any]:
    """Wait until there are so many; the newest first, whole."""

    def found() -> list[Any] | None:
        rows = world.get("/demo/mailbox/letters")["letters"]
        return rows if len(rows) == count else None

    return [world.get(f"/demo/mailbox/letters/{row['id']}") for row in until(found, 20, rest=world.rest)]


def news(world: World) -> int:
    """A message with a link into the shop, which people may leave; its number."""
    html = BODY.format(shop=home(world, "/demo/product?id=cengia-boots"))
    message = {"name": "News", "purpose": "marketing", "subject": "Boots", "html": html, "sender_name": "Bottega"}
    return int(call(world, "POST", "/api/messages", message)["id"])
