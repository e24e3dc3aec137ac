"""What does a newcomer see when `serve` has started? Where it is, the keys, and two lines to try it with."""

import os

import msgspec

from collector.access.keys import First, Keys, new_api_key
from collector.config import ConfigError, Settings
from collector.tracker import script_tag

DEMO_KEY_FILE = "demo-api-key"

_UUID = "$(cat /proc/sys/kernel/random/uuid)"
_NOW = "$(date -u +%FT%TZ)"


def with_demo_key(settings: Settings) -> Settings:
    """A demo shows its API key at every start, so it keeps it in the folder; a real deployment keeps only a hash."""
    path = settings.data / DEMO_KEY_FILE
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_api_key())
    try:
        return msgspec.structs.replace(settings, api_key=path.read_text("ascii").strip())
    except UnicodeDecodeError:
        expected = "one line of ASCII; delete the file, and a new key is made"
        raise ConfigError("api_key", value="…", source=str(path), expected=expected) from None


def greeting(settings: Settings, port: int, keys: Keys, first: First, once: str) -> str:
    """The lines for the terminal. port: the one that is listened on. first: what was made just now.

    once: the secret of the link for the first login, "" when somebody has a password.
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    url = settings.url if port == settings.port else f"http://{host}:{port}"
    moved = f" (port {settings.port} is taken)" if settings.port not in (0, port) else ""
    keys.refresh()
    write_key = keys.newest_write_key() or "none (make one: sentiero keys create)"
    lines = [f"Sentiero is at {url}/{moved}", f"  data: {settings.data}", f"  write key: {write_key}"]
    if first.api_key and not settings.api_key:
        lines.append(f"  API key (scope admin, shown this once): {first.api_key}")
    if once:
        lines += ["", "Open the console, and choose a password (once, within a day):", f"  {url}/login?once={once}"]
    else:
        lines += ["", f"The console: {url}/"]
    lines += ["", "In every page of your website:", f"  {script_tag(url, write_key, settings)}"]
    if settings.demo:
        lines += [
            "",
            f"The demo shop: {url}/demo/",
            f"What it sends: {url}/demo/mailbox",
            *_examples(url, write_key, settings.api_key),
        ]
    return "\n".join(lines)


def _examples(url: str, write_key: str, api_key: str) -> list[str]:
    body = (
        f'{{"write_key":"{write_key}","sent_at":"{_NOW}","nonce":"{_UUID}","events":[{{"id":"{_UUID}",'
        f'"key":"page_visited","occurred_at":"{_NOW}","page":{{"url":"https://shop.example/shoes","title":"Shoes"}}}}]}}'
    ).replace('"', '\\"')
    return [
        "",
        "Send an event:",
        f"  curl -H 'content-type: application/json' {url}/e -d \"{body}\"",
        "",
        "Read it back:",
        f"  curl -H 'api-key: {api_key}' {url}/api/events",
        "",
    ]
