"""A motorcycle or scooter and who rides it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.body import ADULT_HEIGHT, proportions
from roadlab.actors.catalog import VEHICLES
from roadlab.actors.cycling import cyclist_part_poses
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.motorcycles.helmet import helmet
from roadlab_sensors.world.motorcycles.naked import motorcycle_parts
from roadlab_sensors.world.motorcycles.scooter import scooter_parts
from roadlab_sensors.world.people import body_parts
from roadlab_sensors.world.people.figure import Figure, figure
from roadlab_sensors.world.people.head import CHIN
from roadlab_sensors.world.people.limbs import fist
from roadlab_sensors.world.people.outfit import biker_outfit
from roadlab_sensors.world.shapes import Style, srgb

PAINTS = ("#16171a", "#8e1b1f", "#1d3561", "#d8d8d4", "#3f6b3a", "#c9641c", "#5b6065", "#e0b020")
HELMETS = ("#17181a", "#d8d8d4", "#8e2b27", "#35507a", "#5b6065", "#2a2c30")
CASES = ("#15171a", "#c8402a", "#1f7a6d", "#d9791e", "#7a7d80")


def motorcycle_model(model_name: str, paint: str | None, rng: np.random.Generator) -> Model:
    """A `motorcycle` or `scooter` with its rider; parts as in `cyclist_part_poses`, without crank and pedals.

    `paint` (a colour's name or #rrggbb) decides the colour of the rider's jacket; ValueError for an unknown one.
    """
    drawn = figure(proportions(ADULT_HEIGHT), rng)
    build = replace(drawn, stoutness=min(drawn.stoutness, 1.04))
    clothes = biker_outfit(build.curve > 0, paint, rng)
    lacquer = Style(srgb(PAINTS[int(rng.integers(len(PAINTS)))]), "car_paint", "motorcycle")
    if model_name == "scooter":
        case = (
            Style(srgb(CASES[int(rng.integers(len(CASES)))]), "plastic", "motorcycle") if rng.random() < 0.3 else None
        )
        mount = scooter_parts(lacquer, case)
    else:
        grey = float(rng.choice([0.02, 0.3, 0.5]))
        mount = motorcycle_parts(lacquer, Style((grey, grey, grey), "painted_metal", "motorcycle"))
    rider = body_parts(build, clothes, fist(build, Style((0.03, 0.028, 0.027), "leather", "rider")), "rider")
    rider["head"] = _helmeted(rider["head"], build, model_name, rng)
    return Model({name: tuple(merge(meshes)) for name, meshes in (mount | rider).items()})


def _helmeted(head: list[Mesh], build: Figure, model_name: str, rng: np.random.Generator) -> list[Mesh]:
    """Neck and helmet, whose top is where the catalog says that the rider ends."""
    shell = Style(srgb(HELMETS[int(rng.integers(len(HELMETS)))]), "car_paint", "rider")
    visor = Style((0.01, 0.01, 0.012), "tinted_glass", "rider")
    trim = Style((0.02, 0.02, 0.02), "plastic", "rider")
    scale = build.head_scale
    parts = [head[0], *helmet((0.012 * scale, 0.0, (CHIN + 0.118) * scale), scale, shell, visor, trim)]
    pose = cyclist_part_poses(np.zeros((1, 3)), model_name)["head"][0]
    top = max(float((m.vertices @ pose[2, :3]).max()) for m in parts) + pose[2, 3]
    lift = pose[:3, :3].T @ [0.0, 0.0, VEHICLES[model_name].height - top]
    return [head[0], *(m.moved(np.eye(3), lift) for m in parts[1:])]
