"""What scatters a radar's waves: the rays and surfaces of every sensor, and ways by ground, walls and corners."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.radar.waveform import Waveform, coherent
from roadlab_sensors.rays.bundles import BundleHits, Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion, surface_velocity, world_normals
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_sensors.world.materials import MATERIALS

Floats = NDArray[np.float64]

REFLECTION = np.array([m.radar for m in MATERIALS.values()])
SLOPE2 = 0.1
"""Twice the variance of the slopes of surfaces at 4 mm wavelength, in geometrical optics; gives cars 10 to 20 dBsm."""
DIFFUSE = 0.15
"""Share of the reflected power that details smaller than the mesh scatter in all directions."""
BOUNCES = 3
ROAD_PERMITTIVITY = 4.0
"""Relative, of asphalt at 77 GHz."""
RETRO = np.cos(np.radians(2.0))
"""Ways that come back this nearly along themselves add up in phase."""
LARGEST = 1e5
"""[m²] of a coherent patch; surfaces are never flat to a fraction of a wavelength over more."""
GROUND = np.array([SEMANTIC_IDS[n] for n in ("ground", "road", "sidewalk", "parking", "terrain", "road marking")])


@dataclass(frozen=True)
class Scatterers:
    """S patches that send waves back."""

    distance: Floats
    """(S,) half of the way there and back [m]."""
    direction: Floats
    """(S, 3) from which the waves come back: unit vectors in the radar frame."""
    range_rate: Floats
    """(S,) [m/s], positive when receding."""
    rcs: Floats
    """(S,) [m²]"""
    instance: NDArray[np.uint16]
    ghost: NDArray[np.bool_]
    """(S,) seen in a mirror that stands, not lies."""
    own_rate: Floats
    """(S,) range rate that a standing patch in this direction would have [m/s]."""

    def __len__(self) -> int:
        return len(self.distance)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Scatterers:
        return Scatterers(*(getattr(self, f.name)[rows] for f in fields(Scatterers)))


@dataclass(frozen=True)
class Beam:
    """Where the radar is, and the rays that stand for its waves."""

    world_from_radar: Floats
    """(4, 4)"""
    velocity: Floats
    """(3,) [m/s], world."""
    time: int
    """[ns]"""
    directions: Floats
    """(R, 3) radar frame."""
    solid_angle: Floats
    """(R,) that each ray stands for [sr]."""


def beam_of(
    waveform: Waveform, world_from_radar: Floats, velocity: Floats, time: int, random: np.random.Generator
) -> Beam:
    """Rays over the field of view, one in each cell of a grid of a quarter of the resolution, at random within it."""
    across = int(np.ceil(2.0 * waveform.width / min(waveform.azimuth_resolution / 8.0, np.radians(0.5))))
    up = int(np.ceil(2.0 * waveform.height / np.radians(0.2 if waveform.farthest > 150.0 else 0.5)))
    u, v = np.meshgrid(np.arange(across), np.arange(up), indexing="ij")
    shift = random.random((2, across, up))
    azimuth = (((u + shift[0]) / across) * 2.0 - 1.0).ravel() * waveform.width
    elevation = (((v + shift[1]) / up) * 2.0 - 1.0).ravel() * waveform.height
    level = np.cos(elevation)
    directions = np.stack([level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)], axis=1)
    cell = (2.0 * waveform.width / across) * (2.0 * waveform.height / up)
    return Beam(world_from_radar, velocity, time, directions, cell * level)


def scatterers(scene: RayScene, motion: Motion, beam: Beam, waveform: Waveform, skip: int) -> Scatterers:
    """Everything the rays meet, directly and by up to two mirrors, and corners that return them along themselves."""
    outward = beam.directions @ beam.world_from_radar[:3, :3].T
    ray = np.arange(len(outward))
    origin, heading = np.broadcast_to(beam.world_from_radar[:3, 3], outward.shape), outward
    way, weight = np.zeros(len(ray)), np.ones(len(ray))
    standing = np.zeros(len(ray), dtype=bool)
    found = []
    for bounce in range(BOUNCES):
        bundles = Bundles(origin, heading, np.full(len(ray), beam.time))
        hits = cast_bundles(scene, motion, bundles, skip)
        near = np.flatnonzero((hits.face[:, 0] >= 0) & (way + hits.distance[:, 0] < waveform.farthest))
        if len(near) == 0:
            break
        ray, origin, heading, way, weight = ray[near], origin[near], heading[near], way[near], weight[near]
        standing, hits = standing[near], BundleHits(*(getattr(hits, f.name)[near] for f in fields(BundleHits)))
        met = _Met.of(scene, motion, hits, origin, heading, beam.time)
        way = way + hits.distance[:, 0]
        share = _mirror_share(scene, met)
        found.append(_patches(scene, beam, met, (ray, heading, way, weight, standing)))
        standing = standing | ~np.isin(scene.faces.semantic[met.face], GROUND)
        turned = heading - 2.0 * np.einsum("ij,ij->i", heading, met.normal)[:, None] * met.normal
        origin, heading, weight = met.point + 1e-3 * turned, turned, weight * share
        if bounce > 0:
            found.append(_corners(scene, beam, waveform, met, (ray, turned, way, weight), outward))
        strong = weight > 1e-3
        ray, origin, heading, way, weight = ray[strong], origin[strong], heading[strong], way[strong], weight[strong]
        standing = standing[strong]
    parts = found or [_nothing()]
    return Scatterers(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Scatterers)))


@dataclass(frozen=True)
class _Met:
    face: NDArray[np.int64]
    point: Floats
    normal: Floats
    cosine: Floats
    velocity: Floats

    @staticmethod
    def of(scene: RayScene, motion: Motion, hits: BundleHits, origin: Floats, heading: Floats, time: int) -> _Met:
        face, part = hits.face[:, 0], hits.part[:, 0]
        times = np.full(len(face), time)
        point = origin + heading * hits.distance
        return _Met(
            face,
            point,
            world_normals(scene, motion, part, face, times),
            np.clip(hits.cosine[:, 0].astype(np.float64), 1e-3, 1.0),
            surface_velocity(scene, motion, part, point, times),
        )


def _patches(
    scene: RayScene, beam: Beam, met: _Met, ways: tuple[NDArray[np.int64], Floats, Floats, Floats, NDArray[np.bool_]]
) -> Scatterers:
    """Patches that scatter on their own: facets by geometrical optics, and details in all directions."""
    ray, heading, way, weight, standing = ways
    # The patch that a ray stands for is as large as its cone is wide at the end of the whole way.
    area = beam.solid_angle[ray] * way**2 / met.cosine
    reflected = REFLECTION[scene.faces.material[met.face]]
    tangent2 = 1.0 / met.cosine**2 - 1.0
    facets = np.exp(-tangent2 / SLOPE2) / (SLOPE2 * met.cosine**4)
    rcs = reflected * area * ((1.0 - DIFFUSE) * facets + DIFFUSE * 4.0 * met.cosine**2) * weight**2
    return _scatterers(scene, beam, met, (ray, heading, way), rcs, standing)


def _corners(
    scene: RayScene,
    beam: Beam,
    waveform: Waveform,
    met: _Met,
    ways: tuple[NDArray[np.int64], Floats, Floats, Floats],
    outward: Floats,
) -> Scatterers:
    """Rays that corners send back along themselves; all of one actor or thing at one distance add up in phase."""
    ray, heading, way, weight = ways
    origin = beam.world_from_radar[:3, 3]
    back = np.einsum("ij,ij->i", heading, -outward[ray]) > RETRO
    rows = np.flatnonzero(back & (weight > 0.1))
    if len(rows) == 0:
        return _nothing()
    # A way that returns beside where it came from has gone out and in: half of it is the distance.
    whole = way[rows] + np.einsum("ij,ij->i", met.point[rows] - origin, outward[ray[rows]])
    distance = whole / 2.0
    cell = np.round(distance / waveform.range_resolution).astype(np.int64)
    key = cell * 65_536 + scene.faces.instance[met.face[rows]]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    aperture = np.bincount(group, beam.solid_angle[ray[rows]] * distance**2 * weight[rows]).astype(np.float64)
    rcs = np.minimum(coherent(aperture, waveform.wavelength), LARGEST)
    chief = rows[first]
    one = _Met(*(getattr(met, f.name)[chief] for f in fields(_Met)))
    return _scatterers(
        scene, beam, one, (ray[chief], outward[ray[chief]], distance[first]), rcs, np.zeros(len(chief), dtype=bool)
    )


def _scatterers(
    scene: RayScene,
    beam: Beam,
    met: _Met,
    ways: tuple[NDArray[np.int64], Floats, Floats],
    rcs: Floats,
    ghost: NDArray[np.bool_],
) -> Scatterers:
    ray, heading, way = ways
    direction = beam.directions[ray]
    outward = direction @ beam.world_from_radar[:3, :3].T
    own = -outward @ beam.velocity
    receding = np.einsum("ij,ij->i", met.velocity, heading)
    return Scatterers(way, direction, own + receding, rcs, scene.faces.instance[met.face], ghost, own)


def _mirror_share(scene: RayScene, met: _Met) -> Floats:
    """Share of the power that goes on as from a mirror; smooth at 4 mm: metal, glass, and roads at a glance."""
    reflected = REFLECTION[scene.faces.material[met.face]]
    ground = np.isin(scene.faces.semantic[met.face], GROUND)
    root = np.sqrt(ROAD_PERMITTIVITY - 1.0 + met.cosine**2)
    grazing = ((met.cosine - root) / (met.cosine + root)) ** 2
    # Rayleigh: roughness of 0.5 mm matters less the more grazing the incidence.
    rough = np.exp(-((4.0 * np.pi * 5e-4 / 3.9e-3 * met.cosine) ** 2))
    return np.where(ground, grazing * rough, np.where(reflected >= 0.2, reflected, 0.0))


def _nothing() -> Scatterers:
    none = np.zeros(0)
    return Scatterers(none, np.zeros((0, 3)), none, none, np.zeros(0, np.uint16), np.zeros(0, bool), none)
