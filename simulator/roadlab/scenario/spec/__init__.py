"""The scenario language: one class per thing an author can write, its fields are the YAML keys.

All values are SI (metres, seconds, radians). Descriptions are what `roadlab schema` shows in editors.
"""

from roadlab.scenario.spec.actors import ActorSpec, DriverSpec, DriveSpec, DynamicsSpec, RepeatSpec, WalkSpec, actor_named
from roadlab.scenario.spec.base import OneOf, Spec
from roadlab.scenario.spec.environment import EnvironmentSpec, PlaceSpec, WeatherSpec
from roadlab.scenario.spec.file import RigSpec, ScenarioSpec
from roadlab.scenario.spec.positions import (
    POSITIONS,
    LanePosition,
    Position,
    RoadPosition,
    WorldPosition,
    position_kind,
)
from roadlab.scenario.spec.roads import (
    ArcPiece,
    ClothoidPiece,
    CrosswalkSpec,
    JunctionSpec,
    MapSpec,
    PathPiece,
    Pose2,
    RoadSpec,
    SignalPlanSpec,
    SurroundingsSpec,
)
from roadlab.scenario.spec.sensors import MountSpec, SensorSpec
from roadlab.scenario.spec.story import (
    ActionSpec,
    BrakeAction,
    ChangeLaneAction,
    EventCondition,
    EventSpec,
    PairCondition,
    SpeedAction,
    SpeedCondition,
    TimeCondition,
    TimeToReachCondition,
    WalkAction,
    WhenSpec,
)

__all__ = [
    "POSITIONS",
    "ActionSpec",
    "ActorSpec",
    "ArcPiece",
    "BrakeAction",
    "ChangeLaneAction",
    "ClothoidPiece",
    "CrosswalkSpec",
    "DriveSpec",
    "DriverSpec",
    "DynamicsSpec",
    "EnvironmentSpec",
    "EventCondition",
    "EventSpec",
    "JunctionSpec",
    "LanePosition",
    "MapSpec",
    "MountSpec",
    "OneOf",
    "PairCondition",
    "PathPiece",
    "PlaceSpec",
    "Pose2",
    "Position",
    "RepeatSpec",
    "RigSpec",
    "RoadPosition",
    "RoadSpec",
    "ScenarioSpec",
    "SensorSpec",
    "SignalPlanSpec",
    "Spec",
    "SpeedAction",
    "SpeedCondition",
    "SurroundingsSpec",
    "TimeCondition",
    "TimeToReachCondition",
    "WalkAction",
    "WalkSpec",
    "WeatherSpec",
    "WhenSpec",
    "WorldPosition",
    "actor_named",
    "position_kind",
]
