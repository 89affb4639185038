"""The skin goes over the joints without seams, whatever the pose."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from roadlab.actors.catalog import PEOPLE
from roadlab.actors.cycling import cyclist_part_poses
from roadlab.actors.skeleton import (
    pedestrian_box_center,
    pedestrian_part_poses,
    pedestrian_size,
    walking_joints,
)
from roadlab.randomness import generator
from roadlab_sensors.world.bending import posed
from roadlab_sensors.world.bicycle import cyclist_model
from roadlab_sensors.world.mesh import Bend, Mesh
from roadlab_sensors.world.people import person_model

LIMBS = [(upper, lower, side) for upper, lower in (("upper_arm", "forearm"), ("thigh", "shank")) for side in "lr"]


def _somebody(seed, name="adult"):
    return person_model(name, None, generator(seed, "looks", name))


def _walking(name="adult", speed=1.5, phases=9):
    phase = np.linspace(0.0, 2 * np.pi, phases)
    return pedestrian_part_poses(name, walking_joints(phase, speed, PEOPLE[name].height))


def _in_pose(model, poses, k, *, skinned=True):
    """(part, mesh) of all meshes in the actor's frame at instant k."""
    for part, meshes in model.parts.items():
        own = poses[part][k]
        for mesh in meshes:
            if skinned and mesh.bend is not None:
                mesh = posed(mesh, own[:3, :3].T @ poses[mesh.bend.toward][k, :3, :3])
            yield part, mesh.moved(own[:3, :3], own[:3, 3])


def _edge(model, poses, part, other, k):
    """Vertices of a part's skin that lie exactly on the joint with another part, where half and half rule."""
    found = []
    for mesh in model.parts[part]:
        if mesh.bend is not None and mesh.bend.toward == other:
            bent = posed(mesh, poses[part][k, :3, :3].T @ poses[other][k, :3, :3])
            at_joint = np.abs(mesh.bend.share - 0.5) < 1e-3
            found.append(bent.moved(poses[part][k, :3, :3], poses[part][k, :3, 3]).vertices[at_joint])
    return np.concatenate(found)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("speed", [1.4, 3.5])
def test_elbows_and_knees_have_no_seam(seed, speed):
    model, poses = _somebody(seed), _walking(speed=speed)
    for upper, lower, side in LIMBS:
        for k in range(9):
            a = _edge(model, poses, f"{upper}_{side}", f"{lower}_{side}", k)
            b = _edge(model, poses, f"{lower}_{side}", f"{upper}_{side}", k)
            assert len(a) >= 16
            assert cKDTree(a).query(b)[0].max() < 1e-5


def test_the_knee_of_a_cyclist_has_no_seam():
    model = cyclist_model(None, generator(2, "looks", "rider"))
    poses = cyclist_part_poses(np.column_stack([np.zeros(8), np.zeros(8), np.linspace(0.0, 5.5, 8)]))
    for k in range(8):
        a, b = (_edge(model, poses, *pair, k) for pair in (("thigh_l", "shank_l"), ("shank_l", "thigh_l")))
        assert cKDTree(a).query(b)[0].max() < 1e-5


@pytest.mark.parametrize("name", PEOPLE)
def test_bent_skins_stay_inside_the_box(name):
    center, size = np.array(pedestrian_box_center(name)), np.array(pedestrian_size(name))
    for seed in range(3):
        model = _somebody(seed, name)
        for speed in (0.0, 1.5, 2.0):
            poses = _walking(name, speed, 7)
            for k in range(7):
                points = np.concatenate([mesh.vertices for _, mesh in _in_pose(model, poses, k)])
                assert (np.abs(points - center) <= size / 2 + 1e-3).all()


def test_what_lidars_take_for_rigid_is_the_same_surface_within_a_centimetre():
    """Rays with times of their own meet rigid parts, whose joints are filled with balls."""
    model, poses = _somebody(3), _walking(phases=4)
    for k in (0, 1):
        rigid = np.concatenate([_dense(mesh) for _, mesh in _in_pose(model, poses, k, skinned=False)])
        apart = [
            cKDTree(rigid).query(mesh.vertices)[0]
            for part, mesh in _in_pose(model, poses, k)
            if part.split("_")[0] in ("upper", "forearm", "thigh", "shank")
        ]
        assert np.quantile(np.concatenate(apart), 0.99) < 0.010
        assert np.concatenate(apart).max() < 0.025


def _dense(mesh):
    """Points on all triangles, corners, middles and in between."""
    corners = mesh.vertices[mesh.faces]
    weights = np.array([(a, b, 5 - a - b) for a in range(6) for b in range(6 - a)]) / 5.0
    return np.einsum("wk,fkj->fwj", weights, corners).reshape(-1, 3)


def test_a_share_of_one_half_turns_half_the_angle():
    """Skin of one bone that another bends by 80 degrees about its end."""
    bend = Bend("other", (0.0, 0.0, 1.0), np.array([0.0, 0.5, 1.0], dtype=np.float32))
    points = np.array([[0.1, 0.0, 0.0], [0.1, 0.0, 1.0], [0.1, 0.0, 1.0]], dtype=np.float32)
    mesh = Mesh(points, np.array([[0, 1, 2]], dtype=np.uint32), points, "cloth", "person", points, bend=bend)
    made = posed(mesh, Rotation.from_euler("y", 80.0, degrees=True).as_matrix()).vertices
    c, s = np.cos(np.radians([0.0, 40.0, 80.0])), np.sin(np.radians([0.0, 40.0, 80.0]))
    np.testing.assert_allclose(made, np.column_stack([0.1 * c, 0 * c, [0.0, 1.0, 1.0] - 0.1 * s]), atol=1e-6)
