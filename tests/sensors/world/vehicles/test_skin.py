import numpy as np
import pytest
import shapely

from roadlab_sensors.world.vehicles.skin import Skin, everywhere, grid_skin, signed_distance, vertex_normals


def cylinder_skin(radius: float = 1.0, height: float = 2.0, around: int = 64, rows: int = 21) -> Skin:
    turns = np.arange(around) * (2 * np.pi / around)
    ring = np.stack([radius * np.cos(turns), radius * np.sin(turns)], axis=1)
    rings = np.stack([np.column_stack([ring, np.full(around, z)]) for z in np.linspace(0, height, rows)])
    return grid_skin(rings, np.abs(np.arctan2(ring[:, 1], ring[:, 0])) * radius)


def area(skin: Skin) -> float:
    corners = skin.points[skin.faces]
    return float(
        np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    )


def test_a_cut_keeps_every_square_metre() -> None:
    skin = cylinder_skin()
    inside, outside = skin.split(skin.z - 0.777 + 0.2 * skin.x)
    assert area(inside) + area(outside) == pytest.approx(area(skin), rel=1e-9)


def test_a_window_has_the_area_of_its_outline() -> None:
    skin = cylinder_skin(around=256, rows=81)
    window = shapely.box(-0.5, 0.6, 0.7, 1.5)  # way along the skin by height
    pane, _ = skin.split(np.maximum(signed_distance(window, skin.points[:, 1], skin.z), -skin.x))
    # on the unit cylinder y = sin(angle)
    assert area(pane) == pytest.approx((np.arcsin(0.7) + np.arcsin(0.5)) * 0.9, rel=2e-2)


def test_a_gap_is_as_wide_as_asked() -> None:
    skin = cylinder_skin()
    gap, rest = skin.strip(lambda s: s.z - 1.03, 0.005, everywhere)
    perimeter = 2 * 64 * np.sin(np.pi / 64)
    assert area(gap) == pytest.approx(0.01 * perimeter, rel=1e-6)
    assert area(gap) + area(rest) == pytest.approx(area(skin), rel=1e-9)


def test_a_cut_edge_is_watertight() -> None:
    skin = cylinder_skin()
    inside, outside = skin.split(skin.z - 1.234 + 0.1 * skin.points[:, 1])
    used = np.intersect1d(inside.faces, outside.faces)
    on_cut = skin.z.size <= used
    assert on_cut.all()
    assert inside.points[used, 2] + 0.1 * inside.points[used, 1] == pytest.approx(1.234, abs=2e-3)


def test_a_rim_closes_the_hole_towards_its_inside() -> None:
    skin = cylinder_skin()
    disc, _ = skin.split(np.maximum(np.hypot(skin.points[:, 1], skin.z - 1.0) - 0.4, -skin.x))
    wall = disc.rim(np.array([-0.1, 0.0, 0.0]))
    assert area(wall) == pytest.approx(0.1 * 2 * np.pi * 0.4, rel=0.02)
    corners = wall.points[wall.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    towards_axis = np.array([0.0, 0.0, 1.0]) - corners.mean(axis=1) * [0.0, 1.0, 1.0]
    assert (np.einsum("ij,ij->i", normals, towards_axis) > 0).all()


def test_normals_of_a_cylinder_are_radial() -> None:
    skin = cylinder_skin()
    radial = skin.points * [1.0, 1.0, 0.0]
    within = (skin.z > 0.01) & (skin.z < 1.99)
    assert vertex_normals(skin.points, skin.faces)[within] == pytest.approx(radial[within], abs=1e-6)


def test_refining_keeps_the_surface_and_lets_a_round_hole_be_round() -> None:
    x = np.arange(0.0, 4.1, 0.5)
    ring = np.concatenate([np.column_stack([x, 0.0 * x]), np.column_stack([x[::-1], 0.0 * x + 1e-3])])
    rings = np.stack([np.column_stack([ring, np.full(len(ring), z)]) for z in np.arange(0.0, 3.1, 0.5)])
    plate = grid_skin(rings, np.zeros(len(ring)))
    hole = shapely.Point(2.1, 1.4).buffer(0.6, quad_segs=32)

    def field(skin: Skin) -> np.ndarray:
        return np.asarray(signed_distance(hole, skin.x, skin.z))

    fine = plate.refined(field, 0.1)
    assert area(fine) == pytest.approx(area(plate), rel=1e-9)
    coarse, _ = plate.split(field(plate))
    inside, outside = fine.split(field(fine))
    assert area(inside) + area(outside) == pytest.approx(area(plate), rel=1e-9)
    assert area(inside) == pytest.approx(2 * hole.area, rel=0.02)
    assert abs(area(coarse) - 2 * hole.area) > 5 * abs(area(inside) - 2 * hole.area)
