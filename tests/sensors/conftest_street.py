"""How the tests of samples compare and measure."""

import hashlib

import numpy as np


def digest(sample):
    """SHA-256 over every array and number of a sample."""
    total = hashlib.sha256()
    for frame in sample.cameras.values():
        for array in (frame.image, frame.depth, frame.instance, frame.semantic, frame.world_from_camera):
            total.update(np.ascontiguousarray(array).tobytes())
    for sweep in sample.lidars.values():
        for array in (sweep.points, sweep.intensity, sweep.ring, sweep.time, sweep.instance, sweep.semantic):
            total.update(np.ascontiguousarray(array).tobytes())
    total.update(repr([(a.instance, a.world_from_box.tolist(), dict(a.lidar_points)) for a in sample.actors]).encode())
    total.update(repr(dict(sample.views)).encode())
    return total.hexdigest()


def distance_to_triangles(point, triangles):
    """From a point (3,) to the nearest of triangles (T, 3, 3), on its plane or its edges (Ericson 2005, 5.1)."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    normal = np.cross(b - a, c - a)
    area = np.maximum((normal**2).sum(axis=1), 1e-24)
    offset = ((point - a) * normal).sum(axis=1) / area
    foot = point - offset[:, None] * normal
    within = np.ones(len(a), dtype=bool)
    best = np.full(len(a), np.inf)
    for start, end in ((a, b), (b, c), (c, a)):
        edge = end - start
        within &= (np.cross(edge, foot - start) * normal).sum(axis=1) >= 0
        along = np.clip(((point - start) * edge).sum(axis=1) / np.maximum((edge**2).sum(axis=1), 1e-24), 0, 1)
        best = np.minimum(best, np.linalg.norm(start + along[:, None] * edge - point, axis=1))
    return float(np.where(within, np.abs(offset) * np.sqrt(area), best).min())
