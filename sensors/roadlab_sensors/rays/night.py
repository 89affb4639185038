"""A scene by night: its sky, its lamps, and how bright and of which colour its streets are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.log import LAMPS, SceneLog
from roadlab.scenario import Scenario
from roadlab.sky.illuminance import STREET_LAMPS, ambient, skyglow
from roadlab.sky.moon import moon_of
from roadlab.weather import Weather
from roadlab_sensors.rays.emitters import STREET_LIGHT, XENON, Emitters, emitters_of, glow
from roadlab_sensors.rays.gathered import Gathered
from roadlab_sensors.rays.lamplight import Lamplight, lamplight, moon
from roadlab_sensors.rays.nearby import Squares
from roadlab_sensors.rays.night_sky import MOONLIGHT, NightSky, night_sky
from roadlab_sensors.rays.scene import RayScene, build_scene
from roadlab_sensors.rays.surfaces import MATERIAL_NAMES, Lamp
from roadlab_sensors.rays.weathered import Weathered, roughness_of
from roadlab_sensors.rays.windows import window_glow, with_lit_windows
from roadlab_sensors.world.furniture.street import LUMENS
from roadlab_sensors.world.luminaires import distributions, light_of
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.sun import Sun

Floats = NDArray[np.float64]
OWN_BEAMS = 12.0
"""What the ego's head lamps bring to what stands and lies ahead, on the whole [lx]."""
LOW_KEY = 1.8
"""Pictures of nights are kept darker than those of days: cameras go by so many times the light that there is."""
SCATTERED = 0.1
"""Share of the street lamps' light that fog and rain over the streets are lit by."""
DARKEST = 0.3
"""Cameras expose as if there were at least this much light [lx]."""
BEADS = 6.6
"""Road paint is measured at 1.05 degrees between lamp and eye (EN 1436), at 0.2 degrees it returns so much more."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Night:
    """What a stage needs to know of the night."""

    scene: RayScene
    illuminance: Floats
    """(3,) light that cameras go by: of sky, street lamps and own beams [lx]."""
    ambient: Floats
    """(3,) light that falls on the air [lx]."""
    alight: frozenset[Lamp]
    """Lamps that are on whatever happens."""


def always_alight(scenario: Scenario, weather: Weather, scene: RayScene) -> frozenset[Lamp]:
    """Lit windows, and street lamps as the scenario says, or because it is dark."""
    wanted = scenario.spec.environment.lamps.street
    on = wanted == "on" or (wanted == "auto" and _dark(scenario, weather))
    return frozenset(lamp for lamp in scene.lamps if lamp[1].startswith("window ") or (lamp[1] in LUMENS and on))


def _dark(scenario: Scenario, weather: Weather) -> bool:
    return ambient(scenario.spec.environment, scenario.spec.map, weather) < STREET_LAMPS


def night(scenario: Scenario, log: SceneLog, world: Gathered, sun: Sun, cloud: float) -> Night:
    """The world of a log by night, or while dusk falls."""
    environment, weather = scenario.spec.environment, log.weather_at(int(log.time[0]))
    glow_above = skyglow(environment, scenario.spec.map.surroundings.style, weather.cloud)
    sky = night_sky(sun, moon_of(environment), cloud, glow_above)
    windows = environment.lamps.windows if _dark(scenario, weather) else 0.0
    world = with_lit_windows(world, windows, scenario.seed)
    scene = build_scene(world, log, sky.light)
    alight = always_alight(scenario, weather, scene)
    lamps = emitters_of(world, log, environment.lamps.kind)
    if scenario.network is not None and any(road.left_hand for road in scenario.network.roads.values()):
        lamps = lamps.for_traffic_on_the_left()
    ready = _ready(world, log, lamps, sky, environment.lamps.kind)
    street = _on_the_way(log, lamps.some(np.isin(lamps.lamp, [scene.lamps[one] for one in alight])), ready)
    above = sky.illuminance + sky.moon_lux * sky.moon[2] * MOONLIGHT
    own = OWN_BEAMS * XENON * float(log.lamps[0, log.ego] >> LAMPS.index("head") & 1)
    reference = LOW_KEY * (above + street + own)
    reference = reference * max(1.0, DARKEST / float(reference @ LUMINANCE))
    return Night(replace(scene, lamplight=ready), reference, above + SCATTERED * street, alight)


def _ready(world: Gathered, log: SceneLog, lamps: Emitters, sky: NightSky, kind: str) -> Lamplight:
    weather = log.weather_at(int(log.time[0]))
    shining = glow(world, log.actors, light_of(STREET_LIGHT.get(kind, 3000.0)))
    for number, (_, group) in enumerate(world.lamps, start=1):
        if group.startswith("window "):
            shining[number] = window_glow()[int(group.removeprefix("window "))]
    places = np.concatenate([lamps.position[lamps.part < 0], log.position[::20].reshape(-1, 3)])
    if sky.moon_lux > 0.0:
        one = moon(sky.moon, sky.moon_lux, MOONLIGHT)
        lamps = Emitters(*(np.concatenate([getattr(lamps, n), getattr(one, n)]) for n in Emitters.__dataclass_fields__))
    return lamplight(lamps, distributions(), Squares.over(places, world.static), shining, finish(world, weather))


def finish(world: Gathered, weather: Weather) -> NDArray[np.float32]:
    """(F, 2) as `Lamplight` wants it."""
    state = Weathered(weather.wetness, weather.snow_cover)
    back = {name: MATERIALS[name].retroreflection * (BEADS if name == "road_paint" else 1.0) for name in MATERIAL_NAMES}
    rough = {name: roughness_of(name, MATERIALS[name].roughness, state) for name in MATERIAL_NAMES}
    table = [(back[name], max(rough[name], 0.05) ** 4) for name in MATERIAL_NAMES]
    return np.array(table, dtype=np.float32)[world.faces.material]


def _on_the_way(log: SceneLog, lamps: Emitters, ready: Lamplight) -> Floats:
    """(3,) what lamps bring to the ego's way on the whole, with nothing between [lx]."""
    way = log.position[:: max(1, len(log.time) // 40), log.ego]
    total = np.zeros(3)
    across = np.cross(lamps.forward, lamps.up)
    for k in np.flatnonzero(lamps.part < 0):
        to = way - lamps.position[k]
        ahead = np.maximum(to @ lamps.forward[k], 0.01)
        candela = ready.kinds[lamps.kind[k]].at(to @ across[k] / ahead, to @ lamps.up[k] / ahead)
        total += (candela * -to[:, 2] / np.linalg.norm(to, axis=1) ** 3).clip(0.0).mean() * lamps.power[k]
    return total
