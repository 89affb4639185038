"""A whole run of `render`, whose pictures come from the small analytic world: `small_job.py SLOWNESS FILE --out OUT`.

Everything but the ray engine is real, so that a run takes seconds and can be killed at any instant.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from small_scene import small_sample

from roadlab_tools.batch import frames
from roadlab_tools.cli import main

SLOWNESS = "SMALL_JOB_SLOWNESS"
AHEAD = "  ahead: {model: sedan, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}\n"


def command(*arguments: object, slowness: float = 0.0) -> list[str]:
    """Starts such a run; each of its frames takes so many seconds more."""
    return [sys.executable, __file__, str(slowness), *map(str, arguments)]


class SmallWorld:
    rays_per_sample = 1

    def __init__(self, scene, slowness=0.0):
        self.scene, self.slowness = scene, slowness

    def sample(self, index):
        time.sleep(self.slowness)
        if "broken" in self.scene.entry.title and index % 3 == 1:
            raise ZeroDivisionError("a wheel without a radius")
        return small_sample(self.scene, index)


def in_the_small_world(scene, _target):
    return SmallWorld(scene, float(os.environ.get(SLOWNESS, "0")))


if __name__ in ("__main__", "__mp_main__"):  # in the workers too
    frames.observer_of = in_the_small_world

if __name__ == "__main__":
    os.environ[SLOWNESS] = sys.argv.pop(1)
    sys.argv = ["roadlab", "render", *sys.argv[1:]]
    main()
