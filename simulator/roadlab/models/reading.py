"""Reads glTF, GLB and OBJ files with trimesh, which is imported only when a scenario has models of its own.

Files are untrusted: everything that they name goes through `Resolver`, which stays in the scenario's tree and counts
bytes, and whatever trimesh cannot read ends in a `ModelFileError` with one line.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import RoadlabError
from roadlab.models.solid import MAX_TRIANGLES

Floats = NDArray[np.float64]

SUFFIXES = (".glb", ".gltf", ".obj")
MAX_BYTES = 64 * 1024 * 1024
"""Of a model with all that it names."""
MAX_PIXELS = 64_000_000
"""Of one texture."""
TEXEL = 0.04
"""Textures become colours of triangles with edges no longer than this [m], as far as `MAX_TRIANGLES` allows."""
_GREY = 0.5  # linear, of what has no colour


class ModelFileError(RoadlabError):
    """What is wrong with a model's file, in one line."""


@dataclass(frozen=True)
class Soup:
    """All triangles of a file in its own axes and units, vertex by vertex; linear colours."""

    vertices: Floats
    """(V, 3)."""
    faces: NDArray[np.int64]
    """(F, 3)."""
    normals: Floats | None
    """(V, 3); None where the file has none."""
    colors: Floats
    """(F, 3) linear sRGB."""
    material: NDArray[np.int64]
    """(F,) indices into `materials`."""
    materials: tuple[str, ...]


@dataclass
class Resolver:
    """Finds what a model's file names beside itself."""

    find: Callable[[str], Path]
    """The place of a named file; ModelFileError when it must not be read."""
    faults: list[ModelFileError] = field(default_factory=list)
    """What was refused: readers go on without it."""
    left: int = MAX_BYTES

    def get(self, name: str) -> bytes:
        """The content of a file; ModelFileError, which is remembered, when it is not there or must not be read."""
        try:
            return self._content(name)
        except ModelFileError as error:
            self.faults.append(error)
            raise

    def _content(self, name: str) -> bytes:
        path = self.find(name)
        if not path.is_file():
            raise ModelFileError(f"names {name!r}, which is not there")
        self.left -= path.stat().st_size
        if self.left < 0:
            raise ModelFileError(f"has, with all that it names, more than {MAX_BYTES // 2**20} MiB")
        return path.read_bytes()

    def __getitem__(self, name: str) -> bytes:
        return self.get(name)


def read(path: Path, find: Callable[[str], Path], texel: float) -> Soup:
    """The triangles of a file; `texel` is the longest edge of a textured triangle in the file's units.

    ModelFileError when it cannot be read, is empty or too large, or when something that it names is missing.
    """
    resolver = Resolver(find)
    content = resolver.get(path.name) if path.stat().st_size <= MAX_BYTES else b""
    if not content:
        size = path.stat().st_size
        raise ModelFileError("is empty" if size == 0 else f"has {size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20}")
    meshes = _meshes(content, path.suffix.lower().removeprefix("."), resolver)
    count = sum(len(mesh.faces) for mesh in meshes)
    if count == 0:
        raise ModelFileError("has no triangles")
    if count > MAX_TRIANGLES:
        raise ModelFileError(f"has {count} triangles; at most {MAX_TRIANGLES}")
    smooth = b'"NORMAL"' in content if path.suffix.lower() != ".obj" else b"\nvn " in content
    spare = (MAX_TRIANGLES - count) // len(meshes)
    soup = _joined([_soup(mesh, texel, spare) for mesh in meshes], smooth)
    if not np.isfinite(soup.vertices).all():
        raise ModelFileError("has vertices that are not numbers")
    return soup


def _meshes(content: bytes, kind: str, resolver: Resolver) -> list[Any]:
    import trimesh

    log = logging.getLogger("trimesh")
    level = log.level
    log.setLevel(logging.CRITICAL)  # trimesh writes of missing textures and goes on
    try:
        scene = trimesh.load_scene(io.BytesIO(content), file_type=kind, resolver=resolver, process=False)
        meshes = [one for one in scene.dump() if isinstance(one, trimesh.Trimesh) and len(one.faces)]
        for mesh in meshes:
            _decode_texture(mesh)
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser may trip over
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        fault = error if isinstance(error, ModelFileError) else ModelFileError(f"cannot be read: {reason}")
        resolver.faults.append(fault)
    finally:
        log.setLevel(level)
    if resolver.faults:
        raise resolver.faults[0]
    return meshes


def _decode_texture(mesh: Any) -> None:
    image = _texture(mesh)
    if image is not None and image.width * image.height > MAX_PIXELS:
        raise ModelFileError(f"has a texture of {image.width} x {image.height} pixels; at most {MAX_PIXELS} in all")
    if image is not None:
        image.load()


def _texture(mesh: Any) -> Any:
    if mesh.visual.kind != "texture" or mesh.visual.uv is None:
        return None
    material = mesh.visual.material
    return getattr(material, "baseColorTexture", None) or getattr(material, "image", None)


def _soup(mesh: Any, texel: float, spare: int) -> Soup:
    material = getattr(mesh.visual, "material", None)
    vertices, faces = np.asarray(mesh.vertices, dtype=np.float64), np.asarray(mesh.faces, dtype=np.int64)
    normals = np.array(mesh.vertex_normals, dtype=np.float64)
    image = _texture(mesh)
    if image is None:
        colors = _plain_colors(mesh, material)
    else:
        uv = np.asarray(mesh.visual.uv, dtype=np.float64)[:, :2]
        vertices, faces, normals, uv = _finer(vertices, faces, normals, uv, texel, spare)
        colors = _sampled(image, uv[faces].mean(axis=1)) * _factor(material)
    name = str(getattr(material, "name", None) or "")
    return Soup(vertices, faces, normals, colors, np.zeros(len(faces), dtype=np.int64), (name,))


def _factor(material: Any) -> Floats:
    given = getattr(material, "baseColorFactor", None)
    return np.ones(3) if given is None else np.asarray(given, dtype=np.float64)[:3] / 255.0


def _plain_colors(mesh: Any, material: Any) -> Floats:
    if mesh.visual.kind in ("vertex", "face"):
        return np.asarray(mesh.visual.face_colors, dtype=np.float64)[:, :3] / 255.0
    given = getattr(material, "baseColorFactor", None)
    given = getattr(material, "diffuse", None) if given is None else given
    color = np.full(3, _GREY) if given is None else np.asarray(given, dtype=np.float64)[:3] / 255.0
    return np.tile(color, (len(mesh.faces), 1))


def _finer(
    vertices: Floats, faces: NDArray[np.int64], normals: Floats, uv: Floats, texel: float, spare: int
) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
    """Triangles cut in four until no edge is longer than `texel`, or `spare` more triangles are made."""
    from trimesh.remesh import subdivide

    first = len(faces)
    for _ in range(12):
        corners = vertices[faces]
        edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
        long = np.flatnonzero(edges > texel)
        if not len(long) or len(faces) - first + 3 * len(long) > spare:
            break
        vertices, faces, kept = subdivide(
            vertices, faces, face_index=long, vertex_attributes={"normal": normals, "uv": uv}
        )
        normals, uv = kept["normal"], kept["uv"]
    return vertices, faces, normals, uv


def _sampled(image: Any, uv: Floats) -> Floats:
    """(F, 3) linear colours of a texture that repeats; v counts from its lower edge."""
    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    wrapped = np.nan_to_num(uv) % 1.0
    column = np.minimum((wrapped[:, 0] * width).astype(np.int64), width - 1)
    row = np.minimum(((1.0 - wrapped[:, 1]) * height).astype(np.int64), height - 1)
    encoded = pixels[row, column] / 255.0
    return linear(encoded)


def linear(encoded: Floats) -> Floats:
    """Linear values of sRGB's (IEC 61966-2-1), both 0 to 1."""
    return np.asarray(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4))


def _joined(soups: list[Soup], smooth: bool) -> Soup:
    starts = np.cumsum([0, *(len(soup.vertices) for soup in soups)])
    names = tuple(dict.fromkeys(soup.materials[0] for soup in soups))
    if len(names) > 255:
        raise ModelFileError(f"has {len(names)} materials; at most 255")
    return Soup(
        vertices=np.concatenate([soup.vertices for soup in soups]),
        faces=np.concatenate([soup.faces + start for soup, start in zip(soups, starts[:-1], strict=True)]),
        normals=np.concatenate([soup.normals for soup in soups if soup.normals is not None]) if smooth else None,
        colors=np.concatenate([soup.colors for soup in soups]),
        material=np.concatenate([np.full(len(soup.faces), names.index(soup.materials[0])) for soup in soups]),
        materials=names,
    )
