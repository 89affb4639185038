"""Figures of sweeps that tell a simulated unit from a real one."""

import numpy as np

RANGES = ((2, 5), (5, 10), (10, 20), (20, 40), (40, 80))
JITTER_RANGES = ((4, 8), (8, 15), (15, 30), (30, 60))
STEP = np.radians(0.18)


def rings_of(points):
    """(N,) ring of KITTI's points: each ring begins where the azimuth passes straight ahead."""
    azimuth = np.arctan2(points[:, 1], points[:, 0])
    begins = (azimuth[:-1] < 0) & (azimuth[1:] >= 0) & (np.abs(np.diff(azimuth)) < np.pi / 2)
    return np.cumsum(np.r_[0, begins])


def figures(points, intensity, ring):
    """Of one sweep, by name; shares and means by range as measured on KITTI."""
    distance = np.linalg.norm(points, axis=1)
    found = {"points": float(len(points)), "zeros": float((intensity == 0).mean())}
    found["steps of intensity"] = float(len(np.unique(np.round(intensity, 4))))
    found["greatest intensity"] = float(intensity.max())
    for low, high in RANGES:
        within = (distance >= low) & (distance < high)
        found[f"share {low}-{high} m"] = float(within.mean())
        found[f"intensity {low}-{high} m"] = float(intensity[within].mean()) if within.any() else np.nan
    return found | _along_rings(points, distance, ring)


def _along_rings(points, distance, ring):
    azimuth = np.arctan2(points[:, 1], points[:, 0])
    second, middle, jumps, gaps = [], [], [], []
    for number in np.unique(ring):
        own = np.flatnonzero(ring == number)
        if len(own) < 50:
            continue
        step, change = np.abs(np.diff(np.unwrap(azimuth[own]))), np.diff(distance[own])
        beside = step < 1.5 * STEP
        gaps.append(~beside)
        jumps.append(np.abs(change))
        # Surfaces alone: no neighbour farther away than 0.15 m.
        smooth = beside[1:] & beside[:-1] & (np.abs(change[1:]) < 0.15) & (np.abs(change[:-1]) < 0.15)
        second.append(np.diff(change)[smooth])
        middle.append(distance[own][1:-1][smooth])
    second, middle = np.concatenate(second), np.concatenate(middle)
    found = {
        "jumps over 0.5 m": float((np.concatenate(jumps) > 0.5).mean()),
        "jumps over 2 m": float((np.concatenate(jumps) > 2.0).mean()),
        "gaps": float(np.concatenate(gaps).mean()),
    }
    for low, high in JITTER_RANGES:
        own = second[(middle >= low) & (middle < high)]
        enough = len(own) > 50
        found[f"jitter {low}-{high} m"] = float(1.4826 * np.median(np.abs(own)) / np.sqrt(6)) if enough else np.nan
    return found
