"""What comes back to the receiver before it decides: echoes of pulses, and which of them it cannot tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPEED_OF_LIGHT = 299_792_458.0


@dataclass(frozen=True)
class Echoes:
    """E echoes, in order of their pulses."""

    pulse: NDArray[np.int64]
    """(E,) which pulse."""
    distance: Floats
    """(E,) [m] along the way of the light."""
    power: Floats
    """(E,) as a multiple of the least power that is detected in daylight."""
    face: NDArray[np.int64]
    """(E,) row of the scene's table of faces; -1 for the air."""
    part: NDArray[np.int64]
    """(E,) row of the atlas; -1 for what does not move."""
    cosine: NDArray[np.float32]
    """(E,) of incidence."""
    airborne: NDArray[np.uint8]
    """(E,) key of `roadlab_sensors.readings.AIRBORNE`; 0 for surfaces."""

    def __len__(self) -> int:
        return len(self.pulse)

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Echoes:
        return Echoes(*(getattr(self, f.name)[rows] for f in fields(Echoes)))

    @staticmethod
    def joined(tables: Sequence[Echoes]) -> Echoes:
        """All echoes, table after table."""
        whole = [NO_ECHOES, *tables]
        return Echoes(*(np.concatenate([getattr(t, f.name) for t in whole]) for f in fields(Echoes)))


def airborne_echoes(pulse: NDArray[np.int64], distance: Floats, power: Floats, kind: int) -> Echoes:
    """Echoes of something in the air, `kind` of `AIRBORNE`."""
    nothing = np.full(len(pulse), -1)
    cosine, kinds = np.zeros(len(pulse), dtype=np.float32), np.full(len(pulse), kind, dtype=np.uint8)
    return Echoes(pulse, distance, power, nothing, nothing, cosine, kinds)


NO_ECHOES = airborne_echoes(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), 0)


def merged(echoes: Echoes, apart: float, spread: float = 0.0) -> Echoes:
    """Echoes of one pulse that follow one another by less than `apart` [m] as one between them.

    Its distance is their mean weighted by power; it is said to come from what returned most. Sub-rays that are `spread`
    [rad] from one another and meet a slanting surface sample one long echo, however far apart they meet it.
    """
    if len(echoes) == 0:
        return echoes
    ordered = echoes[np.lexsort((echoes.distance, echoes.pulse))]
    gap = np.full(len(ordered), apart)
    if spread > 0.0:
        cosine = np.maximum(ordered.cosine.astype(np.float64), 1e-3)
        slant = apart + spread * ordered.distance * np.sqrt(1.0 - np.minimum(cosine, 1.0) ** 2) / cosine
        gap[1:] = np.minimum(slant[1:], slant[:-1])
    begins = (np.diff(ordered.pulse, prepend=-1) > 0) | (np.diff(ordered.distance, prepend=0.0) > gap)
    starts = np.flatnonzero(begins)
    if len(starts) == len(ordered):
        return ordered
    group = np.cumsum(begins) - 1
    power = np.add.reduceat(ordered.power, starts)
    distance = np.add.reduceat(ordered.power * ordered.distance, starts) / np.maximum(power, 1e-300)
    strongest = np.lexsort((-ordered.power, group))[starts]
    chief = ordered[strongest]
    return Echoes(chief.pulse, distance, power, chief.face, chief.part, chief.cosine, chief.airborne)


def of_bundles(
    power: NDArray[np.floating],
    distance: Floats,
    hit: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]],
    apart: float,
    spread: float,
) -> Echoes:
    """Echoes of R pulses whose K sub-rays returned `power` (R, K) from `distance` (R, K).

    `hit` holds face, part and cosine (R, K); `spread` is as for `merged`. Most pulses meet one
    surface; these take a short way.
    """
    seen = power > 0.0
    nearest = np.where(seen, distance, np.inf).min(axis=1)
    farthest = np.where(seen, distance, 0.0).max(axis=1)
    whole = np.flatnonzero((farthest - nearest <= apart) & (farthest > 0.0))
    rows = np.flatnonzero(farthest - nearest > apart)
    chief = whole, power[whole].argmax(axis=1)
    total = power[whole].sum(axis=1, dtype=np.float64)
    mean = (power[whole] * np.where(seen[whole], distance[whole], 0.0)).sum(axis=1) / total
    face, part, cosine = hit
    one = Echoes(whole, mean, total, face[chief], part[chief], cosine[chief], np.zeros(len(whole), dtype=np.uint8))
    row, column = np.nonzero(seen[rows])
    many = rows[row], column
    several = Echoes(
        rows[row],
        distance[many],
        power[many].astype(np.float64),
        face[many],
        part[many],
        cosine[many],
        np.zeros(len(row), dtype=np.uint8),
    )
    return Echoes.joined([one, merged(several, apart, spread)])
