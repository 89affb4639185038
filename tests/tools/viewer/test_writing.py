"""What the window writes back into an author's file, and how it is taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from roadlab import load
from roadlab.errors import OutputError
from roadlab.scenario.load import open_scenario
from roadlab_tools.viewer import layout
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject
from roadlab_tools.viewer.playback import Playback, begun
from roadlab_tools.viewer.window import answered
from roadlab_tools.viewer.writing.dropping import dropped, told, written
from roadlab_tools.viewer.writing.handles import handles_of, why_fixed
from roadlab_tools.viewer.writing.history import History
from roadlab_tools.viewer.writing.shifting import in_unit
from roadlab_tools.viewer.writing.sliders import sliders_of
from roadlab_tools.viewer.writing.text import Scalars

SIZE = (1280, 720)
STREET = """\
# A street; the author's remarks stay where they are.
scenario: "A street"      # quoted
duration: 2 s
parameters:
  pace:   36 km/h         # three blanks before it
  late: {uniform: [1 s, 3 s]}
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 0.04 km}, speed: "${pace}"}   # a car
  anna:
    model: adult
    at:
      road: street    # her street
      s: 55 m
      t: 7 m
    walk: {path: [{road: street, s: 80 m, t: 7 m}, {x: 90 m, y: 8}]}
  other: {model: sedan, at: {road: street, lane: 1, s: "${40 m + 60 m}"}, parked: true}
  row: &row {model: sedan, at: {road: street, lane: -1, s: 120 m}, parked: true}
  also: {<<: *row, at: {road: street, lane: 1, s: 150 m}}
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "street.yaml"
    path.write_bytes(STREET.replace("\n", "\r\n").encode())
    return path


@pytest.fixture
def scene(file) -> Scene:
    return Subject(file).opened()


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(old.strip(), new.strip()) for old, new in pairs if old != new]


def test_places_that_a_number_says_can_be_dragged_and_shared_ones_cannot(file, scene):
    # `row` is merged into `also`, so that moving it would move two.
    assert [handle.label for handle in scene.handles] == ["ego", "anna", "anna 1", "anna 2", "other", "also"]
    assert why_fixed(file.read_text(), "row").startswith("no number of the file says where row alone is")


def test_a_dropped_car_keeps_its_unit_and_everything_else_of_the_file(file, scene):
    text = file.read_bytes().decode()
    ego = scene.handles[0]
    after = written(ego, (52.5, -1.0), scene.network, text)
    assert changed_lines(text, after) == [
        (
            'ego: {model: hatchback, at: {road: street, lane: -1, s: 0.04 km}, speed: "${pace}"}   # a car',
            'ego: {model: hatchback, at: {road: street, lane: -1, s: 0.0525 km}, speed: "${pace}"}   # a car',
        )
    ]
    assert after.count("\r\n") == text.count("\r\n")


def test_a_car_dropped_on_the_other_lane_drives_there(file, scene):
    text = file.read_bytes().decode()
    after = written(scene.handles[0], (60.0, 1.7), scene.network, text)
    file.write_bytes(after.encode())
    ego = load(file).spec.actors["ego"].at
    assert (ego.lane, ego.s) == (1, pytest.approx(60.0))


def test_waypoints_and_people_are_written_where_they_are_dropped(file, scene):
    text = file.read_bytes().decode()
    moved = written(scene.handles[1], (57.26, 6.5), scene.network, text)
    assert changed_lines(text, moved) == [("s: 55 m", "s: 57.3 m"), ("t: 7 m", "t: 6.5 m")]
    waypoint = written(scene.handles[3], (91.04, 9.0), scene.network, text)
    assert "{x: 91 m, y: 9}" in waypoint


def test_a_car_cannot_be_dropped_beside_the_lanes(file, scene):
    with pytest.raises(ValueError, match="there is no lane of street here, and ego stands on one"):
        written(scene.handles[0], (60.0, 30.0), scene.network, file.read_text())


RELATIVE = """\
scenario: Places of every kind
duration: 1 s
parameters: {far: 30 m}
map: {roads: {street: {profile: urban_4x2, path: [{line: 200 m}]}}, crosswalks: [{road: street, s: 150 m}]}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 60 m}}
"""


@pytest.mark.parametrize(
    ("place", "to", "expected"),
    [
        ("{ahead_of: ego, by: 20 m}", (85.04, -1.6), "{ahead_of: ego, by: 25 m}"),
        ("{ahead_of: ego, gap: 20 m, lanes: 0}", (90.0, -5.0), "{ahead_of: ego, gap: A, lanes: -1}"),
        ('{behind: ego, by: "${far - 4 m}"}', (31.0, -1.6), '{behind: ego, by: "${far - 1 m}"}'),
        ("{behind: ego, by: {uniform: [20 m, 20.2 m]}}", (50.0, -1.6), "{behind: ego, by: {uniform: [A, B]}}"),
        (
            "{road: street, lane: 1, s: {normal: [90 m, 1 cm]}}",
            (80.0, 1.6),
            "{road: street, lane: 1, s: {normal: [A, 1 cm]}}",
        ),
        (
            '{road: street, lane: -1, s: "${3 * far}"}',
            (92.5, -1.6),
            '{road: street, lane: -1, s: "${3 * far + 2.5 m}"}',
        ),
        (
            '{road: street, s: "${30 m if far > 9 m else far}", t: 9 m}',
            (40.0, 8.0),
            '{road: street, s: "${(30 m if far > 9 m else far) + 10 m}", t: 8 m}',
        ),
        ("{route: [street], along: 90 m}", (95.0, -1.6), "{route: [street], along: 95 m}"),
    ],
)
def test_a_place_that_depends_on_something_goes_on_depending_on_it(tmp_path, place, to, expected):
    file = tmp_path / "places.yaml"
    file.write_text(f"{RELATIVE}  other: {{model: sedan, at: {place}}}\n")
    scene = Subject(file).opened()
    handle = next(handle for handle in scene.handles if handle.label == "other")
    file.write_text(written(handle, to, scene.network, file.read_text()))
    pattern = re.escape(f"other: {{model: sedan, at: {expected}}}").replace("A", r"[\d.]+ m").replace("B", r"[\d.]+ m")
    assert re.fullmatch(pattern, file.read_text().splitlines()[-1].strip())
    moved = Subject(file).opened()
    x, y = next(handle.at for handle in moved.handles if handle.label == "other")
    assert (x, y) == pytest.approx(to, abs=0.6)
    assert x == pytest.approx(to[0], abs=0.06)


def test_somebody_beside_another_or_at_a_crosswalk_keeps_to_it(tmp_path):
    file = tmp_path / "places.yaml"
    beside = "{beside: ego, side: right, gap: 1 m, along: 0 m}"
    crossing = '{crosswalk: "crosswalk[0]", along: 0.5 m, back: 1 m}'
    file.write_text(f"{RELATIVE}  driver: {{model: adult, at: {beside}}}\n  anna: {{model: adult, at: {crossing}}}\n")
    scene = Subject(file).opened()
    text = file.read_text()
    for label, expected in (
        ("driver", {"gap: 1 m, along: 0 m": "gap: 1.5 m, along: 2 m"}),
        ("anna", {"along: 0.5 m, back: 1 m": "along: 2.5 m, back: 1.5 m"}),
    ):
        handle = next(handle for handle in scene.handles if handle.label == label)
        to = (handle.at[0] + 2.0, handle.at[1] - 0.5)
        after = written(handle, to, scene.network, text)
        for old, new in expected.items():
            assert after == text.replace(old, new)
        file.write_text(after)
        moved = next(handle for handle in Subject(file).opened().handles if handle.label == label)
        assert moved.at == pytest.approx(to, abs=0.06)
    driver = next(handle for handle in scene.handles if handle.label == "driver")
    onto = dropped(driver, (driver.at[0], driver.at[1] + 5.0), scene.network)
    assert told(driver, onto) == "along 0.0 m, gap 0.1 m"


def test_what_chance_alone_decides_stays_and_the_reason_is_told(tmp_path):
    file = tmp_path / "places.yaml"
    file.write_text(f"{RELATIVE}  other: {{model: sedan, at: {{anywhere: driving}}, parked: true}}\n")
    scene = Subject(file).opened()
    assert [handle.label for handle in scene.handles] == ["ego"]
    state = replace(begun(scene, 0.0, SIZE), editing=True, following=False)
    other = scene.actors_at(0.0)[1]
    state = replace(state, view=replace(state.view, center=other.middle))
    pixel = tuple(state.view.pixels(other.middle).tolist())
    asked = press(state, scene, pixel)
    assert (asked.chosen, asked.request) == ("other", "tell why it stays")
    assert "chance puts other there (anywhere)" in why_fixed(file.read_text(), "other")
    lane = '{road: "${\'street\'}", lane: "${0 - 1}", s: 90 m}'
    file.write_text(f"{RELATIVE}  other: {{model: sedan, at: {lane}}}\n")
    handle = next(handle for handle in Subject(file).opened().handles if handle.label == "other")
    with pytest.raises(ValueError, match="the lane of other is computed in the file: it can be dragged along -1 only"):
        written(handle, (90.0, 1.6), scene.network, file.read_text())


@pytest.mark.parametrize(
    ("like", "expected"), [("38 m", "41.3 m"), ("0.038 km", "0.0413 km"), ("38", "41.3"), ("3800cm", "4130cm")]
)
def test_lengths_keep_the_unit_of_the_author(like, expected):
    assert in_unit(41.3, like) == expected


def test_a_change_can_be_undone_and_made_again_byte_by_byte(file):
    history = History(file)
    before = file.read_bytes()
    history.write(history.read(), history.read().replace("55 m", "60 m"))
    after = file.read_bytes()
    assert after != before
    assert history.undo()
    assert file.read_bytes() == before
    assert not history.undo()
    assert history.redo()
    assert file.read_bytes() == after
    assert [path.name for path in file.parent.iterdir()] == ["street.yaml"]


def test_what_the_author_has_saved_since_is_never_lost(file):
    history = History(file)
    text = history.read()
    history.write(text, text.replace("55 m", "60 m"))
    file.write_bytes(b"the author's own\n")
    with pytest.raises(OutputError, match="was changed elsewhere since"):
        history.undo()
    with pytest.raises(OutputError, match="was changed elsewhere since"):
        history.write(text, "scenario: other\n")
    assert file.read_bytes() == b"the author's own\n"


def test_a_link_stays_a_link_and_keeps_the_mode_of_its_file(file):
    file.chmod(0o640)
    link = file.with_name("link.yaml")
    link.symlink_to(file)
    history = History(link)
    history.write(history.read(), "scenario: other\n")
    assert link.is_symlink()
    assert file.read_text() == "scenario: other\n"
    assert file.stat().st_mode & 0o777 == 0o640


def test_values_are_found_behind_letters_that_take_several_bytes():
    text = "\ufeffé: [1, 'ü']\nactors: {a: {at: {x: 1 m, y: 2 m}}}\n"
    scalars = Scalars.of(text)
    assert scalars.with_values({("actors", "a", "at", "y"): "3 m"}) == text.replace("y: 2 m", "y: 3 m")
    assert scalars.at[("é", 1)].text == "ü"


def test_a_file_that_is_no_yaml_at_present_has_no_places(scene):
    assert handles_of("actors: {a: [", scene.scenario) == ()


def test_sliders_go_through_what_chance_may_choose_and_around_constants(file):
    pace, late = sliders_of(open_scenario(file))
    assert (pace.name, pace.texts[0], pace.texts[-1], pace.texts[pace.step]) == ("pace", "0 km/h", "72 km/h", "36 km/h")
    assert (late.texts[0], late.texts[50], late.texts[-1], late.is_random) == ("1 s", "2 s", "3 s", True)


# --- with the mouse --------------------------------------------------------------------------------------------------


def press(state: Playback, scene: Scene, *pixels) -> Playback:
    """Down at the first pixel, along the others, and up at the last."""
    state = answered(state, scene, pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pixels[0], button=1))
    for before, pixel in pairwise(pixels):
        by = (pixel[0] - before[0], pixel[1] - before[1])
        state = answered(state, scene, pygame.event.Event(pygame.MOUSEMOTION, pos=pixel, rel=by))
    return answered(state, scene, pygame.event.Event(pygame.MOUSEBUTTONUP, pos=pixels[-1], button=1))


def test_handles_are_dragged_only_while_editing(scene):
    state = begun(scene, 0.0, SIZE)
    start = tuple(state.view.pixels(scene.handles[1].at).tolist())
    aside = (start[0] + 50.0, start[1])
    assert press(state, scene, start, aside).request is None
    state = answered(state, scene, pygame.event.Event(pygame.KEYDOWN, key=pygame.K_w))
    moved = press(state, scene, start, aside)
    assert moved.request == "write place"
    assert moved.dragging.to == pytest.approx((55.0 + 50.0 / state.view.scale, 7.0))
    assert press(state, scene, start).request is None


def test_a_slider_asks_for_the_scenario_with_its_value(scene):
    state = begun(scene, 0.0, SIZE)
    state = replace(state, layers=state.layers | {"parameters"})
    track = next(layout.slider_tracks(scene, SIZE))
    y = track.top + track.height // 2
    slid = press(state, scene, (track.left + 5, y), (track.left + track.width // 2, y), (5000, y))
    assert slid.request == "set parameters"
    assert slid.slides == (("pace", 100),)
    button = layout.write_button(scene, SIZE)
    assert press(slid, scene, (button.left + 5, button.top + 5)).request == "write parameters"
