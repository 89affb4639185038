"""A whole run of `render`, whose pictures come from the small analytic world: `small_job.py SLOWNESS FILE --out OUT`.

Everything but the ray engine is real, so that a run takes seconds and can be killed at any instant.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from small_scene import small_sample

from roadlab_tools.batch import frames
from roadlab_tools.cli import main


class SmallWorld:
    rays_per_sample = 1

    def __init__(self, scene, slowness):
        self.scene, self.slowness = scene, slowness

    def sample(self, index):
        time.sleep(self.slowness)
        if "broken" in self.scene.entry.title and index % 3 == 1:
            raise ZeroDivisionError("a wheel without a radius")
        return small_sample(self.scene, index)


if __name__ == "__main__":
    slowness = float(sys.argv.pop(1))
    frames.observer_of = lambda scene, _: SmallWorld(scene, slowness)
    sys.argv = ["roadlab", "render", *sys.argv[1:]]
    main()
