"""`GET /api/rejections`, over HTTP."""

import pytest

from tests.collector.api.asking import Client
from tests.collector.store.rows import Rows


def test_a_refusal_says_how_often_and_shows_what(rows: Rows, client: Client) -> None:
    """Count, last time, and samples as they came."""
    rows.reject("10:00", "bad_time", path="events[0].occurred_at", sample='{"occurred_at":"soon"}')
    rows.reject("10:01", "bad_time", path="events[3].occurred_at", sample="{}")
    rows.reject("09:00", "key_unknown", site=0)
    sample = {"message": "no", "door": "e", "origin": ""}
    first, second = client.get("/api/rejections").json()["rejections"]
    assert {
        "code": "bad_time",
        "site": 1,
        "count": 2,
        "last_at": "2026-09-21T10:01:00.000Z",
        "samples": [
            {"at": "2026-09-21T10:01:00.000Z", "path": "events[3].occurred_at", "sample": "{}", **sample},
            {
                "at": "2026-09-21T10:00:00.000Z",
                "path": "events[0].occurred_at",
                "sample": '{"occurred_at":"soon"}',
                **sample,
            },
        ],
    } == first
    assert ("key_unknown", None, 1) == (second["code"], second["site"], second["count"])


def test_every_filter_and_the_cursor(rows: Rows, client: Client) -> None:
    """By code, site and time; the list goes on."""
    for hour, code, site in (("10", "bad_time", 1), ("11", "bad_key", 1), ("12", "bad_time", 2)):
        rows.reject(f"{hour}:00", code, site=site)

    def codes(query: str = "") -> list[str]:
        return [one["code"] for one in client.get(f"/api/rejections?{query}").json()["rejections"]]

    assert ["bad_time", "bad_key", "bad_time"] == codes()
    assert ["bad_key"] == codes("code=bad_key")
    assert ["bad_key", "bad_time"] == codes("site=1")
    assert ["bad_key"] == codes("from=2026-09-21T11:00:00Z&to=2026-09-21T12:00:00Z")
    cursor = client.get("/api/rejections?limit=2").json()["next"]
    assert ["bad_time"] == codes(f"cursor={cursor}")


@pytest.mark.parametrize(
    "query", ["code=nope", "site=x", "from=x", "to=x", "limit=0", "limit=501", "cursor=x", "door=e"]
)
def test_what_is_not_understood_is_refused(client: Client, query: str) -> None:
    """By name."""
    answer = client.get(f"/api/rejections?{query}")
    assert (400, query.partition("=")[0]) == (answer.status_code, answer.json()["errors"][0]["path"])
