"""What the ego's sensors reach: where cameras and radars look, and where a lidar's beams meet the ground."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import MountSpec, SensorSpec
from roadlab_tools.palette import Color
from roadlab_tools.preview.canvas import filled
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.strokes import Image, curve, outlined
from roadlab_tools.viewer.view import View

Points = NDArray[np.float64]

CAMERA: Color = (240, 228, 66)
RADAR: Color = (225, 125, 190)
BEAM: Color = (86, 180, 233)
SIGHT = 45.0
"""So far a camera's picture is drawn [m]; it has no end."""
_FURTHEST = 80.0
"""Beams that meet level ground beyond are not drawn [m]."""
_RAYS = 25


@dataclass(frozen=True)
class Reach:
    """Of one sensor, in the ego's frame: origin on the ground below the rear axle, x forward, y left [m]."""

    name: str
    color: Color
    wedge: Points | None
    """(P, 2) a polygon."""
    circles: tuple[Points, ...] = ()
    """(P, 2) lines."""


def reaches(scene: Scene) -> tuple[Reach, ...]:
    """Those of a scene's rig that see something."""
    return tuple(_reaches(scene))


def _reaches(scene: Scene) -> Iterator[Reach]:
    for name, sensor in scene.scenario.spec.sensors.items():
        if sensor.type == "camera":
            yield Reach(name, CAMERA, _wedge(sensor.mount, _seen(sensor), SIGHT))
        elif sensor.type == "radar":
            waveform = getattr(sensor, "waveform")  # noqa: B009 - of the registered class, which is not known here
            sides = np.linspace(-waveform.width, waveform.width, _RAYS)
            yield Reach(name, RADAR, _wedge(sensor.mount, sides, waveform.farthest))
        elif sensor.type == "lidar":
            yield Reach(name, BEAM, None, tuple(_circles(sensor)))


def _seen(sensor: SensorSpec) -> Points:
    """(R,) azimuths to the left [rad] of the picture's middle row, from its left to its right end."""
    lens = getattr(sensor, "lens")  # noqa: B009
    columns = np.linspace(-0.5, lens.width - 0.5, _RAYS)
    rays = lens.directions(np.column_stack([columns, np.full(_RAYS, (lens.height - 1) / 2)]))
    rays = rays[np.isfinite(rays).all(axis=1)]
    return np.unwrap(np.arctan2(-rays[:, 0], rays[:, 2]))


def _wedge(mount: MountSpec, azimuth: Points, distance: float) -> Points:
    angles = azimuth + mount.yaw
    rim = np.column_stack([np.cos(angles), np.sin(angles)]) * distance
    return np.asarray(np.array([mount.x, mount.y]) + np.vstack([[[0.0, 0.0]], rim]))


def _circles(sensor: SensorSpec) -> Iterator[Points]:
    """Where each beam of a turning lidar meets level ground."""
    mount = sensor.mount
    elevation = getattr(getattr(sensor, "unit").pattern, "elevation", None)  # noqa: B009
    if elevation is None:
        return
    around = np.linspace(0.0, 2.0 * np.pi, 73)
    for angle in np.asarray(elevation, dtype=np.float64).tolist():
        radius = mount.z / math.tan(-angle) if angle < 0.0 else math.inf
        if radius < _FURTHEST:
            yield np.column_stack([radius * np.cos(around) + mount.x, radius * np.sin(around) + mount.y])


def draw_reaches(image: Image, view: View, scene: Scene, found: tuple[Reach, ...], time: float) -> None:
    """All of them, where the ego is at `time` [s]."""
    ego = scene.log.ego
    shown = scene.actor_at(ego, time)
    c, s = math.cos(shown.heading), math.sin(shown.heading)
    forward = np.array([c, s])
    origin = np.array(shown.middle) - scene.log.actors[ego].box_center[0] * forward

    def there(points: Points) -> Points:
        return view.pixels(origin + points @ np.array([[c, s], [-s, c]]))

    for reach in found:
        for number, circle in enumerate(reach.circles):
            if number % _every(len(reach.circles)) == 0:
                curve(image, there(circle), _dim(reach.color), 1)
        if reach.wedge is not None:
            filled(image, there(reach.wedge), reach.color, 0.10)
            outlined(image, there(reach.wedge), _dim(reach.color), 1)


def _every(count: int) -> int:
    """Of many beams only some are drawn: they would be a carpet."""
    return max(1, count // 24)


def _dim(color: Color) -> Color:
    red, green, blue = (round(0.6 * channel + 20) for channel in color)
    return red, green, blue
