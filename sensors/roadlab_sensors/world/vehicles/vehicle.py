"""Vehicles by catalog model: body and four wheels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.articulation_vehicle import wheel_mounts
from roadlab.actors.catalog import WHEELED, VehicleModel
from roadlab.actors.paint import LIVERIES
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.shapes import mirrored
from roadlab_sensors.world.vehicles.body import GAP, house_lines, lower_parts
from roadlab_sensors.world.vehicles.bus import BUS_PAINTS, bus_body
from roadlab_sensors.world.vehicles.cabin import cabin
from roadlab_sensors.world.vehicles.caravan import caravan_body
from roadlab_sensors.world.vehicles.carriers import CARRIERS
from roadlab_sensors.world.vehicles.finish import Finish, finish
from roadlab_sensors.world.vehicles.glass import glaze
from roadlab_sensors.world.vehicles.livery import liveried, marks, roof_sign
from roadlab_sensors.world.vehicles.panels import gaps
from roadlab_sensors.world.vehicles.proportions import CARS, Proportions, varied
from roadlab_sensors.world.vehicles.semitrailer import semitrailer_body, semitrailer_wheel
from roadlab_sensors.world.vehicles.shell import floor, greenhouse, lower_body
from roadlab_sensors.world.vehicles.tractor import tractor_body
from roadlab_sensors.world.vehicles.trim import trim
from roadlab_sensors.world.vehicles.truck import truck_body, truck_wheels
from roadlab_sensors.world.vehicles.wheels import design, wheel


def vehicle_model(model_name: str, paint: str | None, rng: np.random.Generator, occupants: int = 1) -> Model:
    """A vehicle of the catalog: parts `body` in the vehicle frame and `wheel_fl`, `wheel_fr`, `wheel_rl`, `wheel_rr`.

    A wheel's frame has its origin at the wheel's centre and its axle along y. `paint` is `#rrggbb`, a livery (for cars
    and vans), or None for a colour drawn by its share on the road. `occupants` sit in it, the driver first. At zero
    joints all parts together fill the catalog's box; a livery's sign stands on top of it. A trailer has a pair of
    wheels for each axle. KeyError for a model that is no vehicle with two tracks.
    """
    model = WHEELED[model_name]
    if model.category == "trailer":
        return _trailer(model, rng)
    if model_name == "bus":
        style = finish(paint or BUS_PAINTS[int(rng.integers(len(BUS_PAINTS)))], rng, "bus")
        return _model(bus_body(model, style, occupants, rng), truck_wheels(model, "bus"), model)
    if model_name == "truck":
        style = finish(paint, rng, "truck")
        return _model(truck_body(model, style, occupants, rng), truck_wheels(model, "truck"), model)
    if model_name in ("tractor", "articulated_truck"):
        style = finish(paint, rng, "truck")
        return _model(tractor_body(model, style, occupants, rng), truck_wheels(model, "truck"), model)
    livery = paint if paint in LIVERIES else None
    style = finish(paint, rng, "car") if livery is None else liveried(livery, rng, "car")
    left = wheel(design(model.wheel_radius, rng, "car"), "car")
    shape = varied((CARS | CARRIERS)[model.name], rng)
    plain = _model(_car_body(shape, livery, model, style, occupants, rng), (left, left), model)
    if livery is None:
        return plain
    sign = merge(sound(roof_sign(livery, list(plain.parts["body"]), shape, model, "car")))
    return Model({**plain.parts, "body": (*plain.parts["body"], *sign)})


def _trailer(model: VehicleModel, rng: np.random.Generator) -> Model:
    """Parts `body` and a wheel for each end of each axle, as `wheel_mounts` names them."""
    semantic = "truck" if model.name == "semitrailer" else "car"
    style = finish(None, rng, semantic)
    if model.name == "semitrailer":
        body, wheels = semitrailer_body(model, style, rng), semitrailer_wheel(model, semantic)
    else:
        body, wheels = caravan_body(model, style, rng), wheel(design(model.wheel_radius, rng, semantic), semantic)
    left = tuple(merge(sound(wheels)))
    right = tuple(mirrored(mesh) for mesh in left)
    mounted = {part: left if y > 0.0 else right for part, (_, y, _) in wheel_mounts(model.name).items()}
    return Model({"body": tuple(fitted(merge(sound(body)), model)), **mounted})


def _car_body(
    shape: Proportions, livery: str | None, model: VehicleModel, style: Finish, occupants: int, rng: np.random.Generator
) -> list[Mesh]:
    lower, house = lower_body(shape, model), greenhouse(shape, 0.18 if shape.panelled else 0.15)
    paint, glazing = glaze(house, shape, style)
    paint, door_gaps = gaps(paint, house_lines(shape), GAP, style.gap)
    return [
        paint.mesh(style.paint),
        *glazing,
        *door_gaps,
        *lower_parts(lower, shape, model, style),
        floor(shape, model).mesh(style.gap),
        *trim(lower, house, shape, model, style, rng),
        *cabin(shape, style, occupants, rng),
        *(marks(livery, lower, house, shape, model, style, rng) if livery else []),
    ]


def _model(body: list[Mesh], wheels: tuple[list[Mesh], list[Mesh]], model: VehicleModel) -> Model:
    """The parts of a vehicle from its body and its left wheels, front and rear."""
    front, rear = (merge(sound(meshes)) for meshes in wheels)
    return Model(
        {
            "body": tuple(fitted(merge(sound(body)), model)),
            "wheel_fl": tuple(front),
            "wheel_fr": tuple(mirrored(m) for m in front),
            "wheel_rl": tuple(rear),
            "wheel_rr": tuple(mirrored(m) for m in rear),
        }
    )


def sound(meshes: list[Mesh]) -> list[Mesh]:
    """The meshes without triangles too thin to have a normal, and without empty meshes."""
    kept = []
    for mesh in meshes:
        corners = mesh.vertices[mesh.faces].astype(np.float64)
        doubled = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        kept.append(replace(mesh, faces=mesh.faces[doubled > 1e-8]))
    return [mesh for mesh in kept if len(mesh.faces)]


def fitted(meshes: list[Mesh], model: VehicleModel) -> list[Mesh]:
    """The meshes stretched by the last few millimetres so that they fill the model's box, standing on z = 0."""
    points = np.concatenate([m.vertices for m in meshes]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.array([model.length, model.width, model.height])
    scale = size / np.array([high[0] - low[0], 2 * max(high[1], -low[1]), high[2]])
    shift = (-model.rear_overhang - low[0] * scale[0], 0.0, 0.0)
    return [m.scaled(scale).moved(np.eye(3), shift) for m in meshes]
