"""How much room actors take before a cast is made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from roadlab.actors.cast import Cast, Member, cast
from roadlab.dynamics.footprint import corners
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.relative import Body, NowhereError
from roadlab.scenario.spec import ActorSpec, Position, ScenarioSpec, WorldPosition


def alone(entry: str, actor: ActorSpec) -> Cast:
    """The cast of a scenario with nobody else; KeyError for an unknown model."""
    nobody_else: dict[str, Any] = {"actors": {entry: actor}, "story": []}
    return cast(ScenarioSpec.model_construct(**nobody_else))


def members_of(entry: str, actor: ActorSpec) -> Sequence[Member]:
    """All actors of an entry; NowhereError without words for one that is wrong."""
    try:
        return alone(entry, actor).members
    except (KeyError, ValueError) as error:
        raise NowhereError("") from error


def by_itself(entry: str, actor: ActorSpec) -> Member:
    """The first actor of an entry, wherever it stands: for its size."""
    here = actor.model_copy(update={"at": WorldPosition(x=0.0, y=0.0), "repeat": None})
    try:
        return alone(entry, here).members[0]
    except KeyError as error:
        raise NowhereError("") from error


def middle(member: Member) -> float:
    """From the reference point forward to the middle [m]."""
    return 0.0 if member.info.kind == "pedestrian" else member.info.box_center[0]


def footprint(member: Member) -> tuple[float, float]:
    """Length and width [m]."""
    length, width, _ = member.info.size
    return length, width


def body(member: Member) -> Body:
    """The same with where its middle is."""
    return Body(*footprint(member), middle(member))


def outline(member: Member, at: Position, network: RoadNetwork, clear: float = 0.0) -> shapely.Polygon:
    """On the ground at a position, with so much free space around it [m]."""
    x, y, yaw = network.pose(at)
    center = np.array([x, y]) + middle(member) * np.array([math.cos(yaw), math.sin(yaw)])
    size = np.array(footprint(member)) + 2.0 * clear
    return shapely.Polygon(corners(center, np.array(yaw), size))
