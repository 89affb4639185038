"""What rendering a scenario will take, before anything is rendered."""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.scenario.load import Scenario

SECONDS_PER_MILLION_RAYS = 1.0
"""Of rendering on two CPU cores at standard quality; measured on the shipped scenarios."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """For one run at standard quality into one format."""

    frames: int
    sensors: int
    rays: int
    """Of one frame, all sensors together."""
    seconds: float
    """On two CPU cores, roughly."""
    megabytes: float

    def words(self) -> str:
        """For people."""
        if not self.frames:
            return "no frames: the rig has no sensor that completes a reading"
        hours = f"{self.seconds / 3600:.1f} h" if self.seconds > 5400 else f"{max(self.seconds / 60, 0.1):.1f} min"
        size = f"{self.megabytes / 1000:.1f} GB" if self.megabytes > 1500 else f"{self.megabytes:.0f} MB"
        rays = f"{self.rays / 1e6:.1f} million rays"
        return f"{self.frames} frames of {self.sensors} sensors, {rays} each: about {hours} on two cores, {size}"


def estimated(scenario: Scenario, frames: int | None = None) -> Estimate:
    """What rendering so many frames of a scenario will take; by default all."""
    from roadlab_sensors.observe import expected_count, rig_of
    from roadlab_sensors.rays.light import QUALITIES
    from roadlab_tools.batch.space import expected_size

    rig = rig_of(scenario)
    rays = sum(sensor.rays(QUALITIES["standard"]) for sensor in rig.values())
    frames = expected_count(scenario) if frames is None else frames
    seconds = frames * rays / 1e6 * SECONDS_PER_MILLION_RAYS
    return Estimate(frames, len(rig), rays, seconds, frames * expected_size(scenario, 1) / 1e6)
