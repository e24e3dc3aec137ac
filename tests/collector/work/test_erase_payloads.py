"""What webhooks have kept to try a mapping on forgets a person too, in whatever way the name is written there."""

import msgspec
import pytest

from collector.store.ports.definitions.sources import Payload, Source
from collector.store.sqlite.hooks.sources import SqliteSources
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.collector.work.erasing import erase, files_with

CANARY = "kanarienvogel"
MAIL = f"{CANARY}@mail.example"
HOOK = {"door": "hook:shop", "source": "hook:shop", "identify_mode": "", "visitor": "", "page": None}


def keep(here: Deployment, minute: float, *bodies: str, source: str = "shop") -> None:
    """Calls that came at that minute, written by `serve`."""
    sources = SqliteSources(here.folder / "store.db")
    at = T0 + round(minute * MINUTE)
    if sources.get(source) is None:
        new = Source(
            name=source, provider="generic", mapping="", secrets=(), paused=False, created_at=T0, modified_at=T0
        )
        sources.add(new)
    sources.keep(
        [Payload(source=source, at=at, headers={"user-agent": "Some Agent"}, body=body, says={}) for body in bodies]
    )
    sources.close()


def kept(here: Deployment, source: str = "shop") -> list[str]:
    """The bodies that are there."""
    sources = SqliteSources(here.folder / "store.db")
    try:
        return [payload.body for payload in sources.payloads(source)]
    finally:
        sources.close()


def known(here: Deployment, **fields: str) -> int:
    """Somebody of that address, known by a server's event unless fields say otherwise."""
    usual = {**HOOK, "door": "api", "source": "api"}
    here.say("her-1", 1, category="custom", key="looked", identifiers={"email_id": MAIL}, **(usual | fields))
    here.work(2)
    return int(here.ask("SELECT contact FROM identifiers WHERE value = ?", MAIL)[0][0])


@pytest.mark.parametrize(
    "body",
    [
        msgspec.json.encode({"to": MAIL.upper()}).decode(),
        f"to={CANARY}%40mail.example&n=1",
        '{"to": "' + "".join(f"\\u{ord(letter):04x}" for letter in MAIL) + '"}',
        '{"to": "\\ud83d' + "".join(f"\\u{ord(letter):04X}" for letter in MAIL),
        f"not JSON, {MAIL}",
    ],
    ids=["JSON", "a form", "escapes", "escapes, cut", "a text"],
)
def test_a_payload_that_names_her_goes_and_others_stay(here: Deployment, body: str) -> None:
    """Of a source by which nothing of hers came."""
    contact = known(here)
    keep(here, 3, '{"to": "ann@mail.example"}', body)
    erase(here, contact, 4)
    assert ['{"to": "ann@mail.example"}'] == kept(here)
    assert [] == files_with(here.folder, CANARY, body)


def test_a_source_by_which_an_event_of_hers_came_forgets_everything(here: Deployment) -> None:
    """Her number may be written there in a way that no search finds."""
    contact = known(here, **HOOK)
    keep(here, 3, '{"to": "kanarien vogel"}')
    keep(here, 3, '{"to": "ann"}', source="other")
    erase(here, contact, 4)
    assert ([], ['{"to": "ann"}']) == (kept(here), kept(here, "other"))


def test_what_serve_had_in_hand_is_not_kept_afterwards(here: Deployment) -> None:
    """Payloads come to disk up to a second later than events; newer ones are kept again."""
    contact = known(here)
    keep(here, 3, "{}")
    erase(here, contact, 4)
    keep(here, 3.9, f'{{"to": "{MAIL}"}}')
    assert ["{}"] == kept(here)
    keep(here, 5, '{"n": 2}')
    assert ['{"n": 2}', "{}"] == kept(here)


def test_a_call_that_is_made_once_more_leaves_no_payload(here: Deployment) -> None:
    """A provider repeats what was erased: the event is dropped, and so is what was kept of the call."""
    contact = known(here)
    erase(here, contact, 4)
    keep(here, 6, f'{{"to": "{MAIL}"}}')
    here.say(
        "her-2", 3, received_at=T0 + 6 * MINUTE, identifiers={"email_id": MAIL}, category="custom", key="x", **HOOK
    )
    here.work(7)
    assert [] == kept(here)
    assert [] == files_with(here.folder, CANARY)
