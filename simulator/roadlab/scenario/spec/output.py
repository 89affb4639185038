"""What rendering writes when nobody asks for anything else."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadlab.scenario.quantities import Duration
from roadlab.scenario.spec.base import Spec


class FramesSpec(Spec):
    """Which frames are rendered; `roadlab render --frames` and `--every` replace it."""

    start: Duration = Field(0.0, description="From this time on.")
    end: Duration | None = Field(None, description="Up to this time; by default to the end.")
    every: Annotated[int, Field(ge=1, le=1_000_000)] = Field(1, description="Of these, every n-th.")
    during: str | None = Field(None, description="Only while this event of the story runs, for the first time.")


class OutputSpec(Spec):
    """Which frames are rendered, and into which formats."""

    frames: FramesSpec = FramesSpec()
    formats: Annotated[list[str], Field(min_length=1, max_length=20)] | None = Field(
        None, description="Such as [kitti, nuscenes]; by default kitti. `roadlab render --format` replaces it."
    )
