"""From a file to something to look at: a scenario is simulated first, a log is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pygame

from roadlab import Scenario, load, simulate
from roadlab.log import SceneLog
from roadlab.log_file import read_log
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.images import color_png
from roadlab_tools.options import OptionError
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.playback import begun

_SCENARIO_SUFFIXES = (".yaml", ".yml")


def opened(file: Path, *, overrides: Sequence[str] = (), seed: int | None = None) -> Scene:
    """The scene in a scenario file or in a log that `roadlab simulate` wrote."""
    if file.suffix.lower() in _SCENARIO_SUFFIXES:
        scenario = load(file, overrides=overrides, seed=seed)
        return scene_of(scenario, simulate(scenario))
    if overrides or seed is not None:
        raise OptionError(
            f"{file} is a log, in which everything has happened: --set and --seed change scenario files only"
        )
    log = read_log(file)
    return scene_of(Scenario.from_json(log.scenario, source=str(file)), log)


def scene_of(scenario: Scenario, log: SceneLog) -> Scene:
    """The scene of a log that was made from this scenario."""
    return Scene(scenario.spec.scenario, scenario.network, log)


def save_screenshot(scene: Scene, at: float, path: Path, size: tuple[int, int] = (1280, 720)) -> None:
    """Draws the scene at the time `at` [s] into a PNG file; needs no display."""
    picture = pygame.Surface(size)
    Painter(scene).draw(begun(scene, at, size), picture)
    with writing(path):
        path.write_bytes(color_png(pygame.surfarray.array3d(picture).swapaxes(0, 1)))
