"""A small world of upright boxes on a plane, seen by a camera and a lidar that are a dozen lines of slab tests each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.timing import Interval
from roadlab_sensors.readings import SEMANTIC_IDS, ActorTruth, ActorView, CameraFrame, LidarSweep, Pinhole, Sample

CAMERA_FROM_FORWARD = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])
"""Axes of a camera that looks along the ego's x."""


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


SampleMaker = Callable[..., Sample]


@pytest.fixture
def make_sample() -> SampleMaker:
    return small_world


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
    category = np.array([SEMANTIC_IDS["road"], *(SEMANTIC_IDS["car"] for _ in boxes)], np.uint8)
    semantic = np.where(np.isfinite(depth), category[who], SEMANTIC_IDS["sky"]).astype(np.uint8)
    shade = np.clip(255 / (1 + depth / 20), 0, 255)
    image = np.stack([shade, 60 + 40.0 * who, np.where(np.isfinite(depth), shade / 2, 230)], axis=-1).astype(np.uint8)
    interval = Interval(time - 1_000_000, time + 1_000_000)
    frame = CameraFrame("camera", interval, lens, world_from_camera, image, depth.astype(np.float32), who, semantic)
    return frame, tuple(views)


def around(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return columns[0] - 0.5, rows[0] - 0.5, columns[-1] + 0.5, rows[-1] + 0.5


def scan(boxes: list[Box], world_from_lidar: NDArray[np.float64], time: int) -> LidarSweep:
    elevation, azimuth = np.meshgrid(np.radians(np.linspace(2, -24.8, 64)), np.radians(np.arange(-180, 180, 1.0)))
    rays = np.stack(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], axis=-1
    ).reshape(-1, 3)
    distance, who = cast(boxes, world_from_lidar[:3, 3], rays)
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
        semantic=np.where(who[returned] > 0, SEMANTIC_IDS["car"], SEMANTIC_IDS["road"]).astype(np.uint8),
        rays=len(rays),
        raw=(rays[returned] * distance[returned, None]).astype(np.float32),
        return_number=np.ones(count, dtype=np.uint8),
        return_count=np.ones(count, dtype=np.uint8),
        incidence=np.zeros(count, dtype=np.float32),
        material=np.zeros(count, dtype=np.uint8),
        velocity=np.zeros((count, 3), dtype=np.float32),
    )


@pytest.fixture
def box() -> type[Box]:
    return Box
