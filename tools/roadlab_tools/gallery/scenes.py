"""The scenes behind the contact sheets, as scenario documents: who stands where, and the cameras that look at them."""

from __future__ import annotations

import math
from typing import Any

from roadlab.actors.catalog import PEOPLE, TRAILERS, VEHICLES, VehicleModel
from roadlab.actors.paint import LIVERIES

Document = dict[str, Any]
TILE = (320, 200)
"""Width and height of a picture [pixel]."""
EGO = 4.0
"""Where the cameras' carrier stands along the road [m]."""
SPACING = 22.0
"""From one vehicle to the next [m]: each fills its picture and hides the next one."""
LIVERY_OF = {"taxi": "sedan", "police": "estate", "delivery": "van"}
SEASONS = ("spring", "summer", "autumn", "winter")
STYLES = ("suburb", "city", "old_town", "industrial", "motorway", "rural", "forest")
WEATHERS: dict[str, Document] = {
    "clear": {},
    "overcast": {"cloud": 1.0},
    "rain": {"cloud": 1.0, "rain": "6 mm/h"},
    "fog": {"cloud": 1.0, "visibility": "120 m"},
    "snow": {"cloud": 1.0, "snow": "1.5 mm/h", "snow_cover": 1.0},
    "wet": {"cloud": 0.3, "wetness": 1.0},
}
HOURS = ("06:30", "08:00", "13:20", "18:00", "20:40")
"""Of a day in June at 49 degrees north, sun above the horizon."""
_ROADS = {
    "city": "urban_2x1",
    "old_town": "urban_2x1",
    "motorway": "motorway_3",
    "rural": "country_1x1",
    "forest": "country_1x1",
}


def vehicles() -> Document:
    """Every vehicle of the catalog, then a trailer behind a car, then every livery, one behind the other."""
    shown: dict[str, Document] = {name: {"model": name} for name in VEHICLES}
    shown["caravan"] = {"model": "estate", "trailer": "caravan"}
    shown |= {livery: {"model": LIVERY_OF[livery], "paint": livery} for livery in LIVERIES}
    actors, cameras = {}, {}
    for k, (name, actor) in enumerate(shown.items()):
        model = VEHICLES[actor["model"]]
        behind = _behind(model, actor.get("trailer") or model.trailer)
        s = 30.0 + SPACING * k
        actors[name] = {**actor, "at": {"road": "row", "s": s, "t": 0.0, "heading": 0.0}, "parked": True}
        away = 1.7 + 1.0 * (model.length + behind)
        middle = (s + model.box_center[0] - 0.5 * behind - EGO, 0.0, 0.46 * model.height)
        eye = (middle[0] + 0.76 * away, -0.65 * away, 0.7 + 0.55 * model.height)
        cameras[name] = _camera(eye, middle)
    return _scene(actors, cameras, 60.0 + SPACING * len(shown))


def _behind(model: VehicleModel, trailer: str | None) -> float:
    """How far its trailer reaches behind a vehicle [m]."""
    if trailer is None or model.hitch is None:
        return 0.0
    pulled = TRAILERS[trailer]
    return pulled.wheelbase + pulled.rear_overhang - model.hitch.x - model.rear_overhang


def people(count: int = 4) -> Document:
    """Several of every model of person."""
    actors, cameras = {}, {}
    for k, (model, number) in enumerate((m, n) for m in PEOPLE for n in range(count)):
        name, s = f"{model}_{number + 1}", 30.0 + 8.0 * k
        actors[name] = {"model": model, "at": {"road": "row", "s": s, "t": 0.0, "heading": 0.0}}
        middle = (s - EGO, 0.0, 0.5 * PEOPLE[model].height)
        away = 0.5 + 1.35 * PEOPLE[model].height
        cameras[name] = _camera((middle[0] + 0.85 * away, -0.5 * away, 1.3), middle)
    return _scene(actors, cameras, 60.0 + 8.0 * len(actors))


def street(
    style: str = "suburb", season: str = "summer", weather: Document | None = None, hour: str = "10:30"
) -> Document:
    """A short piece of road in a style, with some traffic."""
    road = {"profile": _ROADS.get(style, "urban_2x1_parking"), "path": [{"line": "160 m"}]}
    return {
        "scenario": f"{style}, {season}, {hour}",
        "duration": "0.2 s",
        "seed": 11,
        "sensors": {"street": _camera((1.7, 0.0, 1.5), (20.0, 0.0, 1.2))},
        "environment": {"date": "2026-06-12", "time": hour, "weather": weather or {}},
        "map": {"roads": {"row": road}, "surroundings": {"style": style, "season": season}},
        "actors": {
            "ego": {
                "model": "hatchback",
                "at": {"road": "row", "lane": -1, "s": "30 m"},
                "speed": "30 km/h",
                "drive": {},
            },
            "ahead": {
                "model": "estate",
                "at": {"road": "row", "lane": -1, "s": "50 m"},
                "speed": "30 km/h",
                "drive": {},
            },
        },
    }


def in_weather(name: str) -> Document:
    """The street in one of `WEATHERS`; snow lies in winter."""
    return street(season="winter" if name == "snow" else "summer", weather=WEATHERS[name])


def _scene(actors: Document, cameras: Document, length: float) -> Document:
    """A straight road without surroundings, its ego out of sight of the cameras."""
    return {
        "scenario": "Gallery",
        "duration": "0.2 s",
        "seed": 11,
        "sensors": cameras,
        "map": {
            "roads": {"row": {"profile": "motorway_3", "path": [{"line": length}]}},
            "surroundings": {"style": "none"},
        },
        "actors": {
            "ego": {"model": "hatchback", "at": {"road": "row", "s": EGO, "t": 0.0, "heading": 0.0}, "parked": True},
            **actors,
        },
    }


def _camera(eye: tuple[float, float, float], target: tuple[float, float, float]) -> Document:
    """A camera of the ego's rig that looks from one point at another [m]."""
    x, y, z = (b - a for a, b in zip(eye, target, strict=True))
    width, height = TILE
    return {
        "type": "camera",
        "mount": {
            "x": eye[0],
            "y": eye[1],
            "z": eye[2],
            "yaw": math.atan2(y, x),
            "pitch": -math.atan2(z, math.hypot(x, y)),
        },
        "image": {"width": width, "height": height},
        "intrinsics": {"fx": 0.95 * width, "fy": 0.95 * width, "cx": (width - 1) / 2, "cy": (height - 1) / 2},
    }
