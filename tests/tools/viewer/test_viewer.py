from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pygame
import pytest

from roadlab_tools.palette import EGO_COLOR, class_color
from roadlab_tools.viewer.acting import acted
from roadlab_tools.viewer.drawing import AREA_COLORS, GROUND, Painter
from roadlab_tools.viewer.layout import BAR_HEIGHT, place_of
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject
from roadlab_tools.viewer.playback import Playback, advanced, begun
from roadlab_tools.viewer.view import View
from roadlab_tools.viewer.window import answered

SIZE = (960, 540)

STREET = """
scenario: A street
duration: 3 s
map:
  roads:
    street: {profile: urban_2x1_parking, path: [{line: 200 m}]}
  surroundings: {style: none}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
  parked: {model: van, at: {road: street, lane: -2, s: 60 m}, parked: true}
  oncoming: {model: sedan, at: {road: street, lane: 1, s: 100 m}, speed: 36 km/h}
  anna: {model: adult, at: {road: street, s: 55 m, t: 7 m}, walk: {path: [{road: street, s: 80 m, t: 7 m}]}}
story:
  - {name: goes faster, when: {time: {after: 1 s}}, do: {ego: {speed: {to: 50 km/h}}}}
"""


@pytest.fixture(scope="session")
def scene(tmp_path_factory) -> Scene:
    file = tmp_path_factory.mktemp("viewer") / "street.yaml"
    file.write_text(STREET)
    return Subject(file).opened()


@pytest.fixture
def state(scene) -> Playback:
    return begun(scene, 0.0, SIZE)


def key(name: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=name)


def mouse(kind: int, pos: tuple[float, float], rel: tuple[float, float] = (0, 0)) -> pygame.event.Event:
    return pygame.event.Event(kind, pos=pos, rel=rel, button=1)


def drawn(scene: Scene, state: Playback) -> np.ndarray:
    picture = pygame.Surface(state.view.size)
    Painter(scene).draw(state, picture)
    return pygame.surfarray.array3d(picture).swapaxes(0, 1).astype(int)


def test_footprints_have_the_size_and_the_heading_of_the_actor(scene):
    ego = scene.actors_at(0.0)[scene.log.ego]
    left_front, right_front, right_rear, _ = ego.footprint
    assert math.dist(left_front, right_front) == pytest.approx(1.96)
    assert math.dist(right_front, right_rear) == pytest.approx(4.28)
    assert left_front[0] > right_rear[0]
    assert left_front[1] > right_front[1]
    # The rear axle is the reference: 0.78 m of the car are behind s = 40 m.
    assert right_rear[0] == pytest.approx(40.0 - 0.78)


def test_actors_between_ticks_are_between_their_places(scene):
    before, after = scene.time_of(100), scene.time_of(101)
    middle = scene.actors_at((before + after) / 2)[scene.log.ego].middle
    ends = [scene.actors_at(time)[scene.log.ego].middle for time in (before, after)]
    assert middle == pytest.approx(np.mean(ends, axis=0))
    assert ends[0] != ends[1]


def test_the_map_shows_the_lanes_of_the_profile(scene):
    kinds = {area.kind for area in scene.areas}
    assert {"driving", "parking", "sidewalk", "white"} <= kinds
    lanes = [area.outline for area in scene.areas if area.kind == "parking"]
    # RASt parking lanes of 2.1 m beside driving lanes of 3.25 m.
    assert sorted(round(float(np.abs(lane[:, 1]).max()), 3) for lane in lanes) == [5.35, 5.35]


def test_a_view_maps_north_up_and_back():
    view = View((10.0, 20.0), 4.0, (800, 600))
    assert view.pixels((10.0, 20.0)).tolist() == [400, 300]
    assert view.pixels((11.0, 22.0)).tolist() == [404, 292]
    assert view.world((404, 292)) == pytest.approx((11.0, 22.0))


def test_what_is_under_the_mouse_stays_there_when_zooming_and_dragging():
    view = View((10.0, 20.0), 4.0, (800, 600))
    place = view.world((123, 456))
    assert view.zoomed(1.7, (123, 456)).world((123, 456)) == pytest.approx(place)
    assert view.panned((30, -20)).world((153, 436)) == pytest.approx(place)


def test_space_plays_and_pauses(scene, state):
    playing = answered(state, scene, key(pygame.K_SPACE))
    assert playing.playing
    later = advanced(playing, scene, 0.5)
    assert later.time == pytest.approx(0.5)
    assert not answered(later, scene, key(pygame.K_SPACE)).playing


def test_playing_stops_at_the_end_and_starts_again_from_the_beginning(scene, state):
    ended = advanced(replace(state, playing=True), scene, 1e3)
    assert (ended.time, ended.playing) == (scene.duration, False)
    again = acted(ended, scene, "play")
    assert (again.time, again.playing) == (0.0, True)


def test_keys_step_ticks_and_frames(scene, state):
    step = scene.time_of(1)
    assert step == pytest.approx(0.01)
    assert answered(state, scene, key(pygame.K_PERIOD)).time == pytest.approx(step)
    assert answered(state, scene, key(pygame.K_RIGHT)).time == pytest.approx(0.1)
    assert answered(state, scene, key(pygame.K_COMMA)).time == 0.0
    assert answered(state, scene, key(pygame.K_END)).time == scene.duration


def test_the_time_line_can_be_scrubbed(scene, state):
    there = (place_of(2.0, scene, state.view), SIZE[1] - BAR_HEIGHT / 2)
    held = answered(state, scene, mouse(pygame.MOUSEBUTTONDOWN, there))
    assert held.time == pytest.approx(2.0)
    moved = answered(held, scene, mouse(pygame.MOUSEMOTION, (SIZE[0] + 50, 10), (60, -5)))
    assert moved.time == scene.duration
    let_go = answered(moved, scene, mouse(pygame.MOUSEBUTTONUP, (0, 0)))
    assert answered(let_go, scene, mouse(pygame.MOUSEMOTION, (10, 10), (5, 5))) == let_go


def test_the_view_follows_the_ego_until_it_is_dragged(scene, state):
    later = answered(state, scene, key(pygame.K_END))
    assert later.view.center == pytest.approx(scene.actors_at(scene.duration)[scene.log.ego].middle)
    held = answered(later, scene, mouse(pygame.MOUSEBUTTONDOWN, (100, 100)))
    dragged = answered(held, scene, mouse(pygame.MOUSEMOTION, (130, 100), (30, 0)))
    assert not dragged.following
    assert dragged.view.center[0] == pytest.approx(later.view.center[0] - 30 / later.view.scale)
    assert acted(dragged, scene, "follow").view.center == later.view.center


@pytest.mark.parametrize("event", [key(pygame.K_q), key(pygame.K_ESCAPE), pygame.event.Event(pygame.QUIT)])
def test_the_window_can_be_closed(scene, state, event):
    assert answered(state, scene, event).request == "quit"


def test_the_picture_shows_everybody_at_their_place(scene, state):
    state = replace(acted(replace(state, time=1.0), scene, "whole map"), layers=frozenset())
    state = replace(state, view=replace(state.view, center=(75.0, 0.0), scale=12.0))
    picture = drawn(scene, state)
    for actor in scene.actors_at(1.0):
        # Between the windscreen and the rear window, where nothing else is painted on a vehicle.
        place = (
            actor.middle
            if actor.kind == "pedestrian"
            else tuple(actor.footprint[2:].mean(axis=0) * 0.25 + np.array(actor.middle) * 0.75)
        )
        column, row = np.rint(state.view.pixels(place)).astype(int)
        expected = EGO_COLOR if actor.is_ego else class_color(actor.category)
        assert np.abs(picture[row, column] - expected).max() < 12, actor.name


def test_the_picture_shows_the_road_and_its_surroundings(scene, state):
    picture = drawn(scene, state)
    for place, expected in (((20.0, 2.0), "driving"), ((20.0, -4.5), "parking"), ((20.0, 6.6), "sidewalk")):
        column, row = np.rint(state.view.pixels(place)).astype(int)
        assert picture[row, column].tolist() == list(AREA_COLORS[expected])
    column, row = np.rint(state.view.pixels((20.0, 15.0))).astype(int)
    assert picture[row, column].tolist() == list(GROUND)


def test_help_covers_the_middle_only_when_asked(scene, state):
    asked = answered(state, scene, key(pygame.K_h))
    difference = np.abs(drawn(scene, asked) - drawn(scene, state)).max(axis=2) > 0
    rows, columns = np.nonzero(difference)
    assert 200 < rows.max() - rows.min() < SIZE[1]
    assert 300 < columns.max() - columns.min() < SIZE[0]
