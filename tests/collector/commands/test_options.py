"""What was typed and set: every command reads it the same way, and says what it cannot use."""

import pytest

from collector.commands.terminal.verbs import VERBS
from tests.collector.commands.terminal import Said, Terminal

COMMANDS = (
    "serve --port 0 --no-worker", "work", "init", "migrate", "doctor", "tail", "demo --events 10 --contacts 1",
    "keys list", "sites list", "sessionize --rebuild", "export events -o e.ndjson", "export contacts -o c.csv",
    "import events e.ndjson", "import contacts c.csv", "segment check",
    "automation list", "automation show 1", "automation check",
)  # fmt: skip
OF_FILES = ("sessionize events.csv -o sessions.csv",)
"""They know no deployment, and so no settings."""

USAGE, CONFIGURATION = 2, 3

every_command = pytest.mark.parametrize("command", COMMANDS)


def refused(here: Terminal, command: str) -> Said:
    """It ends with 3 and has made nothing."""
    said = here.run(*command.split())
    assert CONFIGURATION == said.code, said
    assert not here.data.exists()
    return said


def test_every_command_is_here() -> None:
    """The matrix above leaves no verb out."""
    assert {command.split()[0] for command in (*COMMANDS, *OF_FILES)} == set(VERBS)


@every_command
def test_an_unknown_setting_stops_the_start(here: Terminal, command: str) -> None:
    """A misspelt name in sentiero.toml is said, with the file and the names that there are; its value is not shown."""
    path = here.write("sentiero.toml", 'api_kee = "sk_misspelt"\n')
    said = refused(here, command)
    assert "api_kee" in said.err
    assert str(path) in said.err
    assert "api_key" in said.err
    assert "sk_misspelt" not in said.all


@every_command
def test_a_bad_value_stops_the_start(here: Terminal, command: str) -> None:
    """It says which setting, its value, where it came from and what is expected."""
    here.environ |= {"SENTIERO_TIME_ZONE": "Europe/Atlantis"}
    sentence = "setting time_zone = 'Europe/Atlantis' (from SENTIERO_TIME_ZONE) is not usable: expected a time zone"
    assert sentence in refused(here, command).err


@pytest.mark.parametrize(
    "content",
    [
        "port = \n",
        "[port]\n",
        "port = 1.5\n",
        "\0",
        "port = " + "9" * 5_000,
        "port = " + "[" * 5_000,
        b"\xff\xfe",
        'data = "~nobody-of-this-name/x"\n',
        'host = ""\n',
        'url = "https://events.example:99999"\n',
        'url = "https://events.example\\n"\n',
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_bad_file_stops_the_start(here: Terminal, content: str | bytes) -> None:
    """Whatever is in it: no TOML, no text, too much, or a value that means nothing."""
    del here.environ["SENTIERO_DATA"]
    path = here.write("sentiero.toml", content)
    assert str(path) in refused(here, "init").err


def test_a_file_that_cannot_be_read_stops_the_start(here: Terminal) -> None:
    """It is there, so it was meant."""
    (here.folder / "sentiero.toml").mkdir()
    assert "sentiero.toml" in refused(here, "init").err


def test_a_secret_file_that_cannot_be_read_stops_the_start(here: Terminal) -> None:
    """A mount that is missing must not lead to a random key."""
    here.environ |= {"SENTIERO_API_KEY_FILE": str(here.folder / "nowhere")}
    assert "SENTIERO_API_KEY_FILE" in refused(here, "init").err


def test_a_secret_said_twice_stops_the_start(here: Terminal) -> None:
    """Nobody could say which is meant; neither is shown."""
    path = here.write("key", "sk_in_a_file")
    here.environ |= {"SENTIERO_API_KEY": "sk_in_a_variable", "SENTIERO_API_KEY_FILE": str(path)}
    said = refused(here, "init")
    assert "not both" in said.err
    assert "sk_in" not in said.all


def test_a_public_key_is_never_the_secret_one(here: Terminal) -> None:
    """What stands in every page's source must not open the deployment."""
    here.environ |= {"SENTIERO_WRITE_KEY": "the_same", "SENTIERO_API_KEY": "the_same"}
    said = refused(here, "init")
    assert "SENTIERO_API_KEY" in said.err
    assert "the_same" not in said.all


@pytest.mark.parametrize(
    "words",
    [
        "--nosuch",
        "nosuch",
        "init --nosuch",
        "init extra",
        "serve --port eight",
        "serve --port",
        "keys nosuch",
        "keys create",
        "keys revoke",
        "keys revoke one",
        "sites create",
        "sites set",
        "sites set one",
        "segment nosuch",
        "segment check one",
        "segment check --sample -1",
        "tail --json",
        "sessionize",
        "sessionize events.csv",
        "sessionize -o sessions.csv",
    ],
)
def test_what_is_not_understood_is_a_usage_error(here: Terminal, words: str) -> None:
    """It ends with 2, says so on stderr, and has made nothing."""
    said = here.run(*words.split())
    assert (USAGE, "") == (said.code, said.out)
    assert said.err
    assert not here.data.exists()


@pytest.mark.parametrize("words", ["", "keys", "sites", "segment"])
def test_a_group_alone_shows_its_help(here: Terminal, words: str) -> None:
    """Nothing was asked: the verbs are listed, and nothing is made."""
    said = here.run(*words.split())
    assert USAGE == said.code
    assert "Usage: sentiero" in said.all
    assert not here.data.exists()


@pytest.mark.parametrize("command", [*COMMANDS, *OF_FILES])
def test_every_command_has_help(here: Terminal, command: str) -> None:
    """It needs no folder and no settings that are right."""
    here.write("sentiero.toml", "nosuch = 1\n")
    words = [word for word in command.split() if word.isalpha()]
    assert f"Usage: sentiero {' '.join(words)}" in here.done(*words, "--help")


def test_a_number_out_of_range_is_a_setting_that_cannot_be_used(here: Terminal) -> None:
    """A port is checked like any setting, also when it comes as a flag."""
    said = here.run("serve", "--port", "65536")
    assert (CONFIGURATION, True) == (said.code, "(from --port)" in said.err)
