"""The page of the API: who may read it, and that it shows what the document says."""

import re

from collector.ui.page import HEADERS
from tests.collector.ingest.sending import API_KEY, Deployment
from tests.collector.ui.console import Person


def test_whoever_is_logged_in_reads_it(deployment: Deployment, admin: Person) -> None:
    """Every operation of the document is there once, with a form that tries it."""
    document = deployment.get("/api/openapi.json").json()
    wanted = [said["operationId"] for methods in document["paths"].values() for said in methods.values()]
    page = admin.get("/api/docs")
    assert 200 == page.status_code
    assert sorted(wanted) == sorted(re.findall(r'class="operation" id="(\w+)"', page.text))
    assert len(wanted) == page.text.count("data-try ")


def test_a_viewer_reads_it_as_well(deployment: Deployment) -> None:
    """It tells nothing of what is in the deployment."""
    assert 200 == Person(deployment).log_in("viewer").get("/api/docs").status_code


def test_a_key_reads_it_without_a_login(deployment: Deployment, stranger: Person) -> None:
    """One for reading is enough; it is not in the page."""
    key = deployment.key(scope="read")["key"]
    page = stranger.get("/api/docs", api_key=key)
    assert (200, True, False) == (page.status_code, "data-try" in page.text, key in page.text)


def test_others_are_asked_for_one_of_the_two(stranger: Person) -> None:
    """401, as a page, which says nothing yet."""
    for headers in {}, {"api_key": "sk_of_nobody"}:
        page = stranger.get("/api/docs", **headers)
        assert (401, True, False) == (page.status_code, "data-ask" in page.text, "data-try" in page.text)
        assert 'href="/login?back=/api/docs"' in page.text


def test_it_is_under_the_strict_policy(stranger: Person) -> None:
    """Nothing inline, nothing from elsewhere."""
    for page in stranger.get("/api/docs"), stranger.get("/api/docs", api_key=API_KEY):
        assert HEADERS == {name: page.headers[name] for name in HEADERS}
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", page.text)


def test_it_says_what_is_taken_and_answered(admin: Person) -> None:
    """A field with its bounds, a choice, an example of the answer, what may be refused; in Italian as well."""
    shown = admin.get("/api/docs").text.split('id="post_sites"')[1].split('id="get_sites_id"')[0]
    parts = ("Idempotency-Key", "implied | off | required", "&#34;origins&#34;", ">422<")
    assert [True] * 4 == [part in shown for part in parts]
    italian = Person(admin.deployment, language="it")
    assert "Chiave API" in italian.get("/api/docs", api_key=API_KEY).text
