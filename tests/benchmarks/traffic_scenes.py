"""Scenes of any size for measuring the simulator."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

from roadlab import load
from roadlab.roads.lanes import RoadLink
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine

DRIVER = "{type: idm, style: sampled, change_lanes: true}"


def loaded(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        return load(path)


def closed(scenario, name):
    """The scenario on a map whose only road, of the same length, runs in a circle and into itself."""
    road = scenario.network.roads[name]
    bend = 2.0 * math.pi / road.length
    line = ReferenceLine((Piece(road.length, bend, bend),))
    sections = tuple(
        replace(s, lanes=tuple(replace(lane, successors=(lane.id,), predecessors=(lane.id,)) for lane in s.lanes))
        for s in road.sections
    )
    ends = {"predecessor": RoadLink("road", name, "end"), "successor": RoadLink("road", name, "start")}
    return replace(
        scenario, network=network_of([replace(road, reference_line=line, beyond=(0.0, 0.0), sections=sections, **ends)])
    )


def motorway_ring(count, *, spacing=40.0, duration=20.0, step=0.02):
    """`count` cars and lorries on a ring of three lanes, `spacing` metres from one to the next on each."""
    length = max(math.ceil(count / 3) * spacing, 300.0)
    rows = [
        f"  {'ego' if k == 0 else f'car_{k}'}: {{model: {'truck' if k % 9 == 5 else 'sedan'}, speed: 22 m/s, "
        f"at: {{road: ring, lane: -{k % 3 + 1}, s: {(k // 3) * spacing + 5:.2f} m}}, "
        f"drive: {{speed: {24 if k % 9 == 5 else 27 + k % 5} m/s, driver: {DRIVER}}}}}"
        for k in range(count)
    ]
    text = (
        f"scenario: ring\nduration: {duration} s\nstep: {step} s\nmap:\n  roads:\n"
        f"    ring: {{profile: motorway_3, path: [{{line: {length} m}}], speed_limit: 120 km/h}}\n"
        "  surroundings: {style: none}\nactors:\n" + "\n".join(rows)
    )
    return closed(loaded(text), "ring")


def town(count, *, blocks=4, block=120.0, duration=20.0, step=0.02):
    """`count` cars on a grid of streets with `blocks`² junctions; every second one has signals."""
    roads, junctions, starts = [], [], []
    for i in range(blocks + 1):
        for j in range(blocks):
            for name, x, y, heading in (
                (f"h{i}_{j}", (i - 1) * block + 15, j * block, 0),
                (f"v{j}_{i}", j * block, (i - 1) * block + 15, 90),
            ):
                roads.append(
                    f"    {name}: {{profile: urban_2x1, start: {{x: {x} m, y: {y} m, heading: {heading} deg}}, "
                    f"path: [{{line: {block - 30} m}}]}}"
                )
                if 0 < i < blocks:
                    starts += [(name, -1, 12.0), (name, 1, block - 42.0), (name, -1, 40.0), (name, 1, block - 70.0)]
    for i in range(blocks):
        for j in range(blocks):
            arms = f"h{i}_{j}.end, h{i + 1}_{j}.start, v{i}_{j}.end, v{i}_{j + 1}.start"
            signals = ", signals: {green: 12 s}" if (i + j) % 2 == 0 else ""
            junctions.append(f"    j{i}_{j}: {{connect: [{arms}]{signals}, crosswalks: false}}")
    rows = [
        f"  {'ego' if k == 0 else f'car_{k}'}: {{model: sedan, speed: 6 m/s, "
        f"at: {{road: {road}, lane: {lane}, s: {s} m}}, "
        f"drive: {{speed: 12 m/s, driver: {{type: idm, style: sampled}}}}}}"
        for k, (road, lane, s) in enumerate(starts[:count])
    ]
    assert len(rows) == count, f"the town has room for {len(starts)}"
    text = (
        f"scenario: town\nduration: {duration} s\nstep: {step} s\nmap:\n  roads:\n" + "\n".join(roads)
        + "\n  junctions:\n" + "\n".join(junctions) + "\n  surroundings: {style: none}\nactors:\n" + "\n".join(rows)
    )  # fmt: skip
    return loaded(text)
