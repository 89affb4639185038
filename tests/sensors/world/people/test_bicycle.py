import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.actors.cycling import BICYCLE_PARTS, CYCLIST_PARTS, RIDER_PARTS, cyclist_part_poses
from roadlab.randomness import generator
from roadlab_sensors.world.bicycle import SPOKES, cyclist_model


def somebody(seed=1, paint=None):
    return cyclist_model(paint, generator(seed, "looks", "cyclist"))


def extent(model, joints):
    """(2, 3) of all surfaces in the bicycle's frame."""
    poses = cyclist_part_poses(joints)
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for part, meshes in model.parts.items():
        points = np.concatenate([mesh.vertices for mesh in meshes]).astype(np.float64)
        for pose in poses[part]:
            moved = points @ pose[:3, :3].T + pose[:3, 3]
            low, high = np.minimum(low, moved.min(axis=0)), np.maximum(high, moved.max(axis=0))
    return np.stack([low, high])


def catalog_box():
    model = VEHICLES["bicycle"]
    center, size = np.array(model.box_center), np.array([model.length, model.width, model.height])
    return np.stack([center - size / 2, center + size / 2])


@pytest.mark.parametrize("seed", range(5))
def test_bicycle_and_rider_fill_the_catalogs_box_at_every_crank_angle(seed):
    model = somebody(seed)
    for crank in np.linspace(0.0, 2 * np.pi, 9):
        assert extent(model, np.array([[0.0, 2.1 * crank, crank]])) == pytest.approx(catalog_box(), abs=0.001)


def test_they_stay_inside_the_box_when_steering():
    box = catalog_box()
    for steering in (-0.6, -0.2, 0.1, 0.6):
        low, high = extent(somebody(2), np.array([[steering, 0.0, 1.0]]))
        assert (low > box[0] - 0.001).all()
        assert (high < box[1] + 0.001).all()


def test_rider_and_bicycle_are_told_apart():
    model = somebody()
    assert set(model.parts) == set(CYCLIST_PARTS)
    for parts, semantic in ((BICYCLE_PARTS, "bicycle"), (RIDER_PARTS, "rider")):
        assert {mesh.semantic for part in parts for mesh in model.parts[part]} == {semantic}
    lamps = {mesh.lamp for part in BICYCLE_PARTS for mesh in model.parts[part]}
    assert {"head", "tail"} <= lamps


def test_light_passes_between_the_spokes():
    """Seen from the side, most of the wheel inside its rim is air, and at least 20 spokes cross it."""
    assert SPOKES >= 20
    wheel = somebody().parts["wheel_r"]
    corners = np.concatenate([mesh.vertices[mesh.faces] for mesh in wheel]).astype(np.float64)
    radius = np.hypot(corners[..., 0], corners[..., 2])
    crossing = corners[(radius.min(axis=1) < 0.15) & (radius.max(axis=1) > 0.25)][..., [0, 2]]
    assert len(crossing) >= 2 * SPOKES
    a, b = crossing[:, 1] - crossing[:, 0], crossing[:, 2] - crossing[:, 0]
    area = 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()
    assert area < 0.15 * np.pi * 0.3**2


def test_paint_colours_the_riders_upper_garment():
    colors = np.concatenate([mesh.colors for mesh in somebody(paint="red").parts["torso"] if mesh.material == "cloth"])
    red, green, _ = np.median(colors, axis=0)
    assert red > 3 * green
