"""Values that are left open in a file and decided for each sample."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from roadlab.scenario.spec.base import Spec

Scalar = bool | int | float | str
"""A value as written: with its unit, if it has one."""


class DistributionSpec(Spec):
    """A value that chance decides: exactly one of uniform, normal, lognormal, integer and choice."""

    uniform: Annotated[list[Scalar], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Between two bounds, such as [25 km/h, 45 km/h]."
    )
    normal: Annotated[list[Scalar], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Mean and standard deviation, such as [2.6 m/s, 0.4 m/s]; cut off with within."
    )
    lognormal: Annotated[list[Scalar], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Median, and standard deviation of the logarithm, such as [1.5 s, 0.3]."
    )
    integer: Annotated[list[Scalar], Field(min_length=2, max_length=2)] | None = Field(
        None, description="A whole number between two, both included, such as [1, 6]."
    )
    choice: list[Scalar] | dict[str, float] | None = Field(
        None, description="One of a list, or values with their weights, such as {dry: 0.7, wet: 0.3}."
    )
    within: Annotated[list[Scalar], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Bounds of normal and lognormal: values beyond them are not drawn."
    )
    levels: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="How many values the designs grid, pairwise and threewise take; 5 by default."
    )


Parameter = Scalar | list[Scalar] | DistributionSpec


class FragmentSpec(Spec):
    """A piece of the file, to be used in several places: `use: {name: {argument: value}}`."""

    arguments: dict[str, Scalar | None] = Field({}, description="With their defaults; ~ for those that must be given.")
    body: Any = Field(description="What stands in its place; ${argument} in it is the argument's value.")
