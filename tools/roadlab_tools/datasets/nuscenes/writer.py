"""Writes nuScenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.nuscenes.frames import sample_files
from roadlab_tools.datasets.nuscenes.surroundings import surroundings
from roadlab_tools.datasets.nuscenes.tables import tables
from roadlab_tools.datasets.scene import Scene


class NuscenesWriter:
    """For rigs with a lidar and undistorted cameras; inertial sensors are left out, CAN bus messages stand for them."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig without a lidar, and for lenses that nuScenes has no place for."""
        if not any(sensor.type == "lidar" for sensor in sensors.values()):
            raise OutputError("nuScenes' tools want a lidar, and the scenario's rig has none")
        for name, sensor in sensors.items():
            lens = getattr(sensor, "lens", None)
            if lens is not None and (not isinstance(lens, Pinhole) or any(lens.distortion)):
                raise OutputError(f"nuScenes holds undistorted pictures: {name} must have a pinhole lens")

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Pictures, sweeps, scans and point labels."""
        return sample_files(sample, scene)

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Tables, maps and bus messages."""
        yield from tables(contents)
        yield from surroundings(contents)
