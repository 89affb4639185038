"""One turn through the moving world: every pulse meets things where they are when it is fired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.timing import Interval
from roadlab.weather import Weather
from roadlab_sensors.lidar.air import extinction, fog_echoes, particle_echoes, particles_in
from roadlab_sensors.lidar.detours import first_ways, follow
from roadlab_sensors.lidar.echoes import SPEED_OF_LIGHT, Echoes, merged, of_bundles
from roadlab_sensors.lidar.halo import halo
from roadlab_sensors.lidar.intensity import beam_floors
from roadlab_sensors.lidar.model import Lidar
from roadlab_sensors.lidar.optics import Optics, stained
from roadlab_sensors.lidar.patterns import Pulses
from roadlab_sensors.lidar.plumes import plumes_at, through_plumes
from roadlab_sensors.lidar.receive import Beams, Returns, lidar_equation, receive, threshold
from roadlab_sensors.lidar.rooms import behind_windows
from roadlab_sensors.lidar.units import Unit
from roadlab_sensors.own_body import BlindSector, blind_sector, check_mount
from roadlab_sensors.rays.bundles import BundleHits, Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion, between, instants, motion, surface_velocity
from roadlab_sensors.readings import LidarSweep
from roadlab_sensors.sensor import Stage, ego_from_sensor

Floats = NDArray[np.float64]

FAINT = 1e-3
"""Sub-rays that return less of the least detected power are left out."""
MIRROR_IMAGE = 250
"""Key of `roadlab_sensors.readings.AIRBORNE`."""


@dataclass(frozen=True)
class Turn:
    """What a turn does and meets."""

    interval: Interval
    fired: Pulses
    """Those that leave the vehicle's own body beside them."""
    world_from_lidar: Floats
    """(P, 3, 4) when each is fired."""
    bundles: Bundles
    motion: Motion
    weather: Weather


@dataclass(frozen=True)
class _Lidar:
    """A lidar at work."""

    name: str
    spec: Lidar
    unit: Unit
    stage: Stage
    ego_from_lidar: Floats
    optics: Optics
    blind: BlindSector
    beams: Beams
    least: float
    """Threshold of detection."""


def scans(name: str, lidar: Lidar, stage: Stage) -> Callable[[int], LidarSweep]:
    """What makes sweep number k of a lidar; MountError where it sits inside something."""
    unit, mount = lidar.unit, ego_from_sensor(lidar.mount)
    check_mount(name, stage, mount)
    random, rings = generator(stage.seed, "sensor", name, "beams"), unit.pattern.rings
    bias = random.normal(0.0, unit.receiver.beam_bias, rings)
    beams = Beams(bias, beam_floors(unit.receiver.scale, rings, random))
    red, green, blue = stage.illuminance
    light = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / stage.candela
    device = _Lidar(
        name,
        lidar,
        unit,
        stage,
        mount,
        Optics.at(unit.receiver.wavelength),
        blind_sector(stage, mount, unit.pattern.reach),
        beams,
        threshold(float(light)),
    )
    return lambda index: _scan(device, index)


def _scan(device: _Lidar, index: int) -> LidarSweep:
    random = generator(device.stage.seed, "sensor", device.name, index)
    turn, count = _turn(device, index)
    echoes = _echoes(device, turn, random)
    returns = receive(
        echoes, turn.fired.ring, device.unit.receiver, device.spec.returns, device.least, random, device.beams
    )
    return _sweep(device, turn, echoes, returns, count)


def _turn(device: _Lidar, index: int) -> tuple[Turn, int]:
    """A turn, and how many pulses are fired in it."""
    interval = device.spec.timing.interval(index)
    fired = device.unit.pattern.pulses(interval, device.spec.phase_lock)
    count = len(fired.ring)
    free = np.flatnonzero(~device.blind.hides(fired.direction))
    fired = Pulses(*(np.take(getattr(fired, name), free, axis=0) for name in Pulses.__dataclass_fields__))
    moments = instants(interval.open, interval.close)
    poses = (device.stage.ego_at(moments) @ device.ego_from_lidar)[:, :3]
    world_from_lidar = between(poses, moments, fired.time)
    turns = world_from_lidar[:, :3, :3]
    bundles = Bundles(
        origins=world_from_lidar[:, :, 3] + (_rotated(turns, fired.origin) if fired.origin.any() else 0.0),
        directions=_rotated(turns, fired.direction),
        times=fired.time,
        spread=_spread(device),
    )
    log = device.stage.log
    return Turn(
        interval,
        fired,
        world_from_lidar,
        bundles,
        motion(log, interval.open, interval.close),
        log.weather_at(interval.middle),
    ), count


def _rotated(turns: Floats, vectors: Floats) -> Floats:
    turned: Floats = np.einsum("rij,rj->ri", turns, vectors)
    return turned


def _spread(device: _Lidar) -> tuple[tuple[float, float], ...]:
    """Tangents of sub-rays: the axis and six on the beam's 1/e² ellipse.

    With half of the power on the axis and a twelfth on each of the others this integrates polynomials up to degree
    five over a Gaussian beam exactly (Stroud 1971, E2r2 5-1).
    """
    if device.spec.physics_at(device.stage.quality) == "simple":
        return ((0.0, 0.0),)
    across, up = (angle / 2.0 for angle in device.unit.receiver.divergence)
    corners = np.arange(6) * np.pi / 3.0
    return ((0.0, 0.0), *((float(across * np.cos(c)), float(up * np.sin(c))) for c in corners))


def _weights(rays: int) -> NDArray[np.float32]:
    return np.array([1.0] if rays == 1 else [0.5, *[1.0 / 12.0] * 6], dtype=np.float32)


def _echoes(device: _Lidar, turn: Turn, random: np.random.Generator) -> Echoes:
    stage, receiver = device.stage, device.unit.receiver
    apart = SPEED_OF_LIGHT * receiver.pulse / 2.0
    hits = cast_bundles(stage.scene, turn.motion, turn.bundles, stage.log.ego)
    weights = _weights(len(turn.bundles.spread))
    simple = device.spec.physics_at(device.stage.quality) == "simple"
    clear = Weather() if simple else turn.weather
    power = weights * _power(device, hits, hits.distance, clear)
    # An ego that never moves is a part of the static world.
    own = stage.scene.faces.instance[hits.face] == stage.log.actors[stage.log.ego].instance
    direct = of_bundles(
        np.where((power > FAINT) & ~own, power, np.float32(0.0)),
        hits.distance,
        (hits.face, hits.part, hits.cosine),
        apart,
        max(receiver.divergence) / 2.0,
    )
    if simple:
        return direct
    onward = _onward(device, turn, hits, weights)
    aloft = _aloft(device, turn, random)
    glare = halo(direct, turn.fired.direction)
    plumes = plumes_at(stage.log, turn.interval, turn.weather)
    droplets, dimmed = through_plumes(plumes, turn.bundles, turn.interval, receiver, random)
    others = [onward, _indoors(device, turn, hits, weights), glare, *aloft, droplets]
    echoes = _blended(direct, Echoes.joined(others), len(turn.fired.ring), apart)
    for crossing, enter, left in dimmed:
        share, begins = np.ones(len(turn.fired.ring)), np.full(len(turn.fired.ring), np.inf)
        share[crossing], begins[crossing] = left, enter
        behind = (echoes.distance > begins[echoes.pulse]) & (echoes.airborne == 0)
        echoes.power[behind] *= share[echoes.pulse[behind]]
    return replace(echoes, power=echoes.power * _unevenness(device, turn, echoes, random))


def _unevenness(device: _Lidar, turn: Turn, echoes: Echoes, random: np.random.Generator) -> Floats:
    """What stains and the gaps between leaves make of each echo's power, as a factor."""
    optics = device.optics
    material = device.stage.scene.faces.material[echoes.face]
    gaps = 1.0 - optics.porosity[material] * random.random(len(echoes))
    stains = np.where((echoes.part < 0) & (echoes.airborne == 0), optics.stains[material], 0.0)
    rows = np.flatnonzero(stains)
    pulse = echoes.pulse[rows]
    points = turn.bundles.origins[pulse] + turn.bundles.directions[pulse] * echoes.distance[rows, None]
    gaps[rows] *= np.exp(stains[rows] * stained(points) - 0.5 * stains[rows] ** 2)
    return gaps


def _blended(direct: Echoes, others: Echoes, pulses: int, apart: float) -> Echoes:
    """All echoes, with those as one that the unit cannot tell apart; most pulses have direct ones alone."""
    mixed = np.zeros(pulses, dtype=bool)
    mixed[others.pulse] = True
    both = mixed[direct.pulse]
    return Echoes.joined([direct[~both], merged(Echoes.joined([direct[both], others]), apart)])


def _power(device: _Lidar, hits: BundleHits, travelled: Floats, weather: Weather) -> NDArray[np.float32]:
    """The lidar equation: what comes back from each hit, as a multiple of the least power detected in daylight.

    A matte target of 10 % at the unit's reach gives 1; the footprint is within the target, or the sub-ray misses it.
    """
    met = hits.face >= 0
    distance = np.where(met, travelled, 1e9).astype(np.float32)
    returned = device.optics.reflectivity(device.stage.scene.faces, hits.face, hits.cosine, weather)
    power = lidar_equation(returned, distance, extinction(weather), device.unit.receiver.reach)
    return np.where(met, power, np.float32(0.0))


def _onward(device: _Lidar, turn: Turn, hits: BundleHits, weights: NDArray[np.float32]) -> Echoes:
    """Echoes from behind panes and from what mirrors show."""
    scene, ego = device.stage.scene, device.stage.log.ego
    start = first_ways(scene, turn.bundles, hits, weights, device.optics, turn.weather)
    tables = []
    for ways, met in follow(scene, turn.motion, start, device.optics, turn.weather, ego):
        travelled = ways.travelled + met.distance[:, 0]
        power = ways.share * _power(device, met, travelled[:, None], turn.weather)[:, 0]
        kind = np.where(ways.folded, np.uint8(MIRROR_IMAGE), np.uint8(0))
        part = np.where(ways.folded, -1, met.part[:, 0])
        table = Echoes(ways.pulse, travelled, power, met.face[:, 0], part, met.cosine[:, 0], kind)
        tables.append(table[power > FAINT])
    return Echoes.joined(tables)


def _indoors(device: _Lidar, turn: Turn, hits: BundleHits, weights: NDArray[np.float32]) -> Echoes:
    """Echoes from behind the windows of buildings."""
    ray, found = behind_windows(device.stage.scene, turn.bundles, hits)
    power = lidar_equation(found.power, found.distance, extinction(turn.weather), device.unit.receiver.reach)
    power *= weights[ray]
    return replace(found, power=power)[power > FAINT]


def _aloft(device: _Lidar, turn: Turn, random: np.random.Generator) -> list[Echoes]:
    """Echoes of fog, rain and snow."""
    receiver, count = device.unit.receiver, len(turn.fired.ring)
    falling = particles_in(turn.weather, receiver.wavelength)
    return [
        fog_echoes(turn.weather, receiver, count, random),
        *(particle_echoes(particles, receiver, count, random) for particles in falling),
    ]


def _sweep(device: _Lidar, turn: Turn, echoes: Echoes, returns: Returns, count: int) -> LidarSweep:
    stage, faces, fired = device.stage, device.stage.scene.faces, turn.fired
    echo = echoes[returns.echo]
    pulse = echo.pulse
    reference = stage.ego_at(np.array([turn.interval.middle]))[0] @ device.ego_from_lidar
    raw = fired.origin[pulse] + fired.reported[pulse] * returns.range[:, None]
    then = np.take(turn.world_from_lidar, pulse, axis=0)
    world = _rotated(then[:, :3, :3], raw) + then[:, :3, 3]
    solid = echo.airborne == 0
    velocity = surface_velocity(stage.scene, turn.motion, echo.part, world, fired.time[pulse])
    return LidarSweep(
        sensor=device.name,
        interval=turn.interval,
        reference=turn.interval.middle,
        world_from_lidar=reference,
        points=((world - reference[:3, 3]) @ reference[:3, :3]).astype(np.float32),
        intensity=returns.intensity.astype(np.float32),
        ring=fired.ring[pulse],
        time=fired.time[pulse],
        range=returns.range.astype(np.float32),
        instance=np.where(solid, faces.instance[echo.face], 0).astype(np.uint16),
        semantic=np.where(solid, faces.semantic[echo.face], 0).astype(np.uint8),
        rays=count,
        raw=raw.astype(np.float32),
        return_number=returns.number,
        return_count=returns.count,
        incidence=np.where(solid, np.arccos(np.clip(echo.cosine, 0.0, 1.0)), np.nan).astype(np.float32),
        material=np.where(solid, faces.material[echo.face], echo.airborne).astype(np.uint8),
        velocity=velocity.astype(np.float32),
    )
