"""Actors and signals from above."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.palette import EGO_COLOR, Color, class_color
from roadlab_tools.viewer.courses import Courses
from roadlab_tools.viewer.model import Scene, ShownActor, ShownSignal
from roadlab_tools.viewer.strokes import Image, curve, disc, dotted, outlined, polygon
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
_BODY = np.array([(1.0, 0.62), (0.86, 0.94), (0.6, 1.0), (-0.84, 1.0), (-1.0, 0.84)])
"""Half of a car's outline, as shares of half its length and half its width."""
_BOX = np.array([(1.0, 0.9), (0.97, 1.0), (-1.0, 1.0)])
"""Of a van or a lorry."""


def actor_color(actor: ShownActor) -> Color:
    """White for the ego, else by what it is."""
    return EGO_COLOR if actor.is_ego else class_color(actor.category)


def draw_actor(image: Image, view: View, actor: ShownActor) -> None:
    """Its shape with lamps, and an arrow to where it will be in a second."""
    color = actor_color(actor)
    match actor.kind:
        case "pedestrian":
            _pedestrian(image, view, actor, color)
        case "cyclist":
            _cyclist(image, view, actor, color)
        case _:
            _vehicle(image, view, actor, color)
    if actor.speed > 0.3:
        _velocity(image, view, actor, color)


def draw_choice(image: Image, view: View, actor: ShownActor) -> None:
    """A frame around the chosen actor, and its outline where it is not there."""
    pixels = view.pixels(actor.footprint)
    middle = pixels.mean(axis=0)
    grown = middle + (pixels - middle) * (1.0 + 8.0 / np.maximum(np.hypot(*(pixels - middle).T), 6.0))[:, None]
    outlined(image, grown, CHOSEN, 2)


def draw_trail(image: Image, view: View, scene: Scene, actor: ShownActor, time: float) -> None:
    """Where it has been; fades into the past."""
    points = view.pixels(scene.trail(actor.index, time))
    color = np.array(actor_color(actor), dtype=float)
    pieces = max(1, len(points) - 1)
    for number in range(len(points) - 1):
        share = 0.15 + 0.5 * (number + 1) / pieces
        mixed = np.rint(share * color + (1 - share) * np.array([62, 66, 72])).astype(int).tolist()
        curve(image, points[number : number + 2], (mixed[0], mixed[1], mixed[2]), 3)


def draw_course(image: Image, view: View, courses: Courses, actor: ShownActor, time: float) -> None:
    """Dots along the way before it."""
    points = courses.ahead(actor.index, time)
    if points is not None and len(points) > 1:
        dotted(image, view.pixels(points), _shaded(actor_color(actor), 0.75), 1.8, 12.0)


def draw_signal(image: Image, view: View, signal: ShownSignal) -> None:
    """What it shows by colour and by form: red is square, amber a triangle, green round; and where it looks."""
    center = view.pixels((signal.x, signal.y))
    radius = max((0.4 if signal.on_foot else 0.7) * view.scale, 2.5 if signal.on_foot else 4.0)
    color = SIGNAL_COLORS[signal.state]
    curve(image, [center, center + 2.2 * radius * view.direction(signal.heading)], color, 2)
    if signal.state in ("red", "red_amber"):
        for size, shade in ((radius + 1.5, OUTLINE), (radius, color)):
            polygon(image, center + size * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]), shade)
    if signal.state in ("amber", "red_amber"):
        size = radius * (0.8 if signal.state == "red_amber" else 1.3)
        for grown, shade in ((size + 2.0, OUTLINE), (size, SIGNAL_COLORS["amber"])):
            polygon(image, center + grown * np.array([(0, -1.0), (0.95, 0.7), (-0.95, 0.7)]), shade)
    if signal.state in ("green", "off"):
        disc(image, center, radius, color, OUTLINE)


def _vehicle(image: Image, view: View, actor: ShownActor, color: Color) -> None:
    front = (actor.footprint[0] + actor.footprint[1]) / 2 - np.array(actor.middle)
    side = (actor.footprint[0] + actor.footprint[3]) / 2 - np.array(actor.middle)

    def at(shares: Point) -> Point:
        return view.pixels(np.array(actor.middle) + shares[:, :1] * front + shares[:, 1:] * side)

    half = _BODY if actor.category == "car" else _BOX
    body = at(np.concatenate([half, half[::-1] * (1, -1)]))
    polygon(image, body, color)
    near, far = (0.52, 0.20) if actor.category == "car" else (0.92, 0.74)
    screen = np.array([(near, 0.78), (near, -0.78), (far, -0.88), (far, 0.88)])
    polygon(image, at(screen), _shaded(color, 0.35))  # the windscreen shows where the front is
    if actor.category == "car":
        polygon(image, at(np.array([(-0.62, 0.82), (-0.62, -0.82), (-0.8, -0.72), (-0.8, 0.72)])), _shaded(color, 0.35))
    outlined(image, body, OUTLINE)
    _lamps(image, view, actor)


def _lamps(image: Image, view: View, actor: ShownActor) -> None:
    left_front, right_front, right_rear, left_rear = view.pixels(actor.footprint)
    width = max(2.0, 0.24 * view.scale)
    if "brake" in actor.lamps:
        curve(image, [left_rear, right_rear], _BRAKE, width)
    if "reverse" in actor.lamps:
        curve(image, [0.7 * left_rear + 0.3 * right_rear, 0.3 * left_rear + 0.7 * right_rear], (255, 255, 255), width)
    for lamp, front, rear in (("left", left_front, left_rear), ("right", right_front, right_rear)):
        for corner in (front, rear) if lamp in actor.lamps else ():
            disc(image, corner, max(2.5, 0.26 * view.scale), _INDICATOR, OUTLINE)


def _cyclist(image: Image, view: View, actor: ShownActor, color: Color) -> None:
    """Two wheels in line, and the rider across them."""
    left_front, right_front, right_rear, left_rear = view.pixels(actor.footprint)
    nose, tail = (left_front + right_front) / 2, (left_rear + right_rear) / 2
    curve(image, [nose, tail], color, max(2.0, 0.14 * view.scale))
    shoulders = 0.45 * nose + 0.55 * tail
    across = (left_front - right_front) / 2
    curve(image, [shoulders + across, shoulders - across], color, max(3.0, 0.3 * view.scale))
    disc(image, shoulders, max(0.2 * view.scale, 3.0), color, OUTLINE)


def _pedestrian(image: Image, view: View, actor: ShownActor, color: Color) -> None:
    """A dot that stays visible from afar, with a beak where the person looks."""
    center = view.pixels(actor.middle)
    radius = max(0.34 * view.scale, 4.0)
    ahead = view.direction(actor.heading)
    side = np.array([-ahead[1], ahead[0]])
    polygon(image, [center + 1.7 * radius * ahead, center + 0.8 * radius * side, center - 0.8 * radius * side], color)
    disc(image, center, radius, color, OUTLINE)


def _velocity(image: Image, view: View, actor: ShownActor, color: Color) -> None:
    start = actor.footprint[:2].mean(axis=0) if actor.kind != "pedestrian" else np.array(actor.middle)
    tail, tip = view.pixels(start), view.pixels(start + actor.velocity)
    length = math.hypot(*(tip - tail))
    along = (tip - tail) / max(length, 1e-9)
    side = np.array([-along[1], along[0]])
    size = 8.0
    curve(image, [tail, tip - along * min(size, length)], color, 2)
    polygon(image, [tip, tip - along * size + side * size * 0.5, tip - along * size - side * size * 0.5], color)


def _shaded(color: Color, brightness: float) -> Color:
    red, green, blue = (round(channel * brightness) for channel in color)
    return red, green, blue
