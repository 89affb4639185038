"""Functions of `require` and `expect` that look at actors: `distance(ego, child) > 25 m`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.expressions import Expression, ExpressionError, Measure, Scope, Value
from roadlab.scenario.expressions.evaluate import Function, number
from roadlab.scenario.quantities import Dimensions
from roadlab.scenario.tracks import Scene, Track, distance, gap, time_headway, time_to_collision, visible
from roadlab.scenario.wording import did_you_mean

METRE: Dimensions = (("m", 1),)
SECOND: Dimensions = (("s", 1),)
SPEED: Dimensions = (("m", 1), ("s", -1))
ACCELERATION: Dimensions = (("m", 1), ("s", -2))

ABOUT_EVENTS = ("started", "time_of")
"""Functions that take the name of an event, and not of an actor."""

Of = Callable[..., NDArray[Any]]


def scene_functions(scene: Scene) -> dict[str, Function]:
    """The functions by name, for the actors of a scene."""
    return {
        "distance": _of_two(scene, distance, METRE),
        "gap": _of_two(scene, gap, METRE),
        "time_to_collision": _of_two(scene, time_to_collision, SECOND),
        "time_headway": _of_two(scene, time_headway, SECOND),
        "speed": _of_one(scene, lambda track: track.speed, SPEED),
        "acceleration": _of_one(scene, lambda track: track.acceleration, ACCELERATION),
        "x": _of_one(scene, lambda track: track.origin[:, 0], METRE),
        "y": _of_one(scene, lambda track: track.origin[:, 1], METRE),
        "visible": _visible(scene),
    }


ABOUT: Mapping[str, str] = {
    "distance(a, b)": "between the reference points of two actors (rear axle; the middle of people)",
    "gap(a, b)": "free space between their outlines on the ground; 0 when they touch",
    "time_to_collision(a, b)": "until their outlines touch if both keep their velocity; infinite if they never do",
    "time_headway(a, b)": "of a to b in its path: free space ahead of a over a's speed; infinite beside and behind",
    "speed(a)": "of an actor",
    "acceleration(a)": "along its heading; negative when it brakes",
    "x(a), y(a)": "world coordinates of its reference point",
    "visible(a, from=b)": "share of a's outline that no other actor hides from b, 0 to 1",
}
"""For the language reference."""


def actor_name(node: Expression, scope: Scope, scene: Scene) -> str:
    """The actor that an argument names: `ego`, `parked[3]`, or a text; ExpressionError when there is no such actor."""
    if node.kind == "item":
        index = number(node.parts[0], scope)
        if index.dimensions or not float(index.scalar).is_integer():
            raise ExpressionError(f"expected a whole number, found {index.shown()}", node.parts[0].at)
        name = f"{node.value}[{int(index.scalar)}]"
    elif node.kind in ("name", "text"):
        name = str(node.value)
    else:
        raise ExpressionError("expected the name of an actor", node.at)
    if scene.knows(name):
        return name
    known = scene.names()
    row = [other for other in known if other.startswith(f"{name}[")]
    if row:
        raise ExpressionError(f"{name} is a row of {len(row)}", node.at, f"name one of them, such as {name}[0]")
    raise ExpressionError(f"unknown actor {name!r}", node.at, did_you_mean(name, known))


def value_of(numbers: NDArray[Any], dimensions: Dimensions) -> Measure:
    """A plain number at the start, a course over time for a run."""
    return Measure(float(numbers[0]) if len(numbers) == 1 else numbers, dimensions)


def _of_one(scene: Scene, compute: Of, dimensions: Dimensions) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        (track,) = _tracks(scene, scope, call, 1)
        return value_of(compute(track), dimensions)

    return function


def _of_two(scene: Scene, compute: Of, dimensions: Dimensions) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        a, b = _tracks(scene, scope, call, 2)
        return value_of(compute(a, b), dimensions)

    return function


def _tracks(scene: Scene, scope: Scope, call: Expression, count: int) -> list[Track]:
    if len(call.parts) != count or any(call.labels):
        who = "one actor" if count == 1 else "two actors"
        raise ExpressionError(f"{call.value} takes {who}", call.at)
    names = [actor_name(part, scope, scene) for part in call.parts]
    if len(set(names)) < count:
        raise ExpressionError(f"{call.value} takes two different actors", call.at)
    return [scene.track(name) for name in names]


def _visible(scene: Scene) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        if len(call.parts) != 2 or call.labels not in (("", "from"), ("", "")):
            raise ExpressionError("expected visible(actor, from=other)", call.at)
        names = [actor_name(part, scope, scene) for part in call.parts]
        others = [scene.track(name) for name in scene.names() if name not in names]
        with np.errstate(all="ignore"):
            return value_of(visible(scene.track(names[0]), scene.track(names[1]), others), ())

    return function


def _reduced(compute: Callable[[Any], Any]) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        if len(call.parts) != 1:
            raise ExpressionError(f"{call.value} takes one value over time", call.at)
        value = number(call.parts[0], scope)
        return Measure(float(compute(np.atleast_1d(value.number))), value.dimensions)

    return function


REDUCTIONS: Mapping[str, Function] = {
    "first": _reduced(lambda values: values[0]),
    "last": _reduced(lambda values: values[-1]),
    "mean": _reduced(np.mean),
}
"""Functions that make one value of one over time; `min` and `max` do so too."""
