"""Full-face helmets with a dark visor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.sections import shaded
from roadlab_sensors.world.shapes import Style, loft

AROUND, LEVELS = 36, 22
RADII = (0.142, 0.122, 0.138)
"""Along x, y and z: a shell of size M [m]."""


def helmet(center: tuple[float, float, float], scale: float, shell: Style, visor: Style, trim: Style) -> list[Mesh]:
    """The shell about `center` [m] with its chin bar, the visor let into it, and the rim below."""
    level = np.linspace(-1.05, np.pi / 2, LEVELS)[:, None]
    turn = (np.arange(AROUND) * (2.0 * np.pi / AROUND))[None, :]
    ahead = np.cos(turn)
    # the chin bar stands out in front, the neck is cut away behind
    chin = 0.16 * np.clip(-level / 0.9, 0.0, 1.0) * np.clip(ahead, 0.0, 1.0) ** 2
    radius = 1.0 + chin - 0.05 * np.clip(-level, 0.0, 1.0) * np.clip(-ahead, 0.0, 1.0)
    flat = np.cos(level)
    height = np.broadcast_to(np.sin(level), radius.shape)
    points = np.stack([flat * ahead * radius, flat * np.sin(turn) * (1 + 0.3 * chin), height], axis=2)
    whole = shaded(loft(points * np.array(RADII) * scale + np.array(center), shell, caps=False))
    # both triangles of a patch begin at its lowest corner to the right
    ring, column = np.divmod(whole.faces[:, 0].astype(np.int64), AROUND)
    across = np.abs(np.angle(np.exp(1j * (turn[0, column] + np.pi / AROUND))))
    low, high = level[ring, 0], level[np.minimum(ring + 1, LEVELS - 1), 0]
    window = (across < 1.2) & (low > -0.36) & (high < 0.46)
    rim = high < -0.84
    return [_only(whole, ~window & ~rim, shell), _only(whole, window, visor), _only(whole, rim, trim)]


def _only(mesh: Mesh, faces: NDArray[np.bool_], style: Style) -> Mesh:
    colors = np.tile(np.asarray(style.color, dtype=np.float32), (len(mesh.vertices), 1))
    return replace(mesh, faces=mesh.faces[faces], colors=colors, material=style.material)
