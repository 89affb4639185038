"""How fast the viewer draws, scrubs, loads again and shows what sensors see; and whether its memory stays flat."""

import os
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

ROOT = Path(__file__).parents[2]
CROSSING = ROOT / "scenarios" / "urban" / "pedestrian_crossing.yaml"
SIZE = (1280, 720)
pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)


@pytest.fixture(scope="module")
def town():
    """200 cars on 4.6 km of streets with 36 junctions."""
    import sys

    sys.path.insert(0, str(Path(__file__).parent))
    from traffic_scenes import town as town_of

    from roadlab import simulate
    from roadlab_tools.viewer.drawing import Painter
    from roadlab_tools.viewer.open import scene_of

    scenario = town_of(200, blocks=6, block=85.0)
    scene = scene_of(scenario, simulate(scenario))
    assert scene.log.present.sum(axis=1).min() == 200
    return scene, Painter(scene)


def shown_as(scene, name):
    from roadlab_tools.viewer.acting import acted
    from roadlab_tools.viewer.playback import begun

    state = begun(scene, 1.0, SIZE)
    near = replace(state, view=replace(state.view, scale=3.0))
    return {"follow": state, "near": near, "whole": acted(state, scene, "whole map")}.get(
        name, acted(state, scene, "heading up")
    )


@pytest.mark.parametrize("view", ["follow", "near", "whole", "heading up"])
def test_picture_of_a_town_while_playing(benchmark, town, view):
    """One picture of the map view, 1280 x 720."""
    import pygame

    from roadlab_tools.viewer.playback import advanced

    scene, painter = town
    surface = pygame.Surface(SIZE)
    states = [replace(shown_as(scene, view), playing=True)]

    def picture():
        states.append(advanced(states.pop(), scene, 1 / 60))
        painter.draw(states[0], surface)

    benchmark.pedantic(picture, rounds=150, warmup_rounds=5)
    benchmark.extra_info["frames_per_second"] = round(1.0 / benchmark.stats.stats.median)


def test_scrubbing_to_any_time(benchmark, town):
    """From a movement on the time line to the picture."""
    import pygame

    from roadlab_tools.viewer.layout import place_of
    from roadlab_tools.viewer.mouse import dragged

    scene, painter = town
    state = replace(shown_as(scene, "follow"), holding="bar")
    surface = pygame.Surface(SIZE)
    times = iter(np.random.Generator(np.random.PCG64(3)).uniform(0.0, scene.duration, 1000).tolist())

    def scrub():
        painter.draw(dragged(state, scene, (place_of(next(times), scene, state.view), 700), (1, 0)), surface)

    benchmark.pedantic(scrub, rounds=60, warmup_rounds=3)
    benchmark.extra_info["longest_ms"] = round(1e3 * benchmark.stats.stats.max, 1)


def _library():
    return sorted(path for path in (ROOT / "scenarios").glob("*/*.yaml") if "scenario:" in path.read_text())


def test_reload_after_saving(benchmark):
    """Every scenario of the library: loaded, simulated, its map made ready."""
    from roadlab_tools.viewer.open import Subject
    from roadlab_tools.viewer.reloading import loaded

    seconds = {}

    def all_of_them():
        for path in _library():
            start = time.perf_counter()
            assert loaded(Subject(path)).scene is not None
            seconds[path.stem] = time.perf_counter() - start

    benchmark.pedantic(all_of_them, rounds=1)
    ordered = sorted(seconds, key=seconds.__getitem__, reverse=True)
    benchmark.extra_info["slowest"] = {name: round(seconds[name], 2) for name in ordered[:5]}
    benchmark.extra_info["over_1.5_s"] = sum(value > 1.5 for value in seconds.values())


def test_camera_pane(benchmark):
    """From the opening of a pane to its first picture, once the world stands; and to the refined one.

    The first pane of all is counted too: it is opened as soon as somebody could, who has waited for the world.
    """
    from roadlab_tools.viewer.acting import acted
    from roadlab_tools.viewer.open import Subject, source_of
    from roadlab_tools.viewer.panes.drawing import PanePainter
    from roadlab_tools.viewer.playback import begun

    subject = Subject(CROSSING)
    scene = subject.opened()
    source = source_of(subject, scene)
    painter = PanePainter(scene, source)
    times = iter(np.arange(0.55, 8.0, 0.4).tolist())
    first, refined = [], []
    while source.waiting != "rendering ...":
        source.ask(())
        time.sleep(0.02)
    time.sleep(3.0)

    def open_pane():
        state = acted(begun(scene, next(times), SIZE), scene, "pane 1")
        wishes = source.wishes(state.panes[0], state.time, state.panes[0].picture_box(SIZE).width)
        start = time.perf_counter()
        for wish, seconds in zip(wishes, (first, refined), strict=True):
            while source.found(wish) is None:
                painter.ask(state.panes, state.time, SIZE, moving=False)
                time.sleep(0.002)
            seconds.append(time.perf_counter() - start)

    benchmark.pedantic(open_pane, rounds=8)
    source.close()
    benchmark.extra_info["first_of_all_s"] = round(first[0], 3)
    benchmark.extra_info["first_s"] = round(float(np.median(first)), 3)
    benchmark.extra_info["refined_s"] = round(float(np.median(refined)), 3)


def test_orbit_of_130_000_points(benchmark):
    """One picture of a cloud while it is turned, 640 x 480."""
    from roadlab_tools.datasets.item import Boxes
    from roadlab_tools.viewer.panes.cloud_picture import cloud_picture
    from roadlab_tools.viewer.panes.pane import Orbit
    from roadlab_tools.viewer.panes.readings import Cloud

    random = np.random.Generator(np.random.PCG64(5))
    distance, angle = random.gamma(2.0, 10.0, 130_000), random.uniform(-np.pi, np.pi, 130_000)
    height = random.uniform(-1.8, 3.0, 130_000)
    points = np.column_stack([distance * np.cos(angle), distance * np.sin(angle), height]).astype(np.float32)
    nobody = Boxes(np.zeros(0, np.int64), (), np.zeros((0, 4, 4)), np.zeros((0, 3)))
    cloud = Cloud(0, np.eye(4), points, {"intensity": random.uniform(0, 1, 130_000)}, nobody)
    orbits = iter([Orbit(azimuth=0.01 * k) for k in range(1000)])
    benchmark.pedantic(lambda: cloud_picture(cloud, "intensity", next(orbits), (640, 480)), rounds=100, warmup_rounds=3)
    benchmark.extra_info["frames_per_second"] = round(1.0 / benchmark.stats.stats.median)


def test_memory_while_looping(benchmark, town):
    """Ten minutes of looping at 60 pictures a second, in 1/20 of them: how much the process grows."""
    import pygame

    from roadlab_tools.viewer.playback import advanced

    scene, painter = town
    surface = pygame.Surface(SIZE)
    grown = []

    def minutes():
        state = replace(shown_as(scene, "follow"), playing=True, loop=(0.0, scene.duration), rate=4.0)
        for number in range(1800):
            state = advanced(state, scene, 1 / 3)
            painter.draw(state, surface)
            if number in (600, 1799):
                grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    benchmark.pedantic(minutes, rounds=1)
    benchmark.extra_info["grown_MB"] = round((grown[1] - grown[0]) / 1024, 1)
