"""People: pedestrians, and the riders of bicycles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.body import Proportions, proportions
from roadlab.actors.catalog import PEOPLE
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.people import limbs
from roadlab_sensors.world.people.figure import Figure, figure
from roadlab_sensors.world.people.gear import gear_parts, holding_hands
from roadlab_sensors.world.people.head import CHIN, CROWN, head_meshes
from roadlab_sensors.world.people.outfit import Outfit, aged, outfit
from roadlab_sensors.world.people.torso import pelvis, torso
from roadlab_sensors.world.shapes import Style

__all__ = ["body_parts", "person_model"]


def person_model(model_name: str, paint: str | None, rng: np.random.Generator, gear: str = "", bag: str = "") -> Model:
    """A pedestrian with build, face, hair and clothes at random; parts as in `pedestrian_part_poses`.

    `paint` (a colour's name or #rrggbb) decides the upper garment's colour, `bag` the bag unless it is empty; `gear` is
    what the person holds, pushes or sits in, see `roadlab.actors.gear`. KeyError for an unknown model, ValueError
    for an unknown colour.
    """
    body = proportions(PEOPLE[model_name].height)
    build = figure(body, rng)
    clothes = outfit(build.scale, build.curve > 0, paint, rng)
    if model_name == "senior":
        clothes = aged(clothes, build.scale, rng)
    bag = bag or ("none" if gear == "wheelchair" else clothes.bag)
    clothes = replace(clothes, bag=bag)
    skin = Style(clothes.look.skin, "skin", "person")
    parts = body_parts(build, clothes, limbs.open_hand(build, skin), "person")
    parts |= holding_hands(gear, build, skin) | gear_parts(gear, build.body.height, rng)
    return Model({name: tuple(merge(meshes)) for name, meshes in parts.items()})


def body_parts(build: Figure, clothes: Outfit, hand: list[Mesh], semantic: str) -> dict[str, list[Mesh]]:
    """Meshes of every part of a clothed body; `hand` is the left one."""
    skin, hair = Style(clothes.look.skin, "skin", semantic), Style(clothes.look.hair, "hair", semantic)
    upper, lower = Style(clothes.upper_color, "cloth", semantic), Style(clothes.lower_color, "cloth", semantic)
    leather = Style(clothes.shoe_color, "leather", semantic)
    left = (
        limbs.arm(build, clothes, skin, upper, hand)
        | limbs.leg(build, clothes, skin, lower)
        | limbs.shoe(build, clothes, leather)
    )
    parts = {
        "pelvis": pelvis(build, clothes, lower, upper),
        "torso": torso(build, clothes, upper),
        "head": head_meshes(clothes.look, _head_scale(build.body), build.body.head, skin, hair),
    }
    for name, meshes in left.items():
        parts[f"{name}_l"] = meshes
    for name, meshes in limbs.right(left).items():
        parts[f"{name}_r"] = meshes
    return parts


def _head_scale(body: Proportions) -> float:
    return body.head / (CHIN + CROWN)
