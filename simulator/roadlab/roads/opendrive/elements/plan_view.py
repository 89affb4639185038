"""Where a road's reference line runs in the plane; every shape starts at its geometry's point along its heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, child
from roadlab.roads.opendrive.scalars import NonNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Element):
    """Straight on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spiral(Element):
    """Curvature that changes linearly along the length [1/m]."""

    curv_start: float
    curv_end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc(Element):
    """Constant curvature, positive to the left [1/m]."""

    curvature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Poly3(Element):
    """v(u) = a + b u + c u² + d u³; u is not the arc length."""

    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamPoly3(Element):
    """u(p) and v(p), p from 0 to the length (`arcLength`) or to 1 (`normalized`)."""

    aU: float  # noqa: N815  the letters of the standard's attributes
    bU: float  # noqa: N815
    cU: float  # noqa: N815
    dU: float  # noqa: N815
    aV: float  # noqa: N815
    bV: float  # noqa: N815
    cV: float  # noqa: N815
    dV: float  # noqa: N815
    p_range: Literal["arcLength", "normalized"] = "normalized"


Shape = Line | Spiral | Arc | Poly3 | ParamPoly3


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry(Element):
    """One stretch of the reference line."""

    s: NonNegative
    x: float
    y: float
    hdg: float
    length: NonNegative
    shape: Line | Spiral | Arc | Poly3 | ParamPoly3 | None = child()
