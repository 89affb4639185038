"""All readings of one instant, and what is true then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.timing import Nanoseconds
from roadlab_sensors.readings.camera import CameraFrame, CameraReading
from roadlab_sensors.readings.inertial import GnssReading, ImuReading, InertialReading, OdometryReading
from roadlab_sensors.readings.lidar import LidarSweep
from roadlab_sensors.readings.radar import RadarScan
from roadlab_sensors.readings.views import ActorView

Reading = CameraReading | LidarSweep | RadarScan | ImuReading | GnssReading | OdometryReading | object
"""What a sensor reports; plug-in sensors may report anything, which is handed on as it is."""


@dataclass(frozen=True)
class ActorTruth:
    """Where one actor is at the sample's time; the ego is not among them."""

    instance: int
    name: str
    category: Category
    size: tuple[float, float, float]
    """(length, width, height) [m]."""
    world_from_box: NDArray[np.float64]
    """(4, 4), origin at the box's centre, x forward, y left, z up."""
    velocity: tuple[float, float, float]
    """[m/s], world frame."""
    lidar_points: Mapping[str, int]
    """For each lidar, how many returns of the sweep this actor caused."""
    radar_points: Mapping[str, int] = field(default_factory=dict)
    """For each radar, how many of its detections, whatever caused them, lie in the actor's box."""


@dataclass(frozen=True)
class Sample:
    """All readings of one instant, with labels."""

    index: int
    """Counts the rig's synchronised triggers from 0."""
    time: Nanoseconds
    world_from_ego: NDArray[np.float64]
    """(4, 4)."""
    cameras: Mapping[str, CameraFrame]
    lidars: Mapping[str, LidarSweep]
    actors: tuple[ActorTruth, ...]
    views: Mapping[str, tuple[ActorView, ...]]
    """For each camera, the actors of which it sees at least one pixel."""
    others: Mapping[str, object] = field(default_factory=dict)
    """Readings of plug-in sensors that are none of the kinds above and below."""
    radars: Mapping[str, RadarScan] = field(default_factory=dict)
    inertial: Mapping[str, InertialReading] = field(default_factory=dict)
    """Every measurement after the sample before, up to this one's time."""
