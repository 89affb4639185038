"""A straight road, and what happens on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.log import SceneLog
from roadlab.scenario.load import load

ROAD = """
scenario: A road
duration: {duration} s
step: {step} s
map:
  roads:
    road: {{profile: {profile}, path: [{{line: 1 km}}], speed_limit: 120 km/h}}
{more}
actors:
{actors}
story:
{story}
"""


def indented(text: str) -> str:
    return "\n".join("  " + line for line in text.strip("\n").splitlines())


class Run:
    """A log that is asked by names."""

    def __init__(self, log: SceneLog) -> None:
        self.log = log
        self.time = log.time / 1e9

    def x(self, name: str) -> np.ndarray:
        return self.log.position[:, self.log.index(name), 0]

    def y(self, name: str) -> np.ndarray:
        return self.log.position[:, self.log.index(name), 1]

    def speed(self, name: str) -> np.ndarray:
        return np.hypot(*self.log.velocity[:, self.log.index(name), :2].T)

    def acceleration(self, name: str) -> np.ndarray:
        return self.log.acceleration[:, self.log.index(name)]

    def happened(self, name: str, kind: str = "story") -> list[float]:
        """When an event of the story started, or ended, was stopped or skipped [s]."""
        return [event.time / 1e9 for event in self.log.events if (event.kind, event.name) == (kind, name)]

    def faults(self) -> list[str]:
        return [event.name for event in self.log.events if event.kind == "fault"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Run]:
    """Runs actors and a story on a straight road of 1 km: along x, lanes of 3.75 m to the right of y = 0."""

    def simulated(
        actors: str,
        story: str,
        *,
        duration: float = 6.0,
        step: float = 0.02,
        profile: str = "motorway_3",
        more: str = "",
    ) -> Run:
        path = tmp_path / "story.yaml"
        path.write_text(
            ROAD.format(
                duration=duration, step=step, profile=profile, actors=indented(actors), story=indented(story), more=more
            )
        )
        return Run(simulate(load(path)))

    return simulated
