"""Time is integer nanoseconds from the start of the scenario; a reading covers an interval, never an instant."""

from __future__ import annotations

from dataclasses import dataclass

Nanoseconds = int

SECOND: Nanoseconds = 1_000_000_000


def nanoseconds(seconds: float) -> Nanoseconds:
    """The nearest whole number of nanoseconds."""
    return round(seconds * SECOND)


def seconds(time: Nanoseconds) -> float:
    """The time as a float, for physics and for people."""
    return time / SECOND


@dataclass(frozen=True, slots=True)
class Interval:
    """`[open, close)` in nanoseconds."""

    open: Nanoseconds
    close: Nanoseconds

    @property
    def middle(self) -> Nanoseconds:
        """The instant half-way; the reference time of an exposure."""
        return (self.open + self.close) // 2


@dataclass(frozen=True, slots=True)
class Clock:
    """A sensor's periodic trigger: reading k starts at `phase + k * period`, without accumulated rounding."""

    rate: float
    """Readings a second [Hz]."""
    phase: Nanoseconds = 0

    def trigger(self, index: int) -> Nanoseconds:
        """When reading `index` starts."""
        return self.phase + round(index * SECOND / self.rate)

    def count_until(self, end: Nanoseconds) -> int:
        """How many readings start no later than `end`."""
        count = max(0, int((end - self.phase) * self.rate / SECOND) + 1)
        while count > 0 and self.trigger(count - 1) > end:
            count -= 1
        return count
