"""What does a request bring? Its body, within 64 KiB and ten seconds."""

import asyncio

from starlette.requests import Request

from collector.api.frame.problem import Problem

MAX_BODY_BYTES = 64 * 1024
BODY_S = 10.0


async def content_of(request: Request) -> bytes:
    """The body's bytes. Raises Problem 408, 413."""
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > MAX_BODY_BYTES:
                    raise Problem(413, f"At most {MAX_BODY_BYTES} bytes.")
    except TimeoutError:
        raise Problem(408, "The body did not come in time.") from None
    return bytes(content)
