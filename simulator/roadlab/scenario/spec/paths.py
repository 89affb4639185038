"""Where roads run: lines, arcs and clothoids, one behind the other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadlab.scenario.quantities import Angle, Curvature, Length, PositiveLength
from roadlab.scenario.spec.base import OneOf, Spec
from roadlab.scenario.vocabulary import RoadEnd


class ClothoidPiece(Spec):
    """A piece whose curvature changes linearly along its length."""

    length: PositiveLength
    curvature: Annotated[list[Curvature], Field(min_length=2, max_length=2)] = Field(
        description="Curvature at its start and end, positive to the left."
    )


class ArcPiece(Spec):
    """A piece of constant curvature."""

    length: PositiveLength
    radius: Length = Field(description="Positive turns left, negative right.")


class PathPiece(OneOf):
    """Exactly one of line, arc or clothoid."""

    line: PositiveLength | None = None
    arc: ArcPiece | None = None
    clothoid: ClothoidPiece | None = None


class Pose2(Spec):
    """A place and direction in the world, or behind another road."""

    x: Length = 0.0
    y: Length = 0.0
    heading: Angle = Field(0.0, description="Counter-clockwise from east (+x).")
    after: RoadEnd | None = Field(
        None,
        description="A road's end, behind which it begins in the same direction; without a gap the two are joined.",
    )
    gap: Annotated[Length, Field(ge=0.0)] = Field(0.0, description="From there to its start, for a junction between.")


Point = Annotated[list[Length], Field(min_length=2, max_length=2)]
