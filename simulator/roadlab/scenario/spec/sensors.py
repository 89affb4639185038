"""What every sensor on the ego has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadlab.scenario.quantities import Angle, Duration, Frequency, Length
from roadlab.scenario.spec.base import Spec


class MountSpec(Spec):
    """Where a sensor sits in the ego's frame: x forward, y left, z up from the rear axle's centre on the ground."""

    x: Length = Field(0.0, description="Forward.")
    y: Length = Field(0.0, description="To the left.")
    z: Length = Field(1.65, description="Up.")
    yaw: Angle = Field(0.0, description="Positive looks left.")
    pitch: Angle = Field(0.0, description="Positive looks down.")
    roll: Angle = Field(0.0, description="Positive leans right.")


class SensorSpec(Spec):
    """Base of every sensor; registered under `roadlab.sensors`."""

    type: str
    mount: MountSpec = MountSpec()
    rate: Annotated[Frequency, Field(le=10_000.0)] = Field(10.0, description="Readings a second.")
    phase: Duration = Field(0.0, description="When the first reading begins.")
