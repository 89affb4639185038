"""Randomness keyed by name, never by order of creation.

Adding, removing or reordering actors, sensors or frames changes nobody else's numbers, and any process can draw
the numbers of frame 57 without drawing those of frame 56.
"""

from __future__ import annotations

import hashlib

import numpy as np

Key = str | int


def _digest(key: tuple[Key, ...]) -> list[int]:
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in key)
    return [int(word) for word in np.frombuffer(hashlib.sha256(text.encode()).digest()[:16], dtype="<u4")]


def generator(seed: int, *key: Key) -> np.random.Generator:
    """The random stream of `key` (such as `"sensor", "cam_front", 57`) in the run with this `seed`."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=_digest(key))))


def seed32(seed: int, *key: Key) -> int:
    """A 32-bit seed for engines that want a plain number, keyed like `generator`."""
    return int(np.random.SeedSequence(seed, spawn_key=_digest(key)).generate_state(1)[0])
