"""Of which kind is an event? Category and key: named, implied, reserved, unknown. Source: INTERFACES 2."""

import pytest

from sessionizer.catalogue import CATALOGUE
from tests.collector.ingest.sending import Deployment, event, refused

OPEN = {"website", "forms", "push", "web_push", "ecommerce", "custom"}
"""What a write key may send, beside contact/identified."""

DERIVED = {("push", "push_session_started"), ("website", "session_ended")}
"""In open categories, but only the sessionizer says them."""

IMPLIED = (
    ("page_visited", "website"),
    ("form_submitted", "forms"),
    ("cart_updated", "ecommerce"),
    ("order_completed", "ecommerce"),
    ("product_viewed", "ecommerce"),
    ("wishlist_product_added", "ecommerce"),
    ("video_played", "custom"),
    ("link_clicked", "custom"),
    ("push_subscribed", "custom"),
    ("subscriber_added", "custom"),
    ("identified", "custom"),
    ("delivered", "custom"),
    ("session_ended", "custom"),
    ("push_session_started", "custom"),
    ("Page_Visited", "custom"),
)


@pytest.mark.parametrize(("key", "category"), IMPLIED)
def test_a_key_implies_its_category(deployment: Deployment, key: str, category: str) -> None:
    """Without a category: website, forms or ecommerce where the key says so, else custom; never another of ours."""
    assert (category, key) == (deployment.entry(key=key).category, key)
    sent = event(key=key)
    assert 1 == deployment.send_as_server(sent)["accepted"]
    assert category == deployment.logged(sent["id"])[0].category


def test_an_empty_category_is_none(deployment: Deployment) -> None:
    """Programs send an empty text for what they do not know."""
    assert "website" == deployment.entry(category="").category
    assert "custom" == deployment.entry(key="mine", category="").category


def test_a_category_that_is_named_is_kept(deployment: Deployment) -> None:
    """Also where the key alone would imply another: it is the pair that names a kind."""
    assert "custom" == deployment.entry(key="page_visited", category="custom").category
    assert "website" == deployment.entry(key="link_clicked", category="website").category
    assert "push" == deployment.entry(key="push_subscribed", category="push").category


def test_a_write_key_says_what_a_page_can_know_and_nothing_else(deployment: Deployment) -> None:
    """Of every event of the catalogue: open categories and contact/identified, but what time or delivery says."""
    kinds = list(CATALOGUE)
    taken = [k for k in kinds if (k[0] in OPEN and k not in DERIVED) or k == ("contact", "identified")]
    found = []
    for start in range(0, len(kinds), 100):
        part = kinds[start : start + 100]
        said = deployment.send(*(event(category=category, key=key) for category, key in part))
        bad = {one["index"] for one in said["rejected"]}
        assert {"reserved_key"} == {one["code"] for one in said["rejected"]}
        found += [kind for place, kind in enumerate(part) if place not in bad]
    assert taken == found


@pytest.mark.parametrize(
    ("category", "key", "path"),
    [
        ("marketing_email", "Opened", "category"),
        ("contact", "merged", "category"),
        ("contact", "erased", "category"),
        ("loyalty", "balance_value_updated", "category"),
        ("segment", "entered", "category"),
        ("no_such_category", "x", "category"),
        ("Custom", "x", "category"),
        ("website", "session_ended", "key"),
        ("push", "push_session_started", "key"),
    ],
)
def test_a_reserved_kind_is_refused_by_what_is_wrong_with_it(
    deployment: Deployment, category: str, key: str, path: str
) -> None:
    """The category that is not open, or the key that only we can say; also for kinds that do not exist."""
    said = deployment.send(event(category=category, key=key), event())
    assert (1, [(0, "reserved_key", f"events[0].{path}")]) == (said["accepted"], refused(said))


@pytest.mark.parametrize(
    ("category", "key", "hint"),
    [
        ("website", "Page Visited", " Did you mean page_visited?"),
        ("website", "page-visited", " Did you mean page_visited?"),
        ("website", "page_visitd", " Did you mean page_visited?"),
        ("ecommerce", "order_complete", " Did you mean order_completed?"),
        ("web_push", "webpush_click", " Did you mean webpush_clicked?"),
        ("website", "something_else_altogether", ""),
        ("forms", "k" * 255, ""),
    ],
)
def test_an_unknown_key_comes_with_a_hint(deployment: Deployment, category: str, key: str, hint: str) -> None:
    """A system category has the events of the catalogue and no others; the nearest one is named where one is near."""
    said = deployment.send(event(category=category, key=key))
    assert [(0, "unknown_key", "events[0].key")] == refused(said)
    assert f"{category} has no event {key[:64]}.{hint}" == said["rejected"][0]["message"]


def test_hints_are_for_the_first_who_read_them(deployment: Deployment) -> None:
    """Finding the nearest key takes time: ten events of a batch get a hint, all of them their code."""
    said = deployment.send(*(event(category="website", key="page_visitd") for _ in range(12)))
    assert [True] * 10 + [False] * 2 == ["Did you mean" in one["message"] for one in said["rejected"]]


def test_a_custom_key_is_letters_digits_and_two_signs(deployment: Deployment) -> None:
    """Everything of that alphabet is taken, at every place."""
    for key in ("a", "Z", "0", "-", "_", "-_-", "Ordine-2026_v2", "k" * 255):
        assert ("custom", key) == (deployment.entry(key=key).category, key)


def test_a_server_may_send_every_kind_of_the_catalogue(deployment: Deployment) -> None:
    """Also what a write key may not."""
    said = deployment.send_as_server(*(event(category=category, key=key) for category, key in CATALOGUE))
    assert (len(CATALOGUE), []) == (said["accepted"], said["rejected"])


def test_a_server_is_told_of_kinds_that_do_not_exist(deployment: Deployment) -> None:
    """Nothing is reserved there, but unknown is unknown, with the hint."""
    said = deployment.send_as_server(
        event(category="marketing_email", key="open"), event(category="no_such_category", key="x"), event(key="a b")
    )
    expected = [
        (0, "unknown_key", "events[0].key"),
        (1, "unknown_key", "events[1].key"),
        (2, "bad_key", "events[2].key"),
    ]
    assert expected == refused(said)
