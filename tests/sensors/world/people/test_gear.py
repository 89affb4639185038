"""People with umbrellas, prams and wheelchairs: posed, inside their boxes, and told by the file or by the rain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

import roadlab
from roadlab.actors.cast import cast
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.gear import GEAR_PARTS, PRAM, UMBRELLA, WHEELCHAIR, scale_of
from roadlab.actors.skeleton import (
    PEDESTRIAN_PARTS,
    pedestrian_box_center,
    pedestrian_part_poses,
    pedestrian_size,
    walking_joints,
)
from roadlab.errors import ScenarioFileError
from roadlab.randomness import generator
from roadlab_sensors.world.bending import posed
from roadlab_sensors.world.people import person_model

CARRIED = ("umbrella", "pram", "wheelchair")
STREET = """\
scenario: A street
duration: 4 s
environment: {{weather: {{rain: {rain} mm/h}}}}
map: {{roads: {{elm: {{profile: urban_2x1, path: [{{line: 120 m}}]}}}}, surroundings: {{style: none}}}}
actors:
  ego: {{model: hatchback, at: {{road: elm, lane: -1, s: 10 m}}}}
  anna:
    {{model: {model}, {keys} at: {{road: elm, s: 40 m, t: -5 m}}, walk: {{path: [{{road: elm, s: 60 m, t: -5 m}}]}}}}
"""


def _load(folder, keys="", rain=0, model="adult", more=""):
    file = folder / "street.yaml"
    file.write_text(STREET.format(keys=keys, rain=rain, model=model) + more)
    return roadlab.load(file)


def _surface(name, gear, seed, speed, phases=8):
    """Part by part the points (phases, N, 3) of a walker's skin and gear in the actor's frame."""
    model = person_model(name, None, generator(seed, "looks", name), gear)
    phase = np.linspace(0.0, 2 * np.pi, phases, endpoint=False)
    poses = pedestrian_part_poses(name, walking_joints(phase, speed, PEOPLE[name].height, gear=gear), gear)
    found = {}
    for part, meshes in model.parts.items():
        found[part] = np.stack([
            np.concatenate([_placed(mesh, poses, part, k) for mesh in meshes]) for k in range(phases)
        ])  # fmt: skip
    return found


def _placed(mesh, poses, part, k):
    own = poses[part][k]
    if mesh.bend is not None:
        mesh = posed(mesh, own[:3, :3].T @ poses[mesh.bend.toward][k, :3, :3])
    return mesh.vertices @ own[:3, :3].T + own[:3, 3]


@pytest.mark.parametrize("gear", CARRIED)
@pytest.mark.parametrize("name", ["adult", "senior", "teenager"])
def test_the_box_holds_person_and_gear_and_is_not_too_large(name, gear):
    size, center = np.array(pedestrian_size(name, 1.5, gear)), np.array(pedestrian_box_center(name, 1.5, gear))
    every = [_surface(name, gear, seed, speed) for seed in range(2) for speed in (0.0, 1.5)]
    points = np.concatenate([part.reshape(-1, 3) for surface in every for part in surface.values()])
    low, high = points.min(axis=0), points.max(axis=0)
    assert (low >= center - size / 2 - 1e-3).all()
    assert (high <= center + size / 2 + 1e-3).all()
    assert (low - (center - size / 2)).max() < 0.05
    assert ((center + size / 2) - high).max() < 0.05


@pytest.mark.parametrize("gear", CARRIED)
def test_the_parts_are_those_of_the_skeleton(gear):
    assert set(_surface("adult", gear, 1, 1.0, 1)) == {*PEDESTRIAN_PARTS, *GEAR_PARTS[gear]}


def test_the_fist_holds_the_umbrella_over_the_head():
    surface = _surface("adult", "umbrella", 4, 1.3)
    for k in range(8):
        handle, hand, head = surface["umbrella"][k], surface["hand_r"][k], surface["head"][k]
        assert np.linalg.norm(handle[:, None] - hand[None, ::7], axis=2).min() < 0.01
        canopy = handle[handle[:, 2] > handle[:, 2].max() - 0.4]
        assert np.hypot(*(canopy.mean(axis=0) - head.mean(axis=0))[:2]) < 0.35
        assert canopy[:, 2].min() > head[:, 2].max() - 0.12
        assert cKDTree(head).query(canopy)[0].min() > 0.02


@pytest.mark.parametrize("name", ["adult", "tall_adult", "teenager"])
def test_both_fists_are_on_the_prams_bar(name):
    surface, k = _surface(name, "pram", 4, 1.3), scale_of(PEOPLE[name].height)
    bar = np.array([k * PRAM.handle[0], k * PRAM.handle[1]])
    for hand in ("hand_l", "hand_r"):
        middle = surface[hand][:, :, [0, 2]].mean(axis=1)
        assert np.linalg.norm(middle - bar, axis=1).max() < 0.08


@pytest.mark.parametrize(
    ("gear", "parts"), [("pram", ("pram_axle_f", "pram_axle_r")), ("wheelchair", ("chair_wheels",))]
)
def test_wheels_stand_on_the_ground(gear, parts):
    surface = _surface("adult", gear, 2, 1.0, 3)
    for part in parts:
        assert surface[part][..., 2].min() == pytest.approx(0.0, abs=1e-3)
    assert min(part[..., 2].min() for part in surface.values()) > -1e-3


def test_who_sits_keeps_feet_off_the_ground_and_hips_over_the_seat():
    surface = _surface("adult", "wheelchair", 2, 1.0)
    assert surface["toes_l"][..., 2].min() > 0.04
    assert surface["head"][..., 2].max() < 1.45
    low = surface["pelvis"][..., 2].min()
    assert WHEELCHAIR.hips - 0.16 < low < WHEELCHAIR.hips - 0.05


def test_wheels_roll_as_far_as_the_walker_goes(tmp_path):
    log = roadlab.simulate(_load(tmp_path, "gear: wheelchair,"))
    anna = log.actors[log.index("anna")]
    assert anna.gear == "wheelchair"
    assert anna.joint_names[-1] == "wheel_spin"
    spin = log.joints[:, -1]
    way = np.hypot(*np.ptp(log.position[:, log.index("anna"), :2], axis=0))
    assert spin[-1] * WHEELCHAIR.axle[1] == pytest.approx(way, rel=0.02)
    np.testing.assert_allclose(anna.size, pedestrian_size("adult", 1.34, "wheelchair"))


def test_in_the_rain_most_adults_have_umbrellas(tmp_path):
    crowd = "pedestrians: [{count: 60, children: 0.2, prams: 0, wheelchairs: 0}]\n"
    wet = [m.info for m in cast(_load(tmp_path, rain=4, more=crowd).spec).members if m.info.kind == "pedestrian"]
    grown = [info for info in wet if info.model != "child"]
    share = sum(info.gear == "umbrella" for info in grown) / len(grown)
    assert 0.4 < share < 0.8
    assert not any(info.gear for info in wet if info.model == "child")
    dry = cast(_load(tmp_path, more=crowd).spec).members
    assert not any(m.info.gear for m in dry)


def test_a_crowd_has_some_prams_and_wheelchairs(tmp_path):
    crowd = "pedestrians: [{count: 60, prams: 0.3, wheelchairs: 0.1, groups: 0}]\n"
    gear = [m.info.gear for m in cast(_load(tmp_path, more=crowd).spec).members]
    assert 8 <= gear.count("pram") <= 30
    assert 1 <= gear.count("wheelchair") <= 15


@pytest.mark.parametrize(
    ("keys", "model", "said"),
    [
        ("gear: pram,", "child", "a child pushes no pram"),
        ("gear: umbrela,", "adult", "did you mean 'umbrella'?"),
        ("bag: suitcase,", "adult", "expected one of backpack, shoulder, none"),
    ],
)
def test_gear_that_cannot_be_is_refused(tmp_path, keys, model, said):
    with pytest.raises(ScenarioFileError) as caught:
        _load(tmp_path, keys, model=model)
    assert said in str(caught.value)


def test_a_car_has_no_umbrella(tmp_path):
    file = tmp_path / "street.yaml"
    file.write_text(STREET.format(keys="", rain=0, model="adult").replace("hatchback,", "hatchback, gear: umbrella,"))
    with pytest.raises(ScenarioFileError, match="only people on foot have a gear"):
        roadlab.load(file)


def test_the_file_decides_the_bag():
    for bag, grows in (("none", False), ("backpack", True)):
        model = person_model("adult", None, generator(8, "looks", "x"), bag=bag)
        back = min(float(mesh.vertices[:, 0].min()) for mesh in model.parts["torso"])
        assert (back < -0.18) is grows


def test_gear_grows_with_the_person():
    assert scale_of(1.72) == 1.0
    small, large = (_surface(name, "umbrella", 1, 0.0, 1)["umbrella"][0] for name in ("teenager", "tall_adult"))
    assert np.ptp(large, axis=0).max() / np.ptp(small, axis=0).max() == pytest.approx(1.86 / 1.55, rel=1e-3)
    assert UMBRELLA.radius < 0.6
