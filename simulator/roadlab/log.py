"""The scene log: who was where, when, in which posture. The single source of truth, on disk as on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.actors.gear import Gear
from roadlab.actors.loads import LoadKind
from roadlab.timing import Nanoseconds, seconds
from roadlab.weather import Weather

Kind = Literal["vehicle", "cyclist", "pedestrian", "prop"]
EventKind = Literal["story", "story_end", "story_stop", "story_skip", "fault", "contact", "route_end"]

LAMPS = ("head", "tail", "brake", "left", "right", "reverse", "high")
"""Lamp groups of a vehicle; bit k of `SceneLog.lamps` is `LAMPS[k]`."""

_MOTION = ("time", "position", "attitude", "velocity", "acceleration")
ARRAYS = (*_MOTION, "lamps", "joints", "signals", "weather", "present")
"""Fields of `SceneLog` that are arrays with one row a tick."""

QUANTA = {
    "position": 2.0**-24,
    "attitude": 2.0**-24,
    "velocity": 2.0**-16,
    "acceleration": 2.0**-12,
    "joints": 2.0**-11,
}
"""What the engine writes is a whole multiple of these, in the units of the fields: 60 nm, 60 nrad, 15 um/s,
0.2 mm/s² and 0.5 mm or mrad. That makes logs small, and is finer than any sensor: the second differences of places at
ticks of 10 ms, which an inertial sensor feels, are right to 1 mm/s², and a foot is where it should be to 1 mm."""

STRIDES = {
    **dict.fromkeys(("pelvis_height", "pelvis_sway", "pelvis_yaw", "pelvis_list", "torso_lean", "torso_yaw"), 8),
    **dict.fromkeys(("head_pitch", "head_yaw"), 8),
    **{f"{joint}_{side}": 8 for joint in ("shoulder", "shoulder_abduction", "elbow", "hip_abduction") for side in "lr"},
    **{f"{joint}_{side}": 2 for joint in ("hip", "knee", "ankle", "toe") for side in "lr"},
}
"""Joints of which the engine decides so many ticks at once: the others lie on curves, see `roadlab.knots`. Trunk and
arms swing gently, legs less so; all else is decided on every tick."""

SIGNAL_STATES = ("off", "red", "red_amber", "green", "amber")
"""What a signal head can show; `SceneLog.signals` holds indices into this."""


@dataclass(frozen=True, slots=True)
class ActorInfo:
    """What does not change about an actor."""

    name: str
    instance: int
    """1, 2, ...: the one id of this actor in every modality, label and frame."""
    kind: Kind
    category: Category
    model: str
    """Key into the catalog."""
    size: tuple[float, float, float]
    """Bounding box (length, width, height) [m]."""
    box_center: tuple[float, float, float]
    """Centre of the bounding box in the actor's frame [m]."""
    joint_names: tuple[str, ...]
    """Names of this actor's columns in `SceneLog.joints`."""
    paint: str | None = None
    is_ego: bool = False
    parked: bool = False
    gear: Gear = ""
    """What somebody on foot holds, pushes or sits in."""
    bag: str = ""
    """Which bag somebody on foot has, `none` included; empty where the looks decide."""
    look: str = ""
    """Which of the scenario's own models it looks like; empty for the model's own look."""
    pulled_by: str | None = None
    """Of a trailer: name of the actor that it is hitched to."""
    load: LoadKind | None = None
    """What lies on its bed."""
    load_mass: float = 0.0
    """[kg]"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    `story`, `story_end`, `story_stop` and `story_skip`: an event of the story starts, ends by itself, is stopped, or is
    skipped; `fault`: something that could not be done, and the name says what and why.
    """

    time: Nanoseconds
    kind: EventKind
    name: str
    actors: tuple[str, ...]
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class States:
    """The actors at M instants, in the order of `SceneLog.actors`."""

    position: NDArray[np.float64]
    """(M, N, 3) [m], origin of the actor's frame in the world."""
    attitude: NDArray[np.float64]
    """(M, N, 3) [rad]: yaw, pitch (positive looks down), roll (positive leans right); yaw is unwrapped."""
    joints: tuple[NDArray[np.float64], ...]
    """For each actor (M, number of its joints)."""


def joint_strides(actors: Sequence[ActorInfo]) -> list[int]:
    """Of the columns of `SceneLog.joints`; see `STRIDES`."""
    return [STRIDES.get(name, 1) for actor in actors for name in actor.joint_names]


@dataclass(frozen=True)
class SceneLog:
    """T ticks of N actors, S signal heads; read-only arrays."""

    scenario: str
    """The decided scenario as JSON, enough to build the same world again."""
    scenario_digest: str
    seed: int
    version: str
    actors: tuple[ActorInfo, ...]
    signal_names: tuple[str, ...]
    events: tuple[Event, ...]
    time: NDArray[np.int64]
    """(T,) [ns], strictly increasing."""
    position: NDArray[np.float64]
    """(T, N, 3) [m]."""
    attitude: NDArray[np.float64]
    """(T, N, 3) [rad] yaw, pitch, roll; see `States`."""
    velocity: NDArray[np.float64]
    """(T, N, 3) [m/s], world frame."""
    acceleration: NDArray[np.float64]
    """(T, N) [m/s²], along the actor's heading."""
    lamps: NDArray[np.uint8]
    """(T, N) bits of `LAMPS`."""
    joints: NDArray[np.float64]
    """(T, J) joint values of all actors side by side, in the order of `actors` and their `joint_names`."""
    signals: NDArray[np.uint8]
    """(T, S) indices into `SIGNAL_STATES`."""
    weather: NDArray[np.float64]
    """(T, W) values of `roadlab.weather.WEATHER`."""
    present: NDArray[np.bool_]
    """(T, N) who is there; the others are where they were last, or will be first, and nobody sees them."""

    def __post_init__(self) -> None:
        for name in ARRAYS:
            getattr(self, name).setflags(write=False)

    @property
    def ego(self) -> int:
        """Index of the ego in `actors`."""
        return next(i for i, actor in enumerate(self.actors) if actor.is_ego)

    @property
    def duration(self) -> float:
        """From the first to the last tick [s]."""
        return seconds(int(self.time[-1] - self.time[0]))

    def index(self, name: str) -> int:
        """Index of the actor with this name; KeyError when there is none."""
        for i, actor in enumerate(self.actors):
            if actor.name == name:
                return i
        raise KeyError(name)

    def whole(self, name: str) -> str:
        """Name of the actor that this one belongs to: who pulls it, or itself."""
        return self.actors[self.index(name)].pulled_by or name

    def tick_at(self, time: Nanoseconds) -> int:
        """The last tick that is not after `time`; what a lamp or a signal shows at that instant."""
        return int(np.clip(np.searchsorted(self.time, time, side="right") - 1, 0, len(self.time) - 1))

    def present_at(self, times: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(M, N) who is there on the last tick that is not after each of `times` (M,) [ns]."""
        ticks = np.clip(np.searchsorted(self.time, times, side="right") - 1, 0, len(self.time) - 1)
        there: NDArray[np.bool_] = self.present[ticks]
        return there

    def weather_at(self, time: Nanoseconds) -> Weather:
        """The weather on the last tick that is not after `time`."""
        return Weather(*self.weather[self.tick_at(time)].tolist())

    def states_at(self, times: NDArray[np.int64]) -> States:
        """The actors at `times` (M,) [ns], linear between ticks; ValueError outside the log."""
        times = np.atleast_1d(np.asarray(times, dtype=np.int64))
        if len(times) and (times.min() < self.time[0] or times.max() > self.time[-1]):
            raise ValueError(f"times must lie within the log, {self.time[0]} to {self.time[-1]} ns")
        before = np.clip(np.searchsorted(self.time, times, side="right") - 1, 0, max(len(self.time) - 2, 0))
        after = np.minimum(before + 1, len(self.time) - 1)
        span = np.maximum(self.time[after] - self.time[before], 1)
        weight = (times - self.time[before]) / span

        def between(values: NDArray[np.float64]) -> NDArray[np.float64]:
            w = weight.reshape(-1, *[1] * (values.ndim - 1))
            mixed: NDArray[np.float64] = values[before] + w * (values[after] - values[before])
            return mixed

        joints = between(self.joints)
        ends = np.cumsum([len(actor.joint_names) for actor in self.actors])
        return States(between(self.position), between(self.attitude), tuple(np.split(joints, ends[:-1], axis=1)))
