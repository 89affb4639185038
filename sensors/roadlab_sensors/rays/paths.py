"""Path tracing through two scenes at once, the static world under its sky and the movers.

Unidirectional, with one sample of sun and sky at every surface, combined with the surface's own sampling by the balance
heuristic (Veach 1997, section 9.2).
"""

from __future__ import annotations

from typing import Any

import drjit as dr
import mitsuba as mi

SURVIVAL = 2.5
"""A path goes on with this probability times the share of light that it brings, at most 1."""


def nearest(static: Any, movers: Any, ray: Any, active: Any) -> Any:
    """The first surface on each ray in either scene, as Mitsuba's preliminary intersection."""
    ground = static.ray_intersect_preliminary(ray, coherent=False, active=active)
    reach = mi.Ray3f(ray)
    reach.maxt = dr.select(ground.is_valid(), ground.t, ray.maxt)
    moved = movers.ray_intersect_preliminary(reach, coherent=False, active=active)
    return dr.select(moved.is_valid(), moved, ground)


def first(static: Any, movers: Any, ray: Any, to_movers: Any, near: Any) -> tuple[Any, Any]:
    """The first surface on `ray` in the static world or, if `near`, on `to_movers` among the movers, and which."""
    ground = static.ray_intersect_preliminary(ray, coherent=True)
    reach = mi.Ray3f(to_movers)
    reach.maxt = dr.select(ground.is_valid(), ground.t, to_movers.maxt)
    moved = movers.ray_intersect_preliminary(reach, coherent=True, active=near)
    nearer = moved.is_valid() & near
    return dr.select(nearer, moved, ground), nearer


def hidden(static: Any, movers: Any, ray: Any, active: Any) -> Any:
    """Whether anything stands in the way of each ray."""
    by_ground = static.ray_test(ray, active)
    return by_ground | movers.ray_test(ray, active & ~by_ground)


@dr.syntax  # type: ignore[untyped-decorator]
def radiance(static: Any, movers: Any, ray: Any, seen: Any, sun: Any, sampler: Any, bounces: int) -> Any:
    """Light that arrives along each ray after at most `bounces` surfaces, as RGB in units of the sky.

    `seen` is what `first` found on these rays; `sun` the direction of the sun and the cosine of its radius.
    """
    sky = static.environment()
    toward_sun = mi.Frame3f(mi.Vector3f(sun[0], sun[1], sun[2]))
    by_cone = dr.rcp(dr.two_pi * (1.0 - sun[3]))
    context = mi.BSDFContext()
    ray = mi.Ray3f(ray)
    light, throughput = mi.Color3f(0.0), mi.Color3f(1.0)
    density, mirrored = mi.Float(1.0), mi.Bool(True)
    depth, active = mi.UInt32(0), mi.Bool(True)

    found = mi.PreliminaryIntersection3f(seen)

    while active:
        surface = found.compute_surface_interaction(ray, mi.RayFlags.All, active)

        escaped = active & ~surface.is_valid()
        by_sun = dr.select(mirrored | (dr.dot(ray.d, toward_sun.n) < sun[3]), 0.0, by_cone)
        light += dr.select(escaped, throughput * sky.eval(surface, escaped) * _share(density, by_sun), 0.0)

        active &= surface.is_valid() & (depth < bounces)
        material = surface.bsdf()

        lit = active & mi.has_flag(material.flags(), mi.BSDFFlags.Smooth)
        to_sun = toward_sun.to_world(mi.warp.square_to_uniform_cone(sampler.next_2d(lit), sun[3]))
        beyond = dr.zeros(mi.SurfaceInteraction3f)
        beyond.wi = -to_sun
        lit &= ~hidden(static, movers, surface.spawn_ray(to_sun), lit)
        value, by_surface, chosen, weight = material.eval_pdf_sample(
            context, surface, surface.to_local(to_sun), sampler.next_1d(active), sampler.next_2d(active), active
        )
        incoming = sky.eval(beyond, lit) * (_share(by_cone, by_surface) / by_cone)
        light += dr.select(lit, throughput * value * incoming, 0.0)

        ray = surface.spawn_ray(surface.to_world(chosen.wo))
        throughput *= weight
        density = chosen.pdf
        mirrored = mi.has_flag(chosen.sampled_type, mi.BSDFFlags.Delta)
        depth += 1
        # Russian roulette: paths that bring little are continued seldom, and then count for more.
        survival = dr.minimum(SURVIVAL * dr.max(throughput), 1.0)
        active &= sampler.next_1d(active) < survival
        throughput *= dr.select(active, dr.rcp(survival), 0.0)
        found = nearest(static, movers, ray, active)

    return light


def _share(own: Any, other: Any) -> Any:
    """Weight of a sample drawn with density `own` that could have been drawn with density `other`."""
    return own / dr.maximum(own + other, 1e-20)
