"""Places relative to actors while the story is told: where they are at this instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.snapshot import Setting
from roadlab.dynamics.state import State
from roadlab.scenario.relative import Body, NowhereError, Standing, other_of, relative_position
from roadlab.scenario.spec import Position
from roadlab.scenario.spec.positions import PLACES, RelativePlace, with_places

if TYPE_CHECKING:
    from roadlab.behaviors.storyboard.book import Running
    from roadlab.behaviors.storyboard.snapshot import Snapshot
    from roadlab.stage import Scene, Stage


def settled(stage: Stage, scene: Scene, action: Running) -> Any:
    """What an action has to do, its places relative to others where they are now; StoryFaultError when one is none."""

    def position(_: object, place: RelativePlace) -> Position:
        name, _key = other_of(place)
        if not scene.book.present[stage.cast.index[name]]:
            raise StoryFaultError(f"needs {name}, who is not there")
        try:
            return _position(stage.setting, scene.state, place, action.actor)
        except (NowhereError, ValueError) as error:
            raise StoryFaultError(f"finds no such place: {error}") from error

    return with_places(action.spec, position)


def place_now(now: Snapshot, place: Any, actor: int) -> tuple[float, float] | None:
    """World x and y [m] of a place for an actor, wherever others are now; None when there is no such place."""
    if type(place) not in PLACES.values():
        x, y, _ = now.setting.network.pose(place)
        return x, y
    if not now.there(other_of(place)[0]):
        return None
    try:
        x, y, _ = now.setting.network.pose(_position(now.setting, now, place, actor))
    except (NowhereError, ValueError):
        return None
    return x, y


def _position(setting: Setting, now: State | Snapshot, place: RelativePlace, actor: int) -> Position:
    name, _ = other_of(place)
    other = setting.index[name]
    pose = (float(now.x[other]), float(now.y[other]), float(now.yaw[other]))
    at = relative_position(setting.network, place, Standing(name, _body(setting, other), pose), _body(setting, actor))
    wrong = setting.network.problems_of(at)
    if wrong:
        raise NowhereError(wrong[0][1])
    return at


def _body(setting: Setting, actor: int) -> Body:
    length, width = np.asarray(setting.size[actor], dtype=np.float64).tolist()
    return Body(length, width, float(setting.middle[actor]))
