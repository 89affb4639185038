"""Rules of pictures: they hold where a format keeps the planes they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import move
from roadlab_sensors.camera.lens import Pinhole, pixel_grid
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_tools.datasets.item import CameraItem
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.sight import delays, poses
from roadlab_tools.datasets.verification.subject import Subject

KNOWN = np.isin(np.arange(256), list(SEMANTIC_IDS.values()))
SKY = SEMANTIC_IDS["sky"]
FARTHEST = 255.9
"""Depth beyond this [m] is not in a KITTI depth picture."""
SAMPLED = 4000
"""So many of an actor's pixels are put back into the world."""
AVERTED = 1e-3
"""A normal may point away from the camera by so much of its length, where a surface is seen edge on."""
NEAR = 0.05
"""A pixel may be this far outside its actor's box [m], and as much again for each step of depth."""


def pictures(subject: Subject) -> Iterator[Fault]:
    """Everything that one frame of one camera must hold true."""
    for name, camera in subject.item.cameras.items():
        views = subject.record["views"].get(name, [])
        if "instance" in camera:
            yield from _boxes(subject, name, camera["instance"], views)
            yield from _same_actors(subject, name, camera["instance"], views)
        yield from _shares(subject, name, views)
        if "semantic" in camera:
            yield from _classes(subject, name, camera)
        if "depth" in camera and "instance" in camera:
            yield from _depth(subject, name, camera)
        if "normal" in camera:
            yield from _normals(subject, camera)


def _boxes(subject: Subject, name: str, instance: NDArray[Any], views: list[Document]) -> Iterator[Fault]:
    for view in views:
        rows, columns = np.nonzero(instance == view["instance"])
        if len(rows) == 0:
            continue
        tight = (columns.min() - 0.5, rows.min() - 0.5, columns.max() + 0.5, rows.max() + 0.5)
        if np.abs(np.subtract(tight, view["box"])).max() > 1e-6:
            yield Fault(6, subject.path, f"{name}: the box of actor {view['instance']} is not tight around its pixels")
        if len(rows) != view["visible_pixels"]:
            yield Fault(
                6,
                subject.path,
                f"{name}: actor {view['instance']} has {len(rows)} pixels, not {view['visible_pixels']}",
            )


def _shares(subject: Subject, name: str, views: list[Document]) -> Iterator[Fault]:
    for view in views:
        box, whole, who = view["box"], view["amodal_box"], f"{name}: actor {view['instance']}"
        if box[0] < whole[0] or box[1] < whole[1] or box[2] > whole[2] or box[3] > whole[3]:
            yield Fault(6, subject.path, f"{who}: the visible box is not within the amodal one")
        if not (0.0 <= view["occlusion"] < 1.0 and 0.0 <= view["truncation"] < 1.0):
            yield Fault(7, subject.path, f"{who}: occlusion or truncation is no share")
            continue
        silhouette = view["visible_pixels"] / (1.0 - view["occlusion"])
        area = (whole[2] - whole[0]) * (whole[3] - whole[1])
        if abs(silhouette - round(silhouette)) > 1e-3 or silhouette > area + 0.5:
            yield Fault(7, subject.path, f"{who}: occlusion {view['occlusion']} is no share of counted pixels")


def _same_actors(subject: Subject, name: str, instance: NDArray[Any], views: list[Document]) -> Iterator[Fault]:
    ego = {actor.instance for actor in subject.scene.log.actors if actor.is_ego}
    seen = set(np.unique(instance).tolist()) - {0} - ego
    viewed = {view["instance"] for view in views}
    known = {actor["instance"] for actor in subject.record["actors"]}
    if seen != viewed:
        yield Fault(10, subject.path, f"{name}: pixels show actors {sorted(seen)}, views {sorted(viewed)}")
    if not viewed <= known:
        yield Fault(10, subject.path, f"{name}: actors {sorted(viewed - known)} have a view but no box")


def _classes(subject: Subject, name: str, camera: CameraItem) -> Iterator[Fault]:
    semantic = camera["semantic"]
    if semantic.shape != (camera.lens.height, camera.lens.width):
        yield Fault(11, subject.path, f"{name}: {semantic.size} pixels have a class, not all of the picture's")
        return
    if not KNOWN[semantic].all():
        yield Fault(11, subject.path, f"{name}: some pixels have a class that there is not")
    if "instance" in camera and (semantic[camera["instance"] > 0] == SKY).any():
        yield Fault(11, subject.path, f"{name}: some pixels of actors are sky")
    if "depth" in camera:
        near = camera["depth"] < FARTHEST
        if (near & (semantic == SKY)).any():
            yield Fault(11, subject.path, f"{name}: sky is in front of a surface")


def _depth(subject: Subject, name: str, camera: CameraItem) -> Iterator[Fault]:
    depth, instance = camera["depth"], camera["instance"]
    if not isinstance(camera.lens, Pinhole):
        return
    if (depth <= 0).any() or np.isnan(depth).any():
        yield Fault(8, subject.path, f"{name}: some depths are not positive")
        return
    for who in np.unique(instance[instance > 0]).tolist():
        if who not in subject.actors:
            continue
        rows, columns = np.nonzero((instance == who) & (depth < FARTHEST))
        chosen = slice(None, None, max(1, len(rows) // SAMPLED))
        rows, columns = rows[chosen], columns[chosen]
        if len(rows) == 0:
            continue
        pixels = np.stack([columns, rows], axis=1)
        rays = camera.lens.directions(pixels)
        times = camera.interval.middle + delays(subject, camera, pixels)
        world = move(poses(subject, camera, times), rays / rays[:, 2:] * depth[rows, columns, None])
        beyond = subject.outside(who, world, times)
        if np.mean(beyond > NEAR + 0.004 * depth[rows, columns]) > 0.02:
            yield Fault(8, subject.path, f"{name}: depth puts actor {who} {beyond.max():.2f} m outside its box")


def _normals(subject: Subject, camera: CameraItem) -> Iterator[Fault]:
    normal = camera["normal"].astype(np.float64)
    length = np.linalg.norm(normal, axis=-1)
    there = length > 0
    if np.abs(length[there] - 1.0).max(initial=0.0) > 1e-2:
        yield Fault(8, subject.path, f"{camera.name}: some normals are not of length 1")
    if isinstance(camera.lens, Pinhole):
        rays = camera.lens.directions(pixel_grid(camera.lens))
        if ((normal * rays).sum(axis=-1)[there] > AVERTED).any():
            yield Fault(8, subject.path, f"{camera.name}: some normals do not face the camera")


CAMERA_RULES = (pictures,)
