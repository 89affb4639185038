"""Contact sheets: rendered pictures side by side with their names."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.gallery import scenes
from roadlab_tools.preview import canvas

Image = NDArray[np.uint8]
Pictures = Iterator[tuple[str, Image]]
LINE, GAP = 22, 4
"""Height of a name's line, and distance of the pictures [pixel]."""
_GROUND, _TEXT = (24, 26, 30), (225, 228, 235)


def _vehicles(quality: str) -> Pictures:
    return rendered(scenes.vehicles(), quality)


def _people(quality: str) -> Pictures:
    return rendered(scenes.people(), quality)


def _streets(kind: str) -> Callable[[str], Pictures]:
    """One street a picture, by what `kind` of thing varies."""

    def pictures(quality: str) -> Pictures:
        varied = {
            "styles": {style: scenes.street(style=style) for style in scenes.STYLES},
            "seasons": {season: scenes.street(season=season) for season in scenes.SEASONS},
            "weathers": {name: scenes.in_weather(name) for name in scenes.WEATHERS},
            "hours": {hour: scenes.street(hour=hour) for hour in scenes.HOURS},
        }[kind]
        for name, document in varied.items():
            for _, image in rendered(document, quality):
                yield name, image

    return pictures


SHEETS: dict[str, Callable[[str], Pictures]] = {
    "vehicles": _vehicles,
    "people": _people,
    **{kind: _streets(kind) for kind in ("styles", "seasons", "weathers", "hours")},
}
"""What makes the pictures of each sheet, given the quality."""


def rendered(document: scenes.Document, quality: str) -> Pictures:
    """The first picture of each camera of a scenario document, by the camera's name."""
    from roadlab import load, simulate
    from roadlab_sensors.observe import Observer

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gallery.yaml"
        file.write_text(json.dumps(document))
        scenario = load(file)
    frames = Observer(scenario, simulate(scenario), quality).sample(0).cameras
    for name in document["sensors"]:
        yield name, frames[name].image


def sheet(pictures: Pictures, columns: int | None = None) -> Image:
    """The pictures in rows, each with its name below; about twice as wide as high where `columns` are not given."""
    tiles = [_named(name, image) for name, image in pictures]
    height, width = tiles[0].shape[:2]
    wide = columns or max(1, math.ceil(math.sqrt(2.0 * len(tiles) * height / width)))
    rows = math.ceil(len(tiles) / wide)
    whole: Image = np.full((rows * (height + GAP) + GAP, wide * (width + GAP) + GAP, 3), _GROUND, np.uint8)
    for k, tile in enumerate(tiles):
        top, left = GAP + (k // wide) * (height + GAP), GAP + (k % wide) * (width + GAP)
        whole[top : top + height, left : left + width] = tile
    return whole


def _named(name: str, image: Image) -> Image:
    tile: Image = np.full((image.shape[0] + LINE, image.shape[1], 3), _GROUND, np.uint8)
    tile[: image.shape[0]] = image
    canvas.write(tile, name.replace("_", " "), (6, tile.shape[0] - 7), _TEXT, 14)
    return tile


def save(image: Image, path: Path) -> None:
    """Writes a sheet as PNG."""
    done, data = cv2.imencode(".png", image[..., ::-1])
    if not done:
        raise OSError(f"{path}: OpenCV could not encode the sheet")
    path.write_bytes(data.tobytes())
