"""Run with mmdet3d's port of KITTI's evaluation, on the CPU: ground truth are the predictions.

Only the modules of the evaluation are imported: the rest of the package needs PyTorch.
"""

import json
import os
import site
import sys
import types
from pathlib import Path

os.environ["NUMBA_ENABLE_CUDASIM"] = "1"  # overlaps of turned boxes are CUDA kernels; Numba can run those in Python

import numpy as np

folder = Path(site.getsitepackages()[0]) / "mmdet3d/evaluation/functional"
for name in ("mmdet3d", "mmdet3d.evaluation", "mmdet3d.evaluation.functional"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(folder)]

from mmdet3d.evaluation.functional.kitti_utils import kitti_eval  # noqa: E402

CLASSES = ("Car", "Pedestrian", "Cyclist")


def annotations(path):
    """A label file as the evaluation wants it: boxes in KITTI's columns, dimensions as length, height, width."""
    lines = [line.split() for line in path.read_text().splitlines()]
    numbers = np.array([line[1:] for line in lines], dtype=float)
    return {
        "name": np.array([line[0] for line in lines]),
        "truncated": numbers[:, 0],
        "occluded": numbers[:, 1].astype(int),
        "alpha": numbers[:, 2],
        "bbox": numbers[:, 3:7],
        "dimensions": numbers[:, [9, 7, 8]],
        "location": numbers[:, 10:13],
        "rotation_y": numbers[:, 13],
        "score": np.ones(len(lines)),
    }


def large(one, name):
    """How many objects of a class are easy by KITTI's rules."""
    height = one["bbox"][:, 3] - one["bbox"][:, 1]
    return int(np.sum((one["name"] == name) & (one["occluded"] == 0) & (one["truncated"] <= 0.15) & (height > 40)))


truth = [annotations(path) for path in sorted(Path(sys.argv[1]).glob("label_2/*.txt"))]
# The port finds no overlap at all of boxes that are the same to the last digit, so predictions are a centimetre aside.
found = [{**one, "location": one["location"] + 0.01} for one in truth]
scores = kitti_eval(truth, found, list(CLASSES), eval_types=["bbox", "bev", "3d"])[1]
full = {name: float(score) for name, score in scores.items() if "AP40" in name and name.endswith("_strict")}
aside = [{**one, "bbox": one["bbox"] + 300.0} for one in truth]
moved = kitti_eval(truth, aside, list(CLASSES), eval_types=["bbox"])[1]
print(
    json.dumps(
        {
            "easy": {name: sum(large(one, name) for one in truth) for name in CLASSES},
            "AP40": full,
            "moved": max(float(score) for name, score in moved.items() if "2D" in name),
        }
    )
)
