"""A file's triangles in the axes and metres of the scenario, and whether that is what its author meant."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from roadlab.models.reading import ModelFileError, Soup
from roadlab.models.solid import Solid
from roadlab.scenario.spec.objects import UNITS, ModelSpec

Floats = NDArray[np.float64]

TOLERANCE = 0.02
"""By which sides may differ from the size that is asked for."""
LARGEST, SMALLEST = 60.0, 0.02
"""Longest side of a model that says nothing of its size [m]."""
INWARDS = -0.25
"""Share of the surface that looks outwards less that which looks inwards, below which a model is inside out."""
_SLIVER = 1e-10  # m², of triangles that are left out


def fitted(soup: Soup, spec: ModelSpec) -> Solid:
    """The model as the scenario wants it; ModelFileError, with all that is wrong, when it cannot be."""
    turn = _turn(spec)
    points = soup.vertices @ turn.T * UNITS[spec.unit]
    low, high = points[soup.faces].min(axis=(0, 1)), points[soup.faces].max(axis=(0, 1))
    problems = [*_size_problems(high - low, spec), *_name_problems(soup, spec)]
    corners = points[soup.faces]
    if outwards(corners) < INWARDS:
        problems.append("is inside out: its triangles run clockwise seen from outside, turn them over in the file")
    if problems:
        raise ModelFileError("; ".join(problems))
    stretch = np.ones(3) if spec.size is None else np.asarray(spec.size) / (high - low)
    lowest = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    anchor = lowest if spec.anchor is None else np.asarray(spec.anchor) / stretch
    corners = (corners - anchor) * stretch
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    whole = area > _SLIVER
    if not whole.any():
        raise ModelFileError("has only triangles without an area")
    encoded = np.where(soup.colors <= 0.0031308, 12.92 * soup.colors, 1.055 * np.abs(soup.colors) ** (1 / 2.4) - 0.055)
    return Solid(
        corners=corners[whole].astype(np.float32),
        normals=None if soup.normals is None else _normals(soup, turn, corners)[whole],
        colors=np.rint(255.0 * np.clip(encoded, 0.0, 1.0)).astype(np.uint8)[whole],
        material=soup.material.astype(np.uint8)[whole],
        materials=soup.materials,
    )


def _turn(spec: ModelSpec) -> Floats:
    """(3, 3) from the file's axes to x forward, y left, z up."""

    def axis(name: str) -> Floats:
        unit: Floats = np.eye(3)["xyz".index(name[-1])]
        return -unit if name.startswith("-") else unit

    front, up = axis(spec.front), axis(spec.up)
    turn: Floats = np.stack([front, np.cross(up, front), up])
    return turn


def outwards(corners: Floats) -> float:
    """Share of the surface that looks away from the middle less that which looks towards it."""
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middle = (corners.min(axis=(0, 1)) + corners.max(axis=(0, 1))) / 2
    flux = np.einsum("ij,ij->i", corners.mean(axis=1) - middle, cross)
    return float(flux.sum() / max(np.abs(flux).sum(), 1e-12))


def _normals(soup: Soup, turn: Floats, corners: Floats) -> NDArray[np.int16]:
    """Those of the file, or of the triangle where these are none or look to its other side."""
    assert soup.normals is not None
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-20)
    given = np.nan_to_num(soup.normals)[soup.faces] @ turn.T
    length = np.linalg.norm(given, axis=2, keepdims=True)
    given = given / np.maximum(length, 1e-12)
    wrong = (length[..., 0] < 1e-6) | (np.einsum("fki,fi->fk", given, flat) < 0.0)
    return np.rint(32767.0 * np.where(wrong[..., None], flat[:, None, :], given)).astype(np.int16)


def _name_problems(soup: Soup, spec: ModelSpec) -> list[str]:
    named = [name for name in soup.materials if name]
    return [
        f"has no material {name!r}, only {', '.join(map(repr, named[:12])) or 'one without a name'}"
        for name in spec.materials
        if name not in named
    ]


def _size_problems(found: Floats, spec: ModelSpec) -> list[str]:
    sides = " x ".join(f"{side:.4g}" for side in found)
    if float(found.max()) <= 0.0:
        return ["has no size"]
    if spec.size is None:
        if SMALLEST <= float(found.max()) <= LARGEST:
            return []
        return [f"is {sides} m in size{_unit_hint(found, spec)}; if that is right, say so with size"]
    wanted = np.asarray(spec.size)
    if float(found.min()) <= 0.0:
        return [f"is flat: {sides} m"]
    if bool((np.abs(found / wanted - 1.0) <= TOLERANCE).all()):
        return []
    asked = " x ".join(f"{side:g}" for side in wanted)
    return [f"is {sides} m in size, not {asked} m{_unit_hint(found, spec) or _axes_hint(found, wanted)}"]


def _unit_hint(found: Floats, spec: ModelSpec) -> str:
    """What the file's unit must be instead, if another one explains its size."""
    for unit, metres in UNITS.items():
        sides = found / UNITS[spec.unit] * metres
        if unit == spec.unit:
            continue
        if spec.size is None:
            fits = unit == "mm" and 0.05 <= float(sides.max()) <= LARGEST
        else:
            fits = bool((np.abs(sides / np.asarray(spec.size) - 1.0) <= TOLERANCE).all())
        if fits:
            return f"; it looks as if it were in {_WORDS[unit]}: write unit: {unit}"
    return ""


_WORDS = {"m": "metres", "cm": "centimetres", "mm": "millimetres", "in": "inches", "ft": "feet"}


def _axes_hint(found: Floats, wanted: Floats) -> str:
    for order in permutations(range(3)):
        if order != (0, 1, 2) and bool((np.abs(found[list(order)] / wanted - 1.0) <= TOLERANCE).all()):
            return "; its sides are in another order: look at up and front"
    ratio = found / wanted
    if float(ratio.max() / ratio.min()) <= 1.0 + 2 * TOLERANCE:
        return f"; all sides are {ratio.mean():.4g} times as long"
    return ""
