"""What the readings of lidars and radars have in common."""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.timing import Interval, Nanoseconds


@dataclass(frozen=True)
class Scan:
    """Measured over a while, and given as of one instant."""

    sensor: str
    interval: Interval
    reference: Nanoseconds
    """The middle of the interval: the instant in whose sensor frame everything is given."""
