"""Rules of lidar sweeps and radar scans: they hold where a format keeps the columns they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import move
from roadlab_sensors.lidar.patterns import Spinning
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.item import RangeItem
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.subject import Subject

SURFACE = 0.10
"""A point may be this far outside its actor's box [m]: four deviations of a noisy unit, and its beam's width."""
STRAY = 0.01
"""Share of an actor's points that may be farther away: echoes of two surfaces in one pulse."""
ORIGIN = 2e-3
"""How exactly points must follow from what was measured and where the lidar was [m]."""
ELEVATION = np.radians(0.01)
RANGE_SLACK = 0.15
"""Noise may carry a point beyond the unit's limits by so much [m]."""
PLAIN_PIXELS = 4000
"""An actor with so many pixels in view, and nothing before it, is in plain view."""
ACTOR_CLASSES: dict[str, set[int]] = {
    "pedestrian": {SEMANTIC_IDS["person"]},
    "cyclist": {SEMANTIC_IDS["rider"], SEMANTIC_IDS["bicycle"], SEMANTIC_IDS["person"]},
}
"""Classes that the points of an actor may have, where not those of vehicles."""
VEHICLES = {
    SEMANTIC_IDS[name] for name in ("car", "truck", "bus", "motorcycle", "bicycle", "rider", "person", "static")
}
GROUND = {SEMANTIC_IDS[name] for name in ("ground", "road", "sidewalk", "parking", "terrain", "road marking")}
RCS = (-60.0, 60.0)
RATE = 1e-3


def sweeps(subject: Subject) -> Iterator[Fault]:
    """Everything that one sweep must hold true."""
    for name, lidar in subject.item.lidars.items():
        if "points" not in lidar:
            continue
        count = len(lidar["points"])
        for column in lidar:
            if len(lidar[column]) != count:
                yield Fault(15, subject.path, f"{name}: {len(lidar[column])} values of {column} for {count} points")
                return
        if {"instance", "time"} <= set(lidar):
            yield from _on_actors(subject, name, lidar)
        if {"raw", "time"} <= set(lidar):
            yield from _origins(subject, name, lidar)
        if "range" in lidar:
            yield from _limits(subject, name, lidar)
        if {"raw", "ring"} <= set(lidar):
            yield from _rings(subject, name, lidar)
        if "instance" in lidar:
            yield from _counts(subject, name, lidar)
            yield from _labels(subject, name, lidar)


def _on_actors(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    world = move(lidar.world_from_sensor, lidar["points"].astype(np.float64))
    for who in np.unique(lidar["instance"]).tolist():
        if who not in subject.actors:
            if who != 0:
                yield Fault(15, subject.path, f"{name}: points of actor {who}, whom nobody knows")
            continue
        own = lidar["instance"] == who
        beyond = subject.outside(who, world[own], lidar["time"][own])
        if np.sum(beyond > SURFACE) > 1 + STRAY * own.sum():
            yield Fault(
                12, subject.path, f"{name}: points of actor {who} are up to {beyond.max():.2f} m outside its box"
            )


def _origins(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    mount = ego_from_sensor(subject.scene.scenario.spec.sensors[name].mount)
    distinct, back = np.unique(lidar["time"], return_inverse=True)
    poses = subject.ego_at(distinct) @ mount
    world = move(poses[back], lidar["raw"].astype(np.float64))
    again = move(lidar.world_from_sensor, lidar["points"].astype(np.float64))
    apart = np.linalg.norm(world - again, axis=1)
    if len(apart) and np.quantile(apart, 0.999) > ORIGIN:
        yield Fault(12, subject.path, f"{name}: points are {apart.max():.3f} m from where they were measured")


def _limits(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    nearest, farthest = _unit(subject, name).receiver.nearest, _unit(subject, name).receiver.farthest
    measured = lidar["range"]
    if (measured < nearest - RANGE_SLACK).any():
        yield Fault(13, subject.path, f"{name}: a return from {measured.min():.2f} m, nearer than the unit sees")
    if (measured > farthest + RANGE_SLACK).any():
        yield Fault(13, subject.path, f"{name}: a return from {measured.max():.2f} m, farther than the unit sees")


def _rings(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    """A ring of a spinning unit is a cone: its elevation is the same all the way round."""
    if not _spins(subject, name):
        return
    raw, ring = lidar["raw"].astype(np.float64), lidar["ring"]
    elevation = np.arctan2(raw[:, 2], np.hypot(raw[:, 0], raw[:, 1]))
    order = np.argsort(ring, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(ring[order]) > 0])
    if len(order) == 0:
        return
    spread = np.maximum.reduceat(elevation[order], starts) - np.minimum.reduceat(elevation[order], starts)
    for worst in np.flatnonzero(spread > 2 * ELEVATION)[:3]:
        number = ring[order][starts[worst]]
        yield Fault(13, subject.path, f"{name}: ring {number} spreads over {np.degrees(spread[worst]):.3f} degrees")


def _counts(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    counts = np.bincount(lidar["instance"], minlength=max(subject.actors, default=0) + 1)
    plain = _in_plain_view(subject)
    farthest = _unit(subject, name).receiver.farthest
    for actor in subject.record["actors"]:
        said, found = actor["lidar_points"].get(name), int(counts[actor["instance"]])
        if said != found:
            yield Fault(14, subject.path, f"{name}: {found} points of {actor['name']}, not {said}")
        where = np.array(actor["world_from_box"])[:3, 3]
        distance = np.linalg.norm(where - lidar.world_from_sensor[:3, 3])
        if found == 0 and actor["instance"] in plain and 5.0 < distance < farthest / 2 and _spins(subject, name):
            yield Fault(14, subject.path, f"{name}: no point of {actor['name']}, which is in plain view")


def _spins(subject: Subject, name: str) -> bool:
    return isinstance(_unit(subject, name).pattern, Spinning)


def _unit(subject: Subject, name: str) -> Any:
    return subject.scene.scenario.spec.sensors[name].unit  # type: ignore[attr-defined]


def _in_plain_view(subject: Subject) -> set[int]:
    views = [view for camera in subject.record["views"].values() for view in camera]
    return {v["instance"] for v in views if v["visible_pixels"] > PLAIN_PIXELS and v["occlusion"] < 0.05}


def _labels(subject: Subject, name: str, lidar: RangeItem) -> Iterator[Fault]:
    if "semantic" not in lidar:
        return
    category = {actor.instance: actor.category for actor in subject.scene.log.actors}
    for who in np.unique(lidar["instance"]).tolist():
        if who not in category:
            continue
        classes = set(np.unique(lidar["semantic"][lidar["instance"] == who]).tolist())
        strange = classes & GROUND if category[who] not in ACTOR_CLASSES else classes - ACTOR_CLASSES[category[who]]
        if strange:
            yield Fault(15, subject.path, f"{name}: points of {category[who]} {who} have the classes {sorted(strange)}")


def scans(subject: Subject) -> Iterator[Fault]:
    """16. Rates and cross-sections of radar detections."""
    for name, radar in subject.item.radars.items():
        if not {"vx", "vy", "vx_comp", "vy_comp", "x", "y", "rcs"} <= set(radar):
            continue
        yield from _rates(subject, name, radar)
        if len(radar["rcs"]) and (radar["rcs"].min() < RCS[0] or radar["rcs"].max() > RCS[1]):
            yield Fault(16, subject.path, f"{name}: radar cross-sections beyond {RCS[0]:g} to {RCS[1]:g} dBsm")


def _rates(subject: Subject, name: str, radar: RangeItem) -> Iterator[Fault]:
    """The compensated rate is the measured one plus the sensor's own velocity along the line of sight."""
    where = np.stack([radar["x"], radar["y"]], axis=1).astype(np.float64)
    if len(where) == 0:
        return
    sight = where / np.maximum(np.linalg.norm(where, axis=1, keepdims=True), 1e-9)
    own = _velocity(subject, radar)
    measured = np.stack([radar["vx"], radar["vy"]], axis=1)
    compensated = np.stack([radar["vx_comp"], radar["vy_comp"]], axis=1)
    wanted = (measured * sight).sum(axis=1) + sight @ own[:2]
    if np.abs((compensated * sight).sum(axis=1) - wanted).max() > 0.3:
        yield Fault(16, subject.path, f"{name}: compensated rates are not the measured ones less the ego's motion")


def _velocity(subject: Subject, radar: RangeItem) -> NDArray[np.float64]:
    """(3,) of the radar over ground, in its own axes [m/s]."""
    step = 5_000_000
    log = subject.scene.log
    around = np.clip([radar.reference - step, radar.reference + step], log.time[0], log.time[-1]).tolist()
    ego = [subject.scene.world_from_ego(time) for time in around]
    mount = np.linalg.inv(subject.scene.world_from_ego(radar.reference)) @ radar.world_from_sensor
    ends = [(pose @ mount)[:3, 3] for pose in ego]
    moved = (ends[1] - ends[0]) / ((around[1] - around[0]) / 1e9)
    velocity: NDArray[np.float64] = radar.world_from_sensor[:3, :3].T @ moved
    return velocity


RANGE_RULES = (sweeps, scans)
