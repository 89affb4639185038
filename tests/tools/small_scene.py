"""A small world of upright boxes on a plane, seen by a camera and a lidar that are a dozen lines of slab tests each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab import Scenario
from roadlab.actors.catalog import Category
from roadlab.geometry.poses import compose, world_from_actor
from roadlab.log import ActorInfo, SceneLog
from roadlab.timing import Interval
from roadlab.weather import Weather
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.radar.model import Radar
from roadlab_sensors.readings import (
    RADAR_FIELDS,
    SEMANTIC_IDS,
    ActorTruth,
    ActorView,
    CameraFrame,
    LidarSweep,
    RadarScan,
    RadarTracks,
    Sample,
)
from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.scene import Scene, SceneEntry

CAMERA_FROM_FORWARD = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])
"""Axes of a camera that looks along the ego's x."""


SEMANTIC = {"car": "car", "van": "car", "truck": "truck", "pedestrian": "person", "cyclist": "rider"}
SEMANTIC |= {"bus": "bus", "trailer": "truck", "construction": "truck", "motorcycle": "motorcycle"}
SEMANTIC |= {"cone": "static", "barrier": "static"}


@dataclass(frozen=True)
class Box:
    """An actor of the small world."""

    category: Category
    x: float
    y: float
    yaw: float = 0.0
    size: tuple[float, float, float] = (4.3, 1.9, 1.5)

    @property
    def pose(self) -> NDArray[np.float64]:
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        return np.array([[c, -s, 0, self.x], [s, c, 0, self.y], [0, 0, 1, self.size[2] / 2], [0, 0, 0, 1]])


def small_world(
    boxes: list[Box] | None = None, index: int = 0, width: int = 208, height: int = 76, focal: float = 120.0
) -> Sample:
    """A sample of the boxes; the camera is 1.65 m and the lidar 1.73 m above the ground."""
    boxes = DEFAULT if boxes is None else boxes
    lens = Pinhole(width, height, focal, focal, width / 2 - 3.4, height / 2 - 2.2)
    world_from_camera = np.eye(4)
    world_from_camera[:3, :3] = CAMERA_FROM_FORWARD.T
    world_from_camera[:3, 3] = (1.7, 0.06, 1.65)
    world_from_lidar = np.eye(4)
    world_from_lidar[:3, 3] = (1.44, 0.06, 1.73)
    time = 50_000_000 + index * 100_000_000
    camera, views = photograph(boxes, lens, world_from_camera, time)
    lidar = scan(boxes, world_from_lidar, time)
    actors = tuple(
        ActorTruth(
            instance=k,
            name=f"{box.category}_{k}",
            category=box.category,
            size=box.size,
            world_from_box=box.pose,
            velocity=(1.0, 0.0, 0.0),
            lidar_points={"lidar": int((lidar.instance == k).sum())},
        )
        for k, box in enumerate(boxes, start=1)
    )
    return Sample(index, time, np.eye(4), {"camera": camera}, {"lidar": lidar}, actors, {"camera": views})


DEFAULT = [
    Box("car", 14.0, -3.0),
    Box("van", 24.0, -2.0, 0.1, (5.3, 2.2, 2.3)),
    Box("pedestrian", 11.0, 2.5, 1.6, (0.6, 0.5, 1.7)),
    Box("cyclist", 30.0, 5.0, -2.0, (1.8, 0.6, 1.75)),
]


def cast(
    boxes: list[Box], origin: NDArray[np.float64], rays: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.uint16]]:
    """Parameter of the nearest hit along each ray (N, 3), +inf for none, and whose it is: 0 is the ground."""
    with np.errstate(divide="ignore", invalid="ignore"):
        nearest = np.where(rays[:, 2] < 0, -origin[2] / rays[:, 2], np.inf)
        who = np.zeros(len(rays), np.uint16)
        for k, box in enumerate(boxes, start=1):
            start = box.pose[:3, :3].T @ (origin - box.pose[:3, 3])
            along = rays @ box.pose[:3, :3]
            half = np.array(box.size) / 2
            ends = np.sort(np.stack([(-half - start) / along, (half - start) / along]), axis=0)
            enter, leave = ends[0].max(axis=1), ends[1].min(axis=1)
            hit = (enter < leave) & (enter > 0) & (enter < nearest)
            nearest, who = np.where(hit, enter, nearest), np.where(hit, np.uint16(k), who)
    return nearest, who


def photograph(
    boxes: list[Box], lens: Pinhole, world_from_camera: NDArray[np.float64], time: int
) -> tuple[CameraFrame, tuple[ActorView, ...]]:
    # A margin around the image shows how much of a silhouette the image cuts off.
    margin = lens.width // 4
    v, u = np.mgrid[-margin : lens.height + margin, -margin : lens.width + margin]
    rays = np.stack([(u - lens.cx) / lens.fx, (v - lens.cy) / lens.fy, np.ones(u.shape)], axis=-1).reshape(-1, 3)
    world_rays = rays @ world_from_camera[:3, :3].T
    origin = world_from_camera[:3, 3]
    inside = np.s_[margin:-margin, margin:-margin]
    depth, who = (plane.reshape(u.shape)[inside] for plane in cast(boxes, origin, world_rays))
    views = []
    for k, box in enumerate(boxes, start=1):
        whole = (cast([box], origin, world_rays)[1] == 1).reshape(u.shape)
        visible = who == k
        if visible.any():
            views.append(
                ActorView(
                    instance=k,
                    box=around(visible),
                    amodal_box=around(whole[inside]),
                    visible_pixels=int(visible.sum()),
                    occlusion=float(1 - visible.sum() / whole[inside].sum()),
                    truncation=float(1 - whole[inside].sum() / whole.sum()),
                )
            )
    category = np.array([SEMANTIC_IDS["road"], *(SEMANTIC_IDS[SEMANTIC[box.category]] for box in boxes)], np.uint8)
    semantic = np.where(np.isfinite(depth), category[who], SEMANTIC_IDS["sky"]).astype(np.uint8)
    shade = np.clip(255 / (1 + depth / 20), 0, 255)
    image = np.stack([shade, 60 + 40.0 * who, np.where(np.isfinite(depth), shade / 2, 230)], axis=-1).astype(np.uint8)
    interval = Interval(time - 1_000_000, time + 1_000_000)
    frame = CameraFrame("camera", interval, lens, world_from_camera, image, depth.astype(np.float32), who, semantic)
    return frame, tuple(views)


def flows(boxes, speeds, frame, ego, *, first: bool) -> dict[str, NDArray[np.generic]]:
    """Where what a frame shows is 100 ms later and was 100 ms before, unless it is the first; nothing turns."""
    lens, pose = frame.lens, frame.world_from_camera
    v, u = np.mgrid[: lens.height, : lens.width]
    rays = np.stack([(u - lens.cx) / lens.fx, (v - lens.cy) / lens.fy, np.ones(u.shape)], axis=-1).reshape(-1, 3)
    pixels, depth, who = np.stack([u, v], axis=-1), frame.depth.reshape(-1, 1), frame.instance.ravel()
    points = rays @ pose[:3, :3].T * np.where(np.isfinite(depth), depth, 1e7) + pose[:3, 3]
    own = np.concatenate([np.zeros((2, 3)), speeds])[who]  # instances of the log count the ego as 1
    labels = {}
    for name, seconds in (("forward", 0.1), ("backward", -0.1)):
        origin = pose[:3, 3] + ego * seconds
        local = (points + own * seconds - origin) @ pose[:3, :3]
        there = local[:, :2] / local[:, 2:] * [lens.fx, lens.fy] + [lens.cx, lens.cy]
        moved = [
            replace(box, x=box.x + x * seconds, y=box.y + y * seconds)
            for box, (x, y, _) in zip(boxes, speeds, strict=True)
        ]
        inside = (there >= -0.5).all(axis=1) & (there[:, 0] < lens.width - 0.5) & (there[:, 1] < lens.height - 0.5)
        met, _ = cast(moved, origin, (local / local[:, 2:]) @ pose[:3, :3].T)
        seen = np.where(np.isfinite(depth[:, 0]), met > local[:, 2] * 0.998 - 0.02, np.isinf(met))
        if first and seconds < 0:
            there[:], inside[:] = np.nan, False
        flow = np.where(local[:, 2:] > 0, there - pixels.reshape(-1, 2), np.nan).astype(np.float32)
        labels[f"flow_{name}"] = flow.reshape(*u.shape, 2)
        labels[f"flow_{name}_visible"] = (inside & seen & (local[:, 2] > 0)).reshape(u.shape)
    return labels


def towards(frame: CameraFrame) -> NDArray[np.float32]:
    """Normals of a world that is everywhere turned to the camera."""
    lens = frame.lens
    v, u = np.mgrid[: lens.height, : lens.width]
    rays = np.stack([(u - lens.cx) / lens.fx, (v - lens.cy) / lens.fy, np.ones(u.shape)], axis=-1)
    unit = -rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    return np.where(np.isfinite(frame.depth)[..., None], unit, 0.0).astype(np.float32)


def keypoints(boxes: list[Box], who: int, frame: CameraFrame) -> NDArray[np.float32]:
    """Seventeen points of a person, sixteen of a vehicle, on a spiral inside its box: the nearer half is seen."""
    box, lens, pose = boxes[who - 1], frame.lens, frame.world_from_camera
    turn = np.linspace(0.0, 5.0, 17 if box.category in ("pedestrian", "cyclist") else 16)
    spiral = 0.45 * np.stack([np.cos(turn), np.sin(turn), np.linspace(-1, 1, len(turn))], axis=1) * box.size
    world = spiral @ box.pose[:3, :3].T + box.pose[:3, 3]
    local = (world - pose[:3, 3]) @ pose[:3, :3]
    pixels = local[:, :2] / local[:, 2:] * [lens.fx, lens.fy] + [lens.cx, lens.cy]
    inside = (
        (local[:, 2] > 0) & (pixels >= -0.5).all(axis=1) & (pixels < [lens.width - 0.5, lens.height - 0.5]).all(axis=1)
    )
    met, whose = cast(boxes, pose[:3, 3], local @ pose[:3, :3].T)
    seen = np.where((whose == who) & (met > 1.0 - 0.3 / np.linalg.norm(local, axis=1)), 2, 1)
    found = np.column_stack([pixels, seen]) * inside[:, None]
    return found.astype(np.float32)


def around(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return columns[0] - 0.5, rows[0] - 0.5, columns[-1] + 0.5, rows[-1] + 0.5


def scan(boxes: list[Box], world_from_lidar: NDArray[np.float64], time: int) -> LidarSweep:
    elevation, azimuth = np.meshgrid(np.radians(np.linspace(2, -24.8, 64)), np.radians(np.arange(-180, 180, 1.0)))
    rays = np.stack(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], axis=-1
    ).reshape(-1, 3)
    distance, who = cast(boxes, world_from_lidar[:3, 3], rays @ world_from_lidar[:3, :3].T)
    category = np.array([SEMANTIC_IDS["road"], *(SEMANTIC_IDS[SEMANTIC[box.category]] for box in boxes)], np.uint8)
    returned = distance < 120.0
    count = int(returned.sum())
    order = np.arange(len(rays))[returned]
    return LidarSweep(
        sensor="lidar",
        interval=Interval(time - 50_000_000, time + 50_000_000),
        reference=time,
        world_from_lidar=world_from_lidar,
        points=(rays[returned] * distance[returned, None]).astype(np.float32),
        intensity=np.linspace(0, 1, count, dtype=np.float32),
        ring=(order % 64).astype(np.uint16),
        time=time - 50_000_000 + order * (100_000_000 // len(rays)),
        range=distance[returned].astype(np.float32),
        instance=who[returned],
        semantic=category[who[returned]],
        rays=len(rays),
        raw=(rays[returned] * distance[returned, None]).astype(np.float32),
        return_number=np.ones(count, dtype=np.uint8),
        return_count=np.ones(count, dtype=np.uint8),
        incidence=np.zeros(count, dtype=np.float32),
        material=np.zeros(count, dtype=np.uint8),
        velocity=np.zeros((count, 3), dtype=np.float32),
    )


def echoes(boxes: list[Box], log: SceneLog, name: str, sensor: Radar, interval: Interval) -> RadarScan:
    """One detection of each box before the radar, at its middle, without any error."""
    time = interval.middle
    states = log.states_at(np.array([time]))
    pose = world_from_actor(states.position[0, 0], states.attitude[0, 0]) @ ego_from_sensor(sensor.mount)
    where = (states.position[0, 1:] - pose[:3, 3]) @ pose[:3, :3]
    ahead = np.flatnonzero(where[:, 0] > 1.0)
    sight = where[ahead, :2] / np.linalg.norm(where[ahead, :2], axis=1, keepdims=True)
    rate = (log.velocity[0, 1:][ahead] @ pose[:3, :3])[:, :2]
    over_ground = (rate * sight).sum(axis=1)
    measured = over_ground - sight @ (log.velocity[0, 0] @ pose[:3, :3])[:2]
    rows = np.zeros(len(ahead), np.dtype([(field, kind) for field, kind in RADAR_FIELDS.items()]))
    rows["x"], rows["y"] = where[ahead, :2].T
    rows["vx"], rows["vy"] = (measured[:, None] * sight).T
    rows["vx_comp"], rows["vy_comp"] = (over_ground[:, None] * sight).T
    rows["rcs"], rows["ambig_state"], rows["is_quality_valid"] = 10.0, 3, 1
    none = RadarTracks(
        np.zeros(0, "i2"),
        *(np.zeros((0, 2), "f4"),) * 2,
        np.zeros((0, 4, 4), "f4"),
        np.zeros(0, "f4"),
        *(np.zeros(0, "u2"),) * 2,
    )
    one = np.ones(len(ahead), np.float32)
    return RadarScan(
        sensor=name,
        interval=interval,
        reference=time,
        world_from_radar=pose,
        detections=rows,
        range=np.linalg.norm(where[ahead, :2], axis=1).astype(np.float32),
        azimuth=np.arctan2(where[ahead, 1], where[ahead, 0]).astype(np.float32),
        range_rate=measured.astype(np.float32),
        snr=20 * one,
        instance=(ahead + 2).astype(np.uint16),
        ghost=np.zeros(len(ahead), dtype=bool),
        tracks=none,
    )


STORY = """
scenario: A small street
duration: 2 s
seed: 7
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}, surroundings: {style: none}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 20 m}, speed: 36 km/h}
sensors:
  camera:
    type: camera
    mount: {x: 1.7 m, y: 0.06 m, z: 1.65 m}
    phase: 49 ms
    image: {width: 208, height: 76}
    intrinsics: {fx: 120, fy: 120, cx: 100.6, cy: 35.8}
  lidar: {type: lidar, model: hdl64e, range_max: 125 m, mount: {x: 1.44 m, y: 0.06 m, z: 1.73 m}}
"""
"""What the small scene pretends to be; its log is made by hand."""
LABELLED = STORY.replace("    phase: 49 ms\n", "    phase: 49 ms\n    labels: [flow, keypoints, normal]\n", 1)
"""The same with a camera that was asked for more."""
RADAR = "  radar: {type: radar, model: long, mount: {x: 3.4 m, z: 0.5 m}, phase: 40 ms}\n"
REAR = """
  rear:
    type: camera
    mount: {x: -0.5 m, z: 1.5 m, yaw: 180 deg}
    phase: 49 ms
    image: {width: 128, height: 64}
    intrinsics: {fx: 70, fy: 70, cx: 63.5, cy: 30}
"""


@dataclass(frozen=True)
class Mover:
    """An actor of the small scene, at constant velocity along its heading."""

    box: Box
    speed: float = 0.0


MOVERS = (
    Mover(Box("car", 36.0, -1.7), 9.0),
    Mover(Box("van", 48.0, 1.8, math.pi, (5.3, 2.2, 2.3)), 8.0),
    Mover(Box("pedestrian", 33.0, 3.0, 1.6, (0.6, 0.5, 1.7)), 1.2),
    Mover(Box("cyclist", 30.0, -4.6, 0.1, (1.8, 0.6, 1.75)), 4.0),
    Mover(Box("truck", 4.0, 1.8, math.pi, (8.4, 2.7, 3.45)), 0.0),
)
EGO = Mover(Box("car", 20.0, -1.7, 0.0, (4.28, 1.96, 1.48)), 10.0)


def small_scene(
    story: str = STORY,
    name: str = "small",
    first: int = 0,
    count: int = 4,
    movers: tuple[Mover, ...] = MOVERS,
    seed: int = 7,
) -> Scene:
    """A scene whose log holds the ego and the movers; samples come from `small_sample`."""
    import tempfile
    from pathlib import Path

    from roadlab import load

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(story)
        scenario = load(file, seed=seed)
    log = small_log(scenario, (EGO, *movers))
    entry = SceneEntry(name, scenario.spec.scenario, scenario.digest, scenario.seed, first, 0, count, 1)
    return Scene(entry, scenario, log)


def small_log(scenario: Scenario, movers: tuple[Mover, ...]) -> SceneLog:
    ticks = np.arange(0, 2_000_000_001, 10_000_000)
    t = ticks[:, None] / 1e9
    yaw = np.array([m.box.yaw for m in movers])
    speed = np.array([m.speed for m in movers])
    along = np.stack([np.cos(yaw), np.sin(yaw), np.zeros(len(yaw))], axis=-1)
    start = np.array([[m.box.x, m.box.y, 0.0] for m in movers])
    shape = (len(ticks), len(movers))
    attitude = np.zeros((*shape, 3))
    attitude[..., 0] = yaw
    return SceneLog(
        scenario=scenario.to_json(),
        scenario_digest=scenario.digest,
        seed=scenario.seed,
        version="0.1.0",
        actors=tuple(_info(k, mover) for k, mover in enumerate(movers)),
        signal_names=(),
        events=(),
        time=ticks,
        position=start + (speed * t)[..., None] * along,
        attitude=attitude,
        velocity=np.broadcast_to(speed[:, None] * along, (*shape, 3)).copy(),
        acceleration=np.zeros(shape),
        lamps=np.zeros(shape, np.uint8),
        present=np.ones(shape, dtype=bool),
        joints=np.zeros((len(ticks), 0)),
        signals=np.zeros((len(ticks), 0), np.uint8),
        weather=np.tile(Weather().row(), (len(ticks), 1)),
    )


def _info(k: int, mover: Mover) -> ActorInfo:
    box = mover.box
    kind = box.category if box.category in ("cyclist", "pedestrian") else "vehicle"
    return ActorInfo(
        name="ego" if k == 0 else f"{box.category}_{k}",
        instance=k + 1,
        kind=kind,
        category=box.category,
        model="hatchback",
        size=box.size,
        box_center=(1.36 if k == 0 else 0.0, 0.0, box.size[2] / 2),
        joint_names=(),
        is_ego=k == 0,
    )


def small_sample(scene: Scene, index: int) -> Sample:
    """Sample `index` of a small scene: every sensor of its rig looks at the boxes where the log has them."""
    time = 50_000_000 + index * 100_000_000
    log = scene.log
    states = log.states_at(np.array([time]))
    poses = world_from_actor(states.position[0], states.attitude[0])
    centers = [pose @ compose(np.eye(3), actor.box_center) for pose, actor in zip(poses, log.actors, strict=True)]
    boxes = [
        Box(actor.category, c[0, 3], c[1, 3], float(states.attitude[0, k, 0]), actor.size)
        for k, (actor, c) in enumerate(zip(log.actors, centers, strict=True))
    ]
    cameras, views, lidars, radars = {}, {}, {}, {}
    for name, sensor in scene.scenario.spec.sensors.items():
        world_from_sensor = poses[0] @ ego_from_sensor(sensor.mount)
        if sensor.type == "camera":
            optical = world_from_sensor @ compose(CAMERA_FROM_FORWARD.T, np.zeros(3))
            frame, seen = photograph(boxes[1:], sensor.lens, optical, time)
            frame = replace(
                frame, sensor=name, instance=np.where(frame.instance > 0, frame.instance + 1, 0).astype("u2")
            )
            labels = sensor.labels
            if "flow" in labels:
                flow = flows(boxes[1:], log.velocity[0, 1:], frame, log.velocity[0, 0], first=index == 0)
                frame = replace(frame, labels={**flow, "normal": towards(frame)})
            if "keypoints" in labels:
                seen = tuple(replace(view, keypoints=keypoints(boxes[1:], view.instance, frame)) for view in seen)
            cameras[name] = frame
            views[name] = tuple(replace(view, instance=view.instance + 1) for view in seen)
        elif sensor.type == "radar":
            k = round((time - sensor.timing.clock.phase) * sensor.rate / 1e9)
            radars[name] = echoes(boxes[1:], log, name, sensor, sensor.timing.interval(k))
        else:
            sweep = scan(boxes[1:], world_from_sensor, time)
            who = np.where(sweep.instance > 0, sweep.instance + 1, 0).astype(np.uint16)
            speeds = np.array([np.zeros(3), *log.velocity[0]], np.float32)
            lidars[name] = replace(sweep, sensor=name, instance=who, time=np.full(len(who), time), velocity=speeds[who])
    actors = tuple(
        ActorTruth(
            instance=actor.instance,
            name=actor.name,
            category=actor.category,
            size=actor.size,
            world_from_box=centers[k],
            velocity=tuple(log.velocity[0, k].tolist()),
            lidar_points={name: int((lidar.instance == actor.instance).sum()) for name, lidar in lidars.items()},
        )
        for k, actor in enumerate(log.actors)
        if not actor.is_ego
    )
    return Sample(index, time, poses[0], cameras, lidars, actors, views, radars=radars)


def write_dataset(root, scenes, format="roadlab"):
    """A finished dataset of small scenes."""
    from roadlab.log_file import write_log
    from roadlab.registry import registered
    from roadlab_tools.batch.finish import finish
    from roadlab_tools.batch.frames import frame_files
    from roadlab_tools.batch.plan import run_of
    from roadlab_tools.datasets.claim import claimed
    from roadlab_tools.datasets.contents import log_path
    from roadlab_tools.datasets.splits import placed

    entries = placed([scene.entry for scene in scenes])
    scenes = [replace(scene, entry=entry) for scene, entry in zip(scenes, entries, strict=True)]
    run = run_of(format, "draft", [entry.to_json() for entry in entries])
    writer = registered("writers")[format]()
    with claimed(root, run, resume=False) as folder:
        for scene in scenes:
            write_log(scene.log, folder.place(log_path(scene.entry.name)))
            for index in scene.entry.indices:
                files = frame_files(small_sample(scene, index), scene, writer)
                folder.put_frame(scene.number(index), files)
        sources = {f"scenarios/{s.entry.name}.json": (s.scenario.to_json() + "\n").encode() for s in scenes}
        finish(folder, run, sources, {}, lambda _: None)
    return root
