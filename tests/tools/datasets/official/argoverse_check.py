"""Run with av2: loads every sweep with its annotations and pictures, and evaluates ground truth as predictions."""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["HOME"] = tempfile.mkdtemp()

import numpy as np
import pandas as pd
from av2.datasets.sensor.constants import RingCameras
from av2.datasets.sensor.sensor_dataloader import SensorDataloader
from av2.evaluation.detection.eval import evaluate
from av2.evaluation.detection.utils import DetectionCfg


def main():
    root = Path(sys.argv[1])
    loader = SensorDataloader(root, with_cache=False, cam_names=(RingCameras.RING_FRONT_CENTER,))
    apart, in_picture = [], []
    for k in range(len(loader)):
        sweep = loader[k]
        for cuboid in sweep.annotations.cuboids:
            _, inside = cuboid.compute_interior_points(sweep.sweep.xyz)
            apart.append(int(np.sum(inside)))
        camera = sweep.synchronized_imagery["ring_front_center"].camera_model
        in_picture.append(int(camera.project_ego_to_img(sweep.sweep.xyz)[2].sum()))
    logs = []
    for path in sorted(root.glob("*/*/annotations.feather")):
        rows = pd.read_feather(path)
        rows["log_id"] = path.parent.name
        logs.append(rows)
    truth = pd.concat(logs).reset_index(drop=True)
    found = truth.copy()
    found["score"] = 1.0
    categories = tuple(sorted(truth["category"].unique()))
    config = DetectionCfg(dataset_dir=None, categories=categories, eval_only_roi_instances=False)
    metrics = evaluate(found, truth, config, n_jobs=1)[2]
    mean = metrics.loc["AVERAGE_METRICS"].to_dict()
    print(json.dumps({"sweeps": len(loader), "most": max(apart), "in_picture": min(in_picture), **mean}))


if __name__ == "__main__":
    main()
