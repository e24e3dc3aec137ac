"""Does this change come from our own page? A token bound to the login, and what the browser says of the request.

Reads nothing, writes nothing. Source: SECURITY 2.
"""

import hmac
from collections.abc import Mapping

OURS = ("same-origin", "none")


class Csrf:
    """Makes and checks the tokens of one deployment."""

    def __init__(self, key: bytes) -> None:
        """key: the newest of the deployment's secret."""
        self._key = hmac.digest(key, b"sentiero.csrf", "sha256")

    def token(self, login: bytes) -> str:
        """The token that the pages of this login carry."""
        return hmac.digest(self._key, login, "sha256").hex()

    def holds(self, token: str, login: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the request may change something: its token fits, and no browser says that it is another site's."""
        site = headers.get("sec-fetch-site", "")
        return (not site or site in OURS) and hmac.compare_digest(self.token(login).encode(), token.encode())
