"""How cameras see what marks the road and stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RoadLine:
    """What a line on the road is."""

    kind: str
    """lane line, road edge, stop line or crosswalk."""
    type: str
    """Of lane lines OpenDRIVE's: solid, broken, solid solid ...; of road edges: kerb or edge; of stop lines: solid, or
    broken where one gives way; of crosswalks: zebra."""
    color: str
    """Empty where nothing is painted."""
    width: float
    """Of the paint, of a crosswalk along the road [m]."""
    road: str
    """Empty for road edges, which run through junctions."""
    lane: int
    """On whose outer boundary a lane line is painted; 0 is the road's middle."""


@dataclass(frozen=True)
class RoadLines:
    """The lines that run through an image, as P points at most half a metre apart; crosswalks are outlines."""

    lines: tuple[RoadLine, ...]
    line: NDArray[np.int32]
    """(P,) index into `lines`."""
    along: NDArray[np.float32]
    """(P,) from the line's beginning [m]; where it grows by more than half a metre, the line left the image."""
    pixels: NDArray[np.float32]
    """(P, 2) u, v through the lens and the shutter [px]; all inside the image."""
    points: NDArray[np.float32]
    """(P, 3) in the camera's frame at the middle of the exposure [m]."""
    visible: NDArray[np.bool_]
    """(P,) whether nothing hides the point."""


@dataclass(frozen=True)
class SignView:
    """How a camera sees a sign or a traffic light of which at least one pixel is visible."""

    kind: str
    """traffic sign or traffic light."""
    code: str
    """The sign's number with its subtype or value, such as `274-50` or `R1-1`; `traffic light`."""
    name: str
    """Of the signal head, as in the log; empty for signs."""
    state: str
    """What the light shows: off, red, red_amber, green or amber; empty for signs."""
    box: tuple[float, float, float, float]
    """Tight around the visible pixels, as `ActorView.box`."""
    whole_box: tuple[float, float, float, float]
    """Around the plate or the light's back board as if nothing hid it, also outside the image [px]."""
    visible_pixels: int
    position: tuple[float, float, float]
    """Of its middle in the camera's frame [m]."""
    size: tuple[float, float]
    """Width and height [m]."""
    angle: float
    """Between its front and the way to the camera [rad]; beyond pi / 2 its back is seen."""
