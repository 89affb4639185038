"""COCO: detection, instance and panoptic segmentation, and keypoints; one image a camera and sample.

| file                                        | content                                                          |
|---------------------------------------------|------------------------------------------------------------------|
| `images/CAMERA/000000.png`                  | the picture                                                      |
| `panoptic/CAMERA_000000.png`                | segment ids, R + 256 G + 65536 B; 0 is void                      |
| `annotations/instances_SPLIT.json`          | boxes, areas, masks (run lengths, exact to the pixel)            |
| `annotations/panoptic_SPLIT.json`           | the segments of each panoptic picture                            |
| `annotations/person_keypoints_SPLIT.json`   | COCO's 17 points of pedestrians and riders                       |
| `annotations/vehicle_keypoints_SPLIT.json`  | wheels, lamps and corners of vehicles                            |

Keypoints are there where a camera was asked for them. They count from the centre of the first pixel, as COCO's own,
whose boxes and masks count from its corner.

An actor's segment is 65536 * 200 + its instance, that of anything else 65536 * its semantic id. Each annotation also
has `instance`, `occlusion`, `truncation` and `amodal_bbox`, which COCO's own tools pass over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import PERSON_KEYPOINTS, VEHICLE_KEYPOINTS, Sample
from roadlab_tools.datasets import records
from roadlab_tools.datasets.categories import OTHER, STUFF, STUFF_BASE, THINGS, thing
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import color_png, read_color
from roadlab_tools.datasets.item import Loader
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.splits import splits_of

ACTOR = 200
"""Blue of an actor's pixels in a panoptic picture."""
KEYPOINTS = {"person": PERSON_KEYPOINTS, "vehicle": VEHICLE_KEYPOINTS}
_LIMBS = ((15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10))
SKELETON = tuple((a + 1, b + 1) for a, b in (*_LIMBS, (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6)))
"""COCO's, by the number of each point from 1."""
CAMERAS = 100
"""Image ids are the sample's number times this, plus the camera's place in the rig."""


class CocoWriter:
    """For rigs with at least one camera; other sensors are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig without a camera."""
        if not any(sensor.type == "camera" for sensor in sensors.values()):
            raise OutputError("COCO is about pictures, and the scenario's rig has no camera")

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Pictures and panoptic pictures."""
        number, files = scene.number(sample.index), {}
        annotated = [actor.instance for actor in sample.actors]
        for name, frame in sample.cameras.items():
            # The ego's own body is nobody's annotation: void.
            others = np.where(np.isin(frame.instance, annotated), frame.instance, 0).astype(np.uint16)
            files[image_path(name, number)] = color_png(frame.image)
            files[panoptic_path(name, number)] = color_png(segments(others, frame.semantic))
        return files

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """The annotations of each split that has scenes."""
        for split, names in splits_of(contents.entries).items():
            entries = [entry for entry in contents.entries if entry.name in names]
            numbers = [number for entry in entries for number in contents.numbers(entry)]
            if not numbers:
                continue
            instances, panoptic = _documents(contents, numbers)
            yield f"annotations/panoptic_{split}.json", _json(panoptic)
            for kind, names_of_points in KEYPOINTS.items():
                posed = _posed(instances, kind, names_of_points)
                if posed["annotations"]:
                    yield f"annotations/{kind}_keypoints_{split}.json", _json(posed)
            yield f"annotations/instances_{split}.json", _json(_without_keypoints(instances))


class CocoReader(RecordReader):
    """Pictures and actors' pixels; COCO has no boxes in space, so those are the records'."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._annotations = cache(self._read_annotations)

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture and who is where in it."""
        image, panoptic = image_path(place.sensor, place.number), panoptic_path(place.sensor, place.number)
        return {
            "image": lambda: read_color(self.contents.read(image)),
            "instance": lambda: actors_of(read_color(self.contents.read(panoptic))),
        }

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """That segments are of classes that there are, and that masks and boxes are those of the pixels."""
        entry = next(entry for entry in self.contents.entries if place.number in entry.numbers)
        listed = f"annotations/instances_{entry.split}.json"
        for k, name in enumerate(place.record["cameras"]):
            path = panoptic_path(name, place.number)
            pixels = read_color(self.contents.read(path))
            strange = set(np.unique(pixels[..., 2]).tolist()) - {0, ACTOR} - {n - STUFF_BASE for n in STUFF.values()}
            if strange:
                yield 11, path, f"has segments of the classes {sorted(strange)}, which there are not"
            rows = self._annotations(listed).get(place.number * CAMERAS + k, [])
            instance = actors_of(pixels)
            if {row["instance"] for row in rows} != {view["instance"] for view in place.record["views"][name]}:
                yield 10, listed, f"image {place.number * CAMERAS + k} has not the actors that {name} sees"
            for row in rows:
                yield from ((6, listed, f"{name}: {what}") for what in _misfits(row, instance))

    def _read_annotations(self, path: str) -> dict[int, list[Document]]:
        found: dict[int, list[Document]] = {}
        for row in json.loads(self.contents.read(path))["annotations"]:
            found.setdefault(row["image_id"], []).append(row)
        return found


def image_path(camera: str, number: int) -> str:
    """Where a picture is."""
    return f"images/{camera}/{number:06d}.png"


def panoptic_path(camera: str, number: int) -> str:
    """Where a panoptic picture is."""
    return f"panoptic/{camera}_{number:06d}.png"


def segments(instance: NDArray[np.uint16], semantic: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3) red first: the segment of each pixel."""
    table = np.zeros(256, np.uint8)
    for number in STUFF.values():
        table[number - STUFF_BASE] = number - STUFF_BASE
    blue = np.where(instance > 0, np.uint8(ACTOR), table[semantic])
    return np.stack([instance & 255, instance >> 8, blue], axis=-1).astype(np.uint8)


def actors_of(panoptic: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """(H, W) instances of a panoptic picture."""
    low = panoptic[..., 0].astype(np.uint16) | (panoptic[..., 1].astype(np.uint16) << 8)
    return np.where(panoptic[..., 2] == ACTOR, low, 0).astype(np.uint16)


def _documents(contents: Contents, numbers: list[int]) -> tuple[Document, Document]:
    images: list[Document] = []
    annotations: list[Document] = []
    panoptic: list[Document] = []
    for number in numbers:
        record = contents.record(number)
        for k, (name, frame) in enumerate(record["cameras"].items()):
            image = number * CAMERAS + k
            size = {"width": frame["lens"]["width"], "height": frame["lens"]["height"]}
            images.append({"id": image, "file_name": f"{name}/{number:06d}.png", **size})
            pixels = read_color(contents.read(panoptic_path(name, number)))
            annotations += _annotations(record, name, image, actors_of(pixels))
            listed = _segments(pixels, record)
            panoptic.append({"image_id": image, "file_name": f"{name}_{number:06d}.png", "segments_info": listed})
    info = {"description": "synthetic, made by roadlab", "version": contents.run["roadlab"]}
    common = {"info": info, "images": images}
    return (
        {**common, "annotations": annotations, "categories": _categories(things_only=True)},
        {**common, "annotations": panoptic, "categories": _categories(things_only=False)},
    )


def _annotations(record: Document, camera: str, image: int, instance: NDArray[np.uint16]) -> Iterator[Document]:
    from pycocotools import mask

    category = {actor["instance"]: actor["category"] for actor in record["actors"]}
    for view in record["views"][camera]:
        own = np.asfortranarray(instance == view["instance"], dtype=np.uint8)
        runs = mask.encode(own)
        points = _points(view)
        yield {
            **points,
            "id": image * 65536 + view["instance"],
            "image_id": image,
            "category_id": thing(category[view["instance"]]),
            "bbox": _xywh(view["box"]),
            "area": int(own.sum()),
            "segmentation": {"size": list(own.shape), "counts": runs["counts"].decode()},
            "iscrowd": 0,
            "instance": view["instance"],
            "occlusion": view["occlusion"],
            "truncation": view["truncation"],
            "amodal_bbox": _xywh(view["amodal_box"]),
        }


def _misfits(row: Document, instance: NDArray[np.uint16]) -> Iterator[str]:
    """What of an annotation does not follow from the actor's pixels."""
    from pycocotools import mask

    own = instance == row["instance"]
    runs = mask.encode(np.asfortranarray(own, dtype=np.uint8))["counts"].decode()
    if row["area"] != own.sum() or row["segmentation"] != {"size": list(own.shape), "counts": runs}:
        yield f"the mask of annotation {row['id']} is not the actor's pixels"
    rows, columns = np.nonzero(own)
    if len(rows):
        left, top = columns.min(), rows.min()
        tight = (left, top, columns.max() + 1 - left, rows.max() + 1 - top)
        if np.abs(np.subtract(tight, row["bbox"])).max() > 1e-6:
            yield f"the box of annotation {row['id']} is not tight around the actor's pixels"


def _points(view: Document) -> Document:
    points = records.join(view.get("keypoints"), _nowhere)
    if points is None:
        return {}
    rows: list[list[float]] = points.astype(np.float64).round(3).tolist()
    flat = [number for u, v, seen in rows for number in (u, v, int(seen))]
    return {"keypoints": flat, "num_keypoints": sum(seen > 0 for _, _, seen in rows)}


def _posed(instances: Document, kind: str, names: Sequence[str]) -> Document:
    """The annotations with keypoints of people or of vehicles, and what their points are called."""
    people = [thing(category) for category in ("pedestrian", "cyclist")]
    about = {"keypoints": list(names), "skeleton": [list(bone) for bone in SKELETON] if kind == "person" else []}
    chosen = [one for one in instances["categories"] if (one["id"] in people) == (kind == "person")]
    numbers = {one["id"] for one in chosen}
    return {
        **instances,
        "annotations": [
            one for one in instances["annotations"] if "keypoints" in one and one["category_id"] in numbers
        ],
        "categories": [{**one, **about} for one in chosen],
    }


def _without_keypoints(instances: Document) -> Document:
    left_out = ("keypoints", "num_keypoints")
    rows = [{k: v for k, v in one.items() if k not in left_out} for one in instances["annotations"]]
    return {**instances, "annotations": rows}


def _nowhere(name: str) -> NDArray[Any]:
    raise records.RecordError(f"{name} is not in the record")


def _segments(pixels: NDArray[np.uint8], record: Document) -> list[Document]:
    category = {actor["instance"]: actor["category"] for actor in record["actors"]}
    whole = pixels.astype(np.int64) @ [1, 256, 65536]
    found = []
    for number in np.unique(whole).tolist():
        if number == 0:
            continue
        rows, columns = np.nonzero(whole == number)
        blue, instance = number >> 16, number & 65535
        kind = thing(category[instance]) if blue == ACTOR else STUFF_BASE + blue
        left, top = int(columns.min()), int(rows.min())
        box = [left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1]
        found.append({"id": number, "category_id": kind, "area": len(rows), "bbox": box, "iscrowd": 0})
    return found


def _xywh(box: list[float]) -> list[float]:
    """COCO counts from the outer edge of the first pixel, roadlab from its centre."""
    left, top, right, bottom = box
    return [left + 0.5, top + 0.5, right - left, bottom - top]


def _categories(*, things_only: bool) -> list[Document]:
    things: list[tuple[str, int, int]] = [(name, number, 1) for name, number in THINGS.items()] + [("other", OTHER, 1)]
    stuff = [] if things_only else [(name, number, 0) for name, number in STUFF.items()]
    return [
        {"id": number, "name": name, "supercategory": "actor" if counted else "surroundings", "isthing": counted}
        for name, number, counted in (*things, *stuff)
    ]


def _json(document: Any) -> bytes:
    return (json.dumps(document) + "\n").encode()
