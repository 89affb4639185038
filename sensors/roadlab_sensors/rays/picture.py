"""The light that arrives along camera rays: path tracing with the samples, seeds and sums under our control.

Mitsuba's film accumulates with atomics, whose order differs from run to run; here every pixel's samples are summed in
order, so the same seed gives the same bits for any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays import paths
from roadlab_sensors.rays.light import Light, Quality
from roadlab_sensors.rays.scene import RayScene, shape_id
from roadlab_sensors.rays.surfaces import owned

NO_MOVER = 2**32 - 1
"""In `Sightlines.moving`: none of the movers is near."""


@dataclass(frozen=True)
class Sightlines:
    """From where each picture element looks, at the beginning and at the end of its exposure.

    The movers are placed once for the whole picture, as they are in its middle. Where one is seen, its rays start from
    where they would have to start for it to be met there as it is met in fact, at each ray's own time.
    """

    opened: NDArray[np.float64]
    """(M, 3, 4) poses of the camera in the world, as of the beginning."""
    closed: NDArray[np.float64]
    """(M, 3, 4) the same as of the end."""
    static: NDArray[np.uint32]
    """(P,) which pose rays to the static world have."""
    moving: NDArray[np.uint32]
    """(P,) which pose rays to the movers have; `NO_MOVER` for those that meet none."""


POSES = 4096
"""Tables of poses are padded to multiples of this, so that their sizes seldom change."""


class PathTracer:
    """Traces pictures of one scene through one lens."""

    def __init__(
        self, scene: RayScene, rays: NDArray[np.float64], quality: Quality, lamp_radiance: float, ceiling: float
    ) -> None:
        """Prepares for camera-frame directions `rays` (3, H, W, 3): at pixel centres, half a pixel right, and down.

        `lamp_radiance` is what a lit lamp sends out; samples are cut at `ceiling` against fireflies.
        """
        self._scene = scene
        self._shape = rays.shape[1:3]
        flat = rays.reshape(3, -1, 3)
        steps = np.stack([flat[0], 2.0 * (flat[1] - flat[0]), 2.0 * (flat[2] - flat[0])])
        self._rays = [mi.Vector3f(*(owned(column) for column in step.T)) for step in steps]
        self._first_face = owned(scene.first_face.astype(np.uint32))
        self._lamp_of_face = owned(scene.faces.lamp)
        self._levels = [dr.opaque(mi.Float, lamp_radiance), dr.opaque(mi.Float, ceiling)]
        self._sun = [dr.opaque(mi.Float, value) for value in scene.sun]
        self._passes = quality.passes
        self._trace = dr.freeze(_kernel(self._shape[0] * self._shape[1], quality), auto_opaque=False)

    def trace(self, sight: Sightlines, lit: NDArray[np.bool_], seed: int) -> Light:
        """The picture along sightlines; `lit` tells which of the scene's lamps shine, by number."""
        opened, closed = owned(padded(sight.opened)), owned(padded(sight.closed))
        rows, table = [owned(sight.static), owned(sight.moving)], owned(lit)
        total: Any = 0.0
        for number in range(self._passes):
            sums = self._trace(
                self._scene.static,
                self._scene.movers,
                self._rays,
                [opened, closed],
                rows,
                table,
                self._first_face,
                self._lamp_of_face,
                self._levels,
                self._sun,
                owned(np.array([(seed + number) % 2**32], dtype=np.uint32)),
            )
            dr.eval(sums)
            total = total + np.array([[np.array(c, dtype=np.float32) for c in group] for group in sums])
        images = (np.moveaxis(total / self._passes, 1, -1)).reshape(3, *self._shape, 3).astype(np.float32)
        return Light(*images)


def _kernel(pixels: int, quality: Quality) -> Any:
    """A function of Dr.Jit arrays, to be frozen."""
    samples = quality.samples

    def trace(
        static: Any,
        movers: Any,
        rays: Any,
        poses: Any,
        which: Any,
        lit: Any,
        first_face: Any,
        lamp_of_face: Any,
        levels: Any,
        sun: Any,
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
        face = dr.gather(mi.UInt32, first_face, shape_id(found.shape), valid) + found.prim_index
        shining = dr.gather(mi.Float, lit, dr.gather(mi.UInt32, lamp_of_face, face, valid), valid)

        light = paths.radiance(static, movers, ray, found, sun, sampler, quality.bounces)
        # Without this everything is traced once for each channel.
        dr.eval(light, albedo, normal, shining)
        light = dr.minimum(dr.select(dr.isfinite(light), light, 0.0), levels[1]) + shining * levels[0] * albedo
        mean = 1.0 / samples
        return [[dr.block_sum(channel, samples) * mean for channel in vector] for vector in (light, albedo, normal)]

    return trace


def sampler_of(pixels: int, samples: int, seed: Any) -> Any:
    """Random numbers for `samples` paths a pixel."""
    sampler = mi.load_dict({"type": "ldsampler" if samples > 1 else "independent", "sample_count": samples})
    sampler.set_samples_per_wavefront(samples)
    sampler.seed(seed, pixels * samples)
    return sampler


def begun(
    static: Any, movers: Any, rays: Any, poses: Any, which: Any, sampler: Any, pixels: int, samples: int
) -> tuple[Any, Any]:
    """The camera's rays, somewhere in their pixels at some moment of the exposure, and what they meet first."""
    pixel = dr.arange(mi.UInt32, pixels * samples) // samples
    shift = sampler.next_2d() - 0.5
    center, right, down = (dr.gather(mi.Vector3f, ray, pixel) for ray in rays)
    local = center + shift.x * right + shift.y * down
    moment = (mi.Float(dr.arange(mi.UInt32, pixels * samples) % samples) + sampler.next_1d()) / samples
    row, moving = (dr.gather(mi.UInt32, table, pixel) for table in which)
    near = moving != NO_MOVER
    ray, to_movers = (ray_of(poses, k, moment, local) for k in (row, dr.select(near, moving, row)))
    found, from_movers = paths.first(static, movers, ray, to_movers, near)
    return dr.select(from_movers, to_movers, ray), found


def ray_of(poses: Any, row: Any, moment: Any, local: Any) -> Any:
    """Rays along camera-frame directions from poses part of the way between the tables' two."""
    opened, closed = ([dr.gather(mi.Float, table, 12 * row + k) for k in range(12)] for table in poses)
    m = [dr.fma(moment, b - a, a) for a, b in zip(opened, closed, strict=True)]
    turn = mi.Matrix3f(m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10])
    return mi.Ray3f(mi.Point3f(m[3], m[7], m[11]), dr.normalize(turn @ local))


def padded(poses: NDArray[np.float64]) -> NDArray[np.float64]:
    """A table of poses (M, 3, 4) as one run of numbers, of one of few lengths."""
    flat = poses.reshape(-1, 12)
    return np.concatenate([flat, np.zeros((-len(flat) % POSES, 12))])
