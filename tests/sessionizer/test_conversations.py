"""When is a conversation over? The seed's sentences, one timeline each."""

import pytest

from tests.sessionizer.telling import derived, told

C = "conversations/"


def talk(when: str, key: str, words: str = "", *, channel: str = "chat") -> str:
    """A line of the conversation c."""
    return f"{when} {C}{key} conversation_id=c channel={channel} quiet {words}"


def test_an_email_conversation_ends_5_minutes_after_an_email_is_received() -> None:
    """«La conversazione termina 5 minuti dopo aver ricevuto un'email.»"""
    lines = talk("00:00", "message_received", channel="email"), talk("00:03", "message_received", channel="email")
    assert [] == told(*lines, until="00:07:59.999")
    assert ["00:08 conversation_ended"] == told(*lines, until="00:08")


def test_an_email_conversation_ends_after_5_minutes_also_when_an_agent_has_answered() -> None:
    """The thirty minutes are for chat and social media."""
    lines = (
        talk("00:00", "message_received", channel="email"),
        talk("00:01", "agent_replied", "agent_id=a", channel="email"),
    )
    assert ["00:06 conversation_ended"] == told(*lines, until="01:00")


@pytest.mark.parametrize("channel", ["chat", "social"])
def test_a_chat_that_nobody_was_assigned_ends_5_minutes_after_a_message(channel: str) -> None:
    """«Se la conversazione non è stata assegnata a un operatore … termina 5 minuti dopo aver ricevuto un messaggio.»"""
    lines = [talk("00:00", "conversation_started", channel=channel), talk("00:04", "message_received", channel=channel)]
    assert ["00:09 conversation_ended"] == told(*lines, until="02:00")


def test_a_chat_whose_agent_joined_and_never_replied_ends_5_minutes_after_a_message() -> None:
    """«… oppure se l'operatore si è unito alla conversazione, ma non ha mai risposto»: joining restarts nothing."""
    lines = (
        talk("00:00", "message_received"),
        talk("00:01", "agent_assigned", "agent_id=a"),
        talk("00:02", "agent_joined", "agent_id=a"),
    )
    assert ["00:05 conversation_ended"] == told(*lines, until="02:00")


def test_an_assigned_chat_ends_as_soon_as_all_agents_have_left() -> None:
    """«termina appena tutti gli operatori lasciano la conversazione»: not when the first of two leaves."""
    lines = (
        talk("00:00", "message_received"),
        talk("00:01", "agent_joined", "agent_id=a"),
        talk("00:02", "agent_joined", "agent_id=b"),
        talk("00:03", "agent_replied", "agent_id=a"),
        talk("00:04", "agent_left", "agent_id=a"),
    )
    assert [] == told(*lines, until="00:32")
    assert ["00:10 conversation_ended"] == told(*lines, talk("00:10", "agent_left", "agent_id=b"), until="02:00")


def test_an_assigned_chat_ends_as_soon_as_it_is_closed() -> None:
    """«… o chiudono la chat»."""
    lines = talk("00:00", "message_received"), talk("00:01", "agent_replied", "agent_id=a")
    assert ["00:02 conversation_ended"] == told(*lines, talk("00:02", "conversation_closed"), until="02:00")


def test_an_assigned_chat_ends_after_30_minutes_of_inactivity() -> None:
    """«… oppure dopo 30 minuti di inattività»: counted from the last message of either side."""
    lines = (
        talk("00:00", "message_received"),
        talk("00:01", "agent_replied", "agent_id=a"),
        talk("00:20", "message_received", "direction=inbound"),
        talk("00:40", "message_received", "direction=outbound"),
    )
    assert [] == told(*lines, until="01:09:59.999")
    assert ["01:10 conversation_ended"] == told(*lines, until="01:10")


def test_a_message_after_the_end_begins_the_conversation_anew() -> None:
    """It ends a second time; what an agent does in between opens nothing."""
    lines = (
        talk("00:00", "message_received"),
        talk("00:07", "agent_left", "agent_id=a"),
        talk("01:00", "message_received"),
    )
    assert ["00:05 conversation_ended", "01:05 conversation_ended"] == told(*lines, until="02:00")


def test_conversations_of_one_person_do_not_touch_each_other() -> None:
    """Each has its own quiet, channel and agents; one without an id is none."""
    other = f"00:02 {C}message_received conversation_id=7 channel=email quiet"
    nameless = f"00:02 {C}message_received channel=email quiet"
    found = derived(talk("00:00", "message_received"), other, nameless, until="01:00")
    assert [("c", "chat"), ("7", "email")] == [(one.data["conversation_id"], one.data["channel"]) for one in found]


def test_a_late_message_moves_the_end() -> None:
    """What was said of the old end is taken back."""
    lines = talk("00:00", "message_received"), "00:30 tick", talk("00:04", "message_received")
    assert ["00:09 conversation_ended"] == told(*lines, until="01:00")
