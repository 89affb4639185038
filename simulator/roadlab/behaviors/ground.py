"""On what ground actors are: kerbs and ramps under those who walk, slopes and banks under all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.state import State
from roadlab.roads.network import RoadNetwork

Array = NDArray[np.float64]

KERB_STEP = 0.4
"""Over this length somebody who walks climbs a kerb [m]."""
SPACING = 0.04


def levels(network: RoadNetwork, x: Array, y: Array, start: Array) -> Array:
    """(T, N) height [m] of the road's surface under N actors at x, y (T, N) over time, who `start` (N,) at a height.

    Where roads lie over one another everybody stays on the level where it was a tick ago.
    """
    if network.is_flat or not x.size:
        return np.zeros_like(x)
    if not network.locator.has_levels:
        return network.road_height(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    rows, before = [], start
    for here_x, here_y in zip(x, y, strict=True):
        before = network.road_height(np.column_stack([here_x, here_y, before]))
        rows.append(before)
    return np.array(rows)


def climbed(network: RoadNetwork, state: State) -> Array:
    """(N,) height [m] of the road's surface under everybody, who was on `state.level` a tick ago; see `State.level`."""
    if not network.locator.has_levels:
        return state.level
    return network.road_height(np.column_stack([state.x, state.y, state.level]))


def tilts(network: RoadNetwork, x: Array, y: Array, z: Array, yaw: Array) -> tuple[Array, Array]:
    """(T, N) pitch and roll [rad] of what stands on the road's surface at x, y, z and faces `yaw`, all (T, N)."""
    if network.is_flat or not x.size:
        return np.zeros_like(x), np.zeros_like(x)
    attitude = network.attitude(np.column_stack([x.ravel(), y.ravel(), z.ravel()]), yaw.ravel())
    return attitude[:, 1].reshape(x.shape), attitude[:, 2].reshape(x.shape)


def lifts(network: RoadNetwork, x: Array, y: Array, z: Array, yaw: Array, wheelbase: Array) -> tuple[Array, Array]:
    """(T, N) how far speed bumps raise N actors at x, y, z (T, N) [m], and how they pitch them [rad].

    Those with a `wheelbase` (N,) above 0 [m] stand with their rear axle at their place and with the front axle ahead.
    """
    if not network.bumps or not x.size:
        return np.zeros_like(x), np.zeros_like(x)
    ahead = wheelbase * np.stack([np.cos(yaw), np.sin(yaw)])
    rear, front = (
        network.bump_lift(np.column_stack([(x + dx).ravel(), (y + dy).ravel(), z.ravel()])).reshape(x.shape)
        for dx, dy in (np.zeros_like(ahead), ahead)
    )
    return rear, np.where(wheelbase > 0.0, -np.arctan2(front - rear, np.maximum(wheelbase, 1e-9)), 0.0)


def walked_height(network: RoadNetwork, x: Array, y: Array, level: Array | None = None) -> Array:
    """(T,) height [m] under somebody who is at x, y (T,) over time; kerbs are climbed over `KERB_STEP`.

    `level` (T,) is the height of the roads that it is on, where they lie over one another.
    """
    level = np.zeros_like(x) if level is None else level
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    if walked[-1] < 2 * SPACING:
        return np.full(len(x), network.ground_height([[x[0], y[0], level[0]]])[0])
    places = np.linspace(0.0, walked[-1], int(np.ceil(walked[-1] / SPACING)) + 1)
    raw = network.ground_height(np.column_stack([np.interp(places, walked, part) for part in (x, y, level)]))
    reach = round(0.5 * KERB_STEP / SPACING)
    window = np.full(2 * reach + 1, 1.0 / (2 * reach + 1))
    smooth = np.convolve(np.pad(raw, reach, mode="edge"), window, mode="valid")
    height: Array = np.interp(walked, places, smooth)
    return height
