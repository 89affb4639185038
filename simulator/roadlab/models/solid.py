"""A user's own model as decided scenarios hold it: triangles with colours and materials, packed into text."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_TRIANGLES = 200_000
"""Of one model."""
_PACKED = 32 * 1024 * 1024
_BYTES_PER_TRIANGLE = 9 * 4 + 9 * 2 + 3 + 1


@dataclass(frozen=True)
class Solid:
    """F triangles, counter-clockwise seen from outside; x forward, y left, z up, origin on the ground [m]."""

    corners: NDArray[np.float32]
    """(F, 3, 3) [m]."""
    normals: NDArray[np.int16] | None
    """(F, 3, 3) at the corners, unit vectors times 32767; None where the file has none."""
    colors: NDArray[np.uint8]
    """(F, 3) sRGB."""
    material: NDArray[np.uint8]
    """(F,) indices into `materials`."""
    materials: tuple[str, ...]
    """The file's own names."""

    def bounds(self) -> NDArray[np.float64]:
        """(2, 3) least and greatest coordinates [m]."""
        points = self.corners.reshape(-1, 3)
        return np.stack([points.min(axis=0), points.max(axis=0)]).astype(np.float64)


def packed(solid: Solid) -> str:
    """The same bytes for the same solid."""
    head = {"faces": len(solid.corners), "smooth": solid.normals is not None, "materials": solid.materials}
    arrays = [solid.corners.astype("<f4"), solid.colors, solid.material]
    if solid.normals is not None:
        arrays.insert(1, solid.normals.astype("<i2"))
    raw = json.dumps(head).encode() + b"\n" + b"".join(np.ascontiguousarray(part).tobytes() for part in arrays)
    return base64.b64encode(zlib.compress(raw, 6)).decode()


def unpacked(text: str) -> Solid:
    """The solid of `packed`; ValueError when the text is none."""
    if len(text) > _PACKED:
        raise ValueError("a packed model is too large")
    try:
        room = zlib.decompressobj()
        raw = room.decompress(base64.b64decode(text, validate=True), MAX_TRIANGLES * _BYTES_PER_TRIANGLE + 65536)
        if not room.eof:
            raise ValueError("it is cut short, or too large")
        line, _, rest = raw.partition(b"\n")
        head = json.loads(line)
        return _of(int(head["faces"]), bool(head["smooth"]), tuple(map(str, head["materials"])), rest)
    except (zlib.error, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a packed model: {error}") from error


def _of(count: int, smooth: bool, materials: tuple[str, ...], raw: bytes) -> Solid:
    kinds = [("<f4", 9), *([("<i2", 9)] if smooth else []), ("u1", 3), ("u1", 1)]
    sizes = [count * width * np.dtype(kind).itemsize for kind, width in kinds]
    if not 0 < count <= MAX_TRIANGLES or sum(sizes) != len(raw):
        raise ValueError(f"{len(raw)} bytes for {count} triangles")
    starts = np.cumsum([0, *sizes])
    parts = [
        np.frombuffer(raw[a : a + size], dtype=kind)
        for (kind, _), a, size in zip(kinds, starts[:-1].tolist(), sizes, strict=True)
    ]
    corners, colors, material = parts[0].reshape(-1, 3, 3), parts[-2].reshape(-1, 3), parts[-1]
    if not np.isfinite(corners).all() or int(material.max()) >= len(materials):
        raise ValueError("numbers out of range")
    return Solid(corners, parts[1].reshape(-1, 3, 3) if smooth else None, colors, material, materials)
