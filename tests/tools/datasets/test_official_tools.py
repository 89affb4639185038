"""What each format's own tools say of our datasets; they live in environments of their own, made when first used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from small_scene import LABELLED, REAR, Box, Mover, small_scene, write_dataset

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
}
BOTH = LABELLED.replace("  lidar:", f"{REAR.rstrip()}\n  lidar:", 1)


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
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
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
