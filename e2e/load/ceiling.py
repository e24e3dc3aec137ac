"""How fast could it be at all? A bare ASGI function under uvicorn that reads the body and answers 202.

The same server, loop and parser as the collector's, none of its work. `python -m e2e.load.ceiling PORT`.
"""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send

START = {"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"0")]}
BODY = {"type": "http.response.body", "body": b""}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read all, answer nothing."""
    while (await receive()).get("more_body", False):
        pass
    await send(START)
    await send(BODY)


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_level="warning",
        ws="none",
    )
