"""`GET /healthz`, `/readyz`, `/metrics`."""

from tests.collector.api.asking import Client, asking, door
from tests.collector.store.rows import Rows


def test_who_lives_says_so(client: Client) -> None:
    """Without a key, and whatever else is down."""
    answer = client.get("/healthz", headers={"api-key": ""})
    assert (200, {"alive": True}) == (answer.status_code, answer.json())


def test_ready_when_nothing_speaks_against_it(rows: Rows) -> None:
    """503 with every reason, until there is none."""
    reasons = ["The worker is down."]
    parts = door(rows.folder, readiness=lambda: reasons)
    client = Client(parts.app, "127.0.0.1")
    try:
        answer = client.get("/readyz")
        assert (503, {"ready": False, "reasons": ["The worker is down."]}) == (answer.status_code, answer.json())
        reasons.clear()
        assert (200, {"ready": True, "reasons": []}) == ((answer := client.get("/readyz")).status_code, answer.json())
        parts.services.writer.alive = False
        answer = client.get("/readyz")
        assert 503 == answer.status_code
        assert "writer" in answer.json()["reasons"][0]
    finally:
        client.close()


def test_the_numbers_are_for_this_machine_or_a_key(rows: Rows) -> None:
    """Not for who comes from afar, nor through a proxy that stands here."""
    with asking(rows.folder, host="127.0.0.1") as near:
        assert 200 == near.get("/metrics", headers={"api-key": ""}).status_code
        proxied = {"api-key": "", "x-forwarded-for": "203.0.113.9"}
        assert 401 == near.get("/metrics", headers=proxied).status_code
    with asking(rows.folder, host="203.0.113.9") as far:
        assert 401 == far.get("/metrics", headers={"api-key": ""}).status_code
        assert 200 == far.get("/metrics").status_code


def test_the_numbers_are_prometheus_text(rows: Rows, client: Client) -> None:
    """With what the process knows at the moment."""
    with rows.work.transaction():
        rows.work.set_position("store", 41)
    answer = client.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for line in ("sentiero_queue_depth 3.0", "sentiero_stored_offset 41.0", "sentiero_ready 1.0"):
        assert line in lines
