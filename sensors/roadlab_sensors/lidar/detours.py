"""Light that goes on: through panes, and off mirrors and still water to somewhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.weather import Weather
from roadlab_sensors.lidar.optics import LEVEL, WATER_INDEX, Optics, fresnel, mirrored
from roadlab_sensors.rays.bundles import BundleHits, Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion, world_normals
from roadlab_sensors.rays.scene import RayScene

Floats = NDArray[np.float64]

MOST_SURFACES = 4
"""Panes and mirrors on one way."""
LEAST_SHARE = 5e-3
"""Ways with less of a pulse's light, both ways together, are not followed."""
PANE = 0.92
"""Share that a pane does not absorb."""
STEP = 1e-3
"""A way goes on this far behind the surface [m]."""


@dataclass(frozen=True)
class Ways:
    """W ways of light beyond a first surface."""

    pulse: NDArray[np.int64]
    """(W,)"""
    origin: Floats
    """(W, 3) [m], world."""
    direction: Floats
    """(W, 3), world."""
    time: NDArray[np.int64]
    """(W,) [ns]."""
    travelled: Floats
    """(W,) [m] so far."""
    share: Floats
    """(W,) of the light that would come back this way."""
    folded: NDArray[np.bool_]
    """(W,) whether a mirror has turned it."""

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Ways:
        return Ways(*(getattr(self, name)[rows] for name in Ways.__dataclass_fields__))

    @property
    def bundles(self) -> Bundles:
        """The ways as rays."""
        return Bundles(self.origin, self.direction, self.time)


def first_ways(
    scene: RayScene, bundles: Bundles, hits: BundleHits, weights: NDArray[np.floating], optics: Optics, weather: Weather
) -> tuple[Ways, BundleHits]:
    """The sub-rays that met a surface where light may go on, and that surface; `weights` (K,) are of sub-rays."""
    material = scene.faces.material[hits.face]
    onward = optics.clear[material] | (optics.mirror[material] > 0.0)
    if weather.wetness > 0.5:
        onward |= scene.faces.normal[hits.face, 2] > LEVEL
    pulse, ray = np.nonzero(onward & (hits.face >= 0))
    direction = bundles.rays(pulse)[:, np.arange(len(pulse)), ray].T.astype(np.float64)
    ways = Ways(
        pulse,
        bundles.origins[pulse],
        direction,
        bundles.times[pulse],
        np.zeros(len(pulse)),
        weights[ray].astype(np.float64),
        np.zeros(len(pulse), dtype=bool),
    )
    return ways, BundleHits(*(getattr(hits, n)[pulse, ray][:, None] for n in BundleHits.__dataclass_fields__))


def beyond(
    scene: RayScene, motion: Motion, ways: Ways, hits: BundleHits, optics: Optics, weather: Weather
) -> tuple[Ways, Ways]:
    """How the light of `ways`, which met `hits` (W, 1), goes on through panes and off mirrors."""
    cosine = hits.cosine[:, 0].astype(np.float64)
    face, part = hits.face[:, 0], hits.part[:, 0]
    material = scene.faces.material[face]
    normal = world_normals(scene, motion, part, face, ways.time)
    reflected = mirrored(cosine, optics.mirror[material].astype(np.float64))
    at = ways.origin + ways.direction * hits.distance
    water = (np.abs(normal[:, 2]) > LEVEL) & (part < 0) & puddles(at, weather)
    reflected = np.where(water, fresnel(cosine, WATER_INDEX), reflected)
    travelled = ways.travelled + hits.distance[:, 0]
    passing = replace(
        ways,
        origin=at + STEP * ways.direction,
        travelled=travelled + STEP,
        share=ways.share * np.where(optics.clear[material], ((1.0 - reflected) * PANE) ** 2, 0.0),
    )
    along = np.einsum("ij,ij->i", ways.direction, normal)[:, None]
    turned = ways.direction - 2.0 * along * normal
    folding = replace(
        ways,
        origin=at + STEP * turned,
        direction=turned,
        travelled=travelled + STEP,
        share=ways.share * reflected**2,
        folded=np.ones(len(ways.pulse), dtype=bool),
    )
    return passing, folding


def puddles(points: Floats, weather: Weather) -> NDArray[np.bool_]:
    """Which points (W, 3) of level ground are under still water: hollows of some 2 m fill as it gets wetter."""
    depth = 2.0 * (weather.wetness - 0.5)
    if depth <= 0.0:
        return np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    height = np.sin(1.7 * x + 0.9 * np.sin(0.8 * y)) + np.sin(1.3 * y - 1.1 * np.sin(0.7 * x)) + np.sin(2.6 * (x + y))
    return np.asarray(height < -3.0 + 2.5 * depth)


def follow(
    scene: RayScene, motion: Motion, start: tuple[Ways, BundleHits], optics: Optics, weather: Weather, skip: int
) -> list[tuple[Ways, BundleHits]]:
    """Every surface met behind others: the ways to them, and what they met."""
    found = []
    ways, hits = start
    for _ in range(MOST_SURFACES):
        both = beyond(scene, motion, ways, hits, optics, weather)
        ways = Ways(*(np.concatenate([getattr(w, n) for w in both]) for n in Ways.__dataclass_fields__))
        ways = ways[ways.share > LEAST_SHARE]
        if len(ways.pulse) == 0:
            break
        hits = cast_bundles(scene, motion, ways.bundles, skip)
        met = np.flatnonzero(hits.face[:, 0] >= 0)
        ways, hits = ways[met], BundleHits(*(getattr(hits, n)[met] for n in BundleHits.__dataclass_fields__))
        found.append((ways, hits))
    return found
