"""What an import has to say beyond its result."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from roadlab.roads.opendrive.binding import Fault


@dataclass
class Remarks:
    """Collected while a document becomes a network."""

    faults: list[Fault] = field(default_factory=list)
    """Why it cannot."""
    warnings: list[Fault] = field(default_factory=list)
    """What looks wrong but does no harm."""
    unused: Counter[str] = field(default_factory=Counter)
    """What was understood and has no effect, or an approximate one, by element and how often."""
