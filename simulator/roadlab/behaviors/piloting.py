"""Drivers of one's own at the wheel. One that fails is named in the log, and the built-in driver takes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from roadlab.behaviors.driving import accelerating
from roadlab.behaviors.view import Control, Decide, Sights, view_of
from roadlab.log import Event
from roadlab.timing import Nanoseconds, seconds

if TYPE_CHECKING:
    from roadlab.actors.cast import Cast
    from roadlab.stage import Scene, Stage

LONGEST_THOUGHT = 2.0
"""Who needs longer than this for one decision is relieved [s]. The one place where a clock on the wall counts: what
such a driver would have done cannot be waited for."""


class DriverFaultError(Exception):
    """Why a driver is relieved; the message goes on after its vehicle's name: "its driver ..."."""


def pilots_of(cast: Cast, drivers: Mapping[str, Decide]) -> dict[int, Decide]:
    """Who is driven by what; ValueError for a name that is no driver of the scenario."""
    pilots: dict[int, Decide] = {}
    for i in cast.drivers.tolist():
        drive = cast.members[i].spec.drive
        decide = getattr(drive.driver, "decide", None) if drive is not None else None
        if decide is not None:
            pilots[i] = decide
    for name, decide in drivers.items():
        if name not in cast.index or not cast.members[cast.index[name]].drives:
            known = ", ".join(cast.members[i].info.name for i in cast.drivers.tolist()[:10])
            raise ValueError(f"{name} does not drive in this scenario; {known} do")
        pilots[cast.index[name]] = decide
    return pilots


def with_decisions(
    stage: Stage, scene: Scene, signals: np.ndarray[tuple[int], np.dtype[np.uint8]], time: Nanoseconds
) -> Scene:
    """The scene once every driver of one's own has decided."""
    active = [i for i in stage.pilots if i not in scene.relieved and scene.book.present[i] and not scene.touched[i]]
    if not active:
        return replace(scene, controls={}) if scene.controls else scene
    usual = accelerating(stage.drivers, scene.intent, scene.state, scene.orders, stage.step)
    row = {i: k for k, i in enumerate(stage.drivers.who.tolist())}
    infos = tuple(member.info for member in stage.cast.members)
    sights = Sights(scene.courses, stage.shapes, scene.state, infos, scene.book.present, signals, seconds(time))
    controls: dict[int, Control] = {}
    events, relieved = list(scene.events), scene.relieved
    for i in active:
        try:
            controls[i] = answer(stage.pilots[i], sights, i, Control(float(usual[row[i]])))
        except DriverFaultError as fault:
            relieved = (*relieved, i)
            name = infos[i].name
            events.append(Event(time, "fault", f"{name}: {fault}; the built-in driver takes over", (name,)))
    return replace(scene, controls=controls, relieved=relieved, events=tuple(events))


def answer(decide: Decide, sights: Sights, actor: int, usual: Control) -> Control:
    """What a driver answers; DriverFaultError when that is of no use."""
    view = view_of(sights, actor, usual)
    begin = perf_counter()
    try:
        control = decide(view)
    except Exception as error:
        raise DriverFaultError(f"its driver raised {type(error).__name__}: {error}") from error
    took = perf_counter() - begin
    if took > LONGEST_THOUGHT:
        raise DriverFaultError(f"its driver took {took:.1f} s for a decision, longer than {LONGEST_THOUGHT:g} s")
    if not isinstance(control, Control):
        raise DriverFaultError(f"its driver answered {type(control).__name__}, not Control")
    try:
        numbers = [float(control.acceleration), 0.0 if control.steer is None else float(control.steer)]
    except (TypeError, ValueError) as error:
        raise DriverFaultError(f"its driver answered {control}, which are no numbers") from error
    if not np.isfinite(numbers).all():
        raise DriverFaultError(
            f"its driver answered an acceleration of {numbers[0]} m/s2 and a steering angle of {numbers[1]} rad"
        )
    return control
