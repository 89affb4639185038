"""Faces of traffic signs by country and number: Germany (StVO, VzKat 2017), United States (MUTCD 2009).

Shapes, colours and sizes are the regulations'; names on direction signs are invented.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from roadlab.randomness import generator
from roadlab.roads.furniture import RoadSignal
from roadlab_sensors.world.furniture import signs
from roadlab_sensors.world.furniture.lettering import digits, moved
from roadlab_sensors.world.furniture.signs import BLACK, BLUE, RED, WHITE, YELLOW, Layers, disc, polygon
from roadlab_sensors.world.shapes import srgb

GREEN = srgb("#0b5c3a")
ORANGE = srgb("#d9701c")

Face = Callable[[RoadSignal], Layers]


def face_of(signal: RoadSignal) -> Layers:
    """The face of a sign; a blank white plate of its size where the country or the number is not known."""
    country = signal.country.lower().removesuffix(".0")
    known = _US if country in ("us", "usa") else _DE
    face = known.get(signal.type)
    return face(signal) if face is not None else _blank(signal)


def _blank(signal: RoadSignal) -> Layers:
    width, height = signal.width or 0.6, signal.height or 0.6
    return [(_plate(width, height), BLACK), (_plate(width - 0.04, height - 0.04), WHITE)]


def _plate(width: float, height: float, radius: float = 0.03) -> shapely.Polygon:
    inner = shapely.box(-width / 2 + radius, -height / 2 + radius, width / 2 - radius, height / 2 - radius)
    return inner.buffer(radius, quad_segs=4)


def _number(signal: RoadSignal) -> str:
    if signal.value is not None:
        return str(round(signal.value))
    tail = "".join(character for character in signal.subtype.rpartition("-")[2] if character.isdigit())
    return tail or "50"


def _arrow(length: float, width: float, angle: float = 0.0) -> shapely.Geometry:
    """An arrow around the origin that points up, turned counter-clockwise by `angle` [degrees]."""
    head, half = 0.42 * length, 0.16 * width
    shape = shapely.Polygon(
        [(-half, -length / 2), (half, -length / 2), (half, length / 2 - head), (width / 2, length / 2 - head),
         (0.0, length / 2), (-width / 2, length / 2 - head), (-half, length / 2 - head)]
    )  # fmt: skip
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.transform(shape, lambda points: points @ matrix)


def _next_priority(_: RoadSignal) -> Layers:
    bar = _arrow(0.34, 0.16)
    cross = shapely.box(-0.13, -0.06, 0.13, -0.02)
    return [
        (polygon(3, 0.52, 90.0), RED),
        (polygon(3, 0.34, 90.0, 0.02), WHITE),
        (moved(shapely.union(bar, cross), 0.0, -0.02), BLACK),
    ]


def _roundabout(_: RoadSignal) -> Layers:
    ring = disc(0.17).difference(disc(0.11))
    gaps = shapely.union_all(
        np.array([shapely.LineString([(0, 0), (0.3 * np.cos(a), 0.3 * np.sin(a))]).buffer(0.025) for a in _THIRDS])
    )
    heads = shapely.union_all(
        np.array([
            moved(_arrow(0.12, 0.13, np.degrees(a) + 180.0), 0.14 * np.cos(a + 0.25), 0.14 * np.sin(a + 0.25))
            for a in _THIRDS
        ])
    )  # fmt: skip
    return [(disc(0.3), WHITE), (disc(0.285), BLUE), (shapely.union(ring.difference(gaps), heads), WHITE)]


_THIRDS = np.radians([90.0, 210.0, 330.0])


def _no_entry(_: RoadSignal) -> Layers:
    return [(disc(0.3), WHITE), (disc(0.285), RED), (shapely.box(-0.22, -0.05, 0.22, 0.05), WHITE)]


def _one_way(_: RoadSignal) -> Layers:
    board = _plate(0.8, 0.3)
    return [
        (board, WHITE),
        (board.buffer(-0.015), BLUE),
        (_arrow(0.6, 0.2, -90.0), WHITE),
    ]


def _keep_right(_: RoadSignal) -> Layers:
    return [(disc(0.3), WHITE), (disc(0.285), BLUE), (_arrow(0.38, 0.24, -135.0), WHITE)]


def _road_works(_: RoadSignal) -> Layers:
    figure = shapely.union_all(
        np.array([
            moved(disc(0.03), 0.04, 0.1),
            shapely.LineString([(0.03, 0.06), (-0.02, -0.03), (-0.05, -0.12)]).buffer(0.018),
            shapely.LineString([(-0.02, -0.03), (0.05, -0.12)]).buffer(0.018),
            shapely.LineString([(0.02, 0.05), (0.07, -0.02), (0.13, -0.1)]).buffer(0.012),
            shapely.Polygon([(0.07, -0.13), (0.2, -0.13), (0.15, -0.06)]),
        ])
    )  # fmt: skip
    return [
        (polygon(3, 0.52, 90.0), RED),
        (polygon(3, 0.34, 90.0, 0.02), WHITE),
        (shapely.transform(moved(figure, -0.04, -0.02), lambda p: p * 0.9), BLACK),
    ]


def _motorway(_: RoadSignal) -> Layers:
    board = _plate(0.6, 0.6)
    lanes = [shapely.Polygon([(s * 0.2, -0.24), (s * 0.1, -0.24), (s * 0.05, 0.24), (s * 0.1, 0.24)]) for s in (-1, 1)]
    bridge = shapely.box(-0.2, 0.02, 0.2, 0.07)
    return [(board, WHITE), (board.buffer(-0.015), BLUE), (shapely.union_all(np.array([*lanes, bridge])), WHITE)]


def _direction(color: tuple[float, float, float]) -> Face:
    def face(signal: RoadSignal) -> Layers:
        width, height = signal.width or 1.25, signal.height or 0.35
        rows = max(1, round(height / 0.4))
        words = generator(0, "direction sign", signal.text or signal.id)
        return signs.direction(width, height, color, rows, words)

    return face


def _speed_limit_us(signal: RoadSignal) -> Layers:
    board = _plate(0.6, 0.75)
    rows = [(digits("SPEED", 0.1), 0.26), (digits("LIMIT", 0.1), 0.12), (digits(_number(signal), 0.27), -0.15)]
    text = shapely.union_all(np.array([moved(shape, 0.0, z) for shape, z in rows]))
    return [(board, WHITE), (board.buffer(-0.012), BLACK), (board.buffer(-0.025), WHITE), (text, BLACK)]


def _walker() -> shapely.Geometry:
    strokes = [
        [(0.0, 0.02), (0.0, 0.12)], [(0.0, 0.02), (-0.07, -0.14)], [(0.0, 0.02), (0.07, -0.14)],
        [(-0.08, 0.02), (0.0, 0.11), (0.08, 0.04)],
    ]  # fmt: skip
    limbs = [shapely.LineString(stroke).buffer(0.02) for stroke in strokes]
    return shapely.union_all(np.array([*limbs, moved(disc(0.032), 0.0, 0.19)]))


def _diamond(color: tuple[float, float, float], symbol: Callable[[RoadSignal], shapely.Geometry]) -> Face:
    def face(signal: RoadSignal) -> Layers:
        edge = polygon(4, 0.53, 90.0, 0.04)
        return [(edge, BLACK), (edge.buffer(-0.015), color), (symbol(signal), BLACK)]

    return face


def _words(*rows: str) -> shapely.Geometry:
    size = 0.085
    return shapely.union_all(
        np.array([moved(digits(row, size), 0.0, (len(rows) / 2 - k - 0.5) * 1.5 * size) for k, row in enumerate(rows)])
    )


def _boxed(width: float, height: float, color: tuple[float, float, float], shape: shapely.Geometry) -> Layers:
    board = _plate(width, height)
    return [(board, BLACK), (board.buffer(-0.012), color), (shape, BLACK if color == WHITE else WHITE)]


def _yield_us(_: RoadSignal) -> Layers:
    return [
        (polygon(3, 0.52, -90.0), WHITE),
        (polygon(3, 0.5, -90.0), RED),
        (polygon(3, 0.3, -90.0, 0.02), WHITE),
        (moved(digits("YIELD", 0.07), 0.0, 0.1), RED),
    ]


def _do_not_enter(_: RoadSignal) -> Layers:
    board = _plate(0.75, 0.75)
    bar = shapely.box(-0.24, -0.05, 0.24, 0.05)
    words = shapely.union(moved(digits("DO NOT", 0.07), 0.0, 0.15), moved(digits("ENTER", 0.07), 0.0, -0.15))
    return [(board, WHITE), (disc(0.36), RED), (bar, WHITE), (words, WHITE)]


def _cross_road() -> shapely.Geometry:
    return shapely.union(shapely.box(-0.035, -0.24, 0.035, 0.24), shapely.box(-0.2, -0.035, 0.2, 0.035))


_DE: dict[str, Face] = {
    "206": lambda _: signs.stop(),
    "205": lambda _: signs.give_way(),
    "306": lambda _: signs.priority(),
    "301": _next_priority,
    "274": lambda signal: signs.speed_limit(int(_number(signal))),
    "350": lambda _: signs.crossing(),
    "418": _direction(YELLOW),
    "332": _direction(BLUE),
    "215": _roundabout,
    "267": _no_entry,
    "220": _one_way,
    "222": _keep_right,
    "123": _road_works,
    "330": _motorway,
    "314": lambda _: signs.parking(),
    "286": lambda _: signs.no_stopping(),
}
_US: dict[str, Face] = {
    "R1-1": lambda _: signs.stop(),
    "R1-3P": lambda _: _boxed(0.45, 0.15, RED, digits("ALL WAY", 0.07)),
    "R1-2": _yield_us,
    "R2-1": _speed_limit_us,
    "W11-2": _diamond(YELLOW, lambda _: _walker()),
    "D1-1": _direction(GREEN),
    "E5-1": _direction(GREEN),
    "R6-4": lambda _: _boxed(0.75, 0.6, WHITE, shapely.union_all(
        np.array([moved(_arrow(0.3, 0.3, -90.0), x, 0.0) for x in (-0.2, 0.0, 0.2)]))),
    "R5-1": _do_not_enter,
    "R6-1": lambda _: _boxed(0.9, 0.3, BLACK, _arrow(0.7, 0.22, -90.0)),
    "R4-7": lambda _: _boxed(0.6, 0.75, WHITE, _arrow(0.5, 0.3, -140.0)),
    "W20-1": _diamond(ORANGE, lambda _: _words("ROAD", "WORK", "AHEAD")),
    "M1-1": lambda signal: _boxed(0.6, 0.6, BLUE, digits(_number(signal)[:2], 0.25)),
    "W4-1": _diamond(YELLOW, lambda _: shapely.union(
        shapely.box(-0.03, -0.24, 0.03, 0.24),
        shapely.LineString([(0.16, -0.2), (0.14, -0.05), (0.03, 0.06)]).buffer(0.03))),
    "W2-1": _diamond(YELLOW, lambda _: _cross_road()),
}  # fmt: skip
