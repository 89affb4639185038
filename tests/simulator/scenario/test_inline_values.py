"""Random values written at their places: columns of samples, and dimensions of sampling designs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from roadlab.scenario.load import decide, open_scenario

SPEED, MODEL, CAR = "actors.ego.speed", "actors.ego.model", "actors.car.speed"


@pytest.fixture
def opened(street, write):
    """The street with two random values of the ego and one that a fragment gives to a car."""

    def make(speed="{uniform: [10 m/s, 14 m/s]}", more=""):
        text = street.replace("model: hatchback", "model: {any: [hatchback, sedan, suv]}")
        text = text.replace("speed: 30 km/h", f"speed: {speed}")
        car = "{use: slow, at: {road: elm, lane: -1, s: 60 m}, speed: {choice: [1 m/s, 2 m/s]}}"
        text = text.replace("  anna:\n", f"  car: {car}\n  anna:\n")
        return open_scenario(write(f"{text}fragments: {{slow: {{body: {{model: van, drive: {{}}}}}}}}\n{more}"))

    return make


def column(opened, name, count=None, design="random"):
    values = [opened.drawn(draw)[name] for draw in opened.draws(design, count)]
    return np.array([getattr(value, "number", value) for value in values])


def test_every_value_has_a_column_that_says_what_the_scenario_gets(opened):
    logical = opened()
    assert [one.name for one in logical.inline] == [MODEL, SPEED, CAR]
    for design in ("random", "sobol", "latin_hypercube"):
        for draw in logical.draws(design, 4):
            scenario, drawn = decide(logical, draw).spec, logical.drawn(draw)
            assert scenario.actors["ego"].model == drawn[MODEL]
            assert scenario.actors["ego"].speed == pytest.approx(drawn[SPEED].number)
            assert scenario.actors["car"].speed == pytest.approx(drawn[CAR].number)


def test_a_latin_hypercube_uses_each_cell_of_a_value_once(opened):
    cells = np.floor((column(opened(), SPEED, 20, "latin_hypercube") - 10.0) / 4.0 * 20)
    assert sorted(cells) == list(range(20))


def test_a_grid_goes_through_every_level_with_those_of_parameters(opened):
    logical = opened("{uniform: [10 m/s, 14 m/s], levels: 3}", "parameters: {gap: {choice: [5 m, 6 m]}}\n")
    rows = {
        (str(draw.values["gap"].shown()), *(str(getattr(v, "number", v)) for v in logical.drawn(draw).values()))
        for draw in logical.draws("grid")
    }
    gaps, models, speeds, cars = ("5 m", "6 m"), ("hatchback", "sedan", "suv"), ("10.0", "12.0", "14.0"), ("1.0", "2.0")
    assert rows == set(itertools.product(gaps, models, speeds, cars))


@pytest.mark.parametrize(("design", "strength"), [("pairwise", 2), ("threewise", 3)])
def test_covering_designs_cover_the_levels_of_values(opened, design, strength):
    logical = opened("{uniform: [10 m/s, 14 m/s], levels: 4}", "parameters: {gap: {choice: [5 m, 6 m]}}\n")
    rows = [
        {"gap": draw.values["gap"].number} | {k: getattr(v, "number", v) for k, v in logical.drawn(draw).items()}
        for draw in logical.draws(design)
    ]
    for names in itertools.combinations(("gap", MODEL, SPEED, CAR), strength):
        levels = [{row[name] for row in rows} for name in names]
        assert {tuple(row[name] for name in names) for row in rows} == set(itertools.product(*levels))
    assert [len({row[name] for row in rows}) for name in ("gap", MODEL, SPEED, CAR)] == [2, 3, 4, 2]


def test_sobol_spreads_a_value_more_evenly_than_chance_does(opened):
    spread = {}
    for design in ("random", "sobol"):
        u = np.sort((column(opened(), SPEED, 64, design) - 10.0) / 4.0)
        spread[design] = np.abs(u - (np.arange(64) + 0.5) / 64).max()
    assert spread["sobol"] < 1 / 64 + 1e-9 < spread["random"]


def test_a_random_sample_is_the_same_whichever_parameters_there_are(opened):
    alone = column(opened(), SPEED, 5)
    assert (alone == column(opened(more="parameters: {gap: {uniform: [1 m, 2 m]}}\n"), SPEED, 5)).all()
    assert len(set(alone)) == 5


def test_values_of_the_members_of_a_row_are_left_to_chance(street, write):
    row = "  queue: {model: {any: [van, suv]}, at: {road: elm, lane: -1, s: '${40 m + index * 9 m}'}, repeat: 4}\n"
    logical = open_scenario(write(street.replace("  anna:\n", f"{row}  anna:\n")))
    assert logical.inline == ()
    models = {decide(logical, draw).spec.actors["queue[1]"].model for draw in logical.draws("sobol", 12)}
    assert models == {"van", "suv"}


def test_a_value_that_another_takes_the_place_of_has_no_column(street, write):
    text = street.replace("speed: 30 km/h", "use: quick\n    speed: 5 m/s").replace("model: hatchback", "model: sedan")
    quick = "fragments: {quick: {body: {speed: {uniform: [10 m/s, 14 m/s]}, paint: {any: [red, blue]}}}}\n"
    logical = open_scenario(write(text + quick))
    (draw,) = logical.draws("random", 1)
    assert set(logical.drawn(draw)) == {"actors.ego.paint"}
