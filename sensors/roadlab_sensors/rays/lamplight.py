"""Lamps as the path tracer uses them: at every surface one of the lamps near by is asked for its light.

Which one is drawn in proportion to the light that it would bring if nothing stood in its way (resampled importance
sampling, Talbot et al. 2005), so that pictures are noisy only where some lamps are hidden and others are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.emitters import Emitters
from roadlab_sensors.rays.nearby import Light, Squares, brightest, reaching
from roadlab_sensors.rays.surfaces import owned
from roadlab_sensors.world.luminaires import COLUMNS, KINDS, ROWS, Distribution

Floats = NDArray[np.float64]
PADDED = 8192
"""Lists of lamps are padded to multiples of this, so that their sizes seldom change."""
MOON = 1.0e5
"""How far away the moon is put [m]."""
NEAREST = 0.3
"""Nearer than this [m], lamps are no points any more: their light grows no further."""
MATTE = 0.06
"""Share of the light per solid angle that a surface scatters at least, as reckoned with when a lamp is drawn [1/sr]."""


@dataclass(frozen=True)
class Lamplight:
    """The lamps of a scene, ready for the path tracer."""

    emitters: Emitters
    kinds: tuple[Distribution, ...]
    squares: Squares
    standing: Light
    """Of the lamps that stand in the street."""
    glow: Floats
    """(lamps + 1, 3) radiance of a lamp's lens when it is lit, by number."""
    finish: NDArray[np.float32]
    """(F, 2) of each triangle: coefficient of retro-reflection at 0.2 degrees between lamp and eye [cd/(lx m²)], and
    the square of GGX's width of its highlights."""
    tables: tuple[Any, ...]
    """In the ray engine: intensities of all kinds, and the edges of their pictures."""

    def arrays(self, poses: dict[int, Floats], lit: NDArray[np.bool_]) -> list[Any]:
        """What `radiance` wants of the lamps that are `lit`, with parts at `poses`."""
        world = placed(self.emitters, poses)
        on = lit[world.lamp] | (world.lamp == 0)
        carried = np.flatnonzero((world.part >= 0) & on)
        square, lamp, lux = self.standing
        still = on[lamp]
        lights = [
            (square[still], lamp[still], lux[still]),
            reaching(self.squares, world.some(carried), carried, self.kinds),
        ]
        always = np.flatnonzero(world.lamp == 0).tolist()
        begins, numbers = brightest(self.squares, lights, always)
        vectors = [world.position, world.forward, np.cross(world.forward, world.up), world.up, world.power]
        shown = np.where(lit[:, None], self.glow, 0.0)
        return [
            [owned(_padded(each.ravel(), PADDED)) for each in vectors],
            owned(_padded(world.kind.astype(np.uint32), PADDED)),
            owned(begins),
            owned(_padded(numbers, PADDED)),
            [dr.opaque(mi.Float, value) for value in (*self.squares.low, 1.0 / self.squares.side)],
            [dr.opaque(mi.UInt32, value) for value in (self.squares.columns, self.squares.rows)],
            list(self.tables),
            owned(shown.ravel()),
        ]


def lamplight(
    emitters: Emitters,
    kinds: tuple[Distribution, ...],
    squares: Squares,
    glow: Floats,
    finish: NDArray[np.float32],
) -> Lamplight:
    """Lamps made ready, those that stand among them once for all."""
    standing = np.flatnonzero((emitters.part < 0) & (emitters.lamp > 0))
    light = reaching(squares, emitters.some(standing), standing, kinds)
    edges = np.array([(*kind.low, *(np.subtract(kind.high, kind.low) ** -1.0)) for kind in kinds])
    tables = owned(np.concatenate([kind.intensity.ravel() for kind in kinds])), owned(edges.ravel())
    return Lamplight(emitters, kinds, squares, light, glow, finish, tables)


def moon(direction: Floats, lux: float, color: Floats) -> Emitters:
    """The moon as a lamp that is always on and reaches everywhere; `lux` on what faces it."""
    side = np.array([direction[1], -direction[0], 0.0]) if abs(direction[2]) < 0.99 else np.array([1.0, 0.0, 0.0])
    return Emitters(
        position=(MOON * direction)[None],
        forward=-direction[None],
        up=(side / np.linalg.norm(side))[None],
        kind=np.array([KINDS.index("even")]),
        power=(lux * MOON**2 * color)[None],
        lamp=np.zeros(1, dtype=np.int64),
        part=np.full(1, -1),
        reach=np.full(1, np.inf),
    )


def placed(emitters: Emitters, poses: dict[int, Floats]) -> Emitters:
    """The lamps in the world, with their parts at `poses` (4, 4)."""
    position, forward, up = (values.copy() for values in (emitters.position, emitters.forward, emitters.up))
    for part in np.unique(emitters.part[emitters.part >= 0]):
        mine, pose = emitters.part == part, poses[int(part)]
        position[mine] = position[mine] @ pose[:3, :3].T + pose[:3, 3]
        forward[mine], up[mine] = forward[mine] @ pose[:3, :3].T, up[mine] @ pose[:3, :3].T
    return Emitters(position, forward, up, emitters.kind, emitters.power, emitters.lamp, emitters.part, emitters.reach)


def _padded(values: NDArray[Any], length: int) -> NDArray[Any]:
    room = -len(values) % length if len(values) else length
    return np.concatenate([values, np.zeros(room, dtype=values.dtype)])


def square_of(lamps: Any, point: Any) -> Any:
    """Number of the square that each point lies in; one more than there are, for points beyond."""
    low_x, low_y, scale = lamps[4]
    columns, rows = lamps[5]
    x, y = (point.x - low_x) * scale, (point.y - low_y) * scale
    inside = (x >= 0.0) & (y >= 0.0) & (x < mi.Float(columns)) & (y < mi.Float(rows))
    return dr.select(inside, mi.UInt32(dr.maximum(y, 0.0)) * columns + mi.UInt32(dr.maximum(x, 0.0)), columns * rows)


def towards(lamps: Any, which: Any, point: Any, active: Any) -> tuple[Any, Any, Any]:
    """Direction to a lamp, where it is, and the light [lx] that comes from there per unit of power."""
    (positions, forwards, sides, ups, _), kind = lamps[0], dr.gather(mi.UInt32, lamps[1], which, active)
    place, forward, side, up = (dr.gather(mi.Vector3f, v, which, active) for v in (positions, forwards, sides, ups))
    away = point - place
    ahead = dr.dot(away, forward)
    front = active & (ahead > 0.02)
    edges = [dr.gather(mi.Float, lamps[6][1], 4 * kind + k, active) for k in range(4)]
    column = (dr.dot(away, side) / ahead - edges[0]) * edges[2] * (COLUMNS - 1)
    row = (dr.dot(away, up) / ahead - edges[1]) * edges[3] * (ROWS - 1)
    front &= (column >= 0.0) & (row >= 0.0) & (column < COLUMNS - 1) & (row < ROWS - 1)
    c, r = mi.UInt32(dr.maximum(column, 0.0)), mi.UInt32(dr.maximum(row, 0.0))
    x, y = column - mi.Float(c), row - mi.Float(r)
    first = kind * (ROWS * COLUMNS) + r * COLUMNS + c
    corner = [dr.gather(mi.Float, lamps[6][0], first + k, front) for k in (0, 1, COLUMNS, COLUMNS + 1)]
    candela = (corner[0] * (1 - x) + corner[1] * x) * (1 - y) + (corner[2] * (1 - x) + corner[3] * x) * y
    squared = dr.squared_norm(away)
    return -away * dr.rsqrt(squared), place, dr.select(front, candela / dr.maximum(squared, NEAREST**2), 0.0)


def returned(strength: Any, toward_lamp: Any, toward_eye: Any) -> Any:
    """Share of the light that beads and prisms send back to the eye, per unit of the coefficient at 0.2 degrees.

    Falls with the angle between lamp and eye as EN 12899-1 asks of its class RA2: 250, 180 and 5 cd/(lx m²) at 0.2,
    0.33 and 2 degrees.
    """
    angle = dr.norm(toward_lamp - toward_eye) * (180.0 / dr.pi)
    return strength * dr.minimum(dr.exp(-(angle - 0.2) / 0.45), 1.3)


@dr.syntax  # type: ignore[untyped-decorator]
def drawn(lamps: Any, surface: Any, view: Any, through: Any, finish: Any, sample: Any, active: Any) -> tuple[Any, Any]:
    """A lamp for each surface, and how many times its light counts; 0 where there is none.

    `view` points to where the light goes; `through` marks surfaces that light passes; `finish` is as in `Lamplight`.
    """
    square = square_of(lamps, surface.p)
    k = dr.gather(mi.UInt32, lamps[2], square, active)
    end = dr.gather(mi.UInt32, lamps[2], square + 1, active)
    end = dr.select(active, end, k)
    normal = surface.sh_frame.n
    facing = dr.dot(normal, view)
    back, width = mi.Float(finish.x), mi.Float(finish.y)
    whole, chosen, own, u = mi.Float(0.0), mi.UInt32(0), mi.Float(0.0), mi.Float(sample)
    while k < end:
        which = dr.gather(mi.UInt32, lamps[3], k)
        to, _, share = towards(lamps, which, surface.p, mi.Bool(True))
        power = dr.gather(mi.Vector3f, lamps[0][4], which)
        lux = share * (0.2126 * power.x + 0.7152 * power.y + 0.0722 * power.z)
        cosine = dr.dot(normal, to)
        lit = (cosine * facing > 0.0) | through
        half = dr.normalize(to + view)
        middle = dr.dot(normal, half)
        slope = middle * middle * (width - 1.0) + 1.0
        mirrored = 0.04 + 0.96 * (1.0 - dr.clip(dr.dot(half, view), 0.0, 1.0)) ** 5
        gloss = mirrored * width / (12.6 * slope * slope * dr.maximum(dr.abs(facing), 0.05))
        share_of_all = MATTE * dr.abs(cosine) + gloss + returned(back, to, view)
        weight = dr.select(lit, lux * share_of_all, 0.0)
        whole += weight
        part = dr.select(whole > 0.0, weight / whole, 0.0)
        taken = u < part
        chosen = dr.select(taken, which, chosen)
        own = dr.select(taken, weight, own)
        left = dr.select(taken, u / dr.maximum(part, 1e-12), (u - part) / dr.maximum(1.0 - part, 1e-12))
        u = dr.clip(left, 0.0, 0.9999999)
        k += 1
    return chosen, dr.select(own > 0.0, whole / own, 0.0)
