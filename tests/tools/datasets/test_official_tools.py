"""What each format's own tools say of our datasets; they live in environments of their own, made when first used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from small_scene import LABELLED, RADAR, REAR, Box, Mover, small_scene, write_dataset

from roadlab_tools.datasets.export import export

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("official")]

CHECKS = Path(__file__).parent / "official"
TOOLS = Path(os.environ.get("ROADLAB_OFFICIAL_TOOLS", Path(tempfile.gettempdir()) / "roadlab-official-tools"))
"""Kept between runs: some of the tools are large."""
MORE = ("universal_pathlib", "fsspec", "pyproj", "pillow", "tqdm", "matplotlib")
PINNED = {
    "nuscenes": (["nuscenes-devkit==1.2.0"], []),
    "coco": (["pycocotools==2.0.11", "panopticapi-lite==0.2.0"], []),
    "argoverse": (
        [
            "numpy",
            "pandas",
            "pyarrow",
            "scipy",
            "rich",
            "numba",
            "opencv-python-headless",
            "click",
            "joblib",
            "polars",
            *MORE,
        ],
        # PyTorch, which av2 asks for, is not needed for loading and evaluating.
        ["av2==0.3.6"],
    ),
    "openlabel": (["jsonschema==4.26.0", "openlabel-checker==0.1.0"], []),
    "webdataset": (["webdataset==1.0.2", "pillow", "numpy"], []),
    "cityscapes": (["cityscapesScripts==2.3.0"], []),
    # KITTI's own evaluation is C++ to be compiled; this is its port to Python, of which the rest needs PyTorch.
    "kitti": (["numpy==2.4.6", "numba==0.68.1"], ["mmdet3d==1.4.0"]),
    "semantickitti": (["numpy==2.4.6", "setuptools", "wheel"], ["semantic-kitti-api==0.1"]),
}
BOTH = LABELLED.replace("  lidar:", f"{REAR.rstrip()}\n  lidar:", 1) + RADAR


def judged(tool: str, dataset: Path) -> dict:
    """What the tool's check says of a dataset; skips where the tool cannot be installed."""
    python = TOOLS / tool / "bin" / "python"
    if not (TOOLS / tool / "complete").is_file():
        needed, alone = PINNED[tool]
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(TOOLS / tool)], check=True)
            subprocess.run([*install, *needed], check=True, capture_output=True, timeout=900)
            if alone:
                subprocess.run([*install, "--no-deps", *alone], check=True, capture_output=True, timeout=900)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"{tool}'s own tools cannot be installed here: {error}")
        (TOOLS / tool / "complete").touch()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), str(CHECKS / f"{tool}_check.py"), str(dataset)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict = json.loads(done.stdout.strip().splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def traffic(tmp_path_factory) -> Path:
    """Everything that nuScenes detects, each within its range, for a second and a half; two cameras."""
    kinds = {
        "car": (36.0, -1.7, 0.0, (4.3, 1.9, 1.5)),
        "truck": (5.0, 3.8, 3.1, (8.4, 2.7, 3.4)),
        "bus": (44.0, 6.5, 3.0, (11.0, 2.5, 3.1)),
        "trailer": (33.0, -10.0, 0.0, (7.0, 2.4, 2.6)),
        "construction": (12.0, -9.0, 0.4, (5.5, 2.4, 2.9)),
        "pedestrian": (30.0, 3.4, 1.6, (0.6, 0.5, 1.7)),
        "motorcycle": (28.0, -5.0, 0.1, (2.1, 0.8, 1.5)),
        "cyclist": (39.0, -4.6, 0.1, (1.8, 0.6, 1.75)),
        "cone": (26.0, 1.6, 0.0, (0.4, 0.4, 0.9)),
        "barrier": (34.0, 9.0, 1.5, (0.5, 2.5, 1.0)),
    }
    still = ("cone", "barrier", "trailer", "construction")
    movers = tuple(
        Mover(Box(kind, x, y, yaw, size), 0.0 if kind in still else 2.0) for kind, (x, y, yaw, size) in kinds.items()
    )
    scene = small_scene(BOTH, name="traffic", count=16, movers=movers)
    return write_dataset(tmp_path_factory.mktemp("traffic") / "data", [scene])


def test_nuscenes_devkit_gives_its_full_score(traffic, tmp_path):
    said = judged("nuscenes", export(traffic, "nuscenes", tmp_path / "data"))
    assert said["mAP"] == pytest.approx(1.0)
    assert said["NDS"] == pytest.approx(1.0)
    assert all(error == pytest.approx(0.0, abs=1e-6) for error in said["errors"].values())
    assert said["lidarseg"] == pytest.approx(1.0)
    assert said["classes"] >= 9  # of those that are trained, what is there but for barriers' and cones' small ones
    assert all(score == pytest.approx(1.0) for scores in said["panoptic"].values() for score in scores)
    assert said["echoes"] == 8  # one of each, but of the truck and the excavator, which are behind
    assert said["points_apart"] == 0
    assert said["drivable"]
    assert said["on_mask"]
    assert said["can_apart"] < 0.11  # 10 ms at 10 m/s


def test_pycocotools_and_panopticapi_give_their_full_scores(traffic, tmp_path):
    said = judged("coco", export(traffic, "coco", tmp_path / "data"))
    assert (said["bbox"], said["segm"], said["pq"]) == pytest.approx((1.0, 1.0, 1.0))
    assert said["keypoints"] == pytest.approx(1.0)
    assert said["posed"] >= 16  # a pedestrian and a cyclist
    assert said["areas_apart"] == 0


def test_av2_loads_every_sweep_and_gives_its_full_score(traffic, tmp_path):
    said = judged("argoverse", export(traffic, "argoverse2", tmp_path / "data"))
    assert said["sweeps"] == 16
    assert said["most"] > 300
    assert said["in_picture"] > 1000
    assert (said["AP"], said["CDS"]) == pytest.approx((1.0, 1.0), abs=1e-3)
    assert (said["ATE"], said["ASE"], said["AOE"]) == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)


def test_openlabel_follows_its_schema(traffic, tmp_path):
    assert judged("openlabel", export(traffic, "openlabel", tmp_path / "data"))["faults"] == []


def test_webdataset_reads_every_sample(traffic, tmp_path):
    said = judged("webdataset", export(traffic, "webdataset", tmp_path / "data"))
    assert said["keys"] == [f"{number:06d}" for number in range(16)]
    assert said["shapes"]["camera.image.png"] == [76, 208, 3]
    assert said["shapes"]["camera.depth.npy"] == [76, 208]


def test_cityscapes_scripts_give_their_full_score(traffic, tmp_path):
    said = judged("cityscapes", export(traffic, "cityscapes", tmp_path / "data"))
    assert said["pictures"] == 32
    assert said["iou"] == pytest.approx(1.0)


@pytest.fixture(scope="module")
def crossing(tmp_path_factory) -> Path:
    """Cars, pedestrians and cyclists side by side before a camera that sees each of them large and whole."""
    sizes = {"car": (4.3, 1.9, 1.5), "pedestrian": (0.6, 0.5, 1.7), "cyclist": (1.8, 0.6, 1.75)}
    places = {
        "car": [(35.0, -9.0), (35.0, -1.2), (35.0, 5.5)],
        "pedestrian": [(32.0, -3.4), (32.0, 0.75), (32.0, 6.5)],
        "cyclist": [(33.0, -11.8), (33.0, -4.9), (33.0, 2.3)],
    }
    movers = tuple(Mover(Box(kind, x, y, 0.0, sizes[kind]), 10.0) for kind, all_of in places.items() for x, y in all_of)
    wide = LABELLED.replace("{width: 208, height: 76}", "{width: 1000, height: 240}").replace(
        "{fx: 120, fy: 120, cx: 100.6, cy: 35.8}", "{fx: 480, fy: 480, cx: 500, cy: 110}"
    )
    scene = small_scene(wide.replace("[flow, keypoints, normal]", "[]"), name="crossing", count=14, movers=movers)
    return write_dataset(tmp_path_factory.mktemp("crossing") / "data", [scene])


def test_kittis_evaluation_gives_its_full_score(crossing, tmp_path):
    """As OpenMMLab ported it; AP at 40 recalls (R40) is full from 41 objects of a class and difficulty on."""
    said = judged("kitti", export(crossing, "kitti", tmp_path / "data"))
    assert min(said["easy"].values()) >= 41
    assert len(said["AP40"]) == 27  # three classes and difficulties; in the picture, from above, in space
    assert all(score == pytest.approx(100.0) for score in said["AP40"].values())
    assert said["moved"] < 1.0  # predictions 300 pixels aside find nothing


def test_semantic_kitti_gives_its_full_score(traffic, tmp_path):
    said = judged("semantickitti", export(traffic, "semantickitti", tmp_path / "data"))
    assert said["sweeps"] == 16
    assert said["unknown"] == []
    assert said["points_apart"] == 0
    assert len(said["iou"]) >= 6
    assert all(score == pytest.approx(1.0) for score in (*said["iou"].values(), *said["pq"].values()))
