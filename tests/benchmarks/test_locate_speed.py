"""How long it takes to find 10,000 points in a town of fifty roads."""

import numpy as np

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec


def town(columns=6, rows=5, block=100.0, gap=15.0):
    """49 streets of a grid between 30 corners, with junctions and their connecting roads."""
    roads, ends = {}, {}
    for i in range(columns):
        for j in range(rows):
            for name, (di, dj), heading in ((f"h{i}_{j}", (1, 0), 0.0), (f"v{i}_{j}", (0, 1), np.pi / 2)):
                if i + di < columns and j + dj < rows:
                    start = {"x": i * block + gap * di, "y": j * block + gap * dj, "heading": heading}
                    path = [{"line": block - 2 * gap}]
                    roads[name] = {"profile": "urban_2x1_parking", "start": start, "path": path}
                    ends.setdefault((i, j), []).append(f"{name}.start")
                    ends.setdefault((i + di, j + dj), []).append(f"{name}.end")
    junctions = {f"j{i}_{j}": {"connect": found} for (i, j), found in ends.items() if len(found) > 2}
    return build_network(MapSpec.model_validate({"roads": roads, "junctions": junctions}))


def test_locating_ten_thousand_points_in_a_town(benchmark):
    network = town()
    points = np.random.Generator(np.random.PCG64(1)).uniform((-20.0, -20.0), (520.0, 420.0), (10_000, 2))
    network.locate(points)
    found = benchmark(network.locate, points)
    assert (found.road >= 0).sum() > 2000
