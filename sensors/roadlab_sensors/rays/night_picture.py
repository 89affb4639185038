"""Pictures at night: camera rays as by day, and the light of lamps on what they meet."""

from __future__ import annotations

import gc
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays import night_paths
from roadlab_sensors.rays.light import Light, Quality
from roadlab_sensors.rays.picture import PathTracer, Sightlines, begun, padded, sampler_of
from roadlab_sensors.rays.scene import RayScene, shape_id
from roadlab_sensors.rays.surfaces import owned

INDIRECT = 0.03
"""Share of the ceiling at which light that comes by way of further surfaces is cut."""
CLOTH = 0.3
"""Reflectance of what hangs behind a lit window at which the window is as bright as it is without."""


class NightTracer:
    """Traces pictures of one scene with lamps through one lens; used like `PathTracer`."""

    def __init__(
        self, scene: RayScene, rays: NDArray[np.float64], quality: Quality, lens: float, ceiling: float
    ) -> None:
        """`lens` is by how much lamps' own brightness counts, 0 or 1; light from surfaces is cut at `ceiling`."""
        if scene.lamplight is None:
            raise ValueError("the scene has no lamps: it is day")
        self._scene, self._lamplight = scene, scene.lamplight
        self._shape = rays.shape[1:3]
        flat = rays.reshape(3, -1, 3)
        steps = np.stack([flat[0], 2.0 * (flat[1] - flat[0]), 2.0 * (flat[2] - flat[0])])
        self._rays = [mi.Vector3f(*(owned(column) for column in step.T)) for step in steps]
        finish = owned(self._lamplight.finish.ravel())
        self._tables = [owned(scene.first_face.astype(np.uint32)), owned(scene.faces.lamp), finish]
        self._levels = [dr.opaque(mi.Float, lens), dr.opaque(mi.Float, ceiling)]
        self._passes = quality.passes
        # Scenes that are thrown away while Dr.Jit records a function of another one abort the process.
        gc.collect()
        self._trace = dr.freeze(_kernel(self._shape[0] * self._shape[1], quality), auto_opaque=False)

    def trace(self, sight: Sightlines, lit: NDArray[np.bool_], seed: int) -> Light:
        """The picture along sightlines; `lit` tells which of the scene's lamps shine, by number."""
        opened, closed = owned(padded(sight.opened)), owned(padded(sight.closed))
        rows = [owned(sight.static), owned(sight.moving)]
        lamps = self._lamplight.arrays(self._scene.poses, lit)
        total: Any = 0.0
        for number in range(self._passes):
            sums = self._trace(
                self._scene.static,
                self._scene.movers,
                self._rays,
                [opened, closed],
                rows,
                lamps,
                self._tables,
                self._levels,
                owned(np.array([(seed + number) % 2**32], dtype=np.uint32)),
            )
            dr.eval(sums)
            total = total + np.array([[np.array(c, dtype=np.float32) for c in group] for group in sums])
        images = (np.moveaxis(total / self._passes, 1, -1)).reshape(3, *self._shape, 3).astype(np.float32)
        return Light(*images)


def tracer_of(
    scene: RayScene, rays: NDArray[np.float64], quality: Quality, lens: float, ceiling: float
) -> PathTracer | NightTracer:
    """What traces pictures of a scene; see `PathTracer`, whose `lens` is the radiance of lit lamps."""
    if scene.lamplight is None:
        return PathTracer(scene, rays, quality, lens, ceiling)
    return NightTracer(scene, rays, quality, float(lens > 0.0), ceiling)


def _kernel(pixels: int, quality: Quality) -> Any:
    """A function of Dr.Jit arrays, to be frozen."""
    samples = quality.samples

    def trace(
        static: Any,
        movers: Any,
        rays: Any,
        poses: Any,
        which: Any,
        lamps: Any,
        tables: Any,
        levels: Any,
        seed: Any,
    ) -> Any:
        sampler = sampler_of(pixels, samples, seed)
        ray, found = begun(static, movers, rays, poses, which, sampler, pixels, samples)
        surface = found.compute_surface_interaction(ray, mi.RayFlags.All)
        valid = surface.is_valid()
        material = surface.bsdf()
        mirror = mi.has_flag(material.flags(), mi.BSDFFlags.Delta) | ~valid
        albedo = dr.select(mirror, 1.0, material.eval_diffuse_reflectance(surface, valid))
        normal = dr.select(valid, surface.sh_frame.n, mi.Normal3f(0.0))
        face = dr.gather(mi.UInt32, tables[0], shape_id(found.shape), valid) + found.prim_index
        lamp = dr.gather(mi.UInt32, tables[1], face, valid)
        shining = mi.Color3f(dr.gather(mi.Vector3f, lamps[7], lamp, valid)) * levels[0]

        own = [albedo, INDIRECT * levels[1]]
        light = night_paths.radiance(static, movers, ray, found, lamps, tables, own, sampler, quality.bounces)
        # Without this everything is traced once for each channel.
        dr.eval(light, albedo, normal, shining)
        light = dr.minimum(dr.select(dr.isfinite(light), light, 0.0), levels[1]) + shining * (
            0.5 + 0.5 * albedo / CLOTH
        )
        mean = 1.0 / samples
        return [[dr.block_sum(channel, samples) * mean for channel in vector] for vector in (light, albedo, normal)]

    return trace
