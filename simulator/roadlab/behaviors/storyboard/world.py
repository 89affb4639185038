"""Actions that actors do not do with pedals, wheels or feet: lights, being there; and those of weather and signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import start_course
from roadlab.behaviors.storyboard.book import AS_PLANNED, BEAMS, INDICATORS, Book, Play, Running
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.places import with_course
from roadlab.log import LAMPS, SIGNAL_STATES
from roadlab.scenario.spec import AppearAction, LightsAction, SignalsAction, WeatherAction, WeatherSpec
from roadlab.weather import Weather, road_friction

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

BLINK_RATE = 1.5
"""Flashes a second; UN Regulation 48 allows 60 to 120 a minute."""


# --- lights -----------------------------------------------------------------------------------------------------------


def begin_lights(play: Play, action: Running) -> tuple[Scene, Any]:
    """Done at once."""
    book = _with_lights(play.scene.book, action.actor, action.spec, play.now)
    return replace(play.scene, book=book), None


def _with_lights(book: Book, actor: int, spec: LightsAction, now: float) -> Book:
    if spec.indicator is not None:
        number = INDICATORS.index(spec.indicator)
        book = book.with_actor(actor, indicator=number, indicator_since=now)
    if spec.beam is not None:
        book = book.with_actor(actor, beam=BEAMS.index(spec.beam))
    return book


def switched(bits: NDArray[np.uint8], book: Book, time: float) -> NDArray[np.uint8]:
    """(N,) lamp bits with what the story has switched on or off; nobody who is not present shines."""
    if not book.indicator.any() and not book.beam.any() and book.present.all():
        return bits
    flash = ((time - book.indicator_since) * BLINK_RATE) % 1.0 < 0.5
    on = {name: (bits >> k & 1).astype(bool) for k, name in enumerate(LAMPS)}
    ordered = book.indicator != INDICATORS.index("auto")
    for side in ("left", "right"):
        wanted = (book.indicator == INDICATORS.index(side)) | (book.indicator == INDICATORS.index("hazard"))
        on[side] = np.where(ordered, wanted & flash, on[side])
    high = book.beam == BEAMS.index("high")
    low_or_high, automatic = high | (book.beam == BEAMS.index("low")), book.beam == BEAMS.index("auto")
    on["head"], on["tail"] = (np.where(automatic, on[name], low_or_high) for name in ("head", "tail"))
    on["high"] = high
    result = np.zeros_like(bits)
    for k, name in enumerate(LAMPS):
        result |= ((on[name] & book.present).astype(np.uint8) << k).astype(np.uint8)
    return result


def lit_from_the_start(book: Book, lights: Sequence[LightsAction | None]) -> Book:
    """The book with the lamps of actors as they are at the start."""
    for actor, spec in enumerate(lights):
        book = book if spec is None else _with_lights(book, actor, spec, 0.0)
    return book


# --- presence ---------------------------------------------------------------------------------------------------------


def begin_appear(play: Play, action: Running) -> tuple[Scene, Any]:
    """In its place, on its course, with its speed; done at once."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: AppearAction = action.spec
    if scene.book.present[actor]:
        raise StoryFaultError("is there already")
    member = stage.cast.members[actor]
    at = spec.at or member.spec.at
    placed = replace(member, spec=member.spec.model_copy(update={"at": at}))
    try:
        course = start_course(placed, stage.lanes)
    except ValueError as error:
        raise StoryFaultError(f"cannot drive from there: {error}") from error
    x, y, yaw = stage.network.pose(at)
    speed = stage.opening_speed[actor] if spec.speed is None else spec.speed
    still = dict.fromkeys(("acceleration", "steer", "sideways", "yaw_rate", "steer_rate", "drive"), 0.0)
    state = scene.state.with_actor(actor, x=x, y=y, yaw=yaw, speed=speed, rest=0.0, **still)
    book = scene.book.with_actor(actor, present=True, place=(x, y))
    touched = scene.touched.copy()
    touched[actor] = False
    scene = with_course(replace(scene, state=state, book=book, touched=touched), actor, course)
    if not member.drives:
        return scene, None
    orders = scene.orders.with_actor(
        actor, keep_left=scene.state.left[actor], shift=0.0, braking=np.nan, brake_to=np.nan, pace=np.nan,
        desired_speed=spec.speed or scene.orders.own_speed[actor],
    )  # fmt: skip
    book = scene.book.with_actor(actor, beside=scene.state.left[actor])
    return replace(scene, orders=orders, book=book), None


def begin_vanish(play: Play, action: Running) -> tuple[Scene, Any]:
    """Done at once; whatever it was doing is over."""
    scene, actor = play.scene, action.actor
    state = scene.state.with_actor(actor, speed=0.0, acceleration=0.0)
    rails = {k: rail for k, rail in scene.book.rails.items() if k != actor}
    book = replace(scene.book.with_actor(actor, present=False), rails=rails)
    return replace(scene, state=state, book=book), None


# --- weather ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """A change of the weather under way."""

    start: float
    """[s]"""
    duration: float
    before: Weather
    after: Weather


def begin_weather(play: Play, action: Running) -> tuple[Scene, Any]:
    """From the weather of this instant."""
    scene = play.scene
    spec: WeatherAction = action.spec
    return scene, Turn(play.now, spec.over, scene.book.weather, _weather_after(scene.book.weather, spec))


def step_weather(play: Play, action: Running) -> tuple[Scene, Any]:
    """Evenly in all values."""
    scene = play.scene
    turn: Turn = action.data
    share = 1.0 if turn.duration <= 0.0 else min(1.0, (play.now - turn.start) / turn.duration)
    values = (a + share * (b - a) for a, b in zip(astuple(turn.before), astuple(turn.after), strict=True))
    weather = turn.after if share >= 1.0 - 1e-9 else Weather(*values)
    scene = replace(scene, book=replace(scene.book, weather=weather))
    return scene, None if weather is turn.after else turn


def _weather_after(now: Weather, spec: WeatherAction) -> Weather:
    """Rain and snow that are new reach the ground; nothing dries or melts within a scenario unless it is said to."""
    stated = spec.model_dump(exclude_none=True, exclude={"over"})
    fallen = WeatherSpec(rain=spec.rain or 0.0, snow=spec.snow or 0.0).decided()
    wetness = stated.get("wetness", max(now.wetness, fallen.wetness))
    cover = stated.get("snow_cover", max(now.snow_cover, fallen.snow_cover))
    changed = (wetness, cover) != (now.wetness, now.snow_cover)
    friction = stated.get("friction", road_friction(wetness, cover) if changed else now.friction)
    return replace(now, **stated | {"wetness": wetness, "snow_cover": cover, "friction": friction})


# --- signals ----------------------------------------------------------------------------------------------------------


def begin_signals(play: Play, action: Running) -> tuple[Scene, Any]:
    """Done at once, unless it is for a time."""
    scene = play.scene
    spec: SignalsAction = action.spec
    signals = scene.book.signals.copy()
    for name, state in spec.show.items():
        cars, people = _heads(play.stage, name)
        signals[cars] = AS_PLANNED if state == "plan" else SIGNAL_STATES.index(state)
        signals[people] = AS_PLANNED if state == "plan" else SIGNAL_STATES.index(_FOR_PEOPLE.get(state, "red"))
    scene = replace(scene, book=replace(scene.book, signals=signals))
    return scene, None if spec.hold is None else play.now + spec.hold


def step_signals(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the time is over."""
    scene = play.scene
    return (scene, action.data) if play.now < action.data - 1e-9 else (back_to_plan(play, action), None)


def back_to_plan(play: Play, action: Running) -> Scene:
    """The heads of an action show their plan again."""
    scene = play.scene
    signals = scene.book.signals.copy()
    for name in action.spec.show:
        for heads in _heads(play.stage, name):
            signals[heads] = AS_PLANNED
    return replace(scene, book=replace(scene.book, signals=signals))


_FOR_PEOPLE = {"off": "off", "amber": "off"}
"""What signals for people show when all of a junction's are told to show this; red where it is not said."""


def _heads(stage: Stage, name: str) -> tuple[list[int], list[int]]:
    """Those for vehicles and those for people of a junction, or the one of this name."""
    heads = stage.setting.heads
    if name in heads:
        return [heads.index(name)], []
    junction = stage.setting.network.junctions[name]
    return [heads.index(head.name) for head in junction.heads], [heads.index(head.name) for head in junction.walk_heads]
