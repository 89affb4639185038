"""What a run writes down on each tick, and the scene log made of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.gait import PEDESTRIAN_JOINTS
from roadlab.actors.joints import Motion, joints
from roadlab.behaviors.ground import levels, lifts, tilts, walked_height
from roadlab.behaviors.people.glances import glances
from roadlab.behaviors.storyboard.book import Book
from roadlab.dynamics.body import Sprung, lean, sprung
from roadlab.dynamics.state import State
from roadlab.fixed_point import rounded
from roadlab.knots import settled
from roadlab.log import QUANTA, Event, SceneLog, joint_strides
from roadlab.randomness import generator
from roadlab.scenario.spec import told
from roadlab.stage import Stage
from roadlab.weather import WEATHER

Array = NDArray[np.float64]

_KEPT = tuple(field.name for field in fields(State))


@dataclass
class Recording:
    """Arrays that fill up tick by tick."""

    stage: Stage
    states: dict[str, Array]
    """(T, N) per field of `State`."""
    lamps: NDArray[np.uint8]
    """(T, N)"""
    signals: NDArray[np.uint8]
    """(T, S)"""
    weather: Array
    """(T, W)"""
    present: NDArray[np.bool_]
    """(T, N)"""
    ticks: int = 0
    """How many are written."""

    @classmethod
    def of(cls, stage: Stage) -> Recording:
        """An empty one."""
        shape = (stage.ticks, len(stage.cast.members))
        return cls(
            stage,
            {name: np.zeros(shape) for name in _KEPT},
            lamps=np.zeros(shape, dtype=np.uint8),
            signals=np.zeros_like(stage.signals),
            weather=np.zeros((stage.ticks, len(WEATHER))),
            present=np.ones(shape, dtype=bool),
        )

    def add(self, tick: int, state: State, lamps: NDArray[np.uint8], signals: NDArray[np.uint8], book: Book) -> None:
        """Write down one tick."""
        for name, rows in self.states.items():
            rows[tick] = getattr(state, name)
        self.lamps[tick], self.signals[tick] = lamps, signals
        self.weather[tick], self.present[tick] = book.weather.row(), book.present
        self.ticks = tick + 1

    def log(self, events: tuple[Event, ...]) -> SceneLog:
        """The scene log of what is written so far."""
        stage, ticks = self.stage, self.ticks
        kept = {name: rows[:ticks] for name, rows in self.states.items()}
        yaw, speed = kept["yaw"], kept["speed"]
        start = np.array([stage.network.height_of(member.spec.at) for member in stage.cast.members])
        level = levels(stage.network, kept["x"], kept["y"], start)
        pitch, roll = tilts(stage.network, kept["x"], kept["y"], level, yaw)
        pitch = _on_their_hitches(stage, level, pitch)
        pitch[:, stage.cast.people], roll[:, stage.cast.people] = 0.0, 0.0  # people stand upright on slopes
        lift, nod = lifts(stage.network, kept["x"], kept["y"], level, yaw, _wheelbases(stage))
        time = np.array([stage.time_of(tick) for tick in range(ticks)], dtype=np.int64)
        height = _heights(stage, kept["x"], kept["y"], level) + lift
        body = _bodies(stage, kept, level + lift)
        courses = {
            "position": np.stack([kept["x"], kept["y"], height + body.heave], axis=-1),
            "attitude": np.stack(
                [yaw, pitch + nod + body.pitch, roll + body.roll + _lean(stage, speed, kept["yaw_rate"])], axis=-1
            ),
            "velocity": _velocity(yaw, speed, kept["sideways"], height + body.heave, stage.step),
            "acceleration": kept["acceleration"],
        }
        return SceneLog(
            scenario=stage.scenario.to_json(),
            scenario_digest=stage.scenario.digest,
            seed=stage.scenario.seed,
            version=version("roadlab"),
            actors=tuple(member.info for member in stage.cast.members),
            signal_names=stage.courses.heads,
            events=tuple(sorted(events, key=lambda event: (event.time, event.kind, event.name))),
            time=time,
            lamps=self.lamps[:ticks].copy(),
            signals=self.signals[:ticks].copy(),
            weather=self.weather[:ticks].copy(),
            present=self.present[:ticks].copy(),
            joints=_joints(stage, time / 1e9, kept, body),
            **{name: rounded(values, QUANTA[name]) for name, values in courses.items()},
        )


def _wheelbases(stage: Stage) -> Array:
    """(N,) [m]; 0 of people on foot and of props."""
    bases = np.zeros(len(stage.cast.members))
    for i in stage.cast.wheeled:
        bases[i] = stage.cast.members[i].vehicle.wheelbase
    return bases


def _on_their_hitches(stage: Stage, level: Array, pitch: Array) -> Array:
    """`pitch` (T, N), with that of trailers, whose front ends lie on the vehicles in front of them."""
    joined, tilted = stage.couplings, pitch.copy()
    if len(joined.tow):
        hitch = level[:, joined.tow] - joined.arm * np.tan(pitch[:, joined.tow])
        tilted[:, joined.trailer] = np.arctan((level[:, joined.trailer] - hitch) / joined.wheelbase)
    return tilted


def _heights(stage: Stage, x: Array, y: Array, level: Array) -> Array:
    """(T, N) [m] on roads whose surface is at `level` (T, N)."""
    height = level.copy()
    for i in stage.cast.people:
        height[:, i] = walked_height(stage.network, x[:, i], y[:, i], level[:, i])
    for i, member in enumerate(stage.cast.members):
        if member.info.kind != "pedestrian" and not member.drives and member.behind is None:
            path = np.column_stack([x[:, i], y[:, i], level[:, i]])
            places, which = np.unique(path, axis=0, return_inverse=True)
            height[:, i] = stage.network.ground_height(places)[which.reshape(-1)]
    return height


def _velocity(yaw: Array, ahead: Array, left: Array, height: Array, step: float) -> Array:
    """(T, N, 3) in the world [m/s]."""
    c, s = np.cos(yaw), np.sin(yaw)
    rise = np.gradient(height, step, axis=0) if len(height) > 1 else np.zeros_like(height)
    return np.stack([c * ahead - s * left, s * ahead + c * left, rise], axis=-1)


def _bodies(stage: Stage, kept: dict[str, Array], level: Array) -> Sprung:
    """How everybody's body lies on its springs; people and props have none."""
    wheeled = stage.cast.wheeled
    models = [stage.cast.members[i].vehicle for i in wheeled]
    arms = np.array([model.rear_arm for model in models])
    turning, aside = kept["yaw_rate"][:, wheeled], kept["sideways"][:, wheeled]
    left = aside + arms * turning
    across = kept["speed"][:, wheeled] * turning + np.diff(left, axis=0, prepend=left[:1]) / stage.step
    body = sprung(models, kept["acceleration"][:, wheeled], across, level[:, wheeled], stage.step)
    everybody = [np.zeros_like(level) for _ in range(3)]
    for values, whole in zip((body.roll, body.pitch, body.heave), everybody, strict=True):
        whole[:, wheeled] = values
    return Sprung(*everybody)


def _lean(stage: Stage, speed: Array, yaw_rate: Array) -> Array:
    """(T, N) roll [rad]: two-wheelers lean into bends."""
    roll = np.zeros_like(speed)
    for i, member in enumerate(stage.cast.members):
        if member.info.kind == "cyclist":
            roll[:, i] = -lean(speed[:, i] * yaw_rate[:, i], member.vehicle.chassis)
    return roll


def _joints(stage: Stage, time: Array, kept: dict[str, Array], body: Sprung) -> Array:
    """(T, J) of all actors side by side, as the log has them."""
    members, quantum = stage.cast.members, QUANTA["joints"]
    ends = np.cumsum([len(member.info.joint_names) for member in members])
    result = np.zeros((len(time), int(ends[-1])))
    for i, member in enumerate(members):
        lie = np.column_stack([body.heave[:, i], body.pitch[:, i], body.roll[:, i]])
        place = np.column_stack([kept["x"][:, i], kept["y"][:, i], kept["yaw"][:, i]])
        motion = Motion(time, kept["speed"][:, i], kept["acceleration"][:, i], kept["steer"][:, i], lie, place)
        start = generator(stage.scenario.seed, "gait", member.info.name).uniform(0.0, 2.0 * np.pi)
        own = joints(member.info.kind, member.info.model, motion, float(start), member.info.gear)
        if stage.crowd.heeding[stage.crowd.who == i].any():
            own[:, PEDESTRIAN_JOINTS.index("head_yaw")] += _looking_round(stage, i, time, kept)
        mine = slice(int(ends[i]) - own.shape[1], int(ends[i]))
        result[:, mine] = settled(rounded(own, quantum), joint_strides([member.info]), quantum)
    return result


def _looking_round(stage: Stage, actor: int, time: Array, kept: dict[str, Array]) -> Array | float:
    """(T,) how far somebody who waits at kerbs turns its head [rad], as long as it keeps to its first course."""
    orders = told(stage.scenario.spec.story, stage.cast.members[actor].info.name)
    if any(order.walk or order.run or order.cross for order in orders):
        return 0.0
    way = stage.crowd.ways.way(stage.courses.each[actor].path)
    return glances(way, time, kept["station"][:, actor], kept["speed"][:, actor])
