"""Things of one's own: models from files, and objects that are put somewhere by hand."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Length, PositiveLength
from roadlab.scenario.spec.actors import RepeatSpec
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.positions import Position
from roadlab.scenario.vocabulary import Name

Axis = Literal["x", "-x", "y", "-y", "z", "-z"]
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
"""In metres."""

Label = Literal[
    "static", "ground", "road", "sidewalk", "parking", "building", "wall", "fence", "guard rail", "pole",
    "traffic light", "traffic sign", "vegetation", "terrain", "person", "rider", "car", "truck", "bus", "motorcycle",
    "bicycle",
]  # fmt: skip
"""Classes of Cityscapes that a thing can be labelled as."""
Surface = Literal[
    "asphalt", "concrete", "paving", "grass", "soil", "plaster", "brick", "roof_tiles", "wood", "bark", "leaf",
    "painted_metal", "galvanised", "sign_face", "stone", "window_glass", "car_paint", "metallic_paint", "car_glass",
    "tinted_glass", "plastic", "rubber", "chrome", "alloy", "lamp_lens", "plate", "upholstery", "skin", "hair", "cloth",
    "leather", "pvc", "sheeting", "precast", "cardboard", "timber", "gravel",
]  # fmt: skip
"""What a surface is made of, for all sensors."""
LABELS: tuple[str, ...] = get_args(Label)
SURFACES: tuple[str, ...] = get_args(Surface)

Triple = Annotated[list[Length], Field(min_length=3, max_length=3)]


class ModelSpec(Spec):
    """A model from a file: the look of an actor, or an object."""

    file: str = Field(description="A glTF, GLB or OBJ file in the scenario's tree.")
    unit: Literal["m", "cm", "mm", "in", "ft"] = Field("m", description="Of the file's numbers.")
    up: Axis = Field("y", description="Which of the file's axes points up.")
    front: Axis = Field("z", description="Which of the file's axes points to the front.")
    size: Annotated[list[PositiveLength], Field(min_length=3, max_length=3)] | None = Field(
        None, description="Length, width and height that it must have; what is off by no more than 2 % is made to fit."
    )
    anchor: Triple | None = Field(
        None,
        description="The point of the model that stands at its place, on the ground: forward, left and up from the "
        "file's origin; by default the middle of its lower side.",
    )
    label: Label = Field("static", description="Its class in segmentation.")
    material: Surface = Field("painted_metal", description="What it is made of; colours come from the file.")
    materials: Annotated[dict[str, Surface], Field(max_length=255)] = Field(
        {}, description="What single materials of the file are made of, by their names there."
    )
    solid: str | None = Field(None, description="What that file holds, which decided scenarios carry.")
    bounds: Annotated[list[float], Field(min_length=6, max_length=6)] | None = Field(
        None, description="Its least and greatest coordinates, which decided scenarios carry."
    )

    @model_validator(mode="after")
    def _two_axes(self) -> Self:
        if self.up.strip("-") == self.front.strip("-"):
            raise PydanticCustomError("axes", "expected up and front to be two of the axes x, y and z")
        return self

    @property
    def box(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Size and centre of its bounding box [m], about its anchor; ValueError before the file is read."""
        if self.bounds is None:
            raise ValueError(f"{self.file} has not been read")
        a, b, c, d, e, f = self.bounds
        return (d - a, e - b, f - c), ((a + d) / 2, (b + e) / 2, (c + f) / 2)


class ObjectSpec(Spec):
    """Base of everything that can be put somewhere by hand; registered under `roadlab.world`."""

    type: str
    at: Position = Field(description="Its front looks along the heading, which is along the road by default.")
    above: Length = Field(0.0, description="How far above the ground.")
    repeat: RepeatSpec | None = Field(None, description="Several, one further along the road than the other.")


class OwnObjectSpec(ObjectSpec):
    """One of the scenario's own models."""

    type: Literal["model"] = "model"
    model: Name = Field(description="A key of models.")
