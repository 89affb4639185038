from functools import cache

import numpy as np
import pytest

from roadlab.actors.articulation_vehicle import vehicle_part_poses
from roadlab.actors.catalog import VEHICLES
from roadlab.actors.paint import LIVERIES
from roadlab.log import LAMPS
from roadlab.randomness import generator
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import srgb
from roadlab_sensors.world.vehicles import vehicle_model

MOST = {"bus": 45_000, "minibus": 32_000}
"""Triangles of what is longer than a car and has more windows."""
MODELS = [name for name, model in VEHICLES.items() if model.track > 0.0]


@cache
def build(name: str, paint: str | None = "#8f1d1d", key: int = 0, occupants: int = 1) -> Model:
    return vehicle_model(name, paint, generator(7, "vehicle", key), occupants)


def assembled(name: str, model: Model) -> list[Mesh]:
    poses = vehicle_part_poses(name, [[0.0, 0.0]])
    return [m.moved(poses[p][0, :3, :3], poses[p][0, :3, 3]) for p, meshes in model.parts.items() for m in meshes]


def triangles(meshes: list[Mesh]) -> np.ndarray:
    return np.concatenate([m.vertices[m.faces] for m in meshes]).astype(np.float64)


@pytest.mark.parametrize("name", MODELS)
def test_the_surfaces_fill_the_labelled_box(name: str) -> None:
    model = VEHICLES[name]
    points = triangles(assembled(name, build(name))).reshape(-1, 3)
    low, high = points.min(axis=0), points.max(axis=0)
    assert high - low == pytest.approx((model.length, model.width, model.height), abs=1e-3)
    assert (high + low) / 2 == pytest.approx(model.box_center, abs=1e-3)


@pytest.mark.parametrize("name", MODELS)
def test_every_tyre_stands_on_the_ground(name: str) -> None:
    parts, model = build(name).parts, VEHICLES[name]
    for part in ("wheel_fl", "wheel_fr", "wheel_rl", "wheel_rr"):
        rubber = triangles([m for m in parts[part] if m.material == "rubber"]).reshape(-1, 3)
        assert rubber[:, 2].min() + model.wheel_radius == pytest.approx(0.0, abs=2e-3)


@pytest.mark.parametrize("name", MODELS)
def test_wheels_stay_within_the_body_width(name: str) -> None:
    meshes = build(name).parts["body"]
    flank = max(float(np.abs(m.vertices[:, 1]).max()) for m in meshes if m.material in ("car_paint", "metallic_paint"))
    tyre = max(float(m.vertices[:, 1].max()) for m in build(name).parts["wheel_fl"])
    assert VEHICLES[name].track / 2 + tyre < flank + 0.02


@pytest.mark.parametrize("name", MODELS)
def test_whatever_is_seen_from_outside_faces_outwards(name: str) -> None:
    corners = triangles(assembled(name, build(name)))
    rng = generator(3, "rays", name)
    center = np.array(VEHICLES[name].box_center)
    for _ in range(150):
        outwards = rng.normal(size=3)
        outwards[2] = abs(outwards[2]) * 0.5
        origin = center + 20.0 * outwards / np.linalg.norm(outwards)
        aim = center + rng.uniform(-0.4, 0.4, 3) * [VEHICLES[name].length, 1.2, 1.0]
        direction = (aim - origin) / np.linalg.norm(aim - origin)
        hit = first_hit(corners, origin, direction)
        if hit is not None:
            a, b, c = corners[hit]
            assert np.cross(b - a, c - a) @ direction < 0.0


def first_hit(corners: np.ndarray, origin: np.ndarray, direction: np.ndarray) -> int | None:
    """Moeller and Trumbore's test against all triangles."""
    a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(direction, ac)
    determinant = np.einsum("ij,ij->i", ab, p)
    scale = 1.0 / np.where(np.abs(determinant) < 1e-12, np.inf, determinant)
    t = origin - a
    u = np.einsum("ij,ij->i", t, p) * scale
    q = np.cross(t, ab)
    v = (q @ direction) * scale
    distance = np.einsum("ij,ij->i", ac, q) * scale
    inside = (scale != 0.0) & (u > 0) & (v > 0) & (u + v < 1) & (distance > 0)
    return int(np.argmin(np.where(inside, distance, np.inf))) if inside.any() else None


@pytest.mark.parametrize("name", MODELS)
def test_shading_normals_agree_with_the_faces(name: str) -> None:
    for mesh in assembled(name, build(name)):
        if mesh.normals is None:
            continue
        corners = mesh.vertices[mesh.faces].astype(np.float64)
        faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        area = np.linalg.norm(faces, axis=1)
        shading = mesh.normals[mesh.faces].mean(axis=1)
        against = np.einsum("ij,ij->i", faces, shading) < 0.0
        assert area[against].sum() < 0.01 * area.sum(), (mesh.material, mesh.lamp)


@pytest.mark.parametrize("name", MODELS)
def test_meshes_are_sound_and_of_moderate_size(name: str) -> None:
    meshes = assembled(name, build(name))
    assert 5_000 < sum(len(m.faces) for m in meshes) <= MOST.get(name, 26_000)
    for mesh in meshes:
        assert mesh.material in MATERIALS
        assert mesh.faces.max() < len(mesh.vertices)
        assert np.isfinite(mesh.vertices).all()
        assert mesh.colors.min() >= 0.0
        assert mesh.colors.max() <= 1.0
        assert mesh.normals is None or np.abs(np.linalg.norm(mesh.normals, axis=1) - 1.0).max() < 1e-3


@pytest.mark.parametrize("name", MODELS)
def test_lamps_sit_where_traffic_law_wants_them(name: str) -> None:
    model = VEHICLES[name]
    middle = model.box_center[0]
    lamps = {
        group: triangles([m for m in build(name).parts["body"] if m.lamp == group]).reshape(-1, 3)
        for group in LAMPS
        if group != "high"  # its light leaves through the same glass as the dipped beam's
    }
    assert lamps["head"][:, 0].min() > middle
    for group in ("tail", "brake", "reverse"):
        assert lamps[group][:, 0].max() < middle
    assert lamps["left"][:, 1].min() > 0.0
    assert lamps["right"][:, 1].max() < 0.0
    for side in ("left", "right"):
        assert lamps[side][:, 0].max() > middle > lamps[side][:, 0].min()
    # UN R48: dipped beam 0.5 to 1.2 m above the ground, stop lamps at most 1.5 m but for the high-mounted one
    assert 0.5 < lamps["head"][:, 2].mean() < 1.2
    assert 0.35 < lamps["tail"][:, 2].mean() < 1.5


def test_paint_is_what_the_scenario_says() -> None:
    painted = [m for m in build("sedan", "#2f5d92").parts["body"] if m.material in ("car_paint", "metallic_paint")]
    assert painted
    for mesh in painted:
        assert mesh.colors[0] == pytest.approx(srgb("#2f5d92"), abs=1e-6)


def test_most_cars_are_white_black_grey_or_silver() -> None:
    from roadlab_sensors.world.vehicles.finish import finish

    rng = generator(1, "paints")
    colors = np.array([finish(None, rng, "car").paint.color for _ in range(600)])
    plain = (colors.max(axis=1) - colors.min(axis=1)) < 0.12 * colors.max(axis=1) + 0.02
    assert 0.65 < plain.mean() < 0.9


def test_a_parked_car_is_empty() -> None:
    assert not any(m.material == "skin" for m in build("estate", occupants=0).parts["body"])
    assert any(m.material == "skin" for m in build("estate", occupants=1).parts["body"])


def test_same_key_same_car_other_key_other_car() -> None:
    def digest(model: Model) -> bytes:
        return b"".join(m.vertices.tobytes() + m.colors.tobytes() for ms in model.parts.values() for m in ms)

    assert digest(build("hatchback", None, 1)) == digest(build("hatchback", None, 1))
    assert digest(build("hatchback", None, 1)) != digest(build("hatchback", None, 2))


def test_a_bicycle_is_no_vehicle_with_two_tracks() -> None:
    with pytest.raises(KeyError):
        build("bicycle")


@pytest.mark.parametrize("livery", LIVERIES)
@pytest.mark.parametrize("name", ["sedan", "estate", "van"])
def test_a_livery_has_its_sign_within_the_label(name: str, livery: str) -> None:
    model = VEHICLES[name]
    meshes = assembled(name, build(name, livery))
    points = triangles(meshes).reshape(-1, 3)
    assert points[:, 2].max() == pytest.approx(model.height + LIVERIES[livery], abs=1e-3)
    assert points[:, :2].max(axis=0) - points[:, :2].min(axis=0) == pytest.approx((model.length, model.width), abs=1e-3)


def test_taxis_are_ivory_and_police_cars_have_a_blue_band() -> None:
    def painted(livery: str) -> list[Mesh]:
        return [m for m in build("sedan", livery).parts["body"] if m.material == "car_paint"]

    assert np.median(np.concatenate([m.colors for m in painted("taxi")]), axis=0) == pytest.approx(srgb("#e6d2b5"))
    colors = np.concatenate([m.colors for m in painted("police")])
    assert (colors[:, 2] > 3 * colors[:, 0]).sum() > 300


def test_ten_thousand_cars_are_ten_thousand_cars() -> None:
    """By everything that is drawn about them before a mesh is made."""
    from roadlab_sensors.world.vehicles.finish import finish
    from roadlab_sensors.world.vehicles.proportions import CARS, varied
    from roadlab_sensors.world.vehicles.wheels import design

    drawn = set()
    for k in range(10_000):
        rng = generator(1, "looks", f"traffic[{k}]")
        drawn.add(repr((finish(None, rng, "car"), design(0.32, rng, "car"), varied(CARS["sedan"], rng))))
    assert len(drawn) == 10_000
