"""Ids as they are stored: 16 bytes of a UUID, made and read back."""

import uuid

import pytest

from collector.event_id import new_id, pack_id, pack_uuid, unpack_id

AT = 1_790_000_000_123


@pytest.mark.parametrize("chance", [0, 1, (1 << 80) - 1, 0x5555_5555_5555_5555_5555])
def test_a_new_id_is_a_uuid_of_its_instant(chance: int) -> None:
    """Version 7, the variant of RFC 9562, the milliseconds on top; stored and read back as the same text."""
    made = uuid.UUID(bytes=new_id(AT, chance))
    assert (7, uuid.RFC_4122, AT) == (made.version, made.variant, made.int >> 80)
    assert pack_id(str(made)) == pack_uuid(str(made)) == made.bytes
    assert str(made) == unpack_id(made.bytes)


def test_chance_makes_the_difference() -> None:
    """All that it may decide it does: 74 bits."""
    assert 74 == (int.from_bytes(new_id(AT, 0)) ^ int.from_bytes(new_id(AT, (1 << 80) - 1))).bit_count()
