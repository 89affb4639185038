"""Rules of poses, times and boxes; they hold for the records of every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import inverse, world_from_actor
from roadlab.timing import Interval
from roadlab_sensors.sensor import Sensor, ego_from_sensor
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.subject import Subject

UNIT = 1e-6
POSITION = 1e-6
"""Of a sensor's pose against the simulator's [m]."""
SIZE = 1e-3
GROUND = 0.02
CENTER = 1e-3
BODY_FROM_OPTICAL = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])
"""Axes of a camera (x right, y down, z forward) in those of its mount (x forward, y left, z up)."""


def rotations(subject: Subject) -> Iterator[Fault]:
    """1. Every pose is rigid and right-handed."""
    for name, pose in _poses(subject):
        turn = pose[:3, :3]
        if np.abs(turn @ turn.T - np.eye(3)).max() > UNIT or abs(np.linalg.det(turn) - 1.0) > UNIT:
            yield Fault(1, subject.path, f"the rotation of {name} is not orthonormal with determinant 1")


def times(subject: Subject) -> Iterator[Fault]:
    """2. Readings are taken on their sensors' clocks, and the label is of the middle of a reading."""
    middles = []
    for name, sensor, reading in _readings(subject):
        interval = Interval(**{key: reading["interval"][key] for key in ("open", "close")})
        middles.append(interval.middle)
        k = round((interval.open - sensor.timing.clock.phase) * sensor.rate / 1e9)
        if abs(sensor.timing.clock.trigger(k) - interval.open) > 1 or k < 0:
            yield Fault(2, subject.path, f"{name} opens at {interval.open} ns, when its clock does not trigger")
        reference = reading.get("reference")
        if reference is not None and not interval.open <= reference <= interval.close:
            yield Fault(2, subject.path, f"the reference time of {name} is outside its reading")
    if middles and min(abs(middle - subject.item.time) for middle in middles) > 1:
        yield Fault(2, subject.path, f"the labels' time {subject.item.time} ns is the middle of no reading")


def mounts(subject: Subject) -> Iterator[Fault]:
    """3. world_from_sensor is world_from_ego of its time by ego_from_sensor."""
    ego = subject.scene.world_from_ego(subject.item.time)
    if np.abs(ego - subject.item.world_from_ego).max() > POSITION:
        yield Fault(3, subject.path, "world_from_ego is not where the log has the ego")
    for name, camera in subject.item.cameras.items():
        mount = _sensor(subject, name).mount
        wanted = subject.scene.world_from_ego(camera.interval.middle) @ ego_from_sensor(mount)
        wanted[:3, :3] = wanted[:3, :3] @ BODY_FROM_OPTICAL
        if np.abs(wanted - camera.world_from_camera).max() > POSITION:
            yield Fault(3, subject.path, f"{name} is not where its mount puts it at the middle of its exposure")
    for name, sensor in (*subject.item.lidars.items(), *subject.item.radars.items()):
        mount = _sensor(subject, name).mount
        wanted = subject.scene.world_from_ego(sensor.reference) @ ego_from_sensor(mount)
        if np.abs(wanted - sensor.world_from_sensor).max() > POSITION:
            yield Fault(3, subject.path, f"{name} is not where its mount puts it at its reference time")


def sizes(subject: Subject) -> Iterator[Fault]:
    """5. Boxes are the models' and stand on the ground that their wheels or shoes touch."""
    log = subject.scene.log
    states = log.states_at(np.array([subject.item.time]))
    poses = world_from_actor(states.position[0], states.attitude[0])
    for actor in subject.record["actors"]:
        k = subject.actors.get(actor["instance"])
        if k is None:
            yield Fault(5, subject.path, f"actor {actor['instance']} is not in the log")
            continue
        if np.abs(np.subtract(actor["size"], log.actors[k].size)).max() > SIZE:
            yield Fault(5, subject.path, f"actor {actor['name']} is not of its model's size")
        bottom = np.array(actor["world_from_box"]) @ [0.0, 0.0, -actor["size"][2] / 2, 1.0]
        above = (inverse(poses[k]) @ bottom)[2]  # in the actor's frame, which tilts with the road and on its springs
        if abs(above) > GROUND:
            yield Fault(5, subject.path, f"actor {actor['name']} stands {above:.3f} m above its ground")


def velocities(subject: Subject) -> Iterator[Fault]:
    """4. Velocities are what positions do, but for the instant of a collision."""
    log, time = subject.scene.log, subject.item.time
    step = 5_000_000
    around = np.clip([time - step, time + step], log.time[0], log.time[-1])
    before, after = log.states_at(around).position
    contacts = {name for e in log.events if e.kind == "contact" and abs(e.time - time) < 2e8 for name in e.actors}
    for actor in subject.record["actors"]:
        k = subject.actors.get(actor["instance"])
        if k is None or actor["name"] in contacts:
            continue
        moved = (after[k] - before[k]) / ((around[1] - around[0]) / 1e9)
        if np.abs(moved - actor["velocity"]).max() > 0.1:
            yield Fault(4, subject.path, f"the velocity of {actor['name']} is not how it moves")


def format_boxes(subject: Subject) -> Iterator[Fault]:
    """20. The boxes of the format are the record's."""
    known = {actor["instance"]: actor for actor in subject.record["actors"]}
    boxes = subject.item.boxes
    for row, instance in enumerate(boxes.instance.tolist()):
        if instance not in known:
            yield Fault(20, subject.path, f"the format has a box of actor {instance}, whom the simulator does not know")
            continue
        actor = known[instance]
        point = [0.0, 0.0, subject.anchor * actor["size"][2] / 2, 1.0]
        apart = np.abs((boxes.world_from_box[row] - np.array(actor["world_from_box"])) @ point).max()
        if apart > CENTER or np.abs(boxes.size[row] - actor["size"]).max() > CENTER:
            yield Fault(20, subject.path, f"the format's box of {actor['name']} is {apart * 1000:.1f} mm off")


def _poses(subject: Subject) -> Iterator[tuple[str, NDArray[np.float64]]]:
    yield "world_from_ego", subject.item.world_from_ego
    for name, camera in subject.item.cameras.items():
        yield name, camera.world_from_camera
    for name, sensor in (*subject.item.lidars.items(), *subject.item.radars.items()):
        yield name, sensor.world_from_sensor
    for actor in subject.record["actors"]:
        yield f"the box of {actor['name']}", np.array(actor["world_from_box"])
    for row, pose in enumerate(subject.item.boxes.world_from_box):
        yield f"the format's box {row}", pose


def _readings(subject: Subject) -> Iterator[tuple[str, Sensor, Mapping[str, Any]]]:
    for group in ("cameras", "lidars", "radars"):
        for name, reading in subject.record.get(group, {}).items():
            yield name, _sensor(subject, name), reading


def _sensor(subject: Subject, name: str) -> Any:
    return subject.scene.scenario.spec.sensors[name]


POSE_RULES = (rotations, times, mounts, velocities, sizes, format_boxes)
