"""What must be true of the labels of every frame, whatever lens and shutter it was taken through."""

from pathlib import Path

import numpy as np
import pytest
from pycocotools import mask as run_lengths

from roadlab import load, simulate
from roadlab_sensors.readings import SEMANTIC_IDS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("invariants")]
LIBRARY = Path(__file__).parents[3] / "scenarios"
SCENARIOS = (
    "urban/pedestrian_crossing",
    "highway/cut_in",
    "junction/amber",
    "vulnerable_road_users/zebra_crossing",
    "roundabout/busy",
)
CAMERA = (
    "sensors={camera: {type: camera, mount: {x: 1.7 m, z: 1.6 m}, phase: 40 ms, image: {width: 400, height: 240}, "
    "intrinsics: {fx: 260}, distortion: [-0.25, 0.06, 0.0003, -0.0002, 0], shutter: {row_time: 40 us}, "
    "labels: [distance, normal, flow, amodal_masks, lines, signs]}}"
)


@pytest.fixture(scope="module", params=SCENARIOS)
def pair(request, tmp_path_factory):
    """Two frames that follow one another, with the views of the first and everybody who was there."""
    from roadlab_sensors.observe import Observer

    file = LIBRARY / f"{request.param}.yaml"
    text = "\n".join(line for line in file.read_text().splitlines() if not line.startswith("rig:"))
    path = tmp_path_factory.mktemp("library") / "scenarios" / request.param
    path.parent.mkdir(parents=True)
    (path.parent.parent / "maps").symlink_to(LIBRARY / "maps")
    (path.parent.parent / "fragments").symlink_to(LIBRARY / "fragments")
    sensors = CAMERA.removeprefix("sensors=").removesuffix("}")
    path.with_suffix(".yaml").write_text(f"{text}\n\nsensors: {sensors}}}\n")
    scenario = load(path.with_suffix(".yaml"))
    observer = Observer(scenario, simulate(scenario), "draft")
    return [observer.sample(index) for index in (12, 13)]


@pytest.fixture(scope="module")
def frame(pair):
    return pair[0].cameras["camera"]


def test_boxes_are_tight_and_the_visible_part_lies_in_the_whole(pair, frame):
    for view in pair[0].views["camera"]:
        mask = frame.instance == view.instance
        whole = run_lengths.decode({"size": list(mask.shape), "counts": view.amodal_mask.encode()}).astype(bool)
        for silhouette, box in ((mask, view.box), (whole, view.amodal_box)):
            v, u = np.nonzero(silhouette)
            assert box == (u.min() - 0.5, v.min() - 0.5, u.max() + 0.5, v.max() + 0.5)
        assert not (mask & ~whole).any()
        assert view.visible_pixels == mask.sum()
        assert view.occlusion == pytest.approx(1.0 - mask.sum() / whole.sum())
        assert 0.0 <= view.truncation < 1.0


def test_who_is_seen_has_a_view_and_a_box_in_the_world(pair, frame):
    seen = set(np.unique(frame.instance).tolist()) - {0, 1}
    assert {view.instance for view in pair[0].views["camera"]} == seen
    assert seen <= {actor.instance for actor in pair[0].actors}


def test_each_pixel_has_one_class_and_the_sky_is_behind_everything(frame):
    counts = np.bincount(frame.semantic.ravel(), minlength=256)
    assert counts[sorted(set(SEMANTIC_IDS.values()))].sum() == frame.lens.width * frame.lens.height
    np.testing.assert_array_equal(frame.semantic == SEMANTIC_IDS["sky"], np.isinf(frame.depth))


def test_depth_is_the_part_of_the_distance_along_the_axis(frame):
    pixels = np.stack(np.meshgrid(np.arange(frame.lens.width), np.arange(frame.lens.height)), axis=-1)
    along = frame.lens.directions(pixels)[..., 2]
    solid = np.isfinite(frame.depth)
    assert frame.depth[solid] == pytest.approx((frame.labels["distance"] * along)[solid], rel=1e-5)


def test_normals_are_unit_and_face_the_camera(frame):
    solid = np.isfinite(frame.depth)
    normal = frame.labels["normal"][solid]
    pixels = np.stack(np.meshgrid(np.arange(frame.lens.width), np.arange(frame.lens.height)), axis=-1)
    assert np.linalg.norm(normal, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert (np.einsum("ni,ni->n", normal, frame.lens.directions(pixels)[solid]) <= 1e-6).all()


def test_flow_forth_and_back_ends_where_it_began(pair, frame):
    later = pair[1].cameras["camera"]
    height, width = frame.depth.shape
    v, u = np.mgrid[0:height, 0:width].astype(float)
    there = np.stack([u, v], axis=-1) + frame.labels["flow_forward"]
    with np.errstate(invalid="ignore"):
        inside = (
            frame.labels["flow_forward_visible"] & (there >= 1.0).all(-1) & (there < [width - 2, height - 2]).all(-1)
        )
    left, top = np.floor(there[inside]).astype(int).T
    share = there[inside] - np.stack([left, top], axis=-1)
    weights = np.stack([(1 - share[:, 0]) * (1 - share[:, 1]), share[:, 0] * (1 - share[:, 1]),
                        (1 - share[:, 0]) * share[:, 1], share[:, 0] * share[:, 1]])  # fmt: skip
    around = [(top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)]
    back = np.einsum("kn,kni->ni", weights, np.stack([later.labels["flow_backward"][place] for place in around]))
    # Between pixels that show the same surface: same owner, and depths that change no faster than over the road.
    depths = np.stack([later.depth[place] for place in around])
    owners = np.stack([later.instance[place] for place in around])
    classes = np.stack([later.semantic[place] for place in around])
    with np.errstate(invalid="ignore"):
        smooth = np.ptp(depths, axis=0) < 0.02 * depths.min(axis=0)
    smooth &= (owners == frame.instance[inside]).all(0) & (classes == frame.semantic[inside]).all(0)
    moved = frame.instance[inside] == 0  # limbs and wheels turn between pixels
    residual = np.linalg.norm(frame.labels["flow_forward"][inside] + back, axis=1)[smooth & moved]
    assert len(residual) > 0.1 * inside.sum()
    assert (residual < 0.05).mean() > 0.95  # what is left is how flow bends between pixels that are interpolated


def test_lines_and_signs_lie_in_the_image_on_what_they_are(frame):
    assert frame.lens.holds(frame.lines.pixels).all()
    for sign in frame.signs:
        left, top, right, bottom = (round(edge + 0.5) for edge in sign.box)
        part = frame.semantic[top:bottom, left:right]
        assert (part == SEMANTIC_IDS[sign.kind]).sum() >= sign.visible_pixels > 0
