import numpy as np
import pytest
import shapely

from roadlab.randomness import generator
from roadlab_sensors.world.buildings.block import block
from roadlab_sensors.world.buildings.house import garage, house, planned
from roadlab_sensors.world.mesh import Model


def detached(seed: int) -> Model:
    rng = generator(seed, "test")
    return house(planned(rng), rng)


def terraced(seed: int) -> Model:
    rng = generator(seed, "test")
    return house(planned(rng, terraced=True), rng)


def city(seed: int) -> Model:
    return block(generator(seed, "test"), 14.5)


def corners(model: Model) -> np.ndarray:
    """(T, 3, 3) corners of all triangles."""
    return np.concatenate([m.vertices[m.faces] for m in model.parts["body"]]).astype(np.float64)


def triangles(model: Model) -> int:
    return sum(len(m.faces) for m in model.parts["body"])


def front_faces(model: Model) -> np.ndarray:
    """Triangles that look to the street from the front wall or less than half a metre behind it."""
    points = corners(model)
    normal = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    area = np.linalg.norm(normal, axis=1)
    points, normal, area = points[area > 1e-9], normal[area > 1e-9], area[area > 1e-9]
    faces = normal[:, 1] / area < -0.2
    near = (points[..., 1].max(axis=1) < 0.5) & (points[..., 1].min(axis=1) > -0.5)
    return points[faces & near]


@pytest.mark.parametrize("make", [detached, terraced, city])
@pytest.mark.parametrize("seed", range(4))
def test_no_ray_passes_through_a_front(make, seed):
    model = make(seed)
    shown = shapely.union_all(shapely.polygons(front_faces(model)[:, :, [0, 2]]), grid_size=1e-5)
    walls = corners(Model({"body": tuple(m for m in model.parts["body"] if m.material in ("plaster", "brick"))}))
    front = walls[np.abs(walls[..., 1]).max(axis=1) < 1e-4]
    half = np.abs(front[..., 0]).max()
    top = front[np.abs(np.abs(front[..., 0]) - half) < 1e-3][:, 2].max()
    facade = shapely.box(-half + 0.001, 0.1, half - 0.001, top - 0.001)
    assert facade.area > 20.0
    assert facade.difference(shown).area < 1e-3


@pytest.mark.parametrize("make", [detached, terraced, city])
@pytest.mark.parametrize("seed", range(4))
def test_no_two_front_faces_share_a_place(make, seed):
    faces = front_faces(make(seed))
    faces = faces[np.ptp(faces[..., 1], axis=1) < 1e-5]
    depth = np.round(faces[:, 0, 1], 4)
    for plane in np.unique(depth):
        flat = shapely.polygons(faces[depth == plane][:, :, [0, 2]])
        double = shapely.area(flat).sum() - shapely.union_all(flat, grid_size=1e-5).area
        assert double < 2e-3, f"{double:.4f} m² lie twice in the plane y = {plane}"


@pytest.mark.parametrize("seed", range(4))
def test_houses_have_the_size_of_houses(seed):
    for make in (detached, terraced):
        low, high = make(seed).bounds()
        assert 7.0 < high[2] < 14.0  # two storeys of 2.75 to 3 m, a roof and a chimney
        assert 6.0 < high[0] - low[0] < 13.5
        assert -0.05 < low[2] < 0.02
    low, high = city(seed).bounds()
    assert 12.0 < high[2] < 25.0  # four or five storeys
    assert high[0] == pytest.approx(7.25, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_buildings_cost_neither_too_few_nor_too_many_triangles(seed):
    assert 1_500 < triangles(detached(seed)) < 6_000
    assert 2_000 < triangles(city(seed)) < 8_000
    assert triangles(garage(generator(seed, "garage"))) < 1_000


def test_buildings_are_muted_and_reflect_like_paint_and_clay():
    for seed in range(6):
        for mesh in detached(seed).parts["body"]:
            assert mesh.semantic == "building"
            assert mesh.colors.min() >= 0.0
            if mesh.material in ("plaster", "brick"):
                # Old masonry paint reflects 0.2 to 0.8 of the light, brick less (ECOSTRESS library).
                assert 0.03 < mesh.colors.mean() < 0.8


def test_windows_stand_behind_the_wall():
    glass = [m for m in detached(1).parts["body"] if m.material == "window_glass"]
    faces = glass[0].vertices[glass[0].faces]
    front = faces[(np.ptp(faces[..., 1], axis=1) < 1e-4) & (faces[..., 1].max(axis=1) < 0.6)]
    assert len(front) > 8
    assert front[..., 1].min() > 0.1


def test_the_same_stream_builds_the_same_house():
    for a, b in zip(detached(3).parts["body"], detached(3).parts["body"], strict=True):
        assert a.vertices.tobytes() == b.vertices.tobytes()
        assert a.colors.tobytes() == b.colors.tobytes()


def test_another_stream_builds_another_house():
    assert not np.array_equal(detached(3).bounds(), detached(4).bounds())


@pytest.mark.parametrize("make", [detached, terraced, city])
@pytest.mark.parametrize("seed", range(4))
def test_no_triangle_of_a_wall_is_degenerate(make, seed):
    for mesh in make(seed).parts["body"]:
        if mesh.material in ("plaster", "brick", "window_glass", "painted_metal"):
            points = mesh.vertices[mesh.faces]
            area = np.linalg.norm(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1) / 2
            assert area.min() > 1e-9
