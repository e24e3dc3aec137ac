"""How is the tracker served? With what caches, compression and checksums need."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha384
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from collector import __version__, tracker
from collector.config import load

DIST = Path(__file__).parents[2] / "tracker_js" / "dist"
BUILT = (DIST / "tracker.js").read_bytes()


def get(path: str, *, headers: Mapping[str, str] | None = None, **settings: object) -> httpx.Response:
    """The answer of an app that serves only the tracker."""
    app = Starlette(routes=list(tracker.routes(load(settings, {}, Path("/")), lambda page: None)))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://collector.example") as http:
            return await http.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "cache"), [("/tracker.js", tracker.AN_HOUR), (f"/tracker/{__version__}.js", tracker.FOR_EVER)]
)
def test_both_addresses_give_the_built_script(path: str, cache: str) -> None:
    """The one for everybody is asked again after an hour, the pinned one never."""
    answer = get(path)
    assert (200, BUILT, cache) == (answer.status_code, answer.content, answer.headers["cache-control"])
    assert "text/javascript" in answer.headers["content-type"]
    assert "*" == answer.headers["access-control-allow-origin"]
    assert "nosniff" == answer.headers["x-content-type-options"]


@pytest.mark.parametrize("path", ["/sdk-loader.js", "/sa.js", "/sa.js?key=wk_of_a_site"])
def test_a_site_from_brevo_gets_brevos_calls_as_well(path: str) -> None:
    """Where its snippet asks: the tracker as it is everywhere, then those calls."""
    answer = get(path)
    assert (200, BUILT + (DIST / "brevo.js").read_bytes()) == (answer.status_code, answer.content)
    assert (tracker.AN_HOUR, "*") == (answer.headers["cache-control"], answer.headers["access-control-allow-origin"])
    assert answer.headers["etag"] != get("/tracker.js").headers["etag"]


def test_it_is_compressed_for_who_takes_it() -> None:
    """gzip when it is accepted; caches keep the two apart."""
    answer = get("/tracker.js", headers={"accept-encoding": "gzip"})
    assert ("gzip", BUILT) == (answer.headers["content-encoding"], answer.content)
    assert len(BUILT) > int(answer.headers["content-length"])
    assert "Accept-Encoding" == answer.headers["vary"]
    plain = get("/tracker.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_who_has_it_is_told_so() -> None:
    """304 for the same ETag."""
    etag = get("/tracker.js").headers["etag"]
    answer = get("/tracker.js", headers={"if-none-match": etag})
    assert (304, b"") == (answer.status_code, answer.content)


def test_its_checksum_is_that_of_its_bytes() -> None:
    """For `integrity=`."""
    assert f"sha384-{b64encode(sha384(BUILT).digest()).decode()}" == tracker.load_script().integrity


def test_its_name_is_a_setting() -> None:
    """Against block lists: another name, and nothing under the usual one."""
    assert [200, 200, 404, 404] == [
        get(path, tracker_name="way.js").status_code
        for path in ("/way.js", f"/way/{__version__}.js", "/tracker.js", f"/tracker/{__version__}.js")
    ]


def test_another_version_is_not_there() -> None:
    """A page that pins a version gets that one or none."""
    assert 404 == get("/tracker/9.9.9.js").status_code
