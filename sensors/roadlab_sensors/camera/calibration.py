"""Lenses as other people's files hold them: OpenCV's and ROS's calibrations, and tables of rays."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import Fisheye, Lens, Pinhole

Floats = NDArray[np.float64]
MOST_PIXELS = 2_000_000
"""Of a table of rays; larger ones would make every scenario that holds one unwieldy."""
_PINHOLE, _FISHEYE = ("plumb_bob", "rational_polynomial", "pinhole"), ("equidistant", "fisheye", "kannala_brandt")
_SIDES = (16, 8192)


class _Loader(yaml.SafeLoader):
    """Plain YAML and OpenCV's matrices."""


def _matrix(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_Loader.add_constructor("tag:yaml.org,2002:opencv-matrix", _matrix)


def lens_of(text: str) -> Lens:
    """The lens of a calibration file: of OpenCV's `FileStorage` with the names of its samples, or of ROS.

    ValueError, with the reason, for what is none.
    """
    found = _document(text)
    width, height = (_side(found, name) for name in ("image_width", "image_height"))
    matrix = _numbers(found, ("camera_matrix", "Camera_Matrix", "K"), (9,)).reshape(3, 3)
    if matrix[0, 1] != 0.0 or matrix[1, 0] != 0.0 or matrix[2].tolist() != [0.0, 0.0, 1.0] or min(np.diag(matrix)) <= 0:
        raise ValueError("camera_matrix must be [fx, 0, cx, 0, fy, cy, 0, 0, 1] with positive fx and fy")
    bent = _numbers(found, ("distortion_coefficients", "Distortion_Coefficients", "D"), (4, 5, 8, 12, 14)).tolist()
    focus = (float(matrix[0, 0]), float(matrix[1, 1]), float(matrix[0, 2]), float(matrix[1, 2]))
    if _is_fisheye(found):
        if len(bent) != 4:
            raise ValueError(f"a fisheye has 4 distortion coefficients, not {len(bent)}")
        return Fisheye(width, height, *focus, tuple(bent))
    if any(bent[8:]):
        raise ValueError("thin-prism and tilt coefficients (beyond the 8th) must be 0")
    return Pinhole(width, height, *focus, tuple(bent[:8] if len(bent) > 4 else [*bent, 0.0]))


def opencv_yaml(lens: Pinhole | Fisheye) -> str:
    """A lens as OpenCV's `FileStorage` and `lens_of` read it."""
    bent = ", ".join(map(repr, map(float, lens.distortion)))
    entries = ", ".join(repr(float(value)) for value in lens.matrix.ravel())
    fisheye = isinstance(lens, Fisheye)
    model = "equidistant" if fisheye else "plumb_bob" if len(lens.distortion) <= 5 else "rational_polynomial"
    return (
        "%YAML:1.0\n---\n"
        f"image_width: {lens.width}\nimage_height: {lens.height}\n"
        f"distortion_model: {model}\n"
        f"fisheye_model: {int(fisheye)}\n"
        f"camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: [ {entries} ]\n"
        f"distortion_coefficients: !!opencv-matrix\n   rows: {len(lens.distortion)}\n   cols: 1\n   dt: d\n"
        f"   data: [ {bent} ]\n"
    )


def rays_of(content: str) -> Floats:
    """(H, W, 3) unit rays of a NumPy file, compressed with zlib and written in base64; ValueError for what is none."""
    try:
        limit = 3 * 8 * MOST_PIXELS + 1024
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(content, validate=True), limit)
        if reader.unconsumed_tail:
            raise ValueError(f"it holds more than {MOST_PIXELS} pixels")
        table = np.load(io.BytesIO(data), allow_pickle=False)
    except (binascii.Error, zlib.error, ValueError, EOFError, OSError) as error:
        raise ValueError(f"the table of rays is no NumPy file of numbers: {error}") from error
    if table.ndim != 3 or table.shape[2] != 3 or table.dtype.kind not in "fiu":
        raise ValueError(f"the table of rays must hold height x width x 3 numbers, not {table.dtype} {table.shape}")
    rays = table.astype(np.float64)
    length = np.linalg.norm(rays, axis=-1, keepdims=True)
    if not np.isfinite(rays).all() or (length < 1e-6).any():
        raise ValueError("every ray of the table must be finite and have a direction")
    return np.asarray(rays / length)


def _document(text: str) -> Mapping[str, Any]:
    lines = text.lstrip("\ufeff").splitlines()
    body = "\n".join(lines[1:] if lines and lines[0].startswith("%YAML") else lines)
    try:
        found = yaml.load(body, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"the calibration is no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(found, dict):
        raise ValueError("the calibration holds no keys; expected image_width, image_height, camera_matrix, ...")
    return found


def _side(found: Mapping[str, Any], name: str) -> int:
    value = found.get(name, found.get(name.replace("i", "I", 1)))
    if not isinstance(value, int) or not _SIDES[0] <= value <= _SIDES[1]:
        raise ValueError(f"the calibration needs {name}, from {_SIDES[0]} to {_SIDES[1]}, and has {value!r}")
    return value


def _numbers(found: Mapping[str, Any], names: Sequence[str], sizes: Sequence[int]) -> Floats:
    """The entries of the first of these matrices that is there."""
    value = next((found[name] for name in names if name in found), None)
    data = value.get("data") if isinstance(value, Mapping) else value
    flat = np.ravel(np.array(data, dtype=np.float64)) if _is_numeric(data) else np.zeros(0)
    if len(flat) not in sizes or not np.isfinite(flat).all():
        raise ValueError(f"the calibration needs {names[0]} with {' or '.join(map(str, sizes))} numbers")
    return flat


def _is_numeric(data: Any) -> bool:
    if not isinstance(data, list) or len(data) > 100:
        return False
    flat = [part for row in data for part in (row if isinstance(row, list) else [row])]
    return all(isinstance(part, int | float) and not isinstance(part, bool) for part in flat)


def _is_fisheye(found: Mapping[str, Any]) -> bool:
    model = found.get("distortion_model", "fisheye" if found.get("fisheye_model") else "pinhole")
    if model not in (*_PINHOLE, *_FISHEYE):
        raise ValueError(f"distortion_model {model!r} is not one of {', '.join((*_PINHOLE, *_FISHEYE))}")
    return model in _FISHEYE
