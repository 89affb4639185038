"""What a dataset must hold true, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass

INVARIANTS: dict[int, str] = {
    1: "rotations are rotations",
    2: "time goes forward, at the declared rate, and labels are of their sensor's time",
    3: "sensors are where the ego and their mounts put them",
    4: "tracks are of one size, turn and move continuously, and have one id",
    5: "boxes are as large as the model and stand on the ground",
    6: "2D boxes are tight around the pixels, and visible lies within amodal",
    7: "occlusion and truncation follow from counted pixels",
    8: "depth puts actors into their boxes, and normals face the camera",
    9: "flow follows from the motion of what is seen",
    10: "pixels, views and boxes speak of the same actors",
    11: "every pixel has one class, and the sky is behind everything",
    12: "points lie on what they name, seen from where the lidar was at that time",
    13: "rings and ranges are those of the unit",
    14: "points are counted right, and what is plainly in view has some",
    15: "every point has a label, and the label agrees with the box",
    16: "radar rates are what motion makes them",
    17: "the same scenario and seed give the same bytes",
    18: "the manifest lists every file, with its size and SHA-256",
    19: "writing what was read gives the same files",
    20: "the format's boxes are the simulator's, to a millimetre",
}
"""The rules, by the number under which they are reported."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a file breaks."""

    rule: int
    """Key of `INVARIANTS`."""
    file: str
    """Relative to the dataset."""
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} (rule {self.rule}: {INVARIANTS[self.rule]})"
