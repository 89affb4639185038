"""Run with SemanticKITTI's evaluators: labels are their own predictions; points and labels are counted."""

import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from auxiliary.eval_np import PanopticEval
from auxiliary.np_ioueval import iouEval

NAMES = [
    "unlabeled",
    "car",
    "bicycle",
    "motorcycle",
    "truck",
    "other-vehicle",
    "person",
    "bicyclist",
    "motorcyclist",
    "road",
    "parking",
    "sidewalk",
    "other-ground",
    "building",
    "fence",
    "vegetation",
    "trunk",
    "terrain",
    "pole",
    "traffic-sign",
]
# learning_map of semantic-kitti-api, config/semantic-kitti.yaml
LEARNED = {0: 0, 1: 0, 10: 1, 11: 2, 13: 5, 15: 3, 16: 5, 18: 4, 20: 5, 30: 6, 31: 7, 32: 8, 40: 9, 44: 10, 48: 11}
LEARNED |= {49: 12, 50: 13, 51: 14, 52: 0, 60: 9, 70: 15, 71: 16, 72: 17, 80: 18, 81: 19, 99: 0}
LEARNED |= {252: 1, 253: 7, 254: 6, 255: 8, 256: 5, 257: 5, 258: 4, 259: 5}

table = np.zeros(max(LEARNED) + 100, dtype=np.int32)
table[list(LEARNED)] = list(LEARNED.values())
unknown, apart, seen = set(), 0, set()
with contextlib.redirect_stdout(io.StringIO()):
    iou, panoptic = iouEval(len(NAMES), [0]), PanopticEval(len(NAMES), None, [0], min_points=1)
    files = sorted(Path(sys.argv[1]).glob("sequences/*/labels/*.label"))
    for file in files:
        words = np.fromfile(file, dtype=np.uint32)
        sweep = file.parents[1] / "velodyne" / f"{file.stem}.bin"
        apart = max(apart, abs(len(words) - sweep.stat().st_size // 16))
        unknown |= set(np.unique(words & 0xFFFF).tolist()) - set(LEARNED)
        classes, instances = table[words & 0xFFFF], (words >> 16).astype(np.int64)
        seen |= set(np.unique(classes).tolist()) - {0}
        iou.addBatch(classes, classes)
        panoptic.addBatch(classes, instances, classes, instances)
    per_class, quality = iou.getIoU()[1], panoptic.getPQ()[3]
print(
    json.dumps(
        {
            "sweeps": len(files),
            "unknown": sorted(unknown),
            "points_apart": apart,
            "iou": {NAMES[k]: float(per_class[k]) for k in sorted(seen)},
            "pq": {NAMES[k]: float(quality[k]) for k in sorted(seen)},
        }
    )
)
