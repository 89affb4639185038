"""What is painted along a lane's boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MarkType = Literal[
    "none",
    "solid",
    "broken",
    "solid solid",
    "solid broken",
    "broken solid",
    "broken broken",
    "botts dots",
    "grass",
    "curb",
    "custom",
    "edge",
]
MarkColor = Literal["standard", "white", "yellow", "blue", "green", "orange", "red", "violet", "black"]


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One line of a mark, or one kind of its dashes."""

    width: float
    t: float = 0.0
    """Of its middle, to the left of the boundary [m]."""
    length: float = 0.0
    """Of a dash [m]; 0 for solid lines."""
    space: float = 0.0
    """Between two dashes [m]."""
    s: float = 0.0
    """Where the first dash begins, behind the mark's start [m]."""
    color: MarkColor | None = None
    """None for the mark's own."""


@dataclass(frozen=True, slots=True)
class RoadMark:
    """Lines painted along a lane's boundary, centred on it."""

    type: MarkType
    width: float = 0.12
    color: MarkColor = "white"
    length: float = 0.0
    """Of a dash [m]; 0 for solid lines."""
    space: float = 0.0
    """Between two dashes [m]."""
    s: float = 0.0
    """Where it begins; it reaches to the next mark of its lane or the end of the lane section [m]."""
    explicit: tuple[MarkLine, ...] = ()
    """What a file says that it consists of; empty: what its type says."""
    repeats: bool = True
    """Whether explicit lines repeat with their length and space; else each is there once."""
    change: Literal["none", "both", "increase", "decrease"] = "both"
    """In which direction of lane ids it may be crossed."""
    material: str = "standard"
    height: float = 0.0
    """Above the road [m]."""

    def lines(self, lane_id: int) -> tuple[MarkLine, ...]:
        """What it consists of on the boundary of this lane; double types name the line on the inner side first."""
        if self.explicit:
            return self.explicit
        if self.type in ("none", "curb", "edge", "grass"):
            return ()
        names = ["broken"] if self.type == "botts dots" else self.type.split()
        inwards = -1.0 if lane_id > 0 else 1.0
        first = inwards * self.width * (len(names) - 1)
        dash = (self.length or 3.0, self.space or 6.0)
        return tuple(
            MarkLine(self.width, first - 2.0 * k * inwards * self.width, *(dash if name == "broken" else (0.0, 0.0)))
            for k, name in enumerate(names)
        )


NO_MARK = RoadMark("none")
