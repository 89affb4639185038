"""Roads of an author that lie on one another, where neither a junction nor a bridge is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.authored.drafting import Draft, arms_among
from roadlab.roads.authored.road_problems import Path, Problem
from roadlab.roads.junction import Arm
from roadlab.roads.lanes import ROAD_LEVEL
from roadlab.roads.levels import SharedGround, shared_ground
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec, MapSpec

LARGEST_OVERLAP = 0.5
"""Of two carriageways at one height [m²]."""
LOWEST_BRIDGE = 3.0
"""Roads whose heights differ by more lie over one another [m]."""
_STEP = 1.0
"""Between the places at which roads are looked for in junctions [m]."""
_NEAR = 20.0
"""Common ground so close together is one crossing [m]."""
_RIM = 0.5
"""Within this of a junction's edge roads may lie [m]."""


def overlap_problems(draft: Draft, spec: MapSpec) -> Iterator[Problem]:
    """Roads that run over themselves or, beyond grazing where they meet, over an earlier one at the same height."""
    at = {name: draft.written.get(name, ("roads", name)) for name in draft.roads}
    roads = list(draft.roads.values())
    if not roads:
        return
    found = shared_ground(roads)
    bad = np.abs(found.rise) <= LOWEST_BRIDGE
    for earlier, later in np.unique(found.road[bad], axis=0):
        here = np.flatnonzero(bad & (found.road[:, 0] == earlier) & (found.road[:, 1] == later))
        if found.area[here].sum() > LARGEST_OVERLAP:
            one, other = roads[later], roads[earlier]
            inner = _path_key(one, spec) if one is other and one.name not in draft.written else ()
            yield (*at[one.name], *inner), _message(one, other, found, here)
    yield from _across_junctions(draft, at)


def _path_key(road: Road, spec: MapSpec) -> Path:
    return ("path",) if spec.roads[road.name].points is None else ("points",)


def _message(one: Road, other: Road, found: SharedGround, here: NDArray[np.intp]) -> str:
    worst = here[np.argmax(found.area[here])]
    near = here[np.hypot(*(found.place[here] - found.place[worst]).T) < _NEAR]
    x, y = np.average(found.place[near], axis=0, weights=found.area[near])
    apart = abs(float(found.rise[worst]))
    what = "itself" if one is other else other.name
    rule = f"bridges need more than {LOWEST_BRIDGE:g} m"
    if apart < 0.05:
        rule = "a loop needs a bridge" if one is other else "roads meet in junctions only"
    heights = f", {apart:.1f} m above or below it" if apart >= 0.05 else ""
    return f"{one.name} runs over {what} near x = {x:.0f} m, y = {y:.0f} m{heights}; {rule}"


def _across_junctions(draft: Draft, at: dict[str, Path]) -> Iterator[Problem]:
    """Roads that lead through a junction that they are no arm of."""
    outlines = {name: _outline(junction, draft) for name, junction in draft.junctions.items()}
    known = {name: outline for name, outline in outlines.items() if outline is not None}
    areas = np.array([area for area, _ in known.values()], dtype=object)
    for road in draft.roads.values():
        s = np.arange(0.0, road.length, _STEP)
        right, left = road.edges_of(s, ROAD_LEVEL)
        x, y, _ = road.point(s[:, None], np.column_stack([right + _RIM, 0.5 * (right + left), left - _RIM]))
        point, junction = shapely.STRtree(areas).query(shapely.points(x.ravel(), y.ravel()), predicate="within")
        for number in np.unique(junction):
            name, (_, arms) = list(known.items())[number]
            mine = s[np.unique(point[junction == number] // 3)]
            level = np.mean([float(arm.road.height(arm.s(0.0))) for arm in arms])
            low = mine[np.abs(road.height(mine) - level) <= LOWEST_BRIDGE]
            if len(low) and road.name not in {arm.road.name for arm in arms}:
                yield (
                    at[road.name],
                    f"{road.name} leads through {name} at s = {low[0]:.0f} m and is not connected there",
                )


def _outline(junction: JunctionSpec, draft: Draft) -> tuple[shapely.Geometry, list[Arm]] | None:
    """What lies between the ends of a junction's roads, a little smaller; nothing where one of them has problems."""
    try:
        arms = arms_among(junction, draft.roads)
    except KeyError:
        return None
    ends = [arm.inbound(t)[:2] for arm in arms for t in arm.carriageway]
    area = shapely.MultiPoint(ends).convex_hull.buffer(-_RIM)
    return None if area.is_empty else (area, arms)
