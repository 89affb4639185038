"""Run with webdataset: reads every sample of every shard."""

import json
import sys
from pathlib import Path

import webdataset

shards = sorted(map(str, Path(sys.argv[1]).glob("shards/*.tar")))
samples = list(webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8"))
shapes = {name: list(value.shape) for name, value in samples[0].items() if hasattr(value, "shape")}
print(json.dumps({"keys": [sample["__key__"] for sample in samples], "shapes": shapes}))
