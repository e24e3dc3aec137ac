"""When was it signed? A signer that stamps with the time that it was told: tokens are made at the edges' clock."""

from typing import Any

from itsdangerous import TimestampSigner


class TimedSigner(TimestampSigner):
    """Stamps with the time that it was told."""

    def __init__(self, *args: Any, now_s: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self._now_s = now_s

    def get_timestamp(self) -> int:
        return self._now_s
