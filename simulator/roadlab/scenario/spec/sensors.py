"""What every sensor on the ego has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadlab.scenario.quantities import Angle, Duration, Frequency, Length
from roadlab.scenario.spec.base import Spec


class MountSpec(Spec):
    """Where a sensor sits in the ego's frame: x forward, y left, z up from the rear axle's centre on the ground."""

    x: Length = 0.0
    y: Length = 0.0
    z: Length = 1.65
    yaw: Angle = 0.0
    pitch: Angle = Field(0.0, description="Positive looks down.")
    roll: Angle = 0.0


class SensorSpec(Spec):
    """Base of every sensor; registered under `roadlab.sensors`."""

    type: str
    mount: MountSpec = MountSpec()
    rate: Annotated[Frequency, Field(le=10_000.0)] = 10.0
    phase: Duration = 0.0
