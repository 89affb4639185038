"""Trains a classifier of lidar points, ground or not, on any dataset of roadlab: python train_on_a_dataset.py DATASET.

Written out in NumPy so that it runs anywhere. With PyTorch, `DataLoader(samples, batch_size=4, shuffle=True)` takes
`samples` as it is, for it only needs `len` and `[]`.
"""

import sys

import numpy as np

from roadlab_tools import open_dataset

GROUND = (7, 8, 9, 22, 34)  # road, sidewalk, parking, terrain, road marking


def points_and_labels(item):
    """Height, distance and intensity of 2,000 points of a sweep, and whether each is ground."""
    lidar = item.lidars["lidar"]
    chosen = slice(None, None, max(1, len(lidar["points"]) // 2000))
    points = lidar["points"][chosen]
    features = np.stack([points[:, 2], np.hypot(points[:, 0], points[:, 1]) / 50, lidar["intensity"][chosen]], axis=1)
    return features.astype(np.float32), np.isin(lidar["semantic"][chosen], GROUND).astype(np.float32)


samples = open_dataset(sys.argv[1]).split("train").map(points_and_labels)
weights, bias = np.zeros(3), 0.0
for epoch in range(20):
    losses = []
    for k in range(len(samples)):
        x, y = samples[k]
        p = 1 / (1 + np.exp(-(x @ weights + bias)))
        losses.append(-np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)))
        weights -= 0.5 * x.T @ (p - y) / len(y)
        bias -= 0.5 * np.mean(p - y)
    print(f"epoch {epoch}: loss {np.mean(losses):.4f}")  # noqa: T201
