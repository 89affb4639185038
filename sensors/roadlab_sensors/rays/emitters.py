"""The lamps of a scene as sources of light: where they sit on what carries them, and what they send out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from roadlab.log import ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab_sensors.rays.gathered import Gathered
from roadlab_sensors.rays.surfaces import Batch, Lamp
from roadlab_sensors.world.furniture.street import LUMENS
from roadlab_sensors.world.luminaires import KINDS, light_of, tinted

Floats = NDArray[np.float64]
RED, AMBER, GREEN = (
    # Saturated: LEDs of these colours lie outside of sRGB's triangle, where less than nothing becomes a trace.
    tinted(np.array(color)) for color in ((1.0, 3e-5, 3e-5), (1.0, 0.36, 3e-5), (3e-5, 1.0, 5e-5))
)  # fmt: skip
XENON, HALOGEN = light_of(5500.0), light_of(3200.0)
STREET_LIGHT = {"led": 4000.0, "warm": 3000.0, "sodium": 2000.0}
"""Colour temperatures of street lamps [K]."""
AHEAD = 0.03
"""Sources sit so far before their lenses [m], so that these do not shade them."""
DOME = 0.03
"""From the middle of a signal's lens to its front [m]."""
ONE_LAMP = 0.3
"""Lit faces nearer than this to one another belong to one lamp [m]."""


@dataclass(frozen=True)
class Emitters:
    """Sources of light, L of them."""

    position: Floats
    """(L, 3) in the frame of their part, or in the world [m]."""
    forward: Floats
    """(L, 3) unit vectors, the same frame."""
    up: Floats
    """(L, 3) unit vectors."""
    kind: NDArray[np.int64]
    """(L,) indices into `KINDS`."""
    power: Floats
    """(L, 3) what the kind's intensity is multiplied by, for red, green and blue."""
    lamp: NDArray[np.int64]
    """(L,) number of the scene's lamp with which each is switched."""
    part: NDArray[np.int64]
    """(L,) number of the rigid part that carries it; -1 stands still in the world."""
    reach: Floats
    """(L,) farther away it counts for nothing [m]."""

    def __len__(self) -> int:
        return len(self.kind)

    def for_traffic_on_the_left(self) -> Emitters:
        """With passing beams that dazzle nobody there."""
        passing, other = KINDS.index("passing"), KINDS.index("passing on the left")
        return replace(self, kind=np.where(self.kind == passing, other, self.kind))

    def some(self, which: NDArray[np.generic]) -> Emitters:
        """Those chosen by a mask or by indices."""
        return Emitters(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Fitting:
    """What the lamps of a group are."""

    kind: str
    candela: float
    """What the kind's intensity is multiplied by; 1 for head lamps."""
    color: Floats
    luminance: float
    """Of their lenses, as seen [cd/m²]."""
    reach: float
    """[m]"""


FITTINGS = {
    # Between the least and the greatest intensities of UN Regulations 112, 7, 6 and 23.
    "head": Fitting("passing", 1.0, XENON, 12_000.0, 140.0),
    "high": Fitting("driving", 1.0, XENON, 60_000.0, 250.0),
    "tail": Fitting("broad", 8.0, RED, 350.0, 12.0),
    "brake": Fitting("broad", 110.0, RED, 4_500.0, 25.0),
    "left": Fitting("broad", 250.0, AMBER, 6_000.0, 25.0),
    "right": Fitting("broad", 250.0, AMBER, 6_000.0, 25.0),
    "reverse": Fitting("broad", 180.0, HALOGEN, 5_000.0, 25.0),
    # EN 12368, performance level 1 (100 cd), as is enough by night, for lenses of 200 mm.
    "red": Fitting("narrow", 100.0, RED, 6_000.0, 30.0),
    "amber": Fitting("narrow", 100.0, AMBER, 6_000.0, 30.0),
    "green": Fitting("narrow", 100.0, GREEN, 6_000.0, 30.0),
}
BICYCLE = Fitting("passing", 0.06, HALOGEN, 3_000.0, 40.0)
"""A head lamp of a bicycle: about 10 lx in 10 m (StVZO asks for it)."""


def emitters_of(gathered: Gathered, log: SceneLog, kind: str) -> Emitters:
    """All lamps of a world; street lamps are of a `kind`: led, sodium or mixed."""
    found = [_none(), *_street_lamps(gathered, kind), *_signals(gathered, frozenset(log.signal_names))]
    found += _carried(gathered, log.actors)
    return Emitters(*(np.concatenate([getattr(one, name) for one in found]) for name in Emitters.__dataclass_fields__))


def glow(gathered: Gathered, actors: tuple[ActorInfo, ...], street: Floats) -> Floats:
    """(lamps + 1, 3) radiance of each lamp's lens when lit, by number; `street` is the colour of street lamps."""
    table = np.zeros((len(gathered.lamps) + 1, 3))
    for number, (owner, group) in enumerate(gathered.lamps, start=1):
        if group in LUMENS:
            table[number] = LUMENS[group] / (np.pi * 0.1) * street
        elif group in FITTINGS:
            actor = next((one for one in actors if one.name == owner), None)
            fitting = _fitting(group, actor)
            table[number] = fitting.luminance * fitting.color
    return table


def _fitting(group: str, actor: ActorInfo | None) -> Fitting:
    if group != "head" or actor is None:
        return FITTINGS[group]
    if actor.category == "cyclist":
        return BICYCLE
    old = generator(0, "head lamps", actor.name, actor.model).random() < 0.45
    fitting = FITTINGS["head"]
    return Fitting(fitting.kind, fitting.candela, HALOGEN if old else XENON, fitting.luminance, fitting.reach)


def _one(
    fitting: Fitting, place: Floats, forward: Floats, up: Floats, lamp: int, part: int = -1, share: float = 1.0
) -> Emitters:
    return Emitters(
        position=(place + AHEAD * forward)[None],
        forward=forward[None],
        up=up[None],
        kind=np.array([KINDS.index(fitting.kind)]),
        power=(share * fitting.candela * fitting.color)[None],
        lamp=np.array([lamp]),
        part=np.array([part]),
        reach=np.array([fitting.reach]),
    )


def _none() -> Emitters:
    no, vectors = np.zeros(0, dtype=np.int64), np.zeros((0, 3))
    return Emitters(vectors, vectors, vectors, no, vectors, no, no, np.zeros(0))


def _lit(gathered: Gathered, batches: tuple[Batch, ...], row: int) -> Iterable[tuple[Batch, Floats, NDArray[np.int64]]]:
    """By batch the corners (F, 3, 3) and lamps (F,) of its faces that can shine; `row` is the first one's."""
    for batch in batches:
        lamp = gathered.faces.lamp[row : row + len(batch.triangles)].astype(np.int64)
        row += len(batch.triangles)
        if (lamp > 0).any():
            faces = batch.triangles[lamp > 0]
            yield batch, batch.vertices[faces].astype(np.float64), lamp


def _standing(gathered: Gathered, wanted: Callable[[Lamp], bool]) -> Iterable[tuple[int, Floats]]:
    """Number and the faces' corners (F, 3, 3) of each lamp that stands in the street."""
    numbers = np.array([False, *(wanted(lamp) for lamp in gathered.lamps)])
    for _, corners, lamp in _lit(gathered, gathered.static, 0):
        lamp = lamp[lamp > 0]
        mine = numbers[lamp]
        corners, lamp = corners[mine], lamp[mine]
        if not len(lamp):
            continue
        middles = corners.mean(axis=1)
        near = cKDTree(np.column_stack([middles, 10.0 * lamp])).query_pairs(ONE_LAMP, output_type="ndarray")
        links = coo_array((np.ones(len(near)), near.T), shape=(len(lamp), len(lamp)))
        count, group = connected_components(links, directed=False)
        order = np.argsort(group, kind="stable")
        for faces in np.split(order, np.searchsorted(group[order], np.arange(1, count))):
            yield int(lamp[faces[0]]), corners[faces]


def _street_lamps(gathered: Gathered, kind: str) -> Iterable[Emitters]:
    for number, corners in _standing(gathered, lambda lamp: lamp[1] in LUMENS):
        place, forward = _middle(corners), _normal(corners)
        up = corners[0, 1] - corners[0, 0]  # the lens's first edge points over the road
        up -= (up @ forward) * forward
        name = kind if kind != "mixed" else ("led", "warm", "sodium")[int(abs(place[0]) * 7 + abs(place[1]) * 3) % 3]
        lumens = LUMENS[gathered.lamps[number - 1][1]]
        fitting = Fitting("street", lumens, light_of(STREET_LIGHT[name]), 0.0, 80.0)
        yield _one(fitting, place, forward, up / np.linalg.norm(up), number)


def _signals(gathered: Gathered, heads: frozenset[str]) -> Iterable[Emitters]:
    facing = {sign.owner: -np.array(sign.world_from_sign)[:3, 1] for sign in gathered.signs if sign.owner}
    for number, corners in _standing(gathered, lambda lamp: lamp[0] in heads and lamp[1] in FITTINGS):
        owner, group = gathered.lamps[number - 1]
        forward = facing[owner]
        place = _middle(corners) + DOME * forward
        yield _one(FITTINGS[group], place, forward, np.array([0.0, 0.0, 1.0]), number)


def _carried(gathered: Gathered, actors: tuple[ActorInfo, ...]) -> Iterable[Emitters]:
    """Lamps of actors: those on the left and on the right, at the front and at the rear are one each."""
    row = sum(len(batch.triangles) for batch in (*gathered.static, *gathered.movable))
    index = {actor.name: actor for actor in actors}
    for batch, corners, lamp in _lit(gathered, gathered.resting, row):
        starts, owners = [run.start for _, run in batch.parts], np.array([part for part, _ in batch.parts])
        part = owners[np.searchsorted(starts, batch.triangles[lamp > 0][:, 0], side="right") - 1]
        lit = lamp[lamp > 0]
        for number in np.unique(lit):
            owner, group = gathered.lamps[number - 1]
            if group in FITTINGS and owner in index:
                mine, carrier = lit == number, index[owner]
                yield from _of_group(corners[mine], int(part[mine][0]), int(number), group, carrier)
                if (owner, "high") in gathered.lamps and group == "head":
                    high = gathered.lamps.index((owner, "high")) + 1
                    yield from _of_group(corners[mine], int(part[mine][0]), high, "high", carrier)


def _of_group(corners: Floats, part: int, number: int, group: str, actor: ActorInfo) -> Iterable[Emitters]:
    middle, facing = corners.mean(axis=1), np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    single = np.abs(middle[:, 1]).max() < ONE_LAMP
    front = {"head": True, "high": True, "tail": False, "brake": False, "reverse": False}.get(group)
    for ahead in (True, False) if front is None else (front,):
        for side in (0,) if single else (1, -1):
            mine = (facing[:, 0] > 0.0) == ahead if front is None else np.ones(len(middle), dtype=bool)
            mine &= (side == 0) | (np.sign(middle[:, 1]) == side)
            if not mine.any():
                continue
            forward = np.array([1.0 if ahead else -1.0, 0.0, 0.0])
            place = _middle(corners[mine])
            place[0] = middle[mine, 0].max() if ahead else middle[mine, 0].min()
            up = np.array([0.0, 0.0, 1.0])
            fitting = _fitting(group, actor)
            yield _one(fitting, place, forward, up, number, part)


def _middle(corners: Floats) -> Floats:
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) + 1e-12
    return np.asarray((corners.mean(axis=1) * area[:, None]).sum(axis=0) / area.sum())


def _normal(corners: Floats) -> Floats:
    whole = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(axis=0)
    return np.asarray(whole / np.linalg.norm(whole))
