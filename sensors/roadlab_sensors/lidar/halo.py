"""Blooming: retro-reflectors are so bright that beams which pass beside them see them too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.lidar.echoes import NO_ECHOES, Echoes

Floats = NDArray[np.float64]

GLARING = 2000.0
"""Power from which on an echo has a halo worth following, as a multiple of the least that is detected."""
STRAY = 2e-4
"""Share of its light that a beam scatters to just beside itself, by dust and lenses."""
WIDTH = 0.008
"""At this angle the stray light has fallen to 1/e [rad]; makes signs one to two beams larger, as on real sweeps."""
REACH = 0.016
"""Farther away it is not followed [rad]."""
_SECTORS = 720


def halo(echoes: Echoes, directions: Floats) -> Echoes:
    """Echoes that glaring ones cause in pulses beside their own; `directions` (P, 3) of all pulses, lidar frame."""
    from scipy.spatial import cKDTree

    glaring = np.flatnonzero((echoes.power > GLARING) & (echoes.face >= 0))
    if len(glaring) == 0:
        return NO_ECHOES
    sources = directions[echoes.pulse[glaring]]
    near = _same_sectors(directions, sources)
    # The tree finds the nearest source only: light of farther ones is weaker by far.
    found = cKDTree(sources).query(directions[near], distance_upper_bound=REACH)
    apart, source = np.asarray(found[0]), np.asarray(found[1])
    beside = np.flatnonzero((apart < REACH) & (apart > 1e-6))
    origin = echoes[glaring[source[beside]]]
    power = origin.power * STRAY * np.exp(-((apart[beside] / WIDTH) ** 2))
    strays = Echoes(near[beside], origin.distance, power, origin.face, origin.part, origin.cosine, origin.airborne)
    return strays[strays.power > 0.1]


def _same_sectors(directions: Floats, sources: Floats) -> NDArray[np.int64]:
    """Rows of directions whose azimuth is within half a degree or so of some source's."""
    sector, wanted = (_sector(each) for each in (directions, sources))
    marked = np.zeros(_SECTORS, dtype=bool)
    for shift in (-2, -1, 0, 1, 2):
        marked[(wanted + shift) % _SECTORS] = True
    return np.flatnonzero(marked[sector])


def _sector(directions: Floats) -> NDArray[np.int64]:
    turn = np.arctan2(directions[:, 1], directions[:, 0]) / (2.0 * np.pi) + 0.5
    return np.minimum(turn * _SECTORS, _SECTORS - 1).astype(np.int64)
