"""Run by nuscenes-devkit's own interpreter: loads, draws and evaluates a dataset; ground truth are the predictions."""

import json
import os
import sys
import tempfile

import matplotlib

matplotlib.use("Agg")
import numpy as np
from nuscenes.can_bus.can_bus_api import NuScenesCanBus
from nuscenes.eval.detection.config import config_factory
from nuscenes.eval.detection.evaluate import DetectionEval
from nuscenes.eval.detection.utils import category_to_detection_name
from nuscenes.eval.lidarseg import utils as lidarseg_utils
from nuscenes.eval.lidarseg.evaluate import LidarSegEval
from nuscenes.eval.panoptic import evaluate as panoptic_evaluate
from nuscenes.eval.panoptic import utils as panoptic_utils
from nuscenes.map_expansion import map_api
from nuscenes.nuscenes import NuScenes
from nuscenes.utils.data_classes import LidarPointCloud, RadarPointCloud

root = sys.argv[1]
temporary = tempfile.mkdtemp()
nusc = NuScenes("v1.0-trainval", root, verbose=False)
data = nusc.sample[0]["data"]
quiet = {"verbose": False}
nusc.render_sample_data(
    data["LIDAR_TOP"], out_path=f"{temporary}/a.png", underlay_map=True, use_flat_vehicle_coordinates=True, **quiet
)
nusc.render_sample_data(data["LIDAR_TOP"], out_path=f"{temporary}/b.png", show_lidarseg=True, **quiet)
nusc.render_sample_data(data["LIDAR_TOP"], out_path=f"{temporary}/c.png", show_panoptic=True, **quiet)
nusc.render_sample_data(data["CAM_FRONT"], out_path=f"{temporary}/d.png", **quiet)
nusc.render_pointcloud_in_image(nusc.sample[0]["token"], out_path=f"{temporary}/e.png", **quiet)

results = {}
for sample in nusc.sample:
    rows = []
    for token in sample["anns"]:
        found = nusc.get("sample_annotation", token)
        name = category_to_detection_name(found["category_name"])
        if name is None:
            continue
        attributes = [nusc.get("attribute", one)["name"] for one in found["attribute_tokens"]]
        rows.append(
            {
                "sample_token": sample["token"],
                "translation": found["translation"],
                "size": found["size"],
                "rotation": found["rotation"],
                "velocity": nusc.box_velocity(token)[:2].tolist(),
                "detection_name": name,
                "detection_score": 1.0,
                "attribute_name": attributes[0] if attributes else "",
            }
        )
    results[sample["token"]] = rows
meta = {f"use_{name}": name == "lidar" for name in ("camera", "lidar", "radar", "map", "external")}
predictions = os.path.join(temporary, "predictions.json")
with open(predictions, "w") as file:
    json.dump({"meta": meta, "results": results}, file)
evaluation = DetectionEval(nusc, config_factory("detection_cvpr_2019"), predictions, "train", temporary, verbose=False)
metrics = evaluation.evaluate()[0].serialize()

inside = []
for sample in nusc.sample:
    token = sample["data"]["LIDAR_TOP"]
    path, boxes, _ = nusc.get_sample_data(token)
    points = LidarPointCloud.from_file(path).points
    classes = np.fromfile(f"{root}/lidarseg/v1.0-trainval/{token}_lidarseg.bin", np.uint8)
    assert len(classes) == points.shape[1]
    panoptic = np.load(f"{root}/panoptic/v1.0-trainval/{token}_panoptic.npz")["data"]
    assert (panoptic // 1000 == classes).all()
    for box in boxes:
        local = box.rotation_matrix.T @ (points[:3] - box.center[:, None])
        within = (np.array(box.wlh)[[1, 0, 2]] / 2 + 0.01 >= np.abs(local).T).all(axis=1)
        within &= (classes < 24) | (classes > 27)  # the ground touches every box from below
        inside.append(int(within.sum()) - nusc.get("sample_annotation", box.token)["num_lidar_pts"])

# The evaluations of points go through nuScenes' own 700 scenes; here they go through those that there are.
own = {"own": [scene["name"] for scene in nusc.scene]}
for module in (lidarseg_utils, panoptic_utils, panoptic_evaluate):
    module.create_splits_scenes = lambda **_: own
for task in ("lidarseg", "panoptic"):
    os.makedirs(f"{temporary}/{task}/own")
coarse = lidarseg_utils.LidarsegClassMapper(nusc)
for sample in nusc.sample:
    token = sample["data"]["LIDAR_TOP"]
    classes = coarse.convert_label(np.fromfile(f"{root}/lidarseg/v1.0-trainval/{token}_lidarseg.bin", np.uint8))
    # Predictions have one of the sixteen classes everywhere; where the truth has none, they do not count.
    np.maximum(classes, 1).astype(np.uint8).tofile(f"{temporary}/lidarseg/own/{token}_lidarseg.bin")
    fine = np.load(f"{root}/panoptic/v1.0-trainval/{token}_panoptic.npz")["data"]
    whole = panoptic_utils.PanopticClassMapper(nusc).convert_label(fine // 1000).astype(int) * 1000 + fine % 1000
    np.savez_compressed(f"{temporary}/panoptic/own/{token}_panoptic.npz", data=whole.astype(np.uint16))
lidarseg = LidarSegEval(nusc, temporary, "own").evaluate()
panoptic_evaluate.NuScenesPanopticEval(nusc, temporary, "own", "tracking", 15, temporary).evaluate()
with open(f"{temporary}/tracking-result.json") as file:
    panoptic = json.load(file)
present = [name for name, iou in lidarseg["iou_per_class"].items() if not np.isnan(iou)]

nusc.render_sample_data(data["RADAR_FRONT"], out_path=f"{temporary}/f.png", **quiet)
nusc.render_pointcloud_in_image(
    nusc.sample[0]["token"], pointsensor_channel="RADAR_FRONT", out_path=f"{temporary}/g.png", **quiet
)
echoes = RadarPointCloud.from_file(nusc.get_sample_data_path(data["RADAR_FRONT"]))

location = nusc.log[0]["location"]
map_api.locations.append(location)
city = map_api.NuScenesMap(root, location)
poses = NuScenesCanBus(root).get_messages("scene-0001", "pose")
start = nusc.get("ego_pose", data["LIDAR_TOP"])["translation"]
print(
    json.dumps(
        {
            "mAP": metrics["mean_ap"],
            "NDS": metrics["nd_score"],
            "errors": metrics["tp_errors"],
            "lidarseg": lidarseg["miou"],
            "classes": len(present),
            "panoptic": {
                name: [panoptic["segmentation"][name]["PQ"], panoptic["tracking"][name]["PTQ"]]
                for name in ("car", "truck", "pedestrian", "driveable_surface")
            },
            "echoes": echoes.points.shape[1],
            "points_apart": max(map(abs, inside)),
            "drivable": bool(city.layers_on_point(*start[:2])["drivable_area"]),
            "on_mask": bool(nusc.map[0]["mask"].is_on_mask(start[0], start[1])[0]),
            "can_apart": float(np.abs(np.array(poses[2]["pos"]) - start).max()),
        }
    )
)
