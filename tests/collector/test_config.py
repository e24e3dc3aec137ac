"""Settings: which place wins, what is refused and how it is said."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from collector.config import KINDS, SETTINGS, ConfigError, Settings, load

HERE = Path("/srv/sentiero")


def test_defaults(tmp_path: Path) -> None:
    """Without a word from anybody the deployment is a local one, limited, with a worker."""
    settings = load({}, {}, tmp_path)
    assert ("127.0.0.1", 8400, "http://127.0.0.1:8400") == (settings.host, settings.port, settings.url)
    assert tmp_path / "sentiero-data" == settings.data
    assert (True, True, False) == (settings.rate_limit, settings.worker, settings.demo)
    assert ("sentiero_id", "tracker.js", "UTC", ()) == (
        settings.cookie_name,
        settings.tracker_name,
        settings.time_zone,
        settings.trusted_proxies,
    )
    assert [7, 7, 7] == [settings.lateness_days, settings.log_keep_days, settings.max_event_age_days]
    assert 7 * 86_400_000 == settings.max_event_age_ms
    assert (55 * 60_000, 5 * 60_000) == (settings.clock_skew_ms, settings.clock_ahead_ms)


def test_table_and_struct_have_the_same_names() -> None:
    """A setting is a row and a field: neither without the other; each row's kind is known and its default is good."""
    assert Settings.__struct_fields__ == tuple(row.name for row in SETTINGS)
    for row in SETTINGS:
        KINDS[row.kind].read(row.default)


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    """The first place that speaks wins; an option that was not typed does not speak."""
    environ = {"SENTIERO_PORT": "2"}
    assert 8400 == load({}, {}, tmp_path).port
    (tmp_path / "sentiero.toml").write_text("port = 3\n")
    assert 3 == load({}, {}, tmp_path).port
    assert 2 == load({"port": None}, environ, tmp_path).port
    assert 1 == load({"port": 1}, environ, tmp_path).port


def test_empty_variable_is_not_set(tmp_path: Path) -> None:
    """`SENTIERO_PORT=` in a compose file means: not set."""
    assert 8400 == load({}, {"SENTIERO_PORT": "", "SENTIERO_API_KEY_FILE": ""}, tmp_path).port


def test_file_may_use_toml_types(tmp_path: Path) -> None:
    """Numbers, booleans and lists may be written as TOML has them."""
    (tmp_path / "sentiero.toml").write_text(
        'rate_limit = false\ntrusted_proxies = ["10.0.0.0/8", "::1"]\ndemo = "on"\n'
    )
    settings = load({}, {}, tmp_path)
    assert (False, True) == (settings.rate_limit, settings.demo)
    assert (ip_network("10.0.0.0/8"), ip_network("::1")) == settings.trusted_proxies


def test_secret_from_a_file(tmp_path: Path) -> None:
    """A secret may stand in a file of its own; the line's end does not belong to it."""
    (tmp_path / "key").write_text("sk_from_file\n")
    assert "sk_from_file" == load({}, {"SENTIERO_API_KEY_FILE": str(tmp_path / "key")}, tmp_path).api_key


def test_only_secrets_come_from_files(tmp_path: Path) -> None:
    """SENTIERO_PORT_FILE means nothing."""
    (tmp_path / "port").write_text("1")
    assert 8400 == load({}, {"SENTIERO_PORT_FILE": str(tmp_path / "port")}, tmp_path).port


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("0.0.0.0", "80", "http://127.0.0.1:80"),
        ("::", "8400", "http://[::1]:8400"),
        ("events.internal", "1", "http://events.internal:1"),
    ],
)
def test_url_follows_host_and_port(host: str, port: str, url: str) -> None:
    """Without a public address it is the one that listens, in a form that can be opened."""
    assert url == load({"host": host, "port": port}, {}, HERE).url


def test_url_loses_its_last_slash() -> None:
    """Paths are put behind it."""
    assert "https://e.example/s" == load({"url": "https://e.example/s/"}, {}, HERE).url


def test_folder_is_taken_from_where_one_stands() -> None:
    """A relative folder starts from the current one; an absolute one stays."""
    assert HERE / "d" / "log.db" == load({"data": Path("d")}, {}, HERE).log_path
    settings = load({}, {"SENTIERO_DATA": "/var/lib/sentiero"}, HERE)
    assert [Path("/var/lib/sentiero", name) for name in ("store.db", "secret")] == [
        settings.store_path,
        settings.secret_path,
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eight"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "٣"),
        ("port", "1" * 5_000),
        ("rate_limit", "maybe"),
        ("data", "\0"),
        ("url", "ftp://e.example"),
        ("url", "https://"),
        ("url", "https://e.example/?q"),
        ("url", "http://[::1"),
        ("write_key", "has blank"),
        ("write_key", "x" * 129),
        ("cookie_name", "a;b"),
        ("tracker_name", "../x"),
        ("trusted_proxies", "10.0.0.0/33"),
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../etc/passwd"),
        ("lateness_days", "0"),
        ("max_event_age_days", "7.5"),
        ("clock_skew_minutes", "0"),
        ("clock_ahead_minutes", "1441"),
        ("host", "a\nb"),
    ],
)
def test_bad_value_is_refused(name: str, value: str) -> None:
    """It names the setting, where it came from and what is expected, and ends with exit code 3."""
    with pytest.raises(ConfigError) as caught:
        load({}, {f"SENTIERO_{name.upper()}": value}, HERE)
    error = caught.value
    kind = next(row.kind for row in SETTINGS if row.name == name)
    expected = (name, f"SENTIERO_{name.upper()}", KINDS[kind].says, 3)
    assert expected == (error.name, error.source, error.expected, error.exit_code)


def test_message_names_the_culprit() -> None:
    """One sentence holds name, value, source and expectation."""
    with pytest.raises(ConfigError) as caught:
        load({"port": "eight"}, {}, HERE)
    assert "setting port = 'eight' (from --port) is not usable: expected a whole number from 0 to 65535" == str(
        caught.value
    )


def test_secrets_are_never_shown() -> None:
    """Neither the settings' own text nor the message of a refusal holds a secret."""
    assert "sk_hidden" not in repr(load({}, {"SENTIERO_API_KEY": "sk_hidden"}, HERE))
    with pytest.raises(ConfigError) as caught:
        load({}, {"SENTIERO_API_KEY": "sk hidden"}, HERE)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    "content", ["port = \n", "prot = 8400\n", "[table]\nport = 1\n", "port = 1.5\n", "port = {}\n"]
)
def test_bad_file_is_refused(tmp_path: Path, content: str) -> None:
    """A file that is no TOML, or names what is no setting, stops the start instead of being ignored."""
    (tmp_path / "sentiero.toml").write_text(content)
    with pytest.raises(ConfigError) as caught:
        load({}, {}, tmp_path)
    assert str(tmp_path / "sentiero.toml") == caught.value.source


def test_secret_said_twice_is_refused(tmp_path: Path) -> None:
    """A value and a file for the same secret: nobody could say which is meant."""
    with pytest.raises(ConfigError):
        load({}, {"SENTIERO_API_KEY": "a", "SENTIERO_API_KEY_FILE": "b"}, tmp_path)


def test_secret_file_must_be_there(tmp_path: Path) -> None:
    """A named file that cannot be read is an error, not an empty secret."""
    with pytest.raises(ConfigError, match="SENTIERO_API_KEY_FILE"):
        load({}, {"SENTIERO_API_KEY_FILE": str(tmp_path / "none")}, tmp_path)
