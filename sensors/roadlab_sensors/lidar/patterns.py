"""When pulses are fired and where to: spinning beams, a rosette of two prisms, a raster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.timing import Interval

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pulses:
    """P pulses in firing order."""

    ring: NDArray[np.uint16]
    """(P,) beam, 0 is the highest."""
    time: NDArray[np.int64]
    """(P,) [ns]."""
    direction: Floats
    """(P, 3) unit vectors in the lidar frame."""
    reported: Floats
    """(P, 3) where the unit says that the pulse went: its encoder knows angles in steps."""
    origin: Floats
    """(P, 3) [m] where they leave, in the lidar frame."""


@dataclass(frozen=True)
class Spinning:
    """B beams that turn clockwise seen from above."""

    elevation: Floats
    """(B,) [rad], falling."""
    azimuth: Floats
    """(B,) [rad] of each beam from where the rotor looks, positive to the left."""
    slot: Floats
    """(B,) [ns] of each beam after the start of its column."""
    column_period: float
    """From one column of pulses to the next [ns]."""
    synchronous: bool = False
    """Columns are fired at fixed angles of the rotor, as on Ouster's units, not by a clock of their own."""
    encoder_step: float = 0.0
    """Step of the reported azimuth [rad]; 0 reports it as it is."""
    axis_distance: float = 0.0
    """From the axis to where the beams leave [m]."""

    @property
    def rings(self) -> int:
        """Number of beams."""
        return len(self.elevation)

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest elevation of a pulse [rad]."""
        return float(self.elevation.min()), float(self.elevation.max())

    def count(self, interval: Interval) -> int:
        """About how many pulses a turn has."""
        return round((interval.close - interval.open) / self.column_period) * self.rings

    def problem(self, rate: float) -> str | None:
        """Why the unit cannot turn at this rate [Hz]."""
        columns = 1e9 / (self.column_period * rate)
        if self.synchronous and abs(columns - round(columns)) > 1e-6:
            a_second = 1e9 / self.column_period
            whole = [f"{r:g}" for r in np.arange(5.0, 21.0) if abs(a_second / r - round(a_second / r)) < 1e-6]
            needed = f"a rate such as {', '.join(whole)} Hz" if whole else f"{round(columns) * rate:g} columns a second"
            return (
                f"{a_second:g} columns a second give {columns:.2f} columns a turn at {rate:g} Hz; "
                f"a whole number needs {needed}"
            )
        return None

    def pulses(self, interval: Interval, lock: float) -> Pulses:
        """All pulses of one turn, which looks along `lock` [rad, positive to the left] half-way.

        The pulses' clock runs through from turn to turn: a turn has every pulse that is fired within it.
        """
        first = int(np.floor((interval.open - self.slot.max()) / self.column_period))
        last = int(np.ceil(interval.close / self.column_period))
        start = np.arange(first, last + 1)[:, None] * self.column_period
        order = np.argsort(self.slot, kind="stable")
        time = np.rint(start + self.slot[order]).astype(np.int64)
        inside = (time >= interval.open) & (time < interval.close)
        turned = np.broadcast_to(start, time.shape) if self.synchronous else time
        rotor = lock + np.pi - 2.0 * np.pi * (turned - interval.open) / (interval.close - interval.open)
        rotor, ring = rotor[inside], np.broadcast_to(order, time.shape)[inside]
        facing = np.cos(rotor), np.sin(rotor)
        direction = self._towards(facing, ring)
        origin = np.zeros((len(ring), 3))
        if self.axis_distance:
            origin[:, 0], origin[:, 1] = (self.axis_distance * part for part in facing)
        return Pulses(
            ring=ring.astype(np.uint16),
            time=time[inside],
            direction=direction,
            reported=self._towards(_stepped(rotor, self.encoder_step), ring) if self.encoder_step else direction,
            origin=origin,
        )

    def _towards(self, facing: tuple[Floats, Floats], ring: NDArray[np.int64]) -> Floats:
        """(P, 3) where beams look when the rotor does, by its cosine and sine."""
        cosine, sine = facing
        level = np.cos(self.elevation)
        ahead, left = (level * np.cos(self.azimuth))[ring], (level * np.sin(self.azimuth))[ring]
        direction = np.zeros((len(ring), 3))
        direction[:, 0] = cosine * ahead - sine * left
        direction[:, 1] = sine * ahead + cosine * left
        direction[:, 2] = np.sin(self.elevation)[ring]
        return direction


@dataclass(frozen=True)
class Rosette:
    """One beam behind two thin prisms that turn against one another; the pattern does not repeat."""

    speeds: tuple[float, float]
    """[rad/s]"""
    deflection: float
    """Of each prism [rad]."""
    pulse_period: float
    """[ns]"""

    @property
    def rings(self) -> int:
        """Number of beams."""
        return 1

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest elevation of a pulse [rad]."""
        return -2.0 * self.deflection, 2.0 * self.deflection

    def count(self, interval: Interval) -> int:
        """About how many pulses an interval has."""
        return round((interval.close - interval.open) / self.pulse_period)

    def problem(self, rate: float) -> str | None:
        """Why the unit cannot report at this rate [Hz]."""
        return _whole("pulses", 1e9 / self.pulse_period, rate)

    def pulses(self, interval: Interval, lock: float) -> Pulses:
        """All pulses of an interval, around the direction `lock` [rad, positive to the left]."""
        time = _ticks(interval, self.pulse_period)
        seconds = time * 1e-9
        a, b = (speed * seconds for speed in self.speeds)
        left = self.deflection * (np.cos(a) + np.cos(b))
        up = self.deflection * (np.sin(a) + np.sin(b))
        direction = _unit(left + lock, up)
        return Pulses(np.zeros(len(time), np.uint16), time, direction, direction, np.zeros((len(time), 3)))


@dataclass(frozen=True)
class Raster:
    """A mirror that sweeps rows from left to right, from the highest row to the lowest."""

    rows: int
    columns: int
    width: float
    """Horizontal field of view [rad]."""
    height: float
    """Vertical field of view [rad]."""

    @property
    def rings(self) -> int:
        """Number of rows."""
        return self.rows

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest elevation of a pulse [rad]."""
        return -self.height / 2.0, self.height / 2.0

    def count(self, interval: Interval) -> int:  # noqa: ARG002 - one picture is one picture
        """How many pulses a picture has."""
        return self.rows * self.columns

    def problem(self, rate: float) -> str | None:  # noqa: ARG002 - rows and columns are whole at any rate
        """Why the unit cannot report at this rate [Hz]."""
        return None

    def pulses(self, interval: Interval, lock: float) -> Pulses:
        """All pulses of a picture around the direction `lock` [rad, positive to the left]."""
        count = self.rows * self.columns
        time = interval.open + np.arange(count) * (interval.close - interval.open) // count
        row, column = np.divmod(np.arange(count), self.columns)
        left = self.width * (0.5 - (column + 0.5) / self.columns)
        up = self.height * (0.5 - (row + 0.5) / self.rows)
        direction = _unit(left + lock, up)
        return Pulses(row.astype(np.uint16), time, direction, direction, np.zeros((count, 3)))


Pattern = Spinning | Rosette | Raster


def _stepped(angle: Floats, step: float) -> tuple[Floats, Floats]:
    """Cosines and sines of angles rounded to whole steps."""
    steps = np.rint(angle / step).astype(np.int64)
    lowest = int(steps.min()) if len(steps) else 0
    table = np.arange(lowest, int(steps.max()) + 1 if len(steps) else 0) * step
    return np.cos(table)[steps - lowest], np.sin(table)[steps - lowest]


def _unit(azimuth: Floats, elevation: Floats) -> Floats:
    level = np.cos(elevation)
    return np.stack([level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)], axis=-1)


def _ticks(interval: Interval, period: float) -> NDArray[np.int64]:
    ticks = np.arange(int(interval.open // period), int(interval.close // period) + 2)
    time = np.rint(ticks * period).astype(np.int64)
    inside: NDArray[np.int64] = time[(time >= interval.open) & (time < interval.close)]
    return inside


def _whole(what: str, a_second: float, rate: float) -> str | None:
    number = a_second / rate
    if abs(number - round(number)) < 1e-6:
        return None
    return f"{a_second:g} {what} a second give {number:.2f} {what} at {rate:g} Hz, which is no whole number"
