"""When each pixel is exposed."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from roadlab.scenario.quantities import Duration
from roadlab.scenario.spec import Spec
from roadlab.timing import SECOND

Scan = Literal["top_to_bottom", "bottom_to_top", "left_to_right", "right_to_left"]


class Shutter(Spec):
    """A global shutter exposes all pixels at once, a rolling one row after row (or column after column)."""

    row_time: Annotated[Duration, Field(le=0.01)] = Field(
        0.0, description="From the start of one row to the start of the next; 0 is a global shutter."
    )
    scan: Scan = Field("top_to_bottom", description="Which row, or column, comes first, and which last.")

    def lines(self, width: int, height: int) -> int:
        """How many rows or columns are exposed one after another."""
        return height if self.scan in ("top_to_bottom", "bottom_to_top") else width

    def readout(self, width: int, height: int) -> float:
        """From the start of the first line to the start of the last [s]."""
        return self.row_time * (self.lines(width, height) - 1)

    def delay(self, pixels: ArrayLike, width: int, height: int) -> NDArray[np.int64]:
        """(N,) how much later than the middle of the readout each of `pixels` (N, 2) is exposed [ns].

        Pixels outside the image count as those of its first and last line.
        """
        where = np.asarray(pixels, dtype=np.float64)
        along = where[..., 1] if self.scan in ("top_to_bottom", "bottom_to_top") else where[..., 0]
        last = self.lines(width, height) - 1
        line = np.clip(np.round(along), 0, last) - last / 2.0
        turned = line if self.scan in ("top_to_bottom", "left_to_right") else -line
        return np.asarray(np.round(turned * self.row_time * SECOND), dtype=np.int64)
