"""How large a picture is and where its pixels look, as an author writes it."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, model_validator

from roadlab.scenario.quantities import Angle
from roadlab.scenario.spec import Spec

Coordinate = Annotated[float, Field(ge=-100_000.0, le=100_000.0)]
Pixels = Annotated[float, Field(gt=0.0, le=100_000.0)]
Row = Annotated[list[float], Field(min_length=3, max_length=3)]
HALF_TURN = 3.14159265
UNSAID = math.radians(80.0)
"""Field of view of a camera whose author says nothing."""


class ImageSize(Spec):
    """Size of the image in pixels."""

    width: Annotated[int, Field(ge=16, le=8192)] = 1242
    height: Annotated[int, Field(ge=16, le=8192)] = 375


class Intrinsics(Spec):
    """Focal lengths and principal point in pixels, or a field of view, or a camera matrix.

    Pixel (0, 0) has its centre at u = v = 0; the principal point is the image's middle unless it is self.
    """

    fx: Pixels | None = None
    fy: Pixels | None = Field(None, description="By default as fx.")
    cx: Coordinate | None = None
    cy: Coordinate | None = None
    field_of_view: Annotated[Angle, Field(gt=0.001, lt=2.0 * HALF_TURN)] | None = Field(
        None, description="Horizontal, instead of fx and fy; at the image's edges, without distortion."
    )
    matrix: Annotated[list[Row], Field(min_length=3, max_length=3)] | None = Field(
        None, description="Instead of all others: [[fx, 0, cx], [0, fy, cy], [0, 0, 1]]."
    )

    @model_validator(mode="after")
    def _said_once(self) -> Intrinsics:
        ways = [name for name in ("fx", "field_of_view", "matrix") if getattr(self, name) is not None]
        if len(ways) > 1:
            raise ValueError(f"give one of {', '.join(ways)}, not several")
        if self.fy is not None and self.fx is None:
            raise ValueError("fy needs fx beside it")
        if self.matrix is not None:
            if self.cx is not None or self.cy is not None:
                raise ValueError("the matrix holds cx and cy already")
            (fx, skew, _), (zero, fy, _), last = self.matrix
            if skew != 0.0 or zero != 0.0 or last != [0.0, 0.0, 1.0] or fx <= 0.0 or fy <= 0.0:
                raise ValueError("the matrix must be [[fx, 0, cx], [0, fy, cy], [0, 0, 1]] with positive fx and fy")
        return self

    def focus(self, image: ImageSize, *, fisheye: bool) -> tuple[float, float, float, float]:
        """Focal lengths and principal point [px]; ValueError for a field of view that the lens cannot have."""
        width, height = image.width, image.height
        if self.matrix is not None:
            (fx, _, cx), (_, fy, cy), _ = self.matrix
            return fx, fy, cx, cy
        cx = self.cx if self.cx is not None else (width - 1) / 2.0
        cy = self.cy if self.cy is not None else (height - 1) / 2.0
        if self.fx is not None:
            return self.fx, self.fy or self.fx, cx, cy
        view = self.field_of_view if self.field_of_view is not None else UNSAID
        if fisheye:
            return width / view, width / view, cx, cy
        if view >= math.pi - 0.01:
            raise ValueError(f"a pinhole cannot see {math.degrees(view):.0f} degrees; say projection: fisheye")
        focal = width / 2.0 / math.tan(view / 2.0)
        return focal, focal, cx, cy
