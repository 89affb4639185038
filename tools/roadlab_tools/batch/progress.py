"""How long-running commands say how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    stage: str
    """What is being done, in words."""
    done: int = 0
    total: int = 0
    """0 where a stage cannot be counted."""
    workers: Mapping[int, int] = field(default_factory=dict)
    """Frames made by each worker, where there are several."""
