import numpy as np
import pytest

from roadlab.actors.catalog import PEOPLE
from roadlab.actors.skeleton import (
    PEDESTRIAN_PARTS,
    pedestrian_box_center,
    pedestrian_part_poses,
    pedestrian_size,
    walking_joints,
)
from roadlab.randomness import generator
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.people import person_model
from roadlab_sensors.world.shapes import srgb

HEIGHTS = {name: model.height for name, model in PEOPLE.items()}


def somebody(name="adult", seed=1, paint=None):
    return person_model(name, paint, generator(seed, "looks", name))


def vertices(meshes):
    return np.concatenate([mesh.vertices for mesh in meshes]).astype(np.float64)


def extent_over_strides(model, name, speeds, phases=48):
    """(2, 3) of all surfaces in the actor's frame."""
    phase, speed = np.meshgrid(np.linspace(0, 2 * np.pi, phases, endpoint=False), speeds)
    poses = pedestrian_part_poses(name, walking_joints(phase.ravel(), speed.ravel(), HEIGHTS[name]))
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for part, meshes in model.parts.items():
        for pose in poses[part]:
            points = vertices(meshes) @ pose[:3, :3].T + pose[:3, 3]
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    return np.stack([low, high])


@pytest.mark.parametrize("name", HEIGHTS)
@pytest.mark.parametrize("seed", range(4))
def test_a_person_is_made_of_the_skeletons_parts_and_of_sound_meshes(name, seed):
    model = somebody(name, seed)
    assert set(model.parts) == set(PEDESTRIAN_PARTS)
    meshes = [mesh for part in model.parts.values() for mesh in part]
    assert 6_000 <= sum(len(mesh.faces) for mesh in meshes) <= 25_000
    for mesh in meshes:
        assert mesh.semantic == "person"
        assert mesh.material in MATERIALS
        assert mesh.faces.max() < len(mesh.vertices)
        assert np.isfinite(mesh.vertices).all()
        assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(np.ones(len(mesh.vertices)), abs=1e-3)
        assert 0.0 <= mesh.colors.min() <= mesh.colors.max() <= 1.0


@pytest.mark.parametrize("name", HEIGHTS)
def test_everybody_stays_inside_the_box_and_the_box_is_not_too_large(name):
    center, size = np.array(pedestrian_box_center(name)), np.array(pedestrian_size(name))
    box = np.stack([center - size / 2, center + size / 2])
    everybody = np.array(
        [extent_over_strides(somebody(name, seed), name, [0.0, 1.0, 1.5, 2.0], 24) for seed in range(6)]
    )
    assert (everybody[:, 0] > box[0] - 0.001).all()
    assert (everybody[:, 1] < box[1] + 0.001).all()
    slack = np.array([everybody[:, 0].min(axis=0) - box[0], box[1] - everybody[:, 1].max(axis=0)])
    assert slack.max() < 0.03
    assert (box[1, 2] - everybody[:, 1, 2]).max() < 0.03


def test_parts_overlap_at_the_joints_in_every_pose():
    """A joint's centre lies inside both parts that meet there, so no gap can open."""
    for name, height in HEIGHTS.items():
        model = somebody(name, 3)
        poses = pedestrian_part_poses(name, walking_joints(np.linspace(0, 2 * np.pi, 9), 1.5, height))
        for upper, lower in (
            ("thigh_l", "shank_l"),
            ("upper_arm_l", "forearm_l"),
            ("pelvis", "thigh_r"),
            ("torso", "head"),
        ):
            for k in range(9):
                joint = poses[lower][k, :3, 3]
                for part in (upper, lower):
                    points = vertices(model.parts[part]) @ poses[part][k, :3, :3].T + poses[part][k, :3, 3]
                    assert (points.min(axis=0) < joint).all()
                    assert (points.max(axis=0) > joint).all()


def test_soles_touch_the_ground_when_standing():
    low, high = extent_over_strides(somebody("adult", 5), "adult", [0.0], 1)
    assert low[2] == pytest.approx(0.0, abs=0.001)
    assert high[2] == pytest.approx(1.72, abs=0.005)


def test_the_authors_paint_colours_the_upper_garment():
    torso = somebody(paint="#1f3f7a").parts["torso"]
    cloth = np.concatenate([mesh.colors for mesh in torso if mesh.material == "cloth"])
    share = (np.abs(cloth - np.array(srgb("#1f3f7a"))) < 1e-4).all(axis=1).mean()
    assert share > 0.4
    with pytest.raises(ValueError, match="neither #rrggbb nor"):
        somebody(paint="bluish")


def test_looks_depend_on_the_random_key_alone():
    first, again, other = somebody(seed=7), somebody(seed=7), somebody(seed=8)
    for part in PEDESTRIAN_PARTS:
        for mesh, same in zip(first.parts[part], again.parts[part], strict=True):
            assert np.array_equal(mesh.vertices, same.vertices)
            assert np.array_equal(mesh.colors, same.colors)
    assert not np.array_equal(first.parts["torso"][0].colors[0], other.parts["torso"][0].colors[0])


def test_a_childs_head_is_larger_in_proportion():
    def share(name):
        head = vertices([mesh for mesh in somebody(name, 2).parts["head"] if mesh.material == "skin"])
        return np.ptp(head[head[:, 2] > 0.0], axis=0)[1] / HEIGHTS[name]

    assert share("child") > 1.1 * share("adult")


def test_ten_thousand_people_are_ten_thousand_people():
    """By what shapes and colours them; rounded so coarsely that one would see the difference, most still differ."""
    from roadlab.actors.body import proportions
    from roadlab_sensors.world.people.figure import figure
    from roadlab_sensors.world.people.outfit import outfit

    body, exact, seen = proportions(1.72), set(), set()
    for k in range(10_000):
        random = generator(1, "looks", f"pedestrian[{k}]")
        build = figure(body, random)
        clothes = outfit(build.scale, build.curve > 0, None, random)
        exact.add(repr((build, clothes)))
        look = clothes.look
        tones = [tuple(round(c * 12) for c in color) for color in (clothes.upper_color, clothes.lower_color, look.skin)]
        cuts = (clothes.upper.neck, clothes.upper.hem, clothes.lower.length, clothes.skirt, clothes.bag, look.cut)
        seen.add((*tones, *cuts, look.hair, look.beard, clothes.shoe_color))
    assert len(exact) == 10_000
    assert len(seen) > 9_000


def test_seniors_are_grey():
    from roadlab_sensors.world.people import person_model

    def saturation(name, seed):
        meshes = person_model(name, None, generator(seed, "looks", "somebody")).parts["head"]
        hair = np.concatenate([m.colors for m in meshes if m.material == "hair"] or [np.full((1, 3), 0.3)])
        return float(np.median(np.ptp(hair, axis=1)))

    assert max(saturation("senior", seed) for seed in range(6)) < 0.06
