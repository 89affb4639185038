"""Actors and signals from above."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.palette import EGO_COLOR, Color, class_color
from roadlab_tools.viewer.courses import Courses
from roadlab_tools.viewer.model import Scene, ShownActor, ShownSignal
from roadlab_tools.viewer.strokes import SHIFT, Image, convex, curve, disc, dotted, fixed, outlined, polygon
from roadlab_tools.viewer.view import View

Point = NDArray[np.float64]

SIGNAL_COLORS: dict[str, Color] = {
    "off": (90, 90, 90),
    "red": (255, 70, 50),
    "red_amber": (255, 130, 30),
    "green": (40, 225, 160),
    "amber": (255, 200, 40),
}
OUTLINE: Color = (14, 16, 20)
CHOSEN: Color = (255, 235, 120)
_BRAKE: Color = (255, 60, 40)
_INDICATOR: Color = (255, 176, 0)
_NEAR = 3.0
"""From this scale on [pixel/m] actors are more than oblongs."""
_LEVELS = 12
"""In so many steps a trail fades."""
_SHOWN_LAMPS = frozenset({"brake", "reverse", "left", "right"})


def _both(half: Sequence[tuple[float, float]]) -> Point:
    """A shape from its left half, in shares of half the length and half the width."""
    left = np.array(half)
    return np.concatenate([left, left[::-1] * (1, -1)])


_CAR = (
    _both([(1.0, 0.62), (0.86, 0.94), (0.6, 1.0), (-0.84, 1.0), (-1.0, 0.84)]),
    np.array([(0.52, 0.78), (0.52, -0.78), (0.20, -0.88), (0.20, 0.88)]),
    np.array([(-0.62, 0.82), (-0.62, -0.82), (-0.8, -0.72), (-0.8, 0.72)]),
)
"""Body, windscreen and rear window."""
_LORRY = (
    _both([(1.0, 0.9), (0.97, 1.0), (-1.0, 1.0)]),
    np.array([(0.92, 0.78), (0.92, -0.78), (0.74, -0.88), (0.74, 0.88)]),
)
"""Body and windscreen, of vans too."""


def actor_color(actor: ShownActor) -> Color:
    """White for the ego, else by what it is."""
    return EGO_COLOR if actor.is_ego else class_color(actor.category)


def draw_actors(image: Image, view: View, actors: Sequence[ShownActor]) -> None:
    """Their shapes with lamps, and arrows to where they will be in a second; people on top."""
    if not actors:
        return
    footprints = view.pixels(np.array([actor.footprint for actor in actors]))
    for actor, corners in zip(actors, footprints, strict=True):
        if actor.kind == "prop":
            _prop(image, view, actor, corners)
        elif actor.kind == "vehicle":
            _vehicle(image, view, actor, corners)
    for actor, corners in zip(actors, footprints, strict=True):
        if actor.kind == "cyclist":
            _cyclist(image, view, actor, corners)
        elif actor.kind == "pedestrian":
            _pedestrian(image, view, actor, corners)
    _velocities(image, view, [actor for actor in actors if actor.speed > 0.3])


def draw_choice(image: Image, view: View, actor: ShownActor) -> None:
    """A frame around the chosen actor, and its outline where it is not there."""
    pixels = view.pixels(actor.footprint)
    middle = pixels.mean(axis=0)
    grown = middle + (pixels - middle) * (1.0 + 8.0 / np.maximum(np.hypot(*(pixels - middle).T), 6.0))[:, None]
    outlined(image, grown, CHOSEN, 2)


def draw_trails(image: Image, view: View, scene: Scene, actors: Sequence[ShownActor], time: float) -> None:
    """Where they have been; fades into the past."""
    near = view.scale > _NEAR
    ticks = scene.trail_ticks(time, 24 if near else 8)
    if len(ticks) < 2 or not actors:
        return
    indices = [actor.index for actor in actors]
    courses = scene.log.position[ticks][:, indices, :2].transpose(1, 0, 2)
    places = fixed(np.ascontiguousarray(view.pixels(courses)))
    there = scene.log.present[ticks][:, indices].T
    bounds = np.unique(np.linspace(0, len(ticks) - 1, _LEVELS + 1).astype(int)).tolist()
    by_color: dict[Color, list[int]] = {}
    for k, actor in enumerate(actors):
        by_color.setdefault(actor_color(actor), []).append(k)
    for level, (first, last) in enumerate(pairwise(bounds)):
        whole = np.asarray(there[:, first : last + 1].all(axis=1)).tolist()
        for color, group in by_color.items():
            lines = [places[k, first : last + 1] for k in group if whole[k]]
            shade = _mixed(color, 0.15 + 0.5 * (level + 1) / _LEVELS)
            cv2.polylines(image, lines, False, shade, 3 if near else 1, cv2.LINE_AA, SHIFT)


def _mixed(color: Color, share: float) -> Color:
    """A colour on the asphalt's."""
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in zip(color, (62, 66, 72), strict=True))
    return red, green, blue


def draw_course(image: Image, view: View, courses: Courses, actor: ShownActor, time: float) -> None:
    """Dots along the way before it."""
    points = courses.ahead(actor.index, time)
    if points is not None and len(points) > 1:
        dotted(image, view.pixels(points), _shaded(actor_color(actor), 0.75), 1.8, 12.0)


def draw_signals(image: Image, view: View, signals: Sequence[ShownSignal]) -> None:
    """What they show by colour and by form: red is square, amber a triangle, green round; and where they look."""
    if not signals:
        return
    centers = view.pixels([(signal.x, signal.y) for signal in signals])
    inside = ((centers > -20.0) & (centers < np.array(view.size) + 20.0)).all(axis=1)
    for k in np.flatnonzero(inside).tolist():
        _signal(image, view, signals[k], centers[k])


def _signal(image: Image, view: View, signal: ShownSignal, center: Point) -> None:
    color = SIGNAL_COLORS[signal.state]
    least = (2.5 if signal.on_foot else 4.0) if view.scale > _NEAR else 2.0
    radius = max((0.4 if signal.on_foot else 0.7) * view.scale, least)
    if view.scale > _NEAR:
        curve(image, [center, center + 2.2 * radius * view.direction(signal.heading)], color, 2)
    elif signal.on_foot:
        return  # from so far they would hide those for cars
    if signal.state in ("red", "red_amber"):
        for size, shade in ((radius + 1.5, OUTLINE), (radius, color)):
            convex(image, center + size * _SQUARE, shade)
    if signal.state in ("amber", "red_amber"):
        size = radius * (0.8 if signal.state == "red_amber" else 1.3)
        for grown, shade in ((size + 2.0, OUTLINE), (size, SIGNAL_COLORS["amber"])):
            convex(image, center + grown * _TRIANGLE, shade)
    if signal.state in ("green", "off"):
        disc(image, center, radius, color, OUTLINE)


_SQUARE = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
_TRIANGLE = np.array([(0, -1.0), (0.95, 0.7), (-0.95, 0.7)])


def _vehicle(image: Image, view: View, actor: ShownActor, corners: Point) -> None:
    color = actor_color(actor)
    if view.scale < _NEAR:
        convex(image, corners, color, OUTLINE)
        return
    middle = corners.mean(axis=0)
    frame = np.array([(corners[0] + corners[1]) / 2 - middle, (corners[0] + corners[3]) / 2 - middle])
    is_car = actor.category == "car"
    body, *panes = _shape(is_car, frame, middle)
    convex(image, body, color, OUTLINE)
    for pane in panes if actor.category != "trailer" else ():  # the windscreen shows where the front is
        convex(image, pane, _shaded(color, 0.35))
    _lamps(image, view, actor, corners)


def _shape(is_car: bool, frame: Point, middle: Point) -> list[Point]:
    """Body and panes of a vehicle on the picture."""
    shares = _CAR if is_car else _LORRY
    return [part @ frame + middle for part in shares]


def _lamps(image: Image, view: View, actor: ShownActor, corners: Point) -> None:
    if not actor.lamps & _SHOWN_LAMPS:
        return
    left_front, right_front, right_rear, left_rear = corners
    width = max(2.0, 0.24 * view.scale)
    if "brake" in actor.lamps:
        curve(image, [left_rear, right_rear], _BRAKE, width)
    if "reverse" in actor.lamps:
        curve(image, [0.7 * left_rear + 0.3 * right_rear, 0.3 * left_rear + 0.7 * right_rear], (255, 255, 255), width)
    for lamp, front, rear in (("left", left_front, left_rear), ("right", right_front, right_rear)):
        for corner in (front, rear) if lamp in actor.lamps else ():
            disc(image, corner, max(2.5, 0.26 * view.scale), _INDICATOR, OUTLINE)


def _prop(image: Image, view: View, actor: ShownActor, corners: Point) -> None:
    """Its outline on the ground; what is round is a disc, which stays visible from afar."""
    if actor.category not in ("cone", "barrel"):
        convex(image, corners, actor_color(actor), OUTLINE)
        return
    radius = max(float(np.hypot(*(corners[0] - corners[2]))) * 0.35, 2.5 if view.scale > _NEAR else 1.5)
    disc(image, corners.mean(axis=0), radius, actor_color(actor), OUTLINE)


def _cyclist(image: Image, view: View, actor: ShownActor, corners: Point) -> None:
    """Two wheels in line, and the rider across them."""
    color = actor_color(actor)
    left_front, right_front, right_rear, left_rear = corners
    nose, tail = (left_front + right_front) / 2, (left_rear + right_rear) / 2
    curve(image, [nose, tail], color, max(2.0, 0.14 * view.scale))
    shoulders = 0.45 * nose + 0.55 * tail
    across = (left_front - right_front) / 2
    curve(image, [shoulders + across, shoulders - across], color, max(3.0, 0.3 * view.scale))
    disc(image, shoulders, max(0.2 * view.scale, 3.0), color, OUTLINE)


def _pedestrian(image: Image, view: View, actor: ShownActor, corners: Point) -> None:
    """A dot that stays visible from afar, with a beak where the person looks."""
    color, center = actor_color(actor), corners.mean(axis=0)
    radius = max(0.34 * view.scale, 4.0 if view.scale > _NEAR else 2.5)
    ahead = view.direction(actor.heading)
    side = np.array([-ahead[1], ahead[0]])
    polygon(image, [center + 1.7 * radius * ahead, center + 0.8 * radius * side, center - 0.8 * radius * side], color)
    disc(image, center, radius, color, OUTLINE)


def _velocities(image: Image, view: View, actors: Sequence[ShownActor]) -> None:
    if not actors:
        return
    starts = np.array([a.middle if a.kind == "pedestrian" else (a.footprint[0] + a.footprint[1]) / 2 for a in actors])
    tails = view.pixels(starts)
    tips = view.pixels(starts + np.array([actor.velocity for actor in actors]))
    lengths = np.maximum(np.hypot(*(tips - tails).T), 1e-9)[:, None]
    along = (tips - tails) / lengths
    side = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    size = 8.0 if view.scale > _NEAR else 5.0
    shafts = fixed(np.stack([tails, tips - along * np.minimum(size, lengths)], axis=1))
    heads = fixed(
        np.stack([tips, tips - along * size + side * size / 2, tips - along * size - side * size / 2], axis=1)
    )
    width = 2 if view.scale > _NEAR else 1
    for actor, shaft, head in zip(actors, shafts, heads, strict=True):
        color = actor_color(actor)
        cv2.polylines(image, [shaft], False, color, width, cv2.LINE_AA, SHIFT)
        cv2.fillConvexPoly(image, head, color, cv2.LINE_AA, SHIFT)


def _shaded(color: Color, brightness: float) -> Color:
    red, green, blue = (round(channel * brightness) for channel in color)
    return red, green, blue
