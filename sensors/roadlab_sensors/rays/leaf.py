"""The scattering of a leaf: matte on both sides, with a share of the light passing through.

Mitsuba's own thin-surface model does this too, with many more lobes and at three times the cost of a frame in a street
with trees.
"""

from __future__ import annotations

from typing import Any

import drjit as dr
import mitsuba as mi


def register() -> None:
    """Makes `leaf` known to Mitsuba; needs a variant to be set."""

    class Leaf(mi.BSDF):
        """Reflects `color` times 1 - `through` and transmits `color` times `through`, both by Lambert's law."""

        def __init__(self, props: Any) -> None:
            super().__init__(props)
            self.color = props["color"]
            self.through = float(props["through"])
            sides = mi.BSDFFlags.FrontSide | mi.BSDFFlags.BackSide
            self.m_components = [mi.BSDFFlags.DiffuseReflection | mi.BSDFFlags.DiffuseTransmission | sides]
            self.m_flags = self.m_components[0]

        def eval(self, ctx: Any, si: Any, wo: Any, active: Any = True) -> Any:
            return self.color.eval(si, active) * self.pdf(ctx, si, wo, active)

        def pdf(self, ctx: Any, si: Any, wo: Any, active: Any = True) -> Any:  # noqa: ARG002 - Mitsuba's signature
            same_side = mi.Frame3f.cos_theta(si.wi) * mi.Frame3f.cos_theta(wo) > 0.0
            share = dr.select(same_side, 1.0 - self.through, self.through)
            return dr.select(active, share * dr.abs(mi.Frame3f.cos_theta(wo)) * dr.inv_pi, 0.0)

        def sample(self, ctx: Any, si: Any, sample1: Any, sample2: Any, active: Any = True) -> Any:
            sampled = dr.zeros(mi.BSDFSample3f)
            passes = sample1 < self.through
            wo = mi.warp.square_to_cosine_hemisphere(sample2)
            up = (mi.Frame3f.cos_theta(si.wi) > 0.0) ^ passes
            sampled.wo = mi.Vector3f(wo.x, wo.y, dr.select(up, wo.z, -wo.z))
            sampled.pdf = self.pdf(ctx, si, sampled.wo, active)
            sampled.eta = 1.0
            sampled.sampled_type = mi.UInt32(+mi.BSDFFlags.DiffuseReflection)
            sampled.sampled_component = 0
            return sampled, dr.select(active & (sampled.pdf > 0.0), self.color.eval(si, active), 0.0)

        def eval_pdf(self, ctx: Any, si: Any, wo: Any, active: Any = True) -> Any:
            density = self.pdf(ctx, si, wo, active)
            return self.color.eval(si, active) * density, density

        def eval_diffuse_reflectance(self, si: Any, active: Any = True) -> Any:
            return self.color.eval(si, active)

        def traverse(self, callback: Any) -> None:
            callback.put("color", self.color, mi.ParamFlags.Differentiable)

        def to_string(self) -> str:
            return f"Leaf[through={self.through}]"

    mi.register_bsdf("leaf", Leaf)
