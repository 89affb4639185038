import cv2
import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.shrubs import bush, hedge, thicket, tuft
from roadlab_sensors.world.plants.trees import COARSE, FINE, SPECIES, spruce, street_tree, tree
from roadlab_sensors.world.plants.woods import far_wood, grove


def foliage(model: Model) -> Mesh:
    return next(m for m in model.parts["body"] if m.material == "leaf")


def triangles(model: Model) -> int:
    return sum(len(mesh.faces) for mesh in model.parts["body"])


def silhouette(model: Model, scale: float = 50.0) -> np.ndarray:
    """What a tree covers seen from the front, `scale` pixels a metre."""
    low, high = model.bounds()
    image = np.zeros((int((high[2] - low[2]) * scale) + 2, int((high[0] - low[0]) * scale) + 2), np.uint8)
    for mesh in model.parts["body"]:
        corners = mesh.vertices[mesh.faces][..., [0, 2]] - low[[0, 2]]
        for triangle in np.round(corners * scale).astype(np.int32):
            cv2.fillConvexPoly(image, triangle, 1)
    return image


@pytest.mark.parametrize("species", SPECIES)
def test_light_speckles_through_a_crown(species):
    image = silhouette(tree(species, generator(1, species)))
    crown = image[image.shape[0] // 2 :]
    hull = cv2.morphologyEx(crown, cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8))
    assert 0.5 < crown.sum() / hull.sum() < 0.97


@pytest.mark.parametrize("species", SPECIES)
def test_a_crown_has_a_ragged_outline(species):
    image = silhouette(tree(species, generator(2, species)))
    outlines, _ = cv2.findContours(image, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea)
    round_outline = cv2.convexHull(outline)
    assert cv2.arcLength(outline, True) > 2.0 * cv2.arcLength(round_outline, True)


@pytest.mark.parametrize("species", SPECIES)
def test_trees_grow_to_the_height_of_their_species(species):
    for seed in range(4):
        low, high = tree(species, generator(seed, species)).bounds()
        assert 0.85 * SPECIES[species].height[0] < high[2] < 1.15 * SPECIES[species].height[1]
        assert -0.02 <= low[2] <= 0.0


def test_leaves_are_as_large_as_clusters_of_leaves():
    mesh = foliage(tree("lime", generator(1, "lime")))
    corners = mesh.vertices[mesh.faces]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    assert 0.1 < np.median(longest) < 0.35


@pytest.mark.parametrize("species", SPECIES)
def test_a_tree_far_from_the_road_costs_less_but_covers_as_much(species):
    near, far = (tree(species, generator(1, species), grain) for grain in (FINE, COARSE))
    assert 2_500 < triangles(near) < 7_000
    assert triangles(far) < 2_500
    assert silhouette(far, 20.0).mean() == pytest.approx(silhouette(near, 20.0).mean(), rel=0.3)


def test_a_wood_on_the_horizon_lets_no_light_through():
    image = silhouette(far_wood(generator(1, "wood")), 10.0)
    assert triangles(far_wood(generator(1, "wood"))) < 1_000
    assert image[: image.shape[0] // 3].mean() > 0.95


def test_everything_green_and_woody_is_vegetation():
    rng = generator(1, "plants")
    for model in (
        tree("maple", rng),
        spruce(rng),
        hedge(rng, 2.0, 1.2),
        bush(rng),
        thicket(rng),
        tuft(rng),
        grove(rng),
        far_wood(rng),
    ):
        assert {m.semantic for m in model.parts["body"]} == {"vegetation"}
        assert model.bounds()[0, 2] == pytest.approx(0.0, abs=0.02)
        for mesh in model.parts["body"]:
            if mesh.material == "leaf":
                red, green, blue = mesh.colors.mean(axis=0)
                assert green > red > blue  # chlorophyll
                assert green < 0.2  # leaves reflect about a tenth of green light (ECOSTRESS library)


def test_lorries_pass_under_street_trees():
    for species in SPECIES:
        if species == "apple":
            continue
        model = street_tree(species, generator(1, species))
        points = np.concatenate([m.vertices for m in model.parts["body"]])
        away = np.hypot(points[:, 0], points[:, 1]) > 1.2
        assert points[away, 2].min() > 3.4


def test_a_hedge_is_clipped_to_its_size():
    low, high = hedge(generator(1, "hedge"), 4.0, 1.1, 0.55).bounds()
    assert high[2] == pytest.approx(1.1, abs=0.12)
    assert high[0] - low[0] == pytest.approx(4.0, abs=0.25)
    assert high[1] - low[1] == pytest.approx(0.55, abs=0.25)
