"""What every generator of objects is to the world."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from roadlab.scenario.spec import ObjectSpec
from roadlab_sensors.world.mesh import Model


class WorldObject(ObjectSpec):
    """Base of the generators; a plug-in registers its own under `roadlab.world`. Its fields are its YAML keys."""

    @abstractmethod
    def build(self, rng: np.random.Generator) -> Model:
        """The model: one part `body`, its front towards -y, z up, its origin on the ground [m].

        All chance comes from `rng`, which is keyed by the object's name. ValueError or anything else that it raises is
        a fault of the plug-in.
        """
