"""Models that users bring in files."""

from __future__ import annotations

import numpy as np

from roadlab.models.reading import linear
from roadlab.models.solid import Solid, unpacked
from roadlab.scenario.spec import ModelSpec
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.shapes import smooth

CREASE = 0.7
"""Triangles of files without normals are shaded as one surface where they meet at less than this [rad]."""


def own_model(spec: ModelSpec, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Model:
    """The model of one part `body`: x forward, y left, z up, its anchor `at` this point [m].

    ValueError for a model whose file has not been read.
    """
    if spec.solid is None:
        raise ValueError(f"{spec.file} has not been read")
    solid = unpacked(spec.solid)
    meshes = [
        _mesh(solid, np.flatnonzero(solid.material == number), spec.materials.get(name, spec.material), spec.label)
        for number, name in enumerate(solid.materials)
        if (solid.material == number).any()
    ]
    return Model({"body": tuple(merge([mesh.moved(np.eye(3), at) for mesh in meshes]))})


def _mesh(solid: Solid, rows: np.ndarray, material: str, semantic: str) -> Mesh:
    colors = linear(np.repeat(solid.colors[rows], 3, axis=0) / 255.0)
    normals = None if solid.normals is None else solid.normals[rows].reshape(-1, 3).astype(np.float32) / 32767.0
    mesh = Mesh(
        vertices=solid.corners[rows].reshape(-1, 3).astype(np.float32),
        faces=np.arange(3 * len(rows), dtype=np.uint32).reshape(-1, 3),
        colors=colors.astype(np.float32),
        material=material,
        semantic=semantic,
        normals=normals,
    )
    return mesh if normals is not None else smooth(mesh, CREASE)
