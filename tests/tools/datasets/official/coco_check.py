"""Run with pycocotools and panopticapi: evaluates a dataset; ground truth are the predictions."""

import contextlib
import io
import json
import sys

from panopticapi.evaluation import pq_compute
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def main():
    root = sys.argv[1]
    scores = {}
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(f"{root}/annotations/instances_train.json")
        keys = ("image_id", "category_id", "bbox", "segmentation")
        found = [{key: one[key] for key in keys} | {"score": 1.0} for one in truth.dataset["annotations"]]
        for kind in ("bbox", "segm"):
            evaluation = COCOeval(truth, truth.loadRes(found), kind)
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
            scores[kind] = evaluation.stats[0]
        posed = COCO(f"{root}/annotations/person_keypoints_train.json")
        keys = ("image_id", "category_id", "keypoints")
        found = [{key: one[key] for key in keys} | {"score": 1.0} for one in posed.dataset["annotations"]]
        evaluation = COCOeval(posed, posed.loadRes(found), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        scores["keypoints"], scores["posed"] = evaluation.stats[0], len(found)
        panoptic = f"{root}/annotations/panoptic_train.json"
        scores["pq"] = pq_compute(panoptic, panoptic, f"{root}/panoptic", f"{root}/panoptic")["All"]["pq"]
    areas = [abs(int(truth.annToMask(one).sum()) - one["area"]) for one in truth.dataset["annotations"]]
    print(json.dumps({**scores, "areas_apart": max(areas)}))


if __name__ == "__main__":
    main()
