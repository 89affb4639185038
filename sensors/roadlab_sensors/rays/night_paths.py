"""Path tracing at night: lamps are asked for their light at every surface, the sky is found by chance."""

from __future__ import annotations

from typing import Any

import drjit as dr
import mitsuba as mi

from roadlab_sensors.rays.lamplight import drawn, returned, towards
from roadlab_sensors.rays.paths import SURVIVAL, hidden, nearest
from roadlab_sensors.rays.scene import shape_id


@dr.syntax  # type: ignore[untyped-decorator]
def radiance(
    static: Any, movers: Any, ray: Any, seen: Any, lamps: Any, tables: Any, own: Any, sampler: Any, bounces: int
) -> Any:
    """Light that arrives along each ray after at most `bounces` surfaces, as RGB [cd/m²].

    `seen` is what `first` found on these rays, and `own` their colour and the most light that a lamp may add by
    way of further surfaces; `tables` tell a mesh's first triangle, and the lamp and finish of each triangle.
    """
    sky = static.environment()
    first_face, lamp_of_face, finish_of_face = tables
    context = mi.BSDFContext()
    ray = mi.Ray3f(ray)
    light, throughput = mi.Color3f(0.0), mi.Color3f(1.0)
    mirrored, depth, active = mi.Bool(True), mi.UInt32(0), mi.Bool(True)
    own_color, most = mi.Color3f(own[0]), mi.Float(own[1])

    found = mi.PreliminaryIntersection3f(seen)

    while active:
        surface = found.compute_surface_interaction(ray, mi.RayFlags.All, active)
        escaped = active & ~surface.is_valid()
        light += dr.select(escaped, throughput * sky.eval(surface, escaped), 0.0)
        # Lamps shine themselves where they are looked at, directly or in a mirror; else they were asked before.
        there = active & surface.is_valid()
        face = dr.gather(mi.UInt32, first_face, shape_id(found.shape), there) + found.prim_index
        lamp = dr.gather(mi.UInt32, lamp_of_face, face, there & mirrored & (depth > 0))
        light += throughput * dr.gather(mi.Vector3f, lamps[7], lamp, there & mirrored & (lamp > 0))

        active &= surface.is_valid() & (depth < bounces)
        material = surface.bsdf()
        flags = material.flags()
        lit = active & mi.has_flag(flags, mi.BSDFFlags.Smooth)
        through = mi.has_flag(flags, mi.BSDFFlags.DiffuseTransmission)
        finish = dr.gather(mi.Vector2f, finish_of_face, face, lit)
        finish.x = dr.select(depth == 0, finish.x, 0.0)
        which, weight = drawn(lamps, surface, -ray.d, through, finish, sampler.next_1d(lit), lit)
        lit &= weight > 0.0
        to, place, share = towards(lamps, which, surface.p, lit)
        arriving = share * weight * dr.gather(mi.Vector3f, lamps[0][4], which, lit)
        lit &= ~hidden(static, movers, surface.spawn_ray_to(mi.Point3f(place)), lit)
        value, _, chosen, next_weight = material.eval_pdf_sample(
            context, surface, surface.to_local(to), sampler.next_1d(active), sampler.next_2d(active), active
        )
        sent_back = own_color * returned(finish.x, to, -ray.d)
        added = throughput * (value + sent_back) * mi.Color3f(arriving)
        light += dr.select(lit, dr.select(depth == 0, added, dr.minimum(added, most)), 0.0)

        ray = surface.spawn_ray(surface.to_world(chosen.wo))
        throughput *= next_weight
        mirrored = mi.has_flag(chosen.sampled_type, mi.BSDFFlags.Delta)
        depth += 1
        survival = dr.minimum(SURVIVAL * dr.max(throughput), 1.0)
        active &= sampler.next_1d(active) < survival
        throughput *= dr.select(active, dr.rcp(survival), 0.0)
        found = nearest(static, movers, ray, active)

    return light
