"""Digits, a few letters and invented ones as polygons of the plane (x, z), 1 high and about 0.6 wide."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

STROKE = 0.17


def _arc(x: float, z: float, rx: float, rz: float, start: float, end: float) -> list[tuple[float, float]]:
    """Points on an ellipse between two angles [degrees]."""
    angles = np.radians(np.linspace(start, end, 13))
    return [(x + rx * float(np.cos(a)), z + rz * float(np.sin(a))) for a in angles]


_DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [_arc(0.3, 0.5, 0.22, 0.42, 0, 360)],
    "1": [[(0.12, 0.74), (0.34, 0.9), (0.34, 0.02)]],
    "2": [[*_arc(0.3, 0.68, 0.21, 0.24, 170, -35), (0.1, 0.09), (0.54, 0.09)]],
    "3": [[*_arc(0.28, 0.71, 0.2, 0.21, 150, -90), *_arc(0.28, 0.29, 0.22, 0.21, 90, -150)]],
    "4": [[(0.42, 0.02), (0.42, 0.92), (0.08, 0.28), (0.56, 0.28)]],
    "5": [[(0.5, 0.91), (0.16, 0.91), (0.13, 0.52), *_arc(0.29, 0.32, 0.22, 0.24, 115, -145)]],
    "6": [_arc(0.3, 0.3, 0.21, 0.22, 0, 360), [(0.1, 0.34), (0.2, 0.7), (0.42, 0.93)]],
    "7": [[(0.08, 0.91), (0.52, 0.91), (0.24, 0.02)]],
    "8": [_arc(0.3, 0.29, 0.21, 0.21, 0, 360), _arc(0.3, 0.72, 0.18, 0.19, 0, 360)],
    "9": [_arc(0.3, 0.7, 0.21, 0.22, 0, 360), [(0.5, 0.66), (0.4, 0.3), (0.18, 0.07)]],
    "S": [[*_arc(0.29, 0.7, 0.19, 0.21, 20, 270), *_arc(0.29, 0.29, 0.2, 0.2, 90, -160)]],
    "T": [[(0.05, 0.91), (0.55, 0.91)], [(0.3, 0.91), (0.3, 0.0)]],
    "P": [[(0.14, 0.0), (0.14, 0.9), (0.3, 0.9), *_arc(0.3, 0.68, 0.2, 0.22, 90, -90), (0.14, 0.46)]],
    "A": [[(0.04, 0.0), (0.3, 0.92), (0.56, 0.0)], [(0.14, 0.3), (0.46, 0.3)]],
    "B": [[(0.1, 0.0), (0.1, 0.9), (0.3, 0.9), *_arc(0.3, 0.69, 0.19, 0.21, 90, -90), (0.1, 0.48)],
          [*_arc(0.3, 0.24, 0.22, 0.24, 90, -90), (0.1, 0.0)]],
    "C": [_arc(0.32, 0.46, 0.24, 0.44, 50, 310)],
    "D": [[(0.1, 0.0), (0.1, 0.9), (0.26, 0.9), *_arc(0.26, 0.45, 0.27, 0.45, 90, -90), (0.1, 0.0)]],
    "E": [[(0.52, 0.9), (0.1, 0.9), (0.1, 0.0), (0.52, 0.0)], [(0.1, 0.47), (0.44, 0.47)]],
    "G": [[*_arc(0.32, 0.46, 0.24, 0.44, 50, 340), (0.56, 0.42), (0.34, 0.42)]],
    "H": [[(0.08, 0.0), (0.08, 0.92)], [(0.52, 0.0), (0.52, 0.92)], [(0.08, 0.46), (0.52, 0.46)]],
    "I": [[(0.3, 0.0), (0.3, 0.92)]],
    "K": [[(0.1, 0.0), (0.1, 0.92)], [(0.52, 0.92), (0.12, 0.42)], [(0.24, 0.56), (0.54, 0.0)]],
    "L": [[(0.12, 0.92), (0.12, 0.0), (0.52, 0.0)]],
    "M": [[(0.04, 0.0), (0.08, 0.9), (0.3, 0.3), (0.52, 0.9), (0.56, 0.0)]],
    "N": [[(0.08, 0.0), (0.08, 0.9), (0.52, 0.0), (0.52, 0.92)]],
    "O": [_arc(0.3, 0.46, 0.24, 0.44, 0, 360)],
    "R": [[(0.1, 0.0), (0.1, 0.9), (0.3, 0.9), *_arc(0.3, 0.68, 0.2, 0.22, 90, -90), (0.1, 0.46)],
          [(0.3, 0.46), (0.54, 0.0)]],
    "U": [[(0.08, 0.92), (0.08, 0.28), *_arc(0.3, 0.26, 0.22, 0.24, 180, 360), (0.52, 0.92)]],
    "V": [[(0.04, 0.92), (0.3, 0.0), (0.56, 0.92)]],
    "W": [[(0.0, 0.92), (0.14, 0.0), (0.3, 0.6), (0.46, 0.0), (0.6, 0.92)]],
    "X": [[(0.06, 0.0), (0.54, 0.92)], [(0.06, 0.92), (0.54, 0.0)]],
    "Y": [[(0.04, 0.92), (0.3, 0.46), (0.56, 0.92)], [(0.3, 0.46), (0.3, 0.0)]],
    " ": [],
}  # fmt: skip


def digits(text: str, height: float) -> shapely.Geometry:
    """The characters (digits and most capitals) of `text` side by side, centred on the origin, `height` [m]."""
    lines: list[shapely.LineString] = []
    for k, character in enumerate(text):
        for stroke in _DIGITS[character]:
            lines.append(shapely.LineString(np.array(stroke) + np.array([0.66 * k, 0.0])))
    glyphs = shapely.union_all(shapely.buffer(np.array(lines), STROKE / 2, cap_style="square", quad_segs=2))
    low_x, low_z, high_x, high_z = glyphs.bounds
    middle = np.array([(low_x + high_x) / 2, (low_z + high_z) / 2])
    return shapely.transform(glyphs, lambda points: (points - middle) * height)


def lettering(letters: int, height: float, rng: np.random.Generator) -> shapely.Geometry:
    """A word in no language: upright and level bars, from x = 0, on the line z = 0, `height` [m]."""
    bars = np.array([(0, 0, 0.15, 1), (0, 0.85, 0.5, 1), (0, 0, 0.5, 0.15), (0.4, 0, 0.55, 1), (0, 0.43, 0.5, 0.57)])
    boxes = []
    for k in range(letters):
        chosen = bars[(rng.random(len(bars)) < 0.55) | (np.arange(len(bars)) == rng.integers(4))]
        low = 1.0 if k == 0 else 0.74
        boxes += [shapely.box(0.72 * k + x0, z0 * low, 0.72 * k + x1, z1 * low) for x0, z0, x1, z1 in chosen]
    return shapely.transform(shapely.union_all(np.array(boxes)), lambda points: np.asarray(points * height))


def moved(shape: shapely.Geometry, x: float, z: float) -> shapely.Geometry:
    """The shape moved in its plane [m]."""
    offset: NDArray[np.float64] = np.array([x, z])
    return shapely.transform(shape, lambda points: points + offset)
