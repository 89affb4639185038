"""Background traffic: flows that enter, densities that settle, jams that emerge, and what changes nothing."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.actors.traffic import passing, speed_of_density
from roadlab.behaviors.idm import USUAL, equilibrium_gap
from roadlab.errors import ScenarioFileError
from roadlab.log_file import log_digest
from roadlab.roads.lanes import RoadLink
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine

ROAD = """
scenario: Traffic
duration: {duration} s
step: {step} s
seed: 4
map:
  roads:
    a: {{profile: motorway_3, path: [{{line: {length} m}}], speed_limit: {limit}}}
actors:
  ego: {{model: sedan, at: {{road: a, lane: -1, s: 20 m}}, speed: 20 m/s, drive: {{}}}}
{actors}
traffic:
{traffic}
"""


def decided(traffic, *, duration=60, length=600, limit="100 km/h", step=0.05, actors="", seed=None):
    text = ROAD.format(duration=duration, length=length, limit=limit, step=step, traffic=traffic, actors=actors)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text.replace("traffic:\n\n", ""))
        return load(path, seed=seed)


def closed(scenario):
    """The same on a road that runs in a circle and into itself."""
    road = scenario.network.roads["a"]
    bend = 2 * np.pi / road.length
    line = ReferenceLine((Piece(road.length, bend, bend),))
    sections = tuple(
        replace(s, lanes=tuple(replace(lane, successors=(lane.id,), predecessors=(lane.id,)) for lane in s.lanes))
        for s in road.sections
    )
    ends = {"predecessor": RoadLink("road", "a", "end"), "successor": RoadLink("road", "a", "start")}
    return replace(
        scenario, network=network_of([replace(road, reference_line=line, beyond=(0.0, 0.0), sections=sections, **ends)])
    )


def speed(log):
    return np.hypot(log.velocity[..., 0], log.velocity[..., 1])


def contacts(log):
    return [event.name for event in log.events if event.kind == "contact"]


def test_a_flow_brings_as_many_as_it_says_and_they_leave_at_the_end_of_the_map():
    log = simulate(decided("  - {at: {road: a, lane: -3, s: 6 m}, flow: 1200}", duration=120))
    guests = [i for i, actor in enumerate(log.actors) if actor.name.startswith("traffic")]
    there = log.present[:, guests]
    entered = there.any(axis=0).sum()
    assert entered == pytest.approx(1200 * 120 / 3600, abs=3 * np.sqrt(40))
    assert entered >= len(guests) - 2
    assert (there[:-1] & ~there[1:]).sum() > 10
    last = [log.position[np.flatnonzero(there[:, k])[-1], i, 0] for k, i in enumerate(guests) if there[:, k].any()]
    assert max(last) < 600.0
    assert contacts(log) == []


def test_those_who_enter_come_at_the_speed_of_the_road_and_do_not_brake_at_its_end():
    log = simulate(decided("  - {at: {road: a, lane: -3, s: 6 m}, flow: 400, mix: {sedan: 1}}", duration=90))
    v = speed(log)
    for i in range(1, len(log.actors)):
        ticks = np.flatnonzero(log.present[:, i])
        if len(ticks) > 10:
            assert v[ticks[0], i] > 15.0
            assert v[ticks, i].min() > 15.0


def test_more_than_the_capacity_of_a_lane_does_not_get_in():
    log = simulate(decided("  - {at: {road: a, lane: -3, s: 6 m}, flow: 3600, mix: {sedan: 1}}", duration=60))
    entered = log.present[:, 1:].any(axis=0).sum()
    assert 20 < entered < 40
    assert contacts(log) == []
    assert log.acceleration.min() > -5.0


def test_destinations_are_taken_in_their_shares_and_streams_do_not_touch_each_other():
    one = "  - {at: {road: a, lane: -3, s: 6 m}, flow: 600}\n"
    two = one + "  - {at: {road: a, lane: -2, s: 6 m}, flow: 600}\n"
    alone, both = decided(one), decided(two)
    mine = [guest for guest in passing(both.spec) if guest.stream == 0]
    assert [(g.enters, g.actor.model) for g in mine] == [(g.enters, g.actor.model) for g in passing(alone.spec)]
    many = decided("  - {at: {road: a, lane: -3, s: 6 m}, flow: 3000, mix: {sedan: 3, truck: 1}}", duration=600)
    models = [guest.actor.model for guest in passing(many.spec)]
    assert models.count("truck") / len(models) == pytest.approx(0.25, abs=0.06)


def test_a_density_begins_at_the_speed_of_the_fundamental_diagram():
    limit, spacing = 100 / 3.6, 1000 / 30
    v = speed_of_density(spacing, limit)
    assert equilibrium_gap(v, limit, USUAL["car"]) + 4.76 == pytest.approx(spacing, abs=0.05)
    log = simulate(decided("  - {at: {road: a, lane: -3, s: 10 m}, density: 30, stretch: 500 m}", duration=3))
    assert log.present[0].sum() == 16
    np.testing.assert_allclose(speed(log)[0, 1:], v, atol=1e-4)


@pytest.mark.parametrize(
    ("traffic", "where"),
    [
        ("  - {at: {road: b, lane: -1, s: 1 m}, flow: 100}", r"traffic\[0\]\.at\.road"),
        ("  - {at: {road: a, lane: -1, s: 1 m}}", r"traffic\[0\]: expected either a flow or a density"),
        ("  - {at: {road: a, lane: -1, s: 1 m}, flow: 100, mix: {adult: 1}}", r"'adult' is not a vehicle"),
        ("  - {at: {road: a, lane: -1, s: 1 m}, flow: 100, to: {nowhere: 1}}", r"unknown road 'nowhere'"),
        ("  - {at: {road: a, lane: -1, s: 200 m}, density: 10, stretch: 500 m}", r"stretch.*goes from 0 to 600 m"),
    ],
)
def test_traffic_that_cannot_be_is_refused(traffic, where):
    with pytest.raises(ScenarioFileError, match=where):
        decided(traffic)


def test_the_same_seed_gives_the_same_traffic_and_another_one_another():
    text = "  - {at: {road: a, lane: -3, s: 6 m}, flow: 1200}\n  - {at: {road: a, lane: -2, s: 6 m}, flow: 900}"
    first, again = decided(text, duration=15), decided(text, duration=15)
    assert log_digest(simulate(first)) == log_digest(simulate(again))
    other = decided(text, duration=15, seed=5)
    assert [g.enters for g in passing(other.spec)] != [g.enters for g in passing(first.spec)]


def test_another_actor_far_away_changes_nobody_elses_driver():
    rows = "  slow: {model: van, at: {road: a, lane: -3, s: 60 m}, drive: {driver: {type: idm, style: sampled}}}"
    more = rows + "\n  third: {model: van, at: {road: a, lane: -1, s: 560 m}, parked: true}"
    one, two = (simulate(decided("", duration=8, actors=text)) for text in (rows, more))
    for name in ("slow",):
        np.testing.assert_array_equal(one.position[:, one.index(name)], two.position[:, two.index(name)])


# --- a ring road -----------------------------------------------------------------------------------------------------


BESIDE = 2.5 * 3.75
"""The middle of the outer lane lies so far from the reference line [m]."""


def ring(count, around, *, duration, driver, jolt=0.0):
    """`count` cars, evenly spread on the outer lane of a ring, which is `around` metres long."""
    length = around - 2 * np.pi * BESIDE
    rows = [
        f"  car_{k}: {{model: sedan, at: {{road: a, lane: -3, s: {k * length / count + 2:.3f} m}}, "
        f"speed: 5 m/s, drive: {{speed: 30 m/s, driver: {driver}}}}}"
        for k in range(1, count)
    ]
    scenario = decided("", duration=duration, length=length, limit="130 km/h", step=0.1, actors="\n".join(rows))
    ego = scenario.spec.actors["ego"].model_copy(
        update={"at": scenario.spec.actors["car_1"].at.model_copy(update={"s": 2.0 + jolt})}
    )
    ego = ego.model_copy(update={"speed": 5.0, "drive": scenario.spec.actors["car_1"].drive})
    spec = scenario.spec.model_copy(update={"actors": {**scenario.spec.actors, "ego": ego}})
    return simulate(closed(replace(scenario, spec=spec)))


@pytest.mark.parametrize("wanted", [6.0, 12.0, 18.0])
def test_a_ring_road_settles_on_the_fundamental_diagram(wanted):
    count = 30
    length = count * (float(equilibrium_gap(wanted, 30.0, USUAL["car"])) + 4.76)
    log = ring(count, length, duration=300, driver="{type: idm}")
    assert speed(log)[-1] == pytest.approx(np.full(count, wanted), rel=0.02)
    assert contacts(log) == []


def test_stop_and_go_waves_emerge_on_a_dense_ring_and_travel_upstream():
    # 22 cars on 230 m, the density of the experiment of Sugiyama et al., New J. Phys. 10 (2008) 033001; drivers who
    # accelerate weakly, for whom the IDM is linearly unstable (Treiber and Kesting, Traffic Flow Dynamics, 15.4).
    log = ring(22, 230.0, duration=300, driver="{type: idm, max_acceleration: 0.6 m/s2, time_headway: 1 s}", jolt=1.5)
    v = speed(log)
    late = v[2000:]
    assert late.std() > 0.6
    assert late.min() < 0.5
    assert late.max() > 2.5
    assert contacts(log) == []
    # Where it is slowest moves against the traffic.
    center = 230 / (2 * np.pi) - BESIDE
    angle = np.arctan2(log.position[..., 1] - center, log.position[..., 0])
    weight = np.clip(v.mean(axis=1, keepdims=True) - v, 0.0, None)
    phase = np.angle((weight * np.exp(1j * angle)).sum(axis=1))
    drift = np.polyfit(log.time[2000:] / 1e9, np.unwrap(phase[2000:]), 1)[0] * 230 / (2 * np.pi)
    assert -7.0 < drift < -1.0
