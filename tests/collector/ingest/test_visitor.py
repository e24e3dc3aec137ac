"""Whose batch is it? Nonce, token, reset: what a browser shows that sends no cookie. Source: INTERFACES 3."""

import json
import re
import secrets
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from tests.collector.ingest.sending import NONCE, WRITE_KEY, Deployment, deployed, event

DAY_MS = 86_400_000
OTHER_NONCE = "0a0a0a0a-7f1d-4c55-9d0a-1f1f6f0d7a11"


def sent_by(deployment: Deployment, **envelope: Any) -> tuple[str, str | None]:
    """Send a batch as another site's page would; (its visitor, the token in the answer)."""
    sent = event()
    said = deployment.send(sent, **envelope)
    assert (1, [], []) == (said["accepted"], said["rejected"], said["warnings"])
    return deployment.logged(sent["id"])[-1].visitor, said.get("visitor")


def newcomer(deployment: Deployment, **envelope: Any) -> tuple[str, str]:
    """A visitor who is seen for the first time, and its token."""
    visitor, token = sent_by(deployment, **envelope)
    assert token is not None
    return visitor, token


def invalid(deployment: Deployment) -> int:
    """How many tokens were counted as not ours."""
    return int(deployment.metric('sentiero_events_rejected_total{code="visitor_invalid"}'))


def test_a_first_batch_its_retry_and_the_leaving_beacon_are_one_visitor(deployment: Deployment) -> None:
    """None of the three has a token yet; the nonce leads all of them to the same id, and each gets a token of it."""
    visitors, tokens = zip(*(newcomer(deployment, nonce=NONCE) for _ in range(3)), strict=True)
    assert 1 == len(set(visitors))
    assert (visitors[0], None) == sent_by(deployment, visitor=tokens[2])


def test_a_nonce_is_of_one_site(deployment: Deployment) -> None:
    """The same browser on two sites is two visitors; in capitals the nonce is the same."""
    here, _ = newcomer(deployment, nonce=NONCE)
    there, _ = newcomer(deployment, nonce=NONCE, write_key=deployment.site().write_key)
    assert here != there
    assert here == newcomer(deployment, nonce=NONCE.upper())[0]
    assert here != newcomer(deployment, nonce=OTHER_NONCE)[0]


def test_a_nonce_tells_nobody_the_visitor(deployment: Deployment, tmp_path: Path) -> None:
    """Another deployment, with another secret, makes another visitor of it."""
    with deployed(tmp_path) as elsewhere:
        assert newcomer(deployment, nonce=NONCE)[0] != newcomer(elsewhere, nonce=NONCE)[0]


def test_without_nonce_and_token_each_batch_is_a_new_visitor(deployment: Deployment) -> None:
    """Nobody is recognised by anything else."""
    assert 5 == len({newcomer(deployment)[0] for _ in range(5)})


def test_a_token_is_recognised_and_not_given_again(deployment: Deployment) -> None:
    """The page has it already; a nonce beside it changes nothing."""
    visitor, token = newcomer(deployment)
    assert (visitor, None) == sent_by(deployment, visitor=token)
    assert (visitor, None) == sent_by(deployment, visitor=token, nonce=NONCE)


def test_a_token_is_site_visitor_and_epoch_signed(deployment: Deployment) -> None:
    """itsdangerous: payload, time and signature with dots between; the visitor id has 26 characters of base32."""
    visitor, token = newcomer(deployment)
    payload, _, _ = token.split(".")
    assert [1, visitor, 0] == json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert re.fullmatch(r"[a-z2-7]{26}", visitor)


def test_all_events_of_a_batch_are_of_its_visitor(deployment: Deployment) -> None:
    """Whatever an event says of itself: `visitor_id` is nothing that a public door listens to."""
    victim, _ = newcomer(deployment)
    sent = [event(), event(visitor_id=victim), event(visitor=victim)]
    deployment.send(*sent, nonce=OTHER_NONCE)
    visitors = {deployment.logged(one["id"])[0].visitor for one in sent}
    assert 1 == len(visitors)
    assert victim not in visitors


def forgeries(token: str, visitor: str) -> list[str]:
    """Texts that are nearly a token."""
    payload, time, signature = token.split(".")
    another = payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB")
    changed = signature[:-6] + ("A" if signature[-6] != "A" else "B") + signature[-5:]
    return [
        *(visitor, WRITE_KEY, "x", " ", ".", "..", "...", "\ud800", "\0", "è.è.è", "x" * 511, "x" * 6_000),
        *(
            f"{another}.{time}.{signature}",
            f"{payload}.{time}.{changed}",
            f"{payload}.{time}.",
            f"{payload}..{signature}",
        ),
        *(f"{payload}.AAAAAA.{signature}", f"{payload}.{time}", f".{token}", f"{token}.", f" {token}", token.upper()),
    ]


def test_a_forged_token_is_a_new_visitor_and_counted(deployment: Deployment) -> None:
    """The event is taken all the same; how often it happened is seen by whoever looks."""
    visitor, token = newcomer(deployment)
    for count, forged in enumerate(forgeries(token, visitor), invalid(deployment) + 1):
        found, fresh = newcomer(deployment, visitor=forged)
        assert visitor != found, forged
        assert token != fresh
        assert count == invalid(deployment), forged
    assert (visitor, None) == sent_by(deployment, visitor=token)


def test_a_counted_token_is_not_kept(fresh: Deployment) -> None:
    """One rejection says why, without the token: it may be a good one of another deployment."""
    sent_by(fresh, visitor="somebody.elses.token")
    row = fresh.rejections()["visitor_invalid", 1]
    assert (1, "visitor", "") == (row["count"], row["samples"][0]["path"], row["samples"][0]["sample"])
    assert b"elses" not in b"".join(path.read_bytes() for path in fresh.settings.data.glob("log.db*"))


def test_an_empty_token_is_none(deployment: Deployment) -> None:
    """It is not counted: a page that has nothing yet says nothing wrong."""
    before = invalid(deployment)
    newcomer(deployment, visitor="")
    assert before == invalid(deployment)


def test_a_token_of_another_site_is_a_new_visitor(deployment: Deployment) -> None:
    """It is counted at the site where it was shown; there the same nonce leads to the site's own visitor."""
    other = deployment.site()
    visitor, token = newcomer(deployment)
    before = invalid(deployment)
    found, own = newcomer(deployment, write_key=other.write_key, visitor=token, nonce=NONCE)
    assert visitor != found
    assert (found, None) == sent_by(deployment, write_key=other.write_key, visitor=own)
    assert before + 1 == invalid(deployment)
    assert ("visitor_invalid", other.id) in deployment.rejections()


def test_a_token_is_renewed_after_a_week(fresh: Deployment) -> None:
    """The same visitor in a new one, for as long as it comes back; however long it was away."""
    visitor, token = newcomer(fresh)
    fresh.now += 7 * DAY_MS - 1
    assert (visitor, None) == sent_by(fresh, visitor=token)
    fresh.now += 1
    renewed = newcomer(fresh, visitor=token)
    assert visitor == renewed[0]
    assert token != renewed[1]
    assert (visitor, None) == sent_by(fresh, visitor=renewed[1])
    fresh.now += 5 * 365 * DAY_MS
    assert visitor == newcomer(fresh, visitor=renewed[1])[0]


def test_a_token_from_the_future_is_good(fresh: Deployment) -> None:
    """Our own clock may have been set back."""
    fresh.now += DAY_MS
    visitor, token = newcomer(fresh)
    fresh.now -= DAY_MS
    assert (visitor, None) == sent_by(fresh, visitor=token)


@pytest.mark.parametrize("nonce", [None, NONCE])
def test_reset_forgets_the_visitor(deployment: Deployment, nonce: str | None) -> None:
    """A new visitor with a new token, also by the nonce that once led to the old one; the old token was good."""
    before = invalid(deployment)
    visitor, token = newcomer(deployment, nonce=nonce)
    found, own = newcomer(deployment, visitor=token, nonce=nonce, reset=True)
    assert visitor != found
    assert (found, None) == sent_by(deployment, visitor=own)
    assert before == invalid(deployment)


def test_a_reset_that_is_sent_again_gives_the_same_visitor(deployment: Deployment) -> None:
    """Its answer was lost, and the nonce is that of the batch: its retry must not be a third visitor."""
    _, token = newcomer(deployment, nonce=NONCE)
    first, again = (newcomer(deployment, visitor=token, nonce=NONCE, reset=True)[0] for _ in range(2))
    assert first == again
    first, again = (newcomer(deployment, visitor=token, nonce=OTHER_NONCE, reset=True)[0] for _ in range(2))
    assert first == again


def test_reset_false_forgets_nobody(deployment: Deployment) -> None:
    """Only true does."""
    visitor, token = newcomer(deployment)
    assert (visitor, None) == sent_by(deployment, visitor=token, reset=False)


# Rotation of the signing key ------------------------------------------------------------------------------------------


def test_a_key_is_rotated_without_losing_a_visitor(tmp_path: Path) -> None:
    """A new line on top of the secret: old tokens are recognised, new ones are signed with the new key."""
    with deployed(tmp_path) as before:
        visitor, token = newcomer(before)
    secret = tmp_path / "secret"
    old, new = secret.read_text(), secrets.token_hex(32) + "\n"
    secret.write_text(new + old)
    with deployed(tmp_path) as rotated:
        assert (visitor, None) == sent_by(rotated, visitor=token)
        rotated.now += 7 * DAY_MS
        assert visitor == (renewed := newcomer(rotated, visitor=token))[0]
    secret.write_text(new)
    with deployed(tmp_path) as after:
        after.now += 7 * DAY_MS
        assert (visitor, None) == sent_by(after, visitor=renewed[1])
        assert visitor != newcomer(after, visitor=token)[0]
        assert 1 == invalid(after)
