"""The reference line and the relief of a road in a file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from roadlab.roads.cubics import Cubics
from roadlab.roads.curves import AnyPiece, Piece, PolynomialPiece
from roadlab.roads.opendrive.arc_length import arc_length
from roadlab.roads.opendrive.binding import Fault
from roadlab.roads.opendrive.bounds import TIGHTEST
from roadlab.roads.opendrive.checks import label
from roadlab.roads.opendrive.elements.lanes import RoadCubic
from roadlab.roads.opendrive.elements.plan_view import Arc, Geometry, ParamPoly3, Poly3, Spiral
from roadlab.roads.opendrive.elements.road import Crossfall, CrossSection, Road
from roadlab.roads.opendrive.incoming.remarks import Remarks
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.relief import Relief, Shape

NOTICED = 1e-3
"""A gap [m] or kink [rad] between geometries that is reported."""
REFUSED = 1e-2
"""A gap between geometries that is not read [m]: the ASAM checker's tolerance."""
LENGTH_REFUSED = 0.05
"""Share of its length by which a polynomial may be longer or shorter than its file says; told from `REFUSED` on."""
_NOTHING = 1e-9
"""Length of geometries that are left out [m]."""


def reference_line(road: Road, remarks: Remarks) -> ReferenceLine | None:
    """The line of a road without faults; None, with a fault, where its geometries do not meet."""
    used = [geometry for geometry in road.geometries if geometry.length > _NOTHING]
    if not used:
        remarks.faults.append(Fault(road.place, label(road), "all its geometries have the length 0"))
        return None
    line = ReferenceLine.placed(
        tuple(_piece(geometry) for geometry in used),
        tuple((geometry.x, geometry.y, geometry.hdg) for geometry in used),
        tuple(geometry.s for geometry in used),
    )
    if not _lengths_agree(road, used, line, remarks):
        return None
    sharpest = max(piece.sharpest for piece in line.pieces)
    if not sharpest <= TIGHTEST:
        message = f"it bends with a curvature of {sharpest:.3g} 1/m; at most {TIGHTEST:g} 1/m is read"
        remarks.faults.append(Fault(road.place, label(road), message))
        return None
    gaps, kinks = line.gaps()
    broken = False
    for geometry, gap, kink in zip(used[1:], gaps, kinks, strict=True):
        here = f"{label(road)}, geometry at s {geometry.s:g}"
        if not gap <= REFUSED:
            message = f"starts {gap:.3g} m from where the one before it ends"
            remarks.faults.append(Fault(geometry.place, here, message, f"at most {REFUSED:g} m is read"))
            broken = True
        elif gap > NOTICED:
            remarks.warnings.append(Fault(geometry.place, here, f"starts {gap:.2g} m from the end of the one before"))
        if kink > NOTICED:
            remarks.warnings.append(Fault(geometry.place, here, f"a kink of {kink:.2g} rad"))
    return None if broken else line


def _lengths_agree(road: Road, used: list[Geometry], line: ReferenceLine, remarks: Remarks) -> bool:
    """Whether every polynomial is about as long as the file says."""
    agree = True
    for geometry, piece in zip(used, line.pieces, strict=True):
        if not isinstance(piece, PolynomialPiece):
            continue
        here, own = f"{label(road)}, geometry at s {geometry.s:g}", arc_length(piece)
        message = f"its length is {geometry.length:g} m, but that of its curve {own:g} m"
        if not abs(own - geometry.length) <= max(LENGTH_REFUSED * geometry.length, REFUSED):
            remarks.faults.append(Fault(geometry.place, here, message))
            agree = False
        elif abs(own - geometry.length) > REFUSED:
            remarks.warnings.append(Fault(geometry.place, here, message))
    return agree


def _piece(geometry: Geometry) -> AnyPiece:
    match geometry.shape:
        case Arc() as arc:
            return Piece(geometry.length, arc.curvature, arc.curvature)
        case Spiral() as spiral:
            return Piece(geometry.length, spiral.curv_start, spiral.curv_end)
        case Poly3() as poly:
            return PolynomialPiece.poly3(geometry.length, (poly.a, poly.b, poly.c, poly.d))
        case ParamPoly3() as poly:
            u, v = (poly.aU, poly.bU, poly.cU, poly.dU), (poly.aV, poly.bV, poly.cV, poly.dV)
            return PolynomialPiece.param_poly3(geometry.length, u, v, normalized=poly.p_range == "normalized")
        case _:
            return Piece(geometry.length)


def cubics(records: Iterable[RoadCubic]) -> Cubics:
    """Records along a road."""
    return Cubics.of((record.s, record.a, record.b, record.c, record.d) for record in records)


def relief(road: Road) -> Relief:
    """Elevation and lateral profile."""
    return Relief(
        elevation=cubics(road.elevations),
        superelevation=cubics(road.superelevations),
        crossfall_left=_crossfall(road.crossfalls, "left"),
        crossfall_right=_crossfall(road.crossfalls, "right"),
        shape=_shape(road.shapes),
    )


def _crossfall(records: tuple[Crossfall, ...], side: str) -> Cubics:
    return cubics(record for record in records if record.side in (side, "both"))


def _shape(records: tuple[CrossSection, ...]) -> Shape | None:
    if not records:
        return None
    ordered = sorted(records, key=lambda record: (record.s, record.t))
    groups = [(s, list(group)) for s, group in groupby(ordered, key=lambda record: record.s)]
    profiles = [Cubics.of((one.t, one.a, one.b, one.c, one.d) for one in group) for _, group in groups]
    return Shape(np.array([s for s, _ in groups]), profiles)
