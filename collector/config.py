"""How is this deployment set up? The table of settings, and the one function that reads them.

Reads: flags of the command line, `SENTIERO_<NAME>` (for secrets also the file named by `SENTIERO_<NAME>_FILE`),
`sentiero.toml` in the current folder, defaults; the first that speaks wins. Writes nothing.
"""

import ipaddress
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

CONFIG_FILE = "sentiero.toml"
MINUTE_MS, DAY_MS = 60_000, 86_400_000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigError(Exception):
    """A setting cannot be used: which one, its value, where it came from, what is expected. Exit code 3."""

    exit_code: Final = 3

    def __init__(self, name: str, *, value: str, source: str, expected: str) -> None:
        """value: as given; "" or a mask where it is secret. source: `--port`, `SENTIERO_PORT`, a file's path."""
        super().__init__(f"setting {name} = {value!r} (from {source}) is not usable: expected {expected}")
        self.name, self.value, self.source, self.expected = name, value, source, expected


class Setting(NamedTuple):
    """One row of the reference. default: as text. kind: a row of KINDS. secret: never printed or logged."""

    name: str
    default: str
    help: str
    kind: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "127.0.0.1", "Address to listen on; 0.0.0.0 for every interface.", "host"),
    Setting("port", "8400", "Port to listen on; 0 lets the system choose.", "port"),
    Setting("data", "./sentiero-data", "Folder that holds everything: log.db, store.db, secret.", "folder"),
    Setting("url", "", "Public address of this deployment; without it, http://<host>:<port>.", "url"),
    Setting("write_key", "", "Write key of the first site; made at random without it.", "key", secret=True),
    Setting("api_key", "", "API key with scope admin; made at random without it.", "key", secret=True),
    Setting("admin_password", "", "Password of the console's user `admin`.", "text", secret=True),
    Setting("rate_limit", "on", "Limits per address and per write key; off for load tests only.", "switch"),
    Setting("cookie_name", "sentiero_id", "Name of the visitor's cookie, against block lists.", "name"),
    Setting("tracker_name", "tracker.js", "File name of the tracker, against block lists.", "name"),
    Setting("trusted_proxies", "", "Addresses or networks whose X-Forwarded-For is believed, with commas.", "networks"),
    Setting("time_zone", "UTC", "Time zone of anniversaries and of the console, such as Europe/Rome.", "time_zone"),
    Setting("lateness_days", "7", "How late an event may come and still correct sessions.", "days"),
    Setting("log_keep_days", "7", "How long the log is kept behind its slowest reader.", "days"),
    Setting("max_event_age_days", "7", "How old an event may be under a public write key.", "days"),
    Setting("clock_skew_minutes", "55", "How wrong a client's clock must be to be corrected.", "minutes"),
    Setting("clock_ahead_minutes", "5", "How far in the future an event may be; later ones happened now.", "minutes"),
    Setting("demo", "off", "Serve the demo shop, and let its clock be moved.", "switch"),
    Setting("worker", "on", "Start `sentiero work` beside `sentiero serve`.", "switch"),
    Setting("smtp", "", "Accounts that send e-mail, with blanks: smtp://user:password@host:587?from=…", "text", True),
    Setting("sms", "", "Accounts that send SMS, with blanks: twilio://SID:TOKEN@?from=+39…", "text", True),
    Setting("whatsapp", "", "Accounts that send WhatsApp messages: meta://PHONE_ID:TOKEN@?…", "text", True),
    Setting("delivery_networks", "", "Networks that are not public where deliveries may go, with commas.", "networks"),
    Setting("bounce_address", "", "Bounces of <name>@<domain> go to <name>+<delivery>@<domain>.", "mailbox"),
    Setting("bounce_listen", "", "Address and port where bounces are taken by SMTP; off without it.", "listen"),
    Setting("domain_rates", "", "Mails a second to a recipient's domain: gmail.com=5,*=20; * is every other.", "rates"),
    Setting("uncertain", "hold", "A delivery that may or may not have left: hold it, or resend it.", "uncertain"),
)
"""The reference: docs/reference.md is written from it. A field of Settings each, in the same order."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting, checked and typed. Its text form hides the secrets."""

    host: str
    port: int
    data: Path
    url: str
    write_key: str
    api_key: str
    admin_password: str
    rate_limit: bool
    cookie_name: str
    tracker_name: str
    trusted_proxies: tuple[Network, ...]
    time_zone: str
    lateness_days: int
    log_keep_days: int
    max_event_age_days: int
    clock_skew_minutes: int
    clock_ahead_minutes: int
    demo: bool
    worker: bool
    smtp: str
    sms: str
    whatsapp: str
    delivery_networks: tuple[Network, ...]
    bounce_address: str
    bounce_listen: str
    domain_rates: Mapping[str, float]
    uncertain: str

    def __repr__(self) -> str:
        """For logs and tracebacks: secrets show whether they are set, never what they are."""
        return f"Settings({', '.join(f'{row.name}={shown(self, row)!r}' for row in SETTINGS)})"

    @property
    def log_path(self) -> Path:
        """What came, in the order in which it was committed."""
        return self.data / "log.db"

    @property
    def store_path(self) -> Path:
        """What can be asked later."""
        return self.data / "store.db"

    @property
    def secret_path(self) -> Path:
        """The keys from which signing keys derive, newest first."""
        return self.data / "secret"

    @property
    def tombstone_key_path(self) -> Path:
        """The key by which erased people are recognised (collector/privacy/tombstone.py)."""
        return self.data / "tombstone-key"

    @property
    def webhook_secret_path(self) -> Path:
        """The keys that sign webhooks, newest first (collector/delivery/webhook.py)."""
        return self.data / "webhook-secret"

    @property
    def max_event_age_ms(self) -> int:
        """How old an event may be under a public write key."""
        return self.max_event_age_days * DAY_MS

    @property
    def clock_skew_ms(self) -> int:
        """From how much on a client's clock is corrected."""
        return self.clock_skew_minutes * MINUTE_MS

    @property
    def clock_ahead_ms(self) -> int:
        """How far in the future an event may be."""
        return self.clock_ahead_minutes * MINUTE_MS

    @property
    def zone(self) -> tzinfo:
        """The deployment's time zone. UTC is there also on a machine without the zone files."""
        return UTC if self.time_zone == "UTC" else zoneinfo.ZoneInfo(self.time_zone)


def shown(settings: Settings, row: Setting) -> object:
    """A setting's value fit for eyes: a secret is "set" or ""."""
    value = getattr(settings, row.name)
    return ("set" if value else "") if row.secret else value


def load(flags: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Settings:
    """Read every setting: flag > environment (…_FILE for secrets) > sentiero.toml > default.

    flags: by setting name; None where the flag was not given. Empty variables count as not set.
    cwd: where sentiero.toml is looked for, and what relative folders start from.
    Raises ConfigError at the first value that cannot be used, or a name in sentiero.toml that is no setting.
    """
    file = _read_file(cwd / CONFIG_FILE)
    said = {row.name: _first(row, flags, environ, file) for row in SETTINGS}
    values = {row.name: _typed(row, *said[row.name]) for row in SETTINGS}
    if values["api_key"] and values["api_key"] == values["write_key"]:
        expected = "a key of its own: the write key stands in every page's source"
        raise ConfigError("api_key", value="…", source=said["api_key"][1], expected=expected)
    values["data"] = cwd / values["data"]
    values["url"] = values["url"] or _address(values["host"], values["port"])
    return Settings(**values)


class _File(NamedTuple):
    path: Path
    values: Mapping[str, object]


def _read_file(path: Path) -> _File:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return _File(path, {})
    except (OSError, ValueError, RecursionError) as error:  # ValueError: no TOML, no UTF-8, thousands of digits
        raise ConfigError(CONFIG_FILE, value="", source=str(path), expected=f"a TOML file ({error})") from None
    known = {row.name for row in SETTINGS}
    for name in values.keys() - known:
        expected = f"the name of a setting: {', '.join(sorted(known))}"
        raise ConfigError(name, value="…", source=str(path), expected=expected)  # "…": it may be a misspelt secret
    return _File(path, values)


def _first(row: Setting, flags: Mapping[str, object], environ: Mapping[str, str], file: _File) -> tuple[str, str]:
    """(text, source) of the first place that speaks."""
    if (flag := flags.get(row.name)) is not None:
        return _text(flag), f"--{row.name.replace('_', '-')}"
    if (found := _from_environment(row, environ)) is not None:
        return found
    if row.name in file.values:
        return _text(file.values[row.name]), str(file.path)
    return row.default, "default"


def _from_environment(row: Setting, environ: Mapping[str, str]) -> tuple[str, str] | None:
    variable = f"SENTIERO_{row.name.upper()}"
    text, path = environ.get(variable, ""), environ.get(f"{variable}_FILE", "") if row.secret else ""
    if text and path:
        expected = f"either {variable} or {variable}_FILE, not both"
        raise ConfigError(row.name, value="…", source=variable, expected=expected)
    if path:
        return _read_secret(row, Path(path), f"{variable}_FILE"), f"{variable}_FILE"
    return (text, variable) if text else None


def _read_secret(row: Setting, path: Path, variable: str) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        expected = f"a file that can be read ({error.__class__.__name__})"
        raise ConfigError(row.name, value=str(path), source=variable, expected=expected) from None


def _text(value: object) -> str:
    """A flag or a TOML value as the text that an environment variable would hold."""
    match value:
        case bool():
            return "on" if value else "off"
        case list() | tuple():
            return ",".join(str(item) for item in value)
        case _:
            return str(value)


def _typed(row: Setting, text: str, source: str) -> Any:
    kind = KINDS[row.kind]
    try:
        return kind.read(text)
    except ValueError:
        raise ConfigError(row.name, value="…" if row.secret else text, source=source, expected=kind.says) from None


def at_port(settings: Settings, port: int) -> Settings:
    """As it listens: another port than it was set up for is part of an address that nobody has set."""
    is_default = settings.url == _address(settings.host, settings.port)
    url = _address(settings.host, port) if is_default else settings.url
    return msgspec.structs.replace(settings, port=port, url=url)


def _address(host: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# Kinds: text → value; ValueError when it is not one ------------------------------------------------------------------


class KindOfSetting(NamedTuple):
    """How a setting's text is read, and the sentence that says what is expected."""

    read: Callable[[str], Any]
    says: str


_SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(text)
        return text

    return read


def _whole(text: str, *, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and low <= int(text[:20]) <= high):
        raise ValueError(text)
    return int(text)


def _switch(text: str) -> bool:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _url(text: str) -> str:
    parts = urlsplit(text)
    is_whole = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    if text and not (is_whole and parts.port != 0 and text.isprintable()):  # port: raises beyond 65535
        raise ValueError(text)
    return text.rstrip("/")


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _rates(text: str) -> Mapping[str, float]:
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    found = {domain.strip().lower(): float(rate) for domain, _, rate in pairs}  # ValueError: no number
    if not all(domain and 0 < rate < 1e6 for domain, rate in found.items()):
        raise ValueError(text)
    return found


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text and not (
        re.fullmatch(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]{1,253}", host) and _whole(port, low=0, high=65_535) >= 0
    ):
        raise ValueError(text)
    return text


def _time_zone(text: str) -> str:
    if text != "UTC":  # always there, also on a machine without the zone files
        try:
            zoneinfo.ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, OSError):
            raise ValueError(text) from None
    return text


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError(text)
    try:
        return Path(text).expanduser()
    except RuntimeError:  # `~somebody` who is not there
        raise ValueError(text) from None


KINDS: Mapping[str, KindOfSetting] = {
    "text": KindOfSetting(_matching(r"[^\x00-\x1f\x7f]*"), "one line of text"),
    "host": KindOfSetting(_matching(r"[A-Za-z0-9_.:%-]{1,253}"), "an IP address or a host name"),
    "name": KindOfSetting(_matching(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}"), "1 to 64 letters, digits, . _ and -"),
    "key": KindOfSetting(_matching(r"[\x21-\x7e]{0,128}"), "at most 128 visible ASCII characters without blanks"),
    "port": KindOfSetting(lambda text: _whole(text, low=0, high=65_535), "a whole number from 0 to 65535"),
    "days": KindOfSetting(lambda text: _whole(text, low=1, high=3_650), "a whole number of days from 1 to 3650"),
    "minutes": KindOfSetting(lambda text: _whole(text, low=1, high=1_440), "a whole number of minutes from 1 to 1440"),
    "switch": KindOfSetting(_switch, "on or off"),
    "folder": KindOfSetting(_folder, "the path of a folder"),
    "url": KindOfSetting(_url, "an http(s) address without query, such as https://events.example.com"),
    "networks": KindOfSetting(_networks, "IP addresses or networks, such as 127.0.0.1,10.0.0.0/8"),
    "time_zone": KindOfSetting(_time_zone, "a time zone such as Europe/Rome"),
    "mailbox": KindOfSetting(_matching(r"([^\s@+<>]{1,64}@[^\s@<>]{1,253})?"), "an e-mail address without a +"),
    "listen": KindOfSetting(_listen, "an address and a port, such as 0.0.0.0:25 or [::]:2525"),
    "rates": KindOfSetting(_rates, "domains with mails a second, such as gmail.com=5,*=20"),
    "uncertain": KindOfSetting(_matching(r"hold|resend"), "hold or resend"),
}
