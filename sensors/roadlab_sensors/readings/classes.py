"""What surfaces are."""

from __future__ import annotations

SEMANTIC_IDS: dict[str, int] = {
    "unlabeled": 0,
    "ego vehicle": 1,
    "static": 4,
    "ground": 6,
    "road": 7,
    "sidewalk": 8,
    "parking": 9,
    "building": 11,
    "wall": 12,
    "fence": 13,
    "guard rail": 14,
    "pole": 17,
    "traffic light": 19,
    "traffic sign": 20,
    "vegetation": 21,
    "terrain": 22,
    "sky": 23,
    "person": 24,
    "rider": 25,
    "car": 26,
    "truck": 27,
    "bus": 28,
    "motorcycle": 32,
    "bicycle": 33,
    "road marking": 34,
}
"""Cityscapes label ids (cityscapesScripts, labels.py); 34 is ours, Cityscapes counts markings as road."""
