"""What the viewer says about time, causes and nearness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from roadlab_tools.viewer import layout
from roadlab_tools.viewer.acting import acted
from roadlab_tools.viewer.courses import Courses
from roadlab_tools.viewer.figures import SIGNAL_COLORS
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.nearness import nearness
from roadlab_tools.viewer.open import Subject
from roadlab_tools.viewer.playback import Playback, advanced, begun, reloaded
from roadlab_tools.viewer.why import reasons, state_lines
from roadlab_tools.viewer.window import answered

SIZE = (1024, 640)
CHASE = """
scenario: A car ahead stands
duration: 3 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
  ahead: {model: sedan, at: {road: street, lane: -1, s: 75 m}, parked: true}
story:
  - {name: near, when: {distance: {between: [ego, ahead], below: 20 m}}, do: {ego: {brake: {deceleration: 8 m/s2}}}}
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    file = tmp_path_factory.mktemp("why") / "chase.yaml"
    file.write_text(CHASE)
    return Subject(file).opened()


@pytest.fixture
def state(scene) -> Playback:
    return begun(scene, 0.5, SIZE)


def click(scene: Scene, state: Playback, pixel) -> Playback:
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        state = answered(state, scene, pygame.event.Event(kind, pos=tuple(pixel), button=1))
    return state


def test_each_condition_tells_its_value_against_the_threshold(scene):
    # Rear axles are 35 m apart, and the ego starts at 10 m/s.
    (event,) = reasons(scene, scene.log.ego, 0.0)
    assert (event.name, event.started) == ("near", None)
    assert event.conditions[0].text == "distance ego, ahead: 35 m, wanted < 20 m"
    assert not event.conditions[0].holds
    (later,) = reasons(scene, scene.log.ego, 3.0)
    began = scene.event_time(next(e for e in scene.events if e.name == "near"))
    assert later.started == pytest.approx(began)
    assert reasons(scene, scene.log.index("ahead"), began)[0].conditions[0].holds


def test_a_click_on_an_actor_chooses_it_and_one_beside_nobody(scene, state):
    at = state.view.pixels(scene.actors_at(0.5)[scene.log.index("ahead")].middle)
    chosen = click(scene, state, at)
    assert chosen.chosen == "ahead"
    assert "parked" in state_lines(scene, scene.log.index("ahead"), 0.5)[-1]
    assert click(scene, chosen, (SIZE[0] / 2, 480)).chosen is None


def test_the_way_ahead_follows_the_middle_of_the_lane(scene):
    # Lane -1 of a street with lanes of 3.5 m: its middle is 1.75 m to the right; at most 60 m are shown.
    points = Courses(scene).ahead(scene.log.ego, 0.0)
    assert points[:, 1] == pytest.approx(-1.75)
    assert 58.0 < points[-1, 0] - points[0, 0] <= 60.0
    assert points[0, 0] == pytest.approx(40.0, abs=2.0)
    assert Courses(scene).ahead(scene.log.index("ahead"), 0.0) is None


def test_a_click_on_an_event_goes_to_its_time(scene, state):
    box, event = next(layout.event_rows(state.time, scene, state.view))
    there = click(scene, state, (box.left + 5, box.top + 5))
    assert there.time == pytest.approx(scene.event_time(event))


def test_time_to_collision_is_the_gap_over_the_speed(scene):
    # 35 m between rear axles; the sedan's overhang is 1.06 m, and the hatchback's front 4.28 - 0.78 m ahead.
    (near,) = nearness(scene, 0.0)
    gap = 35.0 - 1.06 - (4.28 - 0.78)
    assert scene.log.actors[near.other].name == "ahead"
    assert near.texts == (f"TTC {gap / 10:.1f} s", f"headway {gap / 10:.1f} s", f"distance {gap:.1f} m")


def test_playing_goes_both_ways_at_every_rate(scene, state):
    slow = replace(state, playing=True)
    for _ in range(20):
        slow = acted(slow, scene, "slower")
    assert advanced(slow, scene, 1.0).time == pytest.approx(0.6)
    fast = replace(state, playing=True, rate=2.0)
    assert advanced(fast, scene, 0.5).time == pytest.approx(1.5)
    assert advanced(acted(fast, scene, "reverse"), scene, 0.1).time == pytest.approx(0.3)
    assert advanced(acted(fast, scene, "reverse"), scene, 9.0).playing is False


def test_a_loop_is_played_again_and_again_in_both_directions(scene, state):
    looped = acted(replace(acted(state, scene, "loop from"), time=1.5), scene, "loop to")
    assert looped.loop == (0.5, 1.5)
    assert advanced(replace(looped, playing=True), scene, 0.25).time == pytest.approx(0.75)
    assert advanced(replace(looped, playing=True, time=0.6, backwards=True), scene, 0.3).time == pytest.approx(1.3)
    assert acted(looped, scene, "no loop").loop is None


def test_a_shorter_scene_keeps_view_and_choice_and_drops_what_is_gone(scene, state):
    asked = replace(state, time=9.0, chosen="nobody", loop=(1.0, 9.0))
    kept = reloaded(asked, scene)
    assert (kept.time, kept.chosen, kept.loop, kept.view.scale) == (scene.duration, None, None, state.view.scale)


def test_the_ego_drives_upwards_when_its_heading_is_up(scene, state):
    turned = acted(state, scene, "heading up")
    x, y = turned.view.pixels(np.array(turned.view.center) + np.array([10.0, 0.0])) - np.array(SIZE) / 2
    assert (x, y) == pytest.approx((0.0, -10.0 * turned.view.scale))


def test_everything_has_its_place_from_1024_pixels_to_4k(scene):
    for size in ((1024, 640), (3840, 2160)):
        state = begun(scene, 0.5, size)
        bar = layout.bar(size)
        assert (bar.left, bar.top + bar.height, bar.width) == (0, size[1], size[0])
        box, _ = next(layout.event_rows(0.5, scene, state.view))
        assert size[0] / 2 < box.left < box.left + box.width < size[0]
    assert layout.bar((3840, 2160)).height == 2 * layout.BAR_HEIGHT


def test_signals_can_be_told_apart_without_seeing_red_and_green():
    # Machado, Oliveira, Fernandes (2009), deuteranomaly of severity 1.0, on linear RGB.
    blind = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]])
    seen = {name: blind @ (np.array(SIGNAL_COLORS[name]) / 255) ** 2.2 for name in ("red", "green", "amber")}
    for a, b in (("red", "green"), ("green", "amber"), ("red", "amber")):
        assert np.abs(seen[a] - seen[b]).max() > 0.15
