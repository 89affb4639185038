"""roadlab's own generators: street furniture, plants and what stands in lines."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from roadlab.scenario.quantities import Length, PositiveLength
from roadlab_sensors.world.mesh import Model
from roadlab_sensors.world.objects.base import WorldObject


class Furniture(WorldObject):
    """A piece of street furniture of its usual size."""

    type: Literal["furniture"] = "furniture"
    kind: Literal["bench", "bollard", "litter_bin", "wheelie_bin", "cabinet", "bus_shelter"]

    def build(self, rng: np.random.Generator) -> Model:
        """See `WorldObject`."""
        from roadlab_sensors.world.furniture import street

        made: Model = getattr(street, self.kind)(rng)
        return made


class Lamp(WorldObject):
    """A street lamp; its arm reaches to its front."""

    type: Literal["lamp"] = "lamp"
    height: Annotated[PositiveLength, Field(ge=2.0, le=20.0)] = 7.5
    reach: Annotated[Length, Field(ge=0.0, le=5.0)] = Field(1.4, description="Length of its arm; 0 has none.")

    def build(self, rng: np.random.Generator) -> Model:
        """See `WorldObject`."""
        from roadlab_sensors.world.furniture.street import street_lamp

        return street_lamp(self.height, self.reach, rng)


class Tree(WorldObject):
    """A broad-leaved tree in leaf as the season has it."""

    type: Literal["tree"] = "tree"
    species: Literal["lime", "maple", "birch", "apple"] = "lime"
    height: Annotated[PositiveLength, Field(ge=2.0, le=30.0)] | None = Field(
        None, description="By default as the species grows beside streets."
    )

    def build(self, rng: np.random.Generator) -> Model:
        """See `WorldObject`."""
        from roadlab_sensors.world.plants.trees import tree

        grown = tree(self.species, rng)
        return grown if self.height is None else _as_high_as(grown, self.height)


class Bush(WorldObject):
    """A shrub."""

    type: Literal["bush"] = "bush"
    height: Annotated[PositiveLength, Field(ge=0.2, le=5.0)] = 1.2

    def build(self, rng: np.random.Generator) -> Model:
        """See `WorldObject`."""
        from roadlab_sensors.world.plants.shrubs import bush

        return _as_high_as(bush(rng, self.height), self.height)


class Line(WorldObject):
    """Something in a line, along its front from left to right, its middle at its place."""

    type: Literal["line"] = "line"
    kind: Literal["hedge", "picket_fence", "metal_fence", "garden_wall", "noise_wall"]
    length: Annotated[PositiveLength, Field(ge=0.5, le=100.0)]
    height: Annotated[PositiveLength, Field(ge=0.2, le=8.0)] = 1.1

    def build(self, rng: np.random.Generator) -> Model:
        """See `WorldObject`."""
        from roadlab_sensors.world.furniture import barriers
        from roadlab_sensors.world.plants.shrubs import hedge

        make = hedge if self.kind == "hedge" else getattr(barriers, self.kind)
        drawn: Model = make(rng, self.length, self.height)
        back = (-self.length / 2, 0.0, 0.0)
        return Model({name: tuple(m.moved(np.eye(3), back) for m in meshes) for name, meshes in drawn.parts.items()})


def _as_high_as(model: Model, height: float) -> Model:
    scale = height / float(model.bounds()[1, 2])
    return Model({name: tuple(mesh.scaled(scale) for mesh in meshes) for name, meshes in model.parts.items()})
