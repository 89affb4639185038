"""What lies on an open bed: crates, beams or a heap of gravel, as much of it as its mass says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.loads import BEAM, BEDS, CRATE, Bed, LoadKind
from roadlab_sensors.world.assembly import varied
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, smooth, srgb

WOOD = srgb("#b08d5b")
STONE = srgb("#8d8a84")


def load_meshes(model_name: str, kind: LoadKind, mass: float, rng: np.random.Generator) -> list[Mesh]:
    """In the vehicle's frame, part of its body; KeyError for a vehicle without a bed."""
    bed = BEDS[model_name]
    if kind == "gravel":
        return [_heap(bed, bed.depth(kind, mass), rng)]
    return _crates(bed, mass, rng) if kind == "crates" else _beams(bed, mass, rng)


def _crates(bed: Bed, mass: float, rng: np.random.Generator) -> list[Mesh]:
    """Slatted crates, the front ones first, one layer on the other."""
    length, width, height, _ = CRATE
    across = int(2.0 * bed.half_width / (width + 0.01))
    meshes: list[Mesh] = []
    for number in range(bed.pieces("crates", mass)):
        layer, place = divmod(number, bed.per_layer["crates"])
        row, column = divmod(place, across)
        x = bed.front - row * (length + 0.01) - length
        y = (column - 0.5 * across) * (width + 0.01)
        meshes += _crate((x, y, bed.floor + layer * height), Style(varied(WOOD, rng, 0.08), "timber", "car"))
    return meshes


def _crate(corner: tuple[float, float, float], style: Style) -> list[Mesh]:
    """Boards around a dark core, with gaps between them."""
    x, y, z = corner
    length, width, height, _ = CRATE
    core = box((x + 0.012, y + 0.012, z), (x + length - 0.012, y + width - 0.012, z + height - 0.03),
               replace(style, color=(0.02, 0.015, 0.01)))  # fmt: skip
    boards = [
        box((x, y, z + low), (x + length, y + width, z + low + 0.075), style)
        for low in (0.0, 0.10, 0.20)
    ]  # fmt: skip
    lid = box((x, y, z + height - 0.025), (x + length, y + width, z + height - 0.005), style)
    return [core, *boards, lid]


def _beams(bed: Bed, mass: float, rng: np.random.Generator) -> list[Mesh]:
    """Lengthwise, side by side in layers."""
    width, height, _ = BEAM
    across = bed.per_layer["timber"]
    meshes = []
    for number in range(bed.pieces("timber", mass)):
        layer, column = divmod(number, across)
        y = (column - 0.5 * across) * (width + 0.005)
        low = (bed.rear + float(rng.uniform(0.0, 0.03)), y, bed.floor + layer * height)
        high = (bed.front - float(rng.uniform(0.0, 0.03)), y + width, bed.floor + (layer + 1) * height - 0.004)
        meshes.append(box(low, high, Style(varied(WOOD, rng, 0.1), "timber", "car")))
    return meshes


def _heap(bed: Bed, depth: float, rng: np.random.Generator) -> Mesh:
    """Higher in the middle than at the walls, and everywhere `depth` on average [m]."""
    rows, columns = 33, 41
    u, v = np.meshgrid(np.linspace(-1.0, 1.0, rows), np.linspace(-1.0, 1.0, columns), indexing="ij")
    shape = 1.0 + 0.45 * (np.cos(0.5 * np.pi * u) * np.cos(0.5 * np.pi * v) - 4.0 / np.pi**2)
    z = bed.floor + depth * shape + rng.normal(0.0, 0.008, shape.shape)
    points = np.stack([bed.middle + u * 0.5 * (bed.front - bed.rear), v * bed.half_width, z], axis=-1).reshape(-1, 3)
    k = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.concatenate(
        [np.stack([k, k + columns, k + columns + 1], axis=1), np.stack([k, k + columns + 1, k + 1], axis=1)]
    )
    mesh = smooth(Style(STONE, "gravel", "car").mesh(points, faces))
    shades = rng.uniform(0.55, 1.2, (len(mesh.vertices), 1)).astype(np.float32)
    return replace(mesh, colors=np.clip(mesh.colors * shades, 0.0, 0.95).astype(np.float32))
