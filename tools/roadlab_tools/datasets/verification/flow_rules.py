"""9. Rules of optical flow: they hold where a camera was asked for it and the format keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import inverse, move
from roadlab_sensors.camera.lens import Pinhole
from roadlab_tools.datasets.item import CameraItem
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.sight import delays, poses
from roadlab_tools.datasets.verification.subject import Subject

STEPS = {"flow_forward": 1, "flow_backward": -1}
SAMPLED = 4000
"""So many pixels of the surroundings, and of each vehicle, are carried to the other frame."""
MOTION = 1 / 64
"""Flow may be so far from the projection of what is known to move [px]: the step of KITTI's flow files."""
RIGID = 0.7
"""Share of a vehicle's pixels that move as its body does; wheels turn."""
RESIDUAL = 0.05
"""There and back again may miss by so much [px]."""
ENOUGH = 50
"""Pixels of an actor, half of which must do so; edges and limbs are interpolated badly."""
SMOOTH = 0.02
"""Flow is interpolated between four pixels whose depths differ by no more than this share."""


def flows(subject: Subject) -> Iterator[Fault]:
    """Flow is the projection of motion that the log knows: of the ego, and of bodies that do not bend."""
    for name, camera in subject.item.cameras.items():
        if not {"depth", "instance"} <= set(camera) or not isinstance(camera.lens, Pinhole):
            continue
        for label, step in STEPS.items():
            if label in camera:
                yield from _motion(subject, camera, f"{name}: {label}", camera[label], neighbour(subject, camera, step))


def neighbour(subject: Subject, camera: CameraItem, step: int) -> int | None:
    """The middle of the exposure so many frames on [ns]; None where the scene has no such frame."""
    timing = subject.scene.scenario.spec.sensors[camera.name].timing  # type: ignore[attr-defined]
    index = round((camera.interval.open - timing.clock.phase) * timing.clock.rate / 1e9) + step
    if not 0 <= index < timing.count(int(subject.scene.log.time[-1])):
        return None
    middle: int = timing.interval(index).middle
    return middle


def _motion(subject: Subject, camera: CameraItem, what: str, flow: NDArray[Any], there: int | None) -> Iterator[Fault]:
    instance, depth = camera["instance"], camera["depth"]
    if flow.shape != (*depth.shape, 2):
        yield Fault(9, subject.path, f"{what} has the shape {flow.shape}")
        return
    if there is None:
        if np.isfinite(flow).any():
            yield Fault(9, subject.path, f"{what} leads to a frame that there is not")
        return
    rigid = {actor.instance for actor in subject.scene.log.actors if actor.kind == "vehicle" and not actor.is_ego}
    for who in np.unique(instance).tolist():
        if who != 0 and who not in rigid:
            continue
        rows, columns = np.nonzero((instance == who) & np.isfinite(depth) & np.isfinite(flow).all(axis=-1))
        chosen = slice(None, None, max(1, len(rows) // SAMPLED))
        rows, columns = rows[chosen], columns[chosen]
        if len(rows) == 0:
            continue
        pixels = np.stack([columns, rows], axis=1)
        wanted = _projected(subject, camera, pixels, depth[rows, columns].astype(np.float64), who, there) - pixels
        apart = np.linalg.norm(wanted - flow[rows, columns], axis=1)
        # float32 keeps less of a flow that is thousands of pixels long, as beside the camera's centre.
        close = np.mean(apart <= MOTION + 1e-5 * np.linalg.norm(wanted, axis=1))
        if close < (RIGID if who else 0.99):
            yield Fault(9, subject.path, f"{what} of {_named(subject, who)} is {np.median(apart):.2f} px off")


def _named(subject: Subject, who: int) -> str:
    return "the surroundings" if who == 0 else f"actor {subject.scene.log.actors[subject.actors[who]].name}"


def _projected(
    subject: Subject, camera: CameraItem, pixels: NDArray[Any], depth: NDArray[np.float64], who: int, there: int
) -> NDArray[np.float64]:
    """(N, 2) where the surfaces at these pixels appear in the frame whose exposure has its middle at `there`."""
    rays = camera.lens.directions(pixels)
    here = camera.interval.middle + delays(subject, camera, pixels)
    points = move(poses(subject, camera, here), rays / rays[:, 2:] * depth[:, None])
    local = move(subject.box_from_world(who, here), points) if who else points
    images = pixels.astype(np.float64)
    for _ in range(4):  # with a rolling shutter, when a point is seen depends on where it is seen
        times = there + delays(subject, camera, np.nan_to_num(images))
        moved = move(inverse(subject.box_from_world(who, times)), local) if who else points
        images = camera.lens.project(move(inverse(poses(subject, camera, times)), moved))
    return images


def there_and_back(before: Subject, now: Subject) -> Iterator[Fault]:
    """What flows forward from one frame to the next flows back to where it was."""
    for name, camera in now.item.cameras.items():
        earlier = before.item.cameras.get(name)
        if earlier is None or not {"flow_forward", "flow_forward_visible"} <= set(earlier):
            continue
        if not {"flow_backward", "depth", "instance"} <= set(camera):
            continue
        if neighbour(before, earlier, 1) != camera.interval.middle:
            continue
        instance, residual = _residuals(earlier, camera)
        for who in np.unique(instance).tolist():
            own = residual[instance == who]
            if len(own) >= ENOUGH and np.median(own) > RESIDUAL:
                whose = "the surroundings" if who == 0 else f"actor {who}"
                yield Fault(9, now.path, f"{name}: flow back misses where {whose} came from by {np.median(own):.2f} px")


def _residuals(earlier: CameraItem, camera: CameraItem) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Instances and residuals (N,) [px] of pixels that both frames show, away from edges."""
    rows, columns = np.nonzero(earlier["flow_forward_visible"] & np.isfinite(earlier["depth"]))
    forward = earlier["flow_forward"][rows, columns].astype(np.float64)
    target = np.stack([columns, rows], axis=1) + forward
    corner = np.floor(target).astype(int)
    height, width = camera["depth"].shape
    inside = (corner >= 0).all(axis=1) & (corner[:, 0] < width - 1) & (corner[:, 1] < height - 1)
    rows, columns, forward, target, corner = (part[inside] for part in (rows, columns, forward, target, corner))
    at = [(corner[:, 1] + j, corner[:, 0] + i) for j in (0, 1) for i in (0, 1)]
    depth = np.stack([camera["depth"][where] for where in at])
    instance = earlier["instance"][rows, columns]
    same = np.all([camera["instance"][where] == instance for where in at], axis=0)
    smooth = same & (depth.max(axis=0) <= (1.0 + SMOOTH) * depth.min(axis=0))
    a, b = (target - corner).T
    weights = np.stack([(1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b])
    backward = sum(w[:, None] * camera["flow_backward"][where] for w, where in zip(weights, at, strict=True))
    residual = np.linalg.norm(forward + backward, axis=1)
    kept = smooth & np.isfinite(residual)
    return instance[kept], residual[kept]
