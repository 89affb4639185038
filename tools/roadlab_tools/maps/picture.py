"""A plan as pixels or as SVG, from the same shapes."""

from __future__ import annotations

from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.maps.plan import Area, Dot, Floats, Plan, Shape, Stroke, Word
from roadlab_tools.palette import Color
from roadlab_tools.preview import canvas

GROUND: Color = (236, 234, 226)
_SHIFT = 4


def as_image(plan: Plan, longest: int) -> NDArray[np.uint8]:
    """(H, W, 3) its picture, red first; its longer side has `longest` pixels."""
    scale = plan.scale(longest)
    width, height = plan.size(scale)
    image = np.full((height, width, 3), GROUND, np.uint8)
    for shape in plan.shapes:
        _paint(image, plan, shape, scale)
    return image


def _paint(image: NDArray[np.uint8], plan: Plan, shape: Shape, scale: float) -> None:
    match shape:
        case Area(rings, color):
            fixed = [_fixed(plan.pixels(ring, scale)) for ring in rings]
            cv2.fillPoly(image, fixed, color, cv2.LINE_AA, _SHIFT)
        case Stroke(points, color, width, least):
            thickness = max(1, round(max(width * scale, least)))
            cv2.polylines(image, [_fixed(plan.pixels(points, scale))], False, color, thickness, cv2.LINE_AA, _SHIFT)
        case Dot(x, y, color, radius):
            ((column, row),) = plan.pixels(np.array([[x, y]]), scale)
            canvas.circle(image, (column, row), radius, color, -1)
        case Word(x, y, text, color, size):
            ((column, row),) = plan.pixels(np.array([[x, y]]), scale)
            left = column - 0.5 * canvas.text_width(text, size)
            canvas.write(image, text, (left, row + 0.36 * size), color, size)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.round(points * (1 << _SHIFT)).astype(np.int32)


def as_svg(plan: Plan, longest: int) -> str:
    """The text of an SVG file that shows the same."""
    scale = plan.scale(longest)
    width, height = plan.size(scale)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" text-anchor="middle" stroke-linejoin="round">'
    )
    ground = f'<rect width="{width}" height="{height}" fill="{_hex(GROUND)}"/>'
    return "\n".join([head, ground, *(_element(plan, shape, scale) for shape in plan.shapes), "</svg>\n"])


def _element(plan: Plan, shape: Shape, scale: float) -> str:
    match shape:
        case Area(rings, color):
            path = " ".join(f"M{_points(plan, ring, scale)}Z" for ring in rings)
            return f'<path d="{path}" fill="{_hex(color)}" fill-rule="evenodd"/>'
        case Stroke(points, color, width, least):
            thickness = max(width * scale, least)
            path = _points(plan, points, scale)
            return f'<path d="M{path}" fill="none" stroke="{_hex(color)}" stroke-width="{thickness:.2f}"/>'
        case Dot(x, y, color, radius):
            ((column, row),) = plan.pixels(np.array([[x, y]]), scale)
            return f'<circle cx="{column:.2f}" cy="{row:.2f}" r="{radius:g}" fill="{_hex(color)}"/>'
        case Word(x, y, text, color, size):
            ((column, row),) = plan.pixels(np.array([[x, y]]), scale)
            place = f'x="{column:.2f}" y="{row + 0.36 * size:.2f}" font-size="{size}"'
            return f'<text {place} fill="{_hex(color)}">{escape(text)}</text>'


def _points(plan: Plan, points: Floats, scale: float) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in plan.pixels(points, scale))


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
