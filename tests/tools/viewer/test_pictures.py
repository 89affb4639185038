"""Whole windows against pictures that people have looked at.

`ROADLAB_REGENERATE=1 pytest tests/tools/viewer/test_pictures.py` draws the pictures anew; then look at them. Where one
differs, what was drawn and where it differs are kept in `out/viewer_differences`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pygame
import pytest

from roadlab_tools.datasets.images import color_png, read_color
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.headless import Projector, picture
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject, source_of
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.panes.pane import Pane
from roadlab_tools.viewer.playback import Dragging, Playback, begun
from roadlab_tools.viewer.strokes import Image

ROOT = Path(__file__).parents[3]
EXPECTED = Path(__file__).parent / "pictures"
KEPT = ROOT / "out" / "viewer_differences"
TOLERANCE = 24
"""How much a channel of a pixel may differ, of 255: letters and edges are smoothed a little differently elsewhere."""
SHARE = 0.002
"""How many pixels may differ by more."""
STREET = """\
scenario: A street with a crossing car
duration: 4 s
parameters: {pace: 36 km/h}
map:
  roads:
    west: {profile: urban_2x1, path: [{line: 60 m}]}
    east: {profile: urban_2x1, start: {x: 90 m}, path: [{line: 60 m}]}
    south: {profile: urban_2x1, start: {x: 75 m, y: -75 m, heading: 90 deg}, path: [{line: 60 m}]}
  junctions: {cross: {connect: [west.end, east.start, south.end], signals: {first: west}, crosswalks: false}}
  surroundings: {style: none}
actors:
  ego: {model: hatchback, at: {road: west, lane: -1, s: 30 m}, speed: "${pace}"}
  van: {model: van, at: {road: east, lane: 1, s: 20 m}, speed: 30 km/h}
  anna: {model: adult, at: {road: west, s: 50 m, t: 7 m}, walk: {path: [{road: west, s: 20 m, t: 7 m}]}}
story:
  - {name: slows down, when: {time: {after: 1 s}}, do: {ego: {speed: {to: 10 km/h}}}}
sensors:
  front: {type: camera, mount: {x: 1.7 m, z: 1.5 m}}
  top: {type: lidar, mount: {x: 1.4 m, z: 1.8 m}}
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    file = tmp_path_factory.mktemp("pictures") / "street.yaml"
    file.write_text(STREET)
    return Subject(file).opened()


def differences(found: Image, expected: Image) -> float:
    """Share of the pixels that differ by more than the tolerance."""
    if found.shape != expected.shape:
        return 1.0
    # Over three by three pixels: an edge that is shifted by a fraction of one is the same edge.
    smooth = [cv2.blur(image, (3, 3)).astype(int) for image in (found, expected)]
    return float((np.abs(smooth[0] - smooth[1]).max(axis=2) > TOLERANCE).mean())


def compared(name: str, found: Image) -> None:
    path = EXPECTED / f"{name}.png"
    if os.environ.get("ROADLAB_REGENERATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(color_png(found))
    expected = read_color(path.read_bytes())
    share = differences(found, expected)
    if share > SHARE:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{name}.png").write_bytes(color_png(found))
        if found.shape == expected.shape:
            apart = 255 - np.abs(found.astype(int) - expected).astype(np.uint8)
            (KEPT / f"{name}_difference.png").write_bytes(color_png(apart))
    assert share <= SHARE, f"{100 * share:.2f} % of the pixels differ from {path}; see {KEPT}"


STATES: dict[str, Callable[[Playback], Playback]] = {
    "map": lambda state: replace(state, time=1.5, chosen="ego"),
    "editing": lambda state: replace(
        state,
        editing=True,
        layers=state.layers | {"parameters", "sensors"},
        slides=(("pace", 70),),
        dragging=Dragging(1, (95.0, 2.0)),
        moved=True,
        menu="Edit",
    ),
    "help": lambda state: replace(state, help=True),
}


@pytest.mark.parametrize("name", STATES)
def test_the_window_looks_as_it_did(scene, name):
    state = STATES[name](begun(scene, 0.5, (1024, 640)))
    compared(name, picture(Painter(scene), state))


def test_the_window_is_drawn_as_large_as_4k(scene):
    state = replace(begun(scene, 1.5, (3840, 2160)), chosen="anna")
    compared(
        "map_4k", np.asarray(cv2.resize(picture(Painter(scene), state), (1280, 720), interpolation=cv2.INTER_AREA))
    )


def test_panes_of_a_dataset_look_as_they_did(native):
    subject = Subject(native)
    scene = subject.opened()
    source = source_of(subject, scene)
    assert source is not None
    panes = (
        Pane("camera", "camera", (0.5, 0.05, 0.48, 0.42), frozenset({"2D", "3D", "mask", "lanes"})),
        Pane("lidar", "cloud", (0.02, 0.4, 0.46, 0.55), coloring="class"),
        Pane("lidar", "range", (0.5, 0.55, 0.48, 0.3), coloring="instance"),
    )
    state = replace(begun(scene, 0.15, (1024, 640)), panes=panes)
    compared("panes", Projector(scene, Painter(scene), PanePainter(scene, source)).picture(state))
    source.close()


def test_a_changed_picture_is_noticed_and_kept(scene, tmp_path, monkeypatch):
    monkeypatch.delenv("ROADLAB_REGENERATE", raising=False)
    monkeypatch.setitem(globals(), "KEPT", tmp_path / "kept")
    state = STATES["map"](begun(scene, 0.5, (1024, 640)))
    drawn = picture(Painter(scene), state)
    other = drawn.copy()
    other[300:340, 300:360] = 255 - other[300:340, 300:360]
    with pytest.raises(AssertionError, match="of the pixels differ"):
        compared("map", other)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["map.png", "map_difference.png"]
    assert pygame.image.load(tmp_path / "kept" / "map.png").get_size() == (1024, 640)
