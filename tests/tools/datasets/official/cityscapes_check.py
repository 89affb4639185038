"""Run with cityscapesScripts: evaluates the label ids as predictions of themselves."""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

root = Path(sys.argv[1])
results = Path(tempfile.mkdtemp())
os.environ["CITYSCAPES_DATASET"], os.environ["CITYSCAPES_RESULTS"] = str(root), str(results)
truths = sorted(map(str, root.glob("gtFine/*/*/*_gtFine_labelIds.png")))
for truth in truths:
    shutil.copy(truth, results / Path(truth).name.replace("_gtFine_labelIds", "_pred"))

with contextlib.redirect_stdout(io.StringIO()):
    from cityscapesscripts.evaluation import evalPixelLevelSemanticLabeling as evaluation

    evaluation.args.quiet, evaluation.args.JSONOutput = True, False
    evaluation.args.predictionPath, evaluation.args.predictionWalk = str(results), None
    predictions = [evaluation.getPrediction(evaluation.args, truth) for truth in truths]
    scores = evaluation.evaluateImgLists(predictions, truths, evaluation.args)
print(
    json.dumps(
        {"pictures": len(truths), "iou": scores["averageScoreClasses"], "instances": scores["averageScoreInstClasses"]}
    )
)
