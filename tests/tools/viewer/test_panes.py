"""Panes: where they are, what they show of a reading, and where readings come from."""

from __future__ import annotations

import json
import math
import shutil
import time
from dataclasses import replace

import numpy as np
import pygame
import pytest
from small_scene import small_scene, write_dataset

from roadlab.registry import registered
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.images import read_color
from roadlab_tools.datasets.item import Boxes
from roadlab_tools.palette import class_color
from roadlab_tools.viewer.acting import panes_of
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject, source_of
from roadlab_tools.viewer.panes import live
from roadlab_tools.viewer.panes.camera_picture import camera_picture, missing
from roadlab_tools.viewer.panes.cloud_picture import BACKGROUND, Eye, cloud_picture
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.panes.lanes import LaneBorders
from roadlab_tools.viewer.panes.pane import OVERLAYS, Orbit, Pane, opened
from roadlab_tools.viewer.panes.range_picture import range_picture
from roadlab_tools.viewer.panes.readings import Cloud, Fault, Picture, Shelf, Wish
from roadlab_tools.viewer.playback import Playback, begun
from roadlab_tools.viewer.settings import remember, remembered
from roadlab_tools.viewer.window import answered

SIZE = (1280, 720)


@pytest.fixture
def dataset(native) -> Scene:
    return Subject(native).opened()


@pytest.fixture
def state(dataset) -> Playback:
    return begun(dataset, 0.1, SIZE)


def boxes_of(sample: Sample) -> Boxes:
    actors = sample.actors
    return Boxes(
        np.array([actor.instance for actor in actors]),
        tuple(actor.category for actor in actors),
        np.array([actor.world_from_box for actor in actors]),
        np.array([actor.size for actor in actors]),
    )


@pytest.fixture
def picture(make_sample) -> Picture:
    sample = make_sample()
    frame = sample.cameras["camera"]
    planes = {name: getattr(frame, name) for name in ("image", "depth", "instance", "semantic")}
    return Picture(sample.time, frame.lens, frame.world_from_camera, planes, sample.views["camera"], boxes_of(sample))


@pytest.fixture
def cloud(make_sample) -> Cloud:
    sample = make_sample()
    sweep = sample.lidars["lidar"]
    columns = {name: getattr(sweep, name) for name in ("intensity", "ring", "time", "semantic", "instance")}
    return Cloud(sample.time, sweep.world_from_lidar, sweep.points, columns, boxes_of(sample))


def event(kind: int, pos, rel=(0, 0), button: int = 1) -> pygame.event.Event:
    return pygame.event.Event(kind, pos=pos, rel=rel, button=button)


def dragged(state: Playback, scene: Scene, start, by, button: int = 1) -> Playback:
    end = (start[0] + by[0], start[1] + by[1])
    state = answered(state, scene, event(pygame.MOUSEBUTTONDOWN, start, button=button))
    state = answered(state, scene, event(pygame.MOUSEMOTION, end, by))
    return answered(state, scene, event(pygame.MOUSEBUTTONUP, end, button=button))


def key(state: Playback, scene: Scene, name: int) -> Playback:
    return answered(state, scene, pygame.event.Event(pygame.KEYDOWN, key=name))


# --- where they are --------------------------------------------------------------------------------------------------


def test_number_keys_open_and_close_a_pane_for_each_view_of_a_sensor(dataset, state):
    assert panes_of(dataset) == [("camera", "camera"), ("lidar", "cloud"), ("lidar", "range")]
    both = key(key(state, dataset, pygame.K_1), dataset, pygame.K_3)
    assert [pane.key for pane in both.panes] == [("camera", "camera"), ("lidar", "range")]
    assert [pane.key for pane in key(both, dataset, pygame.K_1).panes] == [("lidar", "range")]
    assert key(both, dataset, pygame.K_9) == both
    assert key(both, dataset, pygame.K_k).panes == ()


def test_panes_open_beside_one_another_and_stay_in_the_window():
    panes: tuple[Pane, ...] = ()
    for number in range(4):
        panes = opened(panes, f"camera {number}", "camera", 1.6)
    for size in ((1024, 640), (3840, 2160)):
        boxes = [pygame.Rect(*pane.box(size)) for pane in panes]
        window = pygame.Rect(0, 0, *size)
        assert all(window.contains(box) for box in boxes)
    boxes = [pygame.Rect(*pane.box(SIZE)) for pane in panes]
    assert not boxes[0].colliderect(boxes[1])


def test_a_pane_is_dragged_by_its_title_and_resized_by_its_corner(dataset, state):
    state = key(state, dataset, pygame.K_1)
    before = state.panes[0].box(SIZE)
    moved = dragged(state, dataset, (before.left + 100, before.top + 5), (-300, -200))
    after = moved.panes[0].box(SIZE)
    assert (after.left, after.top) == (before.left - 300, before.top - 200)
    assert (after.width, after.height) == (before.width, before.height)
    corner = (after.left + after.width - 4, after.top + after.height - 4)
    larger = dragged(moved, dataset, corner, (60, 30)).panes[0].box(SIZE)
    assert (larger.width, larger.height) == (after.width + 60, after.height + 30)
    assert moved.view == state.view
    assert dragged(state, dataset, (before.left + 100, before.top + 5), (5000, 5000)).panes[0].box(SIZE).left < 1280


def test_a_click_raises_a_pane_switches_an_overlay_and_closes_it(dataset, state):
    state = key(key(state, dataset, pygame.K_1), dataset, pygame.K_2)
    camera = state.panes[0]
    switch = next(box for box, name in camera.switch_boxes(SIZE) if name == "depth")
    clicked = dragged(state, dataset, (switch.left + 5, switch.top + 5), (0, 0))
    assert clicked.panes[-1].key == camera.key
    assert clicked.panes[-1].overlays == {"2D", "3D", "depth"}
    cross = camera.close_box(SIZE)
    assert len(dragged(clicked, dataset, (cross.left + 5, cross.top + 5), (0, 0)).panes) == 1


def test_a_cloud_is_orbited_shifted_and_zoomed_with_the_mouse(dataset, state):
    state = key(state, dataset, pygame.K_2)
    inner = state.panes[0].picture_box(SIZE)
    middle = (inner.left + inner.width // 2, inner.top + inner.height // 2)
    before = state.panes[0].orbit
    turned = dragged(state, dataset, middle, (50, 20)).panes[0].orbit
    assert turned.azimuth != before.azimuth
    assert turned.elevation > before.elevation
    shifted = dragged(state, dataset, middle, (0, 40), button=3).panes[0].orbit
    # Dragged down, what lay ahead comes nearer: the eye looks at something further ahead.
    assert shifted.center[0] > before.center[0]
    assert before.nearer(2.0).distance == pytest.approx(before.distance / 2.0)


def test_the_layout_is_remembered_and_a_broken_file_forgotten(tmp_path):
    file = tmp_path / "deep" / "viewer.json"
    here = (Pane("camera", "camera", (0.1, 0.2, 0.5, 0.3), frozenset({"depth"})), Pane("lidar", "cloud", (0, 0, 1, 1)))
    other = Pane("rear", "camera", (0.5, 0.5, 0.4, 0.4))
    remember(file, (other,), [other.key])
    remember(file, here, [pane.key for pane in here])
    assert remembered(file) == (other, *here)  # the rear camera is of another rig
    remember(file, (), [pane.key for pane in here])
    assert remembered(file) == (other,)
    assert [path.name for path in file.parent.iterdir()] == ["viewer.json"]
    entries = json.loads(file.read_text())
    entries["panes"] += [{"sensor": "x"}, 7, {**entries["panes"][0], "sensor": "y", "place": [0, 0, "wide", 1]}]
    file.write_text(json.dumps(entries))
    assert remembered(file) == (other,)
    for nonsense in ("", "{", "[]", '{"panes": 3}', '{"panes": {"a": 1}}'):
        file.write_text(nonsense)
        assert remembered(file) == ()


# --- what they show --------------------------------------------------------------------------------------------------


def test_boxes_lie_around_what_the_camera_sees(picture, dataset):
    factor = 4
    lens = picture.lens
    size = (lens.width * factor, lens.height * factor)
    shown = camera_picture(picture, frozenset({"2D"}), LaneBorders(dataset.network), size)
    categories = dict(zip(picture.boxes.instance.tolist(), picture.boxes.category, strict=True))
    for view in picture.views:
        left, _, right, bottom = view.box
        column, row = round(((left + right) / 2 + 0.5) * factor - 0.5), round((bottom + 0.5) * factor - 0.5)
        near = shown[row - 1 : row + 2, column].astype(int)
        assert np.abs(near - class_color(categories[view.instance])).max(axis=1).min() < 90, view


def test_corners_of_3d_boxes_are_where_a_pinhole_puts_them(picture, dataset):
    # The front lower left corner of the car: 14 + 2.15 m ahead of the ego, 0.95 m to the left of y = -3 m.
    lens = picture.lens
    x, y, z = 14.0 + 2.15 - 1.7, -3.0 + 0.95 - 0.06, -1.65
    u, v = lens.fx * -y / x + lens.cx, lens.fy * -z / x + lens.cy
    factor = 4
    size = (lens.width * factor, lens.height * factor)
    plain = camera_picture(picture, frozenset(), LaneBorders(dataset.network), size).astype(int)
    shown = camera_picture(picture, frozenset({"3D"}), LaneBorders(dataset.network), size).astype(int)
    column, row = round((u + 0.5) * factor - 0.5), round((v + 0.5) * factor - 0.5)
    changed = np.abs(shown - plain).max(axis=2) > 20
    assert changed[row - 2 : row + 3, column - 2 : column + 3].any()
    assert not changed[: 10 * factor, : 30 * factor].any()


def test_every_overlay_changes_the_picture_where_its_labels_are_there(picture, dataset, make_sample):
    flow = np.full((*picture.planes["depth"].shape, 2), 6.0, np.float32)
    joints = np.array([[60.0, 40.0, 2.0]] * 17, np.float32)
    views = tuple(replace(view, keypoints=joints) for view in picture.views)
    whole = replace(picture, planes={**picture.planes, "flow_forward": flow}, views=views)
    borders = LaneBorders(dataset.network)
    plain = camera_picture(whole, frozenset(), borders, (416, 152))
    assert plain.shape == (152, 416, 3)
    for overlay in OVERLAYS:
        assert (camera_picture(whole, frozenset({overlay}), borders, (416, 152)) != plain).any(), overlay
    assert missing(whole) == frozenset()
    assert missing(picture) == {"flow", "joints"}


def test_lane_borders_hide_behind_what_stands_before_them(dataset):
    # The street has two lanes of 3.5 m; its middle line is at y = 0 and its kerbs at 3.5 m.
    lines = LaneBorders(dataset.network).near(np.array([50.0, 0.0, 1.5]))
    sides = sorted({round(float(line[:, 1].mean()), 2) for line in lines})
    assert sides == [-3.5, 0.0, 3.5]


def test_the_middle_of_the_orbit_is_the_middle_of_the_picture():
    for azimuth in (0.0, 1.0, math.pi):
        eye = Eye(Orbit(azimuth=azimuth, center=(5.0, -2.0)), (400, 300))
        pixels, depth = eye.pixels(np.array([[5.0, -2.0, 0.0]]))
        assert pixels[0] == pytest.approx((200, 150), abs=1e-3)
        assert depth[0] == pytest.approx(Orbit().distance, rel=1e-5)


def test_from_behind_left_is_left_and_up_is_up():
    eye = Eye(Orbit(), (400, 300))
    (left, up), _ = eye.pixels(np.array([[6.0, 3.0, 0.0], [6.0, 0.0, 3.0]]))
    assert left[0] < 200
    assert up[1] < 150


def test_near_points_hide_far_ones(cloud):
    points = np.array([[30.0, 0.0, 0.0], [10.0, 0.0, 0.0]], np.float32)
    columns = {"semantic": np.array([26, 24], np.uint8)}
    nobody = Boxes(np.zeros(0, np.int64), (), np.zeros((0, 4, 4)), np.zeros((0, 3)))
    two = replace(cloud, points=points, columns=columns, boxes=nobody)
    orbit = Orbit(elevation=0.0, center=(0.0, 0.0), distance=5.0)
    for order in ([0, 1], [1, 0]):
        turned = replace(two, points=points[order], columns={"semantic": columns["semantic"][order]})
        image = cloud_picture(turned, "class", orbit, (200, 100))
        assert image[50, 100].tolist() == list(class_color("pedestrian"))


@pytest.mark.parametrize("coloring", ["height", "range", "intensity", "ring", "time", "class", "instance"])
def test_clouds_and_range_images_are_coloured_by_every_column(cloud, coloring):
    for image in (
        cloud_picture(cloud, coloring, Orbit(), (320, 200)),
        range_picture(cloud, coloring, (320, 64)),
    ):
        assert len(np.unique(image.reshape(-1, 3), axis=0)) > 4, coloring


def test_a_range_image_shows_what_is_to_the_left_on_the_left(cloud):
    points = np.array([[10.0, 10.0, 0.0]], np.float32)  # 45 degrees to the left
    one = replace(cloud, points=points, columns={"ring": np.array([0])})
    image = range_picture(one, "range", (360, 10))
    lit = np.flatnonzero((image[0] != BACKGROUND).any(axis=1))
    assert 130 <= lit.mean() <= 140


# --- where readings come from ----------------------------------------------------------------------------------------


def settled(painter: PanePainter, state: Playback, patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not painter.complete(state.panes, state.time, state.view.size):
        assert time.monotonic() < end
        painter.ask(state.panes, state.time, state.view.size, moving=False)
        time.sleep(0.01)


def test_a_dataset_shows_its_own_pictures_and_points(native, dataset, state):
    state = replace(key(key(state, dataset, pygame.K_1), dataset, pygame.K_2), time=0.15)
    source = source_of(Subject(native), dataset)
    painter = PanePainter(dataset, source)
    settled(painter, state)
    wish = source.wishes(state.panes[0], 0.15, 600)[0]
    found = source.found(wish)
    stored = read_color((native / "cameras/camera/image/000001.png").read_bytes())
    assert np.array_equal(found.planes["image"], stored)
    assert found.views
    target = pygame.Surface(SIZE)
    painter.draw(target, state.panes)
    assert len(np.unique(pygame.surfarray.array3d(target).reshape(-1, 3), axis=0)) > 100
    source.close()


def test_missing_and_broken_files_of_a_dataset_are_named_and_the_rest_is_shown(native, tmp_path):
    root = tmp_path / "broken"
    shutil.copytree(native, root)
    (root / "cameras/camera/image/000001.png").unlink()
    (root / "lidars/lidar/000001.parquet").write_bytes(b"nonsense")
    (root / "truth/000002.json").write_text("{")
    subject = Subject(root)
    scene = subject.opened()
    source = source_of(subject, scene)
    camera, lidar = Pane("camera", "camera", (0, 0, 1, 1)), Pane("lidar", "cloud", (0, 0, 1, 1))
    expected = {
        (camera, 0.05): Picture,
        (camera, 0.15): "cameras/camera/image/000001.png cannot be read",
        (lidar, 0.15): "a Parquet file is damaged",
        (camera, 0.25): "truth/000002.json is damaged",
        (lidar, 0.35): Cloud,
    }
    for (pane, at), wanted in expected.items():
        wish = source.wishes(pane, at, 600)[0]
        source.ask([wish])
        end = time.monotonic() + 30.0
        while (found := source.found(wish)) is None:
            assert time.monotonic() < end
            source.ask([wish])
            time.sleep(0.01)
        if isinstance(wanted, str):
            assert isinstance(found, Fault)
            assert wanted in found.text
            assert f"sample {wish.index}" in found.text
        else:
            assert isinstance(found, wanted)
    source.close()


@pytest.mark.parametrize("format", sorted(registered("writers")))
def test_every_format_shows_what_it_keeps_and_says_what_it_does_not(format, tmp_path):
    pytest.importorskip("laspy") if format == "las" else None
    subject = Subject(write_dataset(tmp_path / "data", [small_scene()], format))
    scene = subject.opened()
    source = source_of(subject, scene)
    painter, target = PanePainter(scene, source), pygame.Surface(SIZE)
    shown = 0
    for number in (pygame.K_1, pygame.K_2, pygame.K_3):
        state = key(begun(scene, 0.15, SIZE), scene, number)
        settled(painter, state)
        painter.draw(target, state.panes)
        fault = painter.fault(state.panes[0])
        assert fault == "" or fault.startswith(f"a dataset in the {format} format keeps nothing of "), fault
        shown += fault == ""
    assert shown > 0 or format == "range"  # of which nothing is read back
    source.close()


class Late:
    """A source whose readings come when the time has moved on, as those of a busy machine do."""

    waiting = "rendering ..."

    def __init__(self, cloud: Cloud) -> None:
        self._cloud, self._shelf = cloud, Shelf()

    def wishes(self, pane: Pane, at: float, _width: int, /) -> list[Wish]:
        return [Wish(pane.sensor, round(10 * at), "draft")]

    def ask(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            if wish.index >= 2:
                self._shelf.put(replace(wish, index=wish.index - 2), replace(self._cloud, time=wish.index - 2))

    def found(self, wish: Wish) -> Cloud | None:
        return self._shelf.get(wish)

    def latest(self, sensor: str) -> tuple[Wish, Cloud] | None:
        return self._shelf.latest.get(sensor)


def test_while_playing_a_pane_shows_what_came_last_even_if_it_is_late(cloud, dataset):
    pane = Pane("lidar", "cloud", (0.0, 0.0, 1.0, 1.0))
    painter = PanePainter(dataset, Late(cloud))
    seen = []
    for step in range(8):
        painter.ask((pane,), 0.1 * step, SIZE, moving=True)
        seen += [wish.index for _, wish, _ in painter.shown[1:]]
    assert seen == [0, 1, 2, 3, 4, 5]


def test_readings_that_were_not_looked_at_for_long_make_room(cloud):
    shelf = Shelf(room=3 * cloud.points.nbytes * 3)
    wishes = [Wish("lidar", index, "stored") for index in range(20)]
    for wish in wishes:
        shelf.put(wish, cloud)
        assert shelf.get(wishes[0]) is not None
    assert wishes[0] in shelf
    assert wishes[1] not in shelf
    assert wishes[-1] in shelf


class Line:
    """A renderer at the other end of the line that answers when the test says so."""

    def __init__(self) -> None:
        self.told: list[tuple[Wish, ...]] = []
        self.done: list[tuple[int, Wish, Cloud]] = []

    def tell(self, message: tuple[Wish, ...]) -> None:
        self.told.append(message)

    def answers(self) -> list[tuple[int, Wish, Cloud]]:
        answers, self.done = self.done, []
        return answers


def test_nothing_is_rendered_twice_and_what_is_no_longer_wanted_not_at_all(cloud, dataset, monkeypatch):
    monkeypatch.setattr(live, "_Renderer", Line)
    source = live.LiveSource(dataset)
    line, wishes = source._renderer, [Wish("camera", 3, "draft"), Wish("camera", 3, "standard")]
    line.told.clear()
    source.ask(wishes)
    line.done = [(0, wishes[0], cloud)]
    source.ask(wishes)
    source.ask(wishes)
    assert line.told == [tuple(wishes)]
    source.ask(wishes[:1])  # the time moves on: the fine picture is not wanted any more
    assert line.told[1:] == [()]


LIVE = """
scenario: A street
duration: 2 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}, surroundings: {style: none}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
  ahead: {model: sedan, at: {road: street, lane: -1, s: 55 m}, parked: true}
sensors:
  front: {type: camera, mount: {x: 1.7 m, z: 1.65 m}, image: {width: 960, height: 320}, intrinsics: {fx: 700}}
  top: {type: lidar, model: vlp16, mount: {x: 1.4 m, z: 1.8 m}}
"""


@pytest.mark.slow
def test_a_live_camera_comes_quickly_and_is_refined_while_the_time_stands(tmp_path):
    file = tmp_path / "live.yaml"
    file.write_text(LIVE)
    subject = Subject(file)
    scene = subject.opened()
    state = key(begun(scene, 1.0, SIZE), scene, pygame.K_1)
    source = source_of(subject, scene)
    try:
        quick, best = source.wishes(state.panes[0], 1.0, state.panes[0].picture_box(SIZE).width)
        assert (quick.grade, best.grade) == ("draft", "standard")
        assert quick.step > best.step
        painter = PanePainter(scene, source)
        settled(painter, state, 150.0)
        first, refined = source.found(quick), source.found(best)
        assert first.planes["image"].shape[1] <= 420
        shares: list[float] = []
        for found in (first, refined):
            columns = np.flatnonzero((found.planes["instance"] == scene.log.actors[1].instance).any(axis=0))
            width = found.planes["image"].shape[1]
            # A pinhole shows something as wide as its size over its distance, in focal lengths; where it is widest is
            # somewhere between its tail and its nose.
            ego, ahead = scene.actors_at(found.time / 1e9)
            nose, tail = float(ahead.footprint[:, 0].max()), float(ahead.footprint[:, 0].min())
            camera = float(scene.log.states_at(np.array([found.time])).position[0, 0, 0]) + 1.7
            focal = 700.0 / 960.0 * scene.log.actors[1].size[1]
            shares.append((columns[-1] - columns[0]) / width)
            assert focal / (nose - camera) < shares[-1] <= focal / (tail - camera)
            assert ego.is_ego
        assert shares[0] == pytest.approx(shares[1], abs=0.01)
        state = key(state, scene, pygame.K_2)
        settled(painter, state, 150.0)
        # A window closed in mid-render leaves no process behind.
        source.ask(source.wishes(state.panes[0], 0.3, 500))
        process = source._renderer._process
        source.close()
        process.join(5.0)
        assert not process.is_alive()
    finally:
        source.close()


@pytest.mark.slow
def test_a_renderer_that_dies_is_told_in_the_pane(tmp_path):
    file = tmp_path / "live.yaml"
    file.write_text(LIVE)
    subject = Subject(file)
    scene = subject.opened()
    source = source_of(subject, scene)
    try:
        wish = source.wishes(Pane("front", "camera", (0, 0, 1, 1)), 0.5, 400)[0]
        source._renderer._process.kill()
        end = time.monotonic() + 20.0
        while source.found(wish) is None:
            assert time.monotonic() < end
            source.ask([wish])
            time.sleep(0.02)
        assert "F5 starts it again" in source.found(wish).text
    finally:
        source.close()


def test_the_whole_scene_stays_where_it_is_under_a_pane(dataset, state):
    state = key(state, dataset, pygame.K_1)
    inner = state.panes[0].picture_box(SIZE)
    held = dragged(state, dataset, (inner.left + 50, inner.top + 50), (10, 10))
    assert held.view == state.view
