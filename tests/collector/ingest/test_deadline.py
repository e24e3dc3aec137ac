"""The deadline: no timer for what is there, a timer for what is not."""

import asyncio

import pytest

from collector.ingest.request import in_time


async def soon(answer: str, *, pauses: int) -> str:
    """An answer after so many turns of the loop."""
    for _ in range(pauses):
        await asyncio.sleep(0)
    return answer


async def never(ended: list[str]) -> None:
    """Waits for ever, and says when it was made to stop."""
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        ended.append("ended")


@pytest.mark.parametrize("pauses", [0, 1, 3])
def test_the_result_comes_however_often_it_pauses(pauses: int) -> None:
    """At once, after one pause, after several."""
    assert "there" == asyncio.run(in_time(soon("there", pauses=pauses), 10.0))


@pytest.mark.parametrize("first", [soon, None])
def test_what_does_not_come_in_time_is_ended(first: object) -> None:
    """TimeoutError, at the first pause or at a later one, and what waited has let go."""
    ended: list[str] = []

    async def work() -> None:
        if first:
            await soon("", pauses=2)
        await never(ended)

    with pytest.raises(TimeoutError):
        asyncio.run(in_time(work(), 0.01))
    assert first is None or ended == ["ended"]


def test_an_error_comes_through() -> None:
    """What the work raises after a pause is raised."""

    async def failing() -> None:
        await asyncio.sleep(0)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        asyncio.run(in_time(failing(), 10.0))


def test_a_cancelled_request_ends_its_work() -> None:
    """Whoever is cancelled from outside is cancelled, not timed out."""

    async def run() -> None:
        ended: list[str] = []
        task = asyncio.create_task(in_time(never(ended), 10.0))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ["ended"] == ended

    asyncio.run(run())
