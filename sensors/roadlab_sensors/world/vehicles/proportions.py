"""Proportions of the classes of car as control points of curves, measured in the vehicle frame [m].

Heights, overhangs, rakes and glass lines follow side and front views of current European cars of each class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Points = tuple[tuple[float, float], ...]


def curve(points: Points, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth curve through `points` (in any order of x) that never overshoots them; constant beyond the ends."""
    x, y = np.array(sorted(points)).T
    values: NDArray[np.float64] = PchipInterpolator(x, y)(np.clip(at, x[0], x[-1]))
    return values


@dataclass(frozen=True, slots=True)
class Lamps:
    """Outline of a lamp unit on the skin, as (way along the outline from the nose's or tail's middle, height) [m]."""

    outline: Points
    radius: float

    def raised(self, height: float) -> Lamps:
        """The unit moved up by `height` [m]."""
        return Lamps(tuple((arc, z + height) for arc, z in self.outline), self.radius)


@dataclass(frozen=True, slots=True)
class Proportions:
    """One class of car."""

    body_width: float
    """Without mirrors [m]."""
    # lower body, as (x, z)
    shoulder: Points
    """From nose to tail."""
    bottom: Points
    crown: Points
    """Rise of bonnet and boot lid from their edge to their middle over x."""
    nose_depth: float
    """Length over which the plan narrows towards the nose [m]."""
    tail_depth: float
    nose_exponent: float
    """Of the superellipse of the plan; greater is squarer."""
    tail_exponent: float
    flank: Points
    """(share of the height, inset)."""
    nose: Points
    tail: Points
    arch_gap: float
    """Between tyre and wheel arch [m]."""
    cladding: float
    """Width of the dark plastic round arches and sills [m]; 0 for painted ones."""
    # greenhouse
    cowl: float
    """x of the windscreen's lower edge, in the middle."""
    header: float
    """x of its upper edge."""
    roof_end: float
    base_end: float
    base_width: float
    """Half, at the belt line."""
    roof_width: float
    """Half, at the cant rail."""
    rail: Points
    """Height of the cant rail over x."""
    roof_crown: float
    # side windows, x at the belt line and at the roof
    glass_front: tuple[float, float]
    glass_rear: tuple[float, float]
    glass_above_belt: float
    glass_below_rail: float
    pillars: tuple[tuple[float, float, float], ...]
    """(x at the belt, x at the roof, width)."""
    tinted_behind: float
    """Side windows behind this x are privacy glass."""
    rear_glass: tuple[float, float]
    """Lower and upper edge above the ground [m]."""
    rear_glass_width: tuple[float, float]
    """Half, as shares of the local half width, at the lower and upper edge."""
    # details
    door_cuts: tuple[float, ...]
    """x of the doors' edges at the belt line, from front to rear."""
    head_lamp: Lamps
    tail_lamp: Lamps
    grille: Points
    """Right half (y, z) seen from ahead; mirrored for the other."""
    intake: Points
    front_plate: float
    """Height of its middle [m]."""
    rear_plate: float
    boot_line: float
    """Lower edge of the tailgate or boot lid [m]."""
    seat_rows: tuple[float, ...]
    """x of the hips."""
    roof_rails: bool = False
    panelled: bool = False
    """Sheet instead of glass behind the front doors, a sliding door on a rail, and two doors at the rear."""
    bed: tuple[float, float] | None = None
    """x of the rear and front end of a pickup's bed."""


def varied(shape: Proportions, rng: np.random.Generator) -> Proportions:
    """The same class in another trim: with or without privacy glass and roof rails, lamps and plates a little moved."""
    tinted = shape.tinted_behind if rng.random() < 0.6 else -9.0
    rails = shape.roof_rails and rng.random() < 0.7
    low, high = rng.uniform(-0.012, 0.012, 2)
    return replace(
        shape,
        tinted_behind=tinted,
        roof_rails=bool(rails),
        head_lamp=shape.head_lamp.raised(float(low)),
        tail_lamp=shape.tail_lamp.raised(float(high)),
        rear_plate=shape.rear_plate + float(high),
        crown=tuple((x, z * float(1 + 10 * low)) for x, z in shape.crown),
    )


# fmt: off
FLANK: Points = ((0.0, 0.09), (0.08, 0.05), (0.3, 0.03), (0.55, 0.014), (0.69, 0.0), (0.725, 0.009), (0.85, 0.018),
    (0.93, 0.032), (1.0, 0.075))
NOSE: Points = ((0.0, 0.1), (0.08, 0.05), (0.3, 0.012), (0.45, 0.0), (0.6, 0.006), (0.75, 0.022), (0.88, 0.055),
    (1.0, 0.15))
HATCH_TAIL: Points = ((0.0, 0.12), (0.08, 0.06), (0.25, 0.012), (0.36, 0.0), (0.46, 0.01), (0.52, 0.04),
    (0.75, 0.055), (1.0, 0.09))
BOOT_TAIL: Points = ((0.0, 0.12), (0.08, 0.06), (0.25, 0.012), (0.36, 0.0), (0.46, 0.01), (0.52, 0.035),
    (0.85, 0.045), (0.93, 0.03), (1.0, 0.06))

CARS: dict[str, Proportions] = {
    "hatchback": Proportions(
        body_width=1.80,
        shoulder=((3.5, 0.70), (3.3, 0.77), (2.9, 0.86), (2.3, 0.925), (1.6, 0.945), (0.6, 0.975), (-0.3, 1.01),
            (-0.78, 1.0)),
        bottom=((3.5, 0.2), (3.0, 0.19), (2.0, 0.19), (0.6, 0.19), (-0.4, 0.24), (-0.78, 0.3)),
        crown=((3.5, 0.0), (3.2, 0.045), (2.4, 0.07), (-0.5, 0.05), (-0.78, 0.0)),
        nose_depth=0.75, tail_depth=0.5, nose_exponent=2.8, tail_exponent=3.2,
        flank=FLANK, nose=NOSE, tail=HATCH_TAIL, arch_gap=0.045, cladding=0.0,
        cowl=2.36, header=1.5, roof_end=-0.30, base_end=-0.67, base_width=0.822, roof_width=0.60,
        rail=((1.5, 1.375), (1.0, 1.425), (0.5, 1.435), (0.05, 1.415), (-0.3, 1.375)), roof_crown=0.042,
        glass_front=(2.0, 1.36), glass_rear=(-0.02, 0.16), glass_above_belt=0.033, glass_below_rail=0.06,
        pillars=((0.98, 0.92, 0.1), (0.16, 0.28, 0.03)), tinted_behind=0.95,
        rear_glass=(1.06, 1.35), rear_glass_width=(0.78, 0.82),
        door_cuts=(2.02, 0.98, 0.04),
        head_lamp=Lamps(((0.42, 0.60), (0.44, 0.69), (0.72, 0.745), (1.12, 0.80), (1.1, 0.76), (0.9, 0.645)), 0.02),
        tail_lamp=Lamps(((0.5, 0.8), (0.5, 0.93), (0.8, 0.97), (1.08, 0.96), (1.0, 0.85), (0.82, 0.8)), 0.025),
        grille=((0.0, 0.61), (0.44, 0.61), (0.44, 0.685), (0.0, 0.66)),
        intake=((0.0, 0.25), (0.52, 0.25), (0.62, 0.38), (0.0, 0.38)),
        front_plate=0.47, rear_plate=0.74, boot_line=0.62, seat_rows=(1.1, 0.25),
    ),
    "sedan": Proportions(
        body_width=1.85,
        shoulder=((3.7, 0.70), (3.5, 0.77), (3.1, 0.855), (2.4, 0.915), (1.6, 0.935), (0.6, 0.965), (-0.3, 0.99),
            (-0.8, 1.0), (-1.06, 0.985)),
        bottom=((3.7, 0.2), (3.2, 0.185), (2.0, 0.185), (0.6, 0.185), (-0.5, 0.24), (-1.06, 0.31)),
        crown=((3.7, 0.0), (3.4, 0.05), (2.5, 0.07), (0.0, 0.05), (-0.85, 0.045), (-1.06, 0.02)),
        nose_depth=0.8, tail_depth=0.6, nose_exponent=2.8, tail_exponent=3.0,
        flank=FLANK, nose=NOSE, tail=BOOT_TAIL, arch_gap=0.045, cladding=0.0,
        cowl=2.44, header=1.5, roof_end=0.12, base_end=-0.62, base_width=0.838, roof_width=0.595,
        rail=((1.5, 1.35), (1.0, 1.395), (0.6, 1.40), (0.12, 1.365)), roof_crown=0.042,
        glass_front=(2.06, 1.36), glass_rear=(-0.26, 0.2), glass_above_belt=0.033, glass_below_rail=0.055,
        pillars=((1.02, 0.95, 0.1), (0.08, 0.26, 0.03)), tinted_behind=-0.5,
        rear_glass=(1.05, 1.34), rear_glass_width=(0.84, 0.86),
        door_cuts=(2.1, 1.02, 0.0),
        head_lamp=Lamps(((0.42, 0.61), (0.44, 0.69), (0.75, 0.74), (1.18, 0.795), (1.16, 0.755), (0.9, 0.65)), 0.02),
        tail_lamp=Lamps(((0.38, 0.79), (0.38, 0.9), (0.8, 0.95), (1.18, 0.945), (1.1, 0.86), (0.82, 0.79)), 0.025),
        grille=((0.0, 0.47), (0.4, 0.5), (0.43, 0.67), (0.0, 0.67)),
        intake=((0.0, 0.25), (0.56, 0.25), (0.66, 0.38), (0.0, 0.38)),
        front_plate=0.43, rear_plate=0.78, boot_line=0.62, seat_rows=(1.12, 0.22),
    ),
    "estate": Proportions(
        body_width=1.835,
        shoulder=((3.64, 0.70), (3.44, 0.77), (3.05, 0.86), (2.4, 0.92), (1.6, 0.94), (0.6, 0.97), (-0.4, 1.0),
            (-1.05, 0.99)),
        bottom=((3.64, 0.2), (3.1, 0.19), (2.0, 0.19), (0.6, 0.19), (-0.5, 0.24), (-1.05, 0.31)),
        crown=((3.64, 0.0), (3.34, 0.05), (2.45, 0.07), (-0.8, 0.05), (-1.05, 0.0)),
        nose_depth=0.78, tail_depth=0.45, nose_exponent=2.8, tail_exponent=3.6,
        flank=FLANK, nose=NOSE, tail=HATCH_TAIL, arch_gap=0.045, cladding=0.0,
        cowl=2.4, header=1.5, roof_end=-0.72, base_end=-0.94, base_width=0.834, roof_width=0.60,
        rail=((1.5, 1.365), (1.0, 1.41), (0.4, 1.42), (-0.2, 1.405), (-0.72, 1.37)), roof_crown=0.042,
        glass_front=(2.04, 1.36), glass_rear=(-0.68, -0.45), glass_above_belt=0.033, glass_below_rail=0.06,
        pillars=((1.0, 0.94, 0.1), (0.05, 0.12, 0.09)), tinted_behind=0.95,
        rear_glass=(1.05, 1.34), rear_glass_width=(0.8, 0.84),
        door_cuts=(2.06, 1.0, -0.02),
        head_lamp=Lamps(((0.42, 0.60), (0.44, 0.69), (0.75, 0.745), (1.16, 0.80), (1.14, 0.76), (0.9, 0.645)), 0.02),
        tail_lamp=Lamps(((0.46, 0.78), (0.46, 0.92), (0.8, 0.96), (1.08, 0.96), (1.02, 0.86), (0.82, 0.78)), 0.025),
        grille=((0.0, 0.53), (0.44, 0.55), (0.46, 0.68), (0.0, 0.67)),
        intake=((0.0, 0.25), (0.54, 0.25), (0.64, 0.38), (0.0, 0.38)),
        front_plate=0.45, rear_plate=0.72, boot_line=0.6, seat_rows=(1.1, 0.22), roof_rails=True,
    ),
    "suv": Proportions(
        body_width=1.86,
        shoulder=((3.58, 0.84), (3.4, 0.92), (3.0, 1.0), (2.4, 1.05), (1.6, 1.065), (0.6, 1.09), (-0.3, 1.12),
            (-0.93, 1.11)),
        bottom=((3.58, 0.26), (3.1, 0.23), (2.0, 0.235), (0.6, 0.235), (-0.4, 0.28), (-0.93, 0.36)),
        crown=((3.58, 0.0), (3.3, 0.05), (2.45, 0.075), (-0.7, 0.05), (-0.93, 0.0)),
        nose_depth=0.68, tail_depth=0.5, nose_exponent=3.0, tail_exponent=3.4,
        flank=FLANK, nose=NOSE, tail=HATCH_TAIL, arch_gap=0.055, cladding=0.075,
        cowl=2.42, header=1.56, roof_end=-0.5, base_end=-0.8, base_width=0.85, roof_width=0.63,
        rail=((1.56, 1.54), (1.0, 1.595), (0.4, 1.605), (-0.1, 1.59), (-0.5, 1.555)), roof_crown=0.045,
        glass_front=(2.06, 1.4), glass_rear=(-0.5, -0.22), glass_above_belt=0.035, glass_below_rail=0.065,
        pillars=((1.0, 0.94, 0.1), (0.05, 0.14, 0.09)), tinted_behind=0.95,
        rear_glass=(1.19, 1.52), rear_glass_width=(0.78, 0.82),
        door_cuts=(2.06, 1.0, 0.0),
        head_lamp=Lamps(((0.48, 0.73), (0.5, 0.81), (0.8, 0.87), (1.14, 0.92), (1.12, 0.87), (0.9, 0.765)), 0.02),
        tail_lamp=Lamps(((0.55, 0.9), (0.55, 1.03), (0.8, 1.06), (1.1, 1.05), (1.04, 0.95), (0.86, 0.88)), 0.025),
        grille=((0.0, 0.6), (0.42, 0.62), (0.48, 0.81), (0.0, 0.82)),
        intake=((0.0, 0.32), (0.5, 0.32), (0.6, 0.48), (0.0, 0.48)),
        front_plate=0.54, rear_plate=0.84, boot_line=0.7, seat_rows=(1.1, 0.22), roof_rails=True,
    ),
    "van": Proportions(
        body_width=1.95,
        shoulder=((4.28, 0.88), (4.1, 0.99), (3.8, 1.1), (3.4, 1.17), (2.6, 1.2), (0.5, 1.22), (-1.02, 1.22)),
        bottom=((4.28, 0.24), (3.8, 0.22), (2.0, 0.22), (0.4, 0.22), (-0.5, 0.27), (-1.02, 0.36)),
        crown=((4.28, 0.0), (4.0, 0.06), (3.6, 0.08), (-0.8, 0.02), (-1.02, 0.0)),
        nose_depth=0.7, tail_depth=0.22, nose_exponent=3.2, tail_exponent=5.0,
        flank=((0.0, 0.08), (0.06, 0.045), (0.25, 0.018), (0.45, 0.006), (0.62, 0.0), (0.66, 0.01), (0.9, 0.014),
            (1.0, 0.026)),
        nose=((0.0, 0.1), (0.08, 0.05), (0.25, 0.012), (0.36, 0.0), (0.5, 0.012), (0.7, 0.04), (0.86, 0.085),
            (1.0, 0.18)),
        tail=((0.0, 0.08), (0.08, 0.03), (0.2, 0.0), (0.26, 0.004), (0.32, 0.05), (0.6, 0.052), (1.0, 0.06)),
        arch_gap=0.055, cladding=0.0,
        cowl=3.72, header=2.82, roof_end=-0.88, base_end=-0.942, base_width=0.949, roof_width=0.80,
        rail=((2.82, 2.1), (2.3, 2.16), (1.5, 2.19), (0.0, 2.19), (-0.88, 2.17)), roof_crown=0.08,
        glass_front=(3.34, 2.66), glass_rear=(2.16, 2.2), glass_above_belt=0.05, glass_below_rail=0.2,
        pillars=(), tinted_behind=-2.0,
        rear_glass=(1.4, 1.92), rear_glass_width=(0.76, 0.78),
        door_cuts=(3.26, 2.1, 0.86),
        head_lamp=Lamps(((0.5, 0.8), (0.52, 0.92), (0.78, 1.0), (1.14, 1.08), (1.12, 1.0), (0.92, 0.82)), 0.03),
        tail_lamp=Lamps(((0.86, 0.75), (0.86, 1.16), (1.06, 1.16), (1.06, 0.75)), 0.03),
        grille=((0.0, 0.74), (0.5, 0.76), (0.52, 0.87), (0.0, 0.87)),
        intake=((0.0, 0.3), (0.56, 0.3), (0.66, 0.46), (0.0, 0.46)),
        front_plate=0.56, rear_plate=0.86, boot_line=0.56, seat_rows=(2.5,), panelled=True,
    ),
}
# fmt: on
