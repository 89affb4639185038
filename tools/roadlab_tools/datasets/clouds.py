"""Clouds alone: every lidar's returns, with all that is known of each, in formats that other programs open.

| format  | file                          | content                                                                |
|---------|-------------------------------|------------------------------------------------------------------------|
| `pcd`   | `clouds/NAME/000000.pcd`      | binary PCD 0.7 (PCL, Open3D)                                           |
| `ply`   | `clouds/NAME/000000.ply`      | binary little-endian PLY (CloudCompare, MeshLab, Blender)              |
| `las`   | `clouds/NAME/000000.las`      | LAS 1.4, point format 6, with extra dimensions; needs `laspy`          |
| `bin`   | `clouds/NAME/000000.bin`      | float32 x, y, z [m], intensity, as KITTI                               |
| `range` | `clouds/NAME/000000.npy`      | float32 (beams, columns, 4): range [m], intensity, instance, semantic  |

Points are compensated for the ego's motion, in the lidar's frame in the middle of the turn; `range` is not compensated.
"""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.lidar.image import range_image
from roadlab_sensors.readings import SEMANTIC_IDS, LidarSweep, Sample
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.scene import Scene

Table = NDArray[np.void]

FIELDS: tuple[tuple[str, str], ...] = (
    ("x", "<f4"),
    ("y", "<f4"),
    ("z", "<f4"),
    ("intensity", "<f4"),
    ("ring", "<u2"),
    ("return_number", "<u1"),
    ("return_count", "<u1"),
    ("time", "<f8"),
    ("range", "<f4"),
    ("incidence", "<f4"),
    ("instance", "<u2"),
    ("semantic", "<u1"),
    ("material", "<u1"),
    ("vx", "<f4"),
    ("vy", "<f4"),
    ("vz", "<f4"),
)
"""Of one point: metres, seconds from the scenario's start, radians, metres a second; see `LidarSweep`."""

RANGE_COLUMNS = 2048
"""Columns of a range image."""

_ASPRS = {"road": 11, "road marking": 11, "ground": 2, "sidewalk": 2, "parking": 11, "terrain": 2, "building": 6}
_ASPRS |= {"vegetation": 5, "unlabeled": 1}
"""Classes of the LAS specification's table 17; anything else is 1, unclassified."""


class CloudWriter(ABC):
    """Writes each sweep as one file."""

    suffix: ClassVar[str]
    ignores: ClassVar[frozenset[str]] = frozenset({"camera"})

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig without a lidar."""
        if not any(sensor.type == "lidar" for sensor in sensors.values()):
            raise OutputError(f"the {self.suffix} format holds clouds of points; the scenario's rig has no lidar")

    @abstractmethod
    def content(self, sweep: LidarSweep) -> bytes:
        """The file of one sweep."""

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """One file a lidar."""
        number = scene.number(sample.index)
        return {cloud_path(name, number, self.suffix): self.content(sweep) for name, sweep in sample.lidars.items()}

    def gather(self, _contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Nothing."""
        yield from ()


class PcdWriter(CloudWriter):
    """Point Cloud Data files of PCL."""

    suffix = "pcd"

    def content(self, sweep: LidarSweep) -> bytes:
        """Binary PCD 0.7."""
        return pcd(cloud_table(sweep))


class PlyWriter(CloudWriter):
    """Stanford's polygon files, vertices alone."""

    suffix = "ply"

    def content(self, sweep: LidarSweep) -> bytes:
        """Binary little-endian PLY 1.0."""
        return ply(cloud_table(sweep))


class LasWriter(CloudWriter):
    """LAS files of surveyors."""

    suffix = "las"

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig without a lidar, or where `laspy` is not installed."""
        super().check(sensors)
        try:
            import laspy  # noqa: F401
        except ImportError as error:
            raise OutputError("the las format needs laspy: pip install 'roadlab[las]'") from error

    def content(self, sweep: LidarSweep) -> bytes:
        """LAS 1.4, point format 6, steps of 1 mm."""
        return las(sweep)


class BinWriter(CloudWriter):
    """KITTI's plain arrays."""

    suffix = "bin"

    def content(self, sweep: LidarSweep) -> bytes:
        """Float32 x, y, z, intensity."""
        return np.column_stack([sweep.points, sweep.intensity]).astype("<f4").tobytes()


class RangeImageWriter(CloudWriter):
    """Sweeps as pictures."""

    suffix = "npy"

    def content(self, sweep: LidarSweep) -> bytes:
        """A NumPy file, float32 (beams, columns, 4)."""
        rings = int(sweep.ring.max()) + 1 if len(sweep.ring) else 1
        image = range_image(sweep, rings, RANGE_COLUMNS)
        planes = [image.range, *(image.of(v) for v in (sweep.intensity, sweep.instance, sweep.semantic))]
        file = io.BytesIO()
        np.save(file, np.stack(planes, axis=-1).astype("<f4"))
        return file.getvalue()


def cloud_path(lidar: str, number: int, suffix: str) -> str:
    """Where a cloud is."""
    return f"clouds/{lidar}/{number:06d}.{suffix}"


def cloud_table(sweep: LidarSweep) -> Table:
    """(N,) the returns of a sweep as rows of `FIELDS`."""
    table = np.zeros(len(sweep.points), dtype=list(FIELDS))
    for k, axis in enumerate("xyz"):
        table[axis], table[f"v{axis}"] = sweep.points[:, k], sweep.velocity[:, k]
    table["time"] = sweep.time * 1e-9
    own = set(LidarSweep.__dataclass_fields__) - {"time"}
    for name, _ in FIELDS:
        if name in own:
            table[name] = getattr(sweep, name)
    return table


def pcd(table: Table) -> bytes:
    """A binary PCD 0.7 file."""
    kinds = [table.dtype[name] for name in _names(table)]
    letters = {"f": "F", "u": "U", "i": "I"}
    header = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\n"
        f"FIELDS {' '.join(_names(table))}\n"
        f"SIZE {' '.join(str(kind.itemsize) for kind in kinds)}\n"
        f"TYPE {' '.join(letters[kind.kind] for kind in kinds)}\n"
        f"COUNT {' '.join('1' for _ in kinds)}\n"
        f"WIDTH {len(table)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(table)}\nDATA binary\n"
    )
    return header.encode() + table.tobytes()


def ply(table: Table) -> bytes:
    """A binary little-endian PLY 1.0 file."""
    words = {"f4": "float", "f8": "double", "u1": "uchar", "u2": "ushort"}
    properties = [f"property {words[table.dtype[name].str[1:]]} {name}" for name in _names(table)]
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(table)}", *properties, "end_header"]
    return ("\n".join(lines) + "\n").encode() + table.tobytes()


def las(sweep: LidarSweep) -> bytes:
    """A LAS 1.4 file of point format 6; ring is the point source, other fields are extra dimensions."""
    import datetime as dt

    import laspy

    header = laspy.LasHeader(point_format=6, version="1.4")
    # The day on which LAS 1.4 was approved; a file must not tell when it was written.
    header.creation_date = dt.date(2011, 11, 14)
    header.generating_software = "roadlab"
    header.scales, header.offsets = np.full(3, 0.001), np.zeros(3)
    extra = {name: getattr(sweep, name) for name in ("range", "incidence", "instance", "semantic", "material")}
    header.add_extra_dims([laspy.ExtraBytesParams(name=name, type=values.dtype) for name, values in extra.items()])
    record: Any = laspy.LasData(header)
    record.x, record.y, record.z = sweep.points.astype(np.float64).T
    record.intensity = np.rint(sweep.intensity * 65535.0).astype(np.uint16)
    record.return_number, record.number_of_returns = sweep.return_number, sweep.return_count
    record.gps_time = sweep.time * 1e-9
    record.point_source_id = sweep.ring
    record.classification = _asprs(sweep.semantic)
    for name, values in extra.items():
        record[name] = values
    file = io.BytesIO()
    record.write(file)
    return file.getvalue()


def _asprs(semantic: NDArray[np.uint8]) -> NDArray[np.uint8]:
    table = np.ones(256, dtype=np.uint8)
    for name, number in _ASPRS.items():
        table[SEMANTIC_IDS[name]] = number
    return table[semantic]


def _names(table: Table) -> tuple[str, ...]:
    return table.dtype.names or ()
