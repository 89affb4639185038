"""roadlab's own format: a Parquet index, and beside it everything that a sample holds, bit for bit.

Every other format is made from it without rendering again. A file is named by what it holds and by the sample's number:

| file                                | content                                                                  |
|-------------------------------------|--------------------------------------------------------------------------|
| `index.parquet`                     | one row a sample: number, scene, index in the scene, time                |
| `annotations.parquet`               | one row an actor and sample: box, velocity, visibility, lidar points     |
| `truth/000000.json`                 | the sample without its large arrays: poses, intrinsics, boxes, views     |
| `cameras/NAME/image/000000.png`     | pictures and planes of ids, as PNG; of a camera that makes JPEG, `.jpg`  |
| `cameras/NAME/labels/hdr/000000.exr`| linear pictures, as OpenEXR                                              |
| `cameras/NAME/depth/000000.npy.zst` | planes of floats: a NumPy file compressed with Zstandard                 |
| `lidars/NAME/000000.parquet`        | one row a return; radars, inertial sensors and plug-ins alike            |
| `calibration/SCENE/NAME.yaml`       | what OpenCV's FileStorage reads, of cameras that it has a model for      |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.camera.calibration import opencv_yaml
from roadlab_sensors.camera.lens import Fisheye, Pinhole
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets import records
from roadlab_tools.datasets.arrays import (
    JPEG,
    decode_array,
    decode_table,
    encode_array,
    encode_table,
    kinds_of,
)
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.item import Loader
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

Array = NDArray[Any]


class RoadlabWriter:
    """Keeps whole samples; takes any rig."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Every rig is welcome."""

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """The large arrays of a sample as files."""
        arrays = records.split(sample)[1]
        return encode_arrays(arrays, scene.number(sample.index))

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """The cameras' calibrations; the index stands beside every format."""
        for scene in contents.scenes():
            for name, sensor in scene.scenario.spec.sensors.items():
                lens = sensor.lens if isinstance(sensor, Camera) else None
                if isinstance(lens, Pinhole | Fisheye):
                    yield f"calibration/{scene.entry.name}/{name}.yaml", opencv_yaml(lens).encode()


def encode_arrays(arrays: Mapping[str, Array], number: int) -> dict[str, bytes]:
    """Files of these arrays by path."""
    files = {}
    shapes = {name: (array.dtype, array.shape) for name, array in arrays.items()}
    for file, names in kinds_of(shapes).items():
        path = file.replace("#", f"{number:06d}")
        suffix = file.rpartition("#.")[2]
        if suffix == "jpg":
            files[path] = encode_array(next(arrays[name] for name in names if name.endswith(JPEG)), suffix)
        elif suffix == "parquet":
            files[path] = encode_table({name.rpartition("/")[2]: arrays[name] for name in names})
        else:
            files[path] = encode_array(arrays[names[0]], suffix)
    return files


def array_loaders(document: Document, contents: Contents, number: int) -> dict[str, Callable[[], Array]]:
    """What loads each array of a record, by name; each file is read once for all of its columns."""
    refs = {ref["name"]: (np.dtype(ref["dtype"]), tuple(ref["shape"])) for ref in records.references(document)}
    loaders: dict[str, Callable[[], Array]] = {}
    for file, names in kinds_of(refs).items():
        path = file.replace("#", f"{number:06d}")
        suffix = file.rpartition("#.")[2]
        if suffix == "jpg":
            whole, picture = sorted(names, key=lambda name: name.endswith("/image"))
            loaders |= {picture: _single(contents, path, suffix), whole: _bytes(contents, path)}
        elif suffix == "parquet":
            table = _Table(contents, path)
            loaders |= {name: table.column(name.rpartition("/")[2], *refs[name]) for name in names}
        else:
            loaders[names[0]] = _single(contents, path, suffix)
    return loaders


def read_sample(contents: Contents, number: int) -> Sample:
    """The sample, as it was rendered; OutputError when a file is missing or damaged."""
    document = contents.record(number)
    loaders = array_loaders(document, contents, number)
    sample: Sample = records.join(document, lambda name: loaders[name]())
    return sample


class RoadlabReader(RecordReader):
    """Reads every array of a reading, under the name that it has there."""

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The planes of a frame; labels that the camera was asked for stand beside the others, under their names."""
        return {name.removeprefix("labels/"): load for name, load in self._arrays("cameras", place).items()}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """The columns of a sweep."""
        return self._arrays("lidars", place)

    def radar(self, place: Place) -> Mapping[str, Loader]:
        """The columns of a scan; those of its detections under the names of nuScenes' fields."""
        return {name.removeprefix("detections/"): load for name, load in self._arrays("radars", place).items()}

    def _arrays(self, kind: str, place: Place) -> dict[str, Loader]:
        reading = place.record[kind][place.sensor]
        loaders = array_loaders({kind: {place.sensor: reading}}, self.contents, place.number)
        prefix = f"{kind}/{place.sensor}/"
        small = records.inline(reading)
        return {**small, **{path.removeprefix(prefix): loader for path, loader in loaders.items()}}


def _single(contents: Contents, path: str, suffix: str) -> Callable[[], Array]:
    return lambda: decode_array(contents.read(path), suffix)


def _bytes(contents: Contents, path: str) -> Callable[[], Array]:
    return lambda: np.frombuffer(contents.read(path), dtype=np.uint8)


class _Table:
    """A Parquet file that is read when the first of its columns is asked for."""

    def __init__(self, contents: Contents, path: str) -> None:
        self._contents = contents
        self._path = path
        self._columns: dict[str, Array] = {}

    def column(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Callable[[], Array]:
        """What loads one column."""

        def load() -> Array:
            if not self._columns:
                self._columns = decode_table(self._contents.read(self._path))
            return self._columns[name].astype(dtype, copy=False).reshape(shape)

        return load
