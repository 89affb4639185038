"""Samples: distributions, dependent parameters, designs, constraints."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import roadlab
from roadlab.errors import ScenarioFileError
from roadlab.scenario.covering import covering_array
from roadlab.scenario.draws import Tally
from roadlab.scenario.expressions import Measure
from roadlab.scenario.load import decide, open_scenario


@pytest.fixture
def opened(street, write):
    """The logical scenario of the street with these parameters and constraints."""

    def make(parameters: str, require: str = "", **options):
        lines = "".join(f"  {line.strip()}\n" for line in parameters.strip().splitlines())
        return open_scenario(write(street + f"parameters:\n{lines}{require}"), **options)

    return make


def drawn(opened, name: str, count: int, design: str = "random") -> np.ndarray:
    values = [draw.values[name] for draw in opened.draws(design, count)]
    return np.array([value.number if isinstance(value, Measure) else value for value in values])


def report(call) -> str:
    with pytest.raises(ScenarioFileError) as caught:
        call()
    return str(caught.value)


# --- distributions, against SciPy's -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ("{uniform: [10 m/s, 14 m/s]}", stats.uniform(10, 4)),
        ("{uniform: [36 km/h, 50.4 km/h]}", stats.uniform(10, 4)),
        ("{normal: [2.6 m/s, 0.4 m/s]}", stats.norm(2.6, 0.4)),
        ("{normal: [2.6, 0.4], within: [1.5, 3]}", stats.truncnorm((1.5 - 2.6) / 0.4, 1.0, 2.6, 0.4)),
        ("{lognormal: [1.5 s, 0.3]}", stats.lognorm(0.3, scale=1.5)),
        ("{lognormal: [1.5, 0.3], within: [1, 2]}", None),
    ],
)
def test_a_continuous_parameter_follows_its_law(opened, written, law):
    sample = drawn(opened(f"v: {written}"), "v", 4000)
    if law is None:  # a truncated lognormal: the logarithm is a truncated normal
        low, high = np.log(1 / 1.5) / 0.3, np.log(2 / 1.5) / 0.3
        sample, law = np.log(sample), stats.truncnorm(low, high, np.log(1.5), 0.3)
    assert stats.kstest(sample, law.cdf).pvalue > 1e-3


def test_choices_come_as_often_as_they_weigh(opened):
    sample = drawn(opened("v: {choice: {2: 6, 5: 3, 7: 1, 9: 0}}"), "v", 5000)
    counts = [int((sample == item).sum()) for item in (2, 5, 7)]
    assert sum(counts) == 5000
    assert stats.chisquare(counts, [3000, 1500, 500]).pvalue > 1e-3


def test_whole_numbers_come_equally_often_and_include_both_ends(opened):
    sample = drawn(opened("v: {integer: [-1, 2]}"), "v", 4000)
    counts = [int((sample == item).sum()) for item in (-1, 0, 1, 2)]
    assert sum(counts) == 4000
    assert stats.chisquare(counts).pvalue > 1e-3


def test_a_list_is_a_choice_and_keeps_what_its_author_wrote(opened):
    chosen = {str(draw.values["rain"].text) for draw in opened("rain: [0 mm/h, 2 mm/h]").draws("random", 50)}
    assert chosen == {"0 mm/h", "2 mm/h"}


def test_a_dependent_parameter_follows_those_it_depends_on_whatever_their_order(opened):
    logical = opened("""
        gap: "${speed * headway}"
        headway: {uniform: [1 s, 2 s]}
        speed: {uniform: ["${slow}", "${slow + 5 m/s}"]}
        slow: 10 m/s
    """)
    for draw in logical.draws("random", 100):
        gap, headway, speed = (draw.values[name].number for name in ("gap", "headway", "speed"))
        assert gap == speed * headway
        assert 10 <= speed <= 15


def test_the_values_reach_the_scenario_with_their_units(street, write):
    text = street.replace("30 km/h", "${speed}").replace("s: 10 m", 's: "${2 m + speed * 1 s}"')
    scenario = roadlab.load(write(text + "parameters: {speed: {uniform: [20 km/h, 40 km/h]}}\n"))
    ego = scenario.spec.actors["ego"]
    assert 20 / 3.6 <= ego.speed <= 40 / 3.6
    assert ego.at.s == pytest.approx(2.0 + ego.speed)
    assert scenario.spec.parameters["speed"] == f"{ego.speed!r} m/s"


def test_an_expression_with_the_wrong_unit_is_refused_where_it_stands(street, problems):
    (found,) = problems(street.replace("30 km/h", "${gap * 2}") + "parameters: {gap: 6 m}\n")
    assert (found.span.line, found.span.column) == (10, 12)
    assert "'m' is not a unit of speed" in found.message


def test_a_sampled_scenario_is_a_fixed_point_of_load_and_dump(street, write):
    text = street.replace("30 km/h", "${speed}") + "parameters: {speed: {uniform: [20 km/h, 40 km/h]}}\n"
    scenario = roadlab.load(write(text), sample=5)
    again = roadlab.Scenario.from_json(scenario.to_json())
    assert again.digest == scenario.digest


MISTAKES = {
    "v: {uniform: [2 m, 1 m]}": "the lower bound 2 m is above the upper one, 1 m",
    "v: {uniform: [2 m, 3 s]}": "a length and a duration do not fit together",
    "v: {uniform: [2 m]}": "expected two bounds such as [25 km/h, 45 km/h]",
    "v: {uniform: [a, b]}": "expected a number, found 'a'",
    "v: {normal: [2, -1]}": "a standard deviation of -1 is negative",
    "v: {normal: [0, 1], within: [50, 60]}": "hardly any value lies within 50 and 60",
    "v: {lognormal: [-1 s, 0.3]}": "a median of -1 s is not above 0",
    "v: {lognormal: [1 s, 0.3 s]}": "expected the standard deviation of the logarithm",
    "v: {integer: [1.5, 3]}": "expected a whole number, found 1.5",
    "v: {choice: []}": "expected a list, or values with their weights",
    "v: {choice: {a: 0, b: 0}}": "the weights sum up to 0",
    "v: {choice: {a: -1}}": "expected a weight, a number of at least 0",
    "v: {choice: [[1]]}": "expected a single value",
    "v: {unifrom: [1, 2]}": "unknown key 'unifrom'; did you mean 'uniform'?",
    "v: {uniform: [1, 2], normal: [1, 2]}": "expected exactly one of uniform, normal, lognormal, integer, choice",
    "v: {uniform: [1, 2], within: [1, 2]}": "'within' has no meaning for uniform, which has bounds",
    "v: {choice: [1, 2], levels: 3}": "'levels' has no meaning for choice",
    "v: {uniform: [1, 2], levels: 0}": "expected a whole number from 1 to 1000",
    "v: .inf": "expected a finite number",
    "v: ${w}": "unknown name 'w'",
    'v: "${v + 1}"': "depends on itself",
    "sin: 3": "this name is taken",
    "index: 3": "this name is taken",
    "a b: 3": "expected a name of letters, digits and _",
    "v:": "has no value",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistaken_parameter_is_reported_once(opened, text):
    found = report(lambda: decide(made := opened(text), made.draw(0)))
    assert MISTAKES[text] in found
    assert found.count("street.yaml:") == 1


def test_parameters_in_a_circle_are_reported_once(opened):
    found = report(lambda: decide(made := opened('a: "${b}"\nb: "${a}"'), made.draw(0)))
    assert "'a' and 'b' depend on one another" in found


def test_a_broken_parameter_causes_no_noise_where_it_is_used(street, problems):
    text = street.replace("30 km/h", "${speed}") + "parameters: {speed: {unifrm: [1, 2]}}\n"
    (found,) = problems(text)
    assert "unknown key 'unifrm'" in found.message


def test_mistakes_of_parameters_and_of_the_scenario_are_reported_together(street, problems):
    text = street.replace("duration: 5 s", "duration: soon").replace("30 km/h", "${sped}")
    found = problems(text + "parameters: {speed: 3 m/s, v: {uniform: [2, 1]}}\n")
    assert [(p.span.line, p.span.column) for p in found] == [(2, 11), (10, 14), (27, 41)]
    assert "did you mean 'speed'?" in found[1].hint


# --- designs ---------------------------------------------------------------------------------------------------------

THREE = "a: {uniform: [0, 1]}\nb: {normal: [5 m, 1 m]}\nc: {choice: [x, y, z]}"


@pytest.mark.parametrize("design", ["random", "sobol", "grid", "pairwise", "threewise"])
def test_sample_k_is_the_same_whatever_n_is(opened, design):
    few, many = (list(opened(THREE).draws(design, n)) for n in (10, 20))
    assert [str(draw.values) for draw in few] == [str(draw.values) for draw in many[:10]]


def test_random_sample_k_is_drawn_without_those_before_it(opened):
    logical = opened(THREE)
    tenth = list(logical.draws("random", 10))[9]
    assert str(opened(THREE).draw(9).values) == str(tenth.values)


def test_a_new_parameter_changes_none_of_the_others(opened):
    before, after = opened("b: {uniform: [0, 1]}"), opened("a: {uniform: [0, 1]}\nb: {uniform: [0, 1]}")
    assert (drawn(before, "b", 20) == drawn(after, "b", 20)).all()


def test_another_seed_gives_other_values(opened):
    assert (drawn(opened(THREE), "a", 20) != drawn(opened(THREE, seed=1), "a", 20)).all()


def test_a_latin_hypercube_uses_each_cell_of_each_parameter_once(opened):
    logical = opened("a: {uniform: [0, 1]}\nb: {uniform: [0, 1]}")
    for name in "ab":
        cells = np.floor(drawn(logical, name, 40, "latin_hypercube") * 40).astype(int)
        assert sorted(cells) == list(range(40))


def test_sobol_points_fill_the_square_more_evenly_than_random_ones(opened):
    logical = opened("a: {uniform: [0, 1]}\nb: {uniform: [0, 1]}")
    discrepancy = {}
    for design in ("sobol", "random"):
        points = np.column_stack([drawn(logical, name, 256, design) for name in "ab"])
        discrepancy[design] = stats.qmc.discrepancy(points)
    assert discrepancy["sobol"] < 0.2 * discrepancy["random"]


def test_a_grid_has_every_combination_with_both_ends(opened):
    logical = opened("a: {uniform: [0, 1], levels: 3}\nb: {integer: [1, 2]}\nc: [x, y]")
    points = [(d.values["a"].number, d.values["b"].number, d.values["c"]) for d in logical.draws("grid")]
    assert points == list(itertools.product([0.0, 0.5, 1.0], [1, 2], ["x", "y"]))


@pytest.mark.parametrize("design", ["pairwise", "threewise"])
def test_every_combination_of_levels_is_covered(opened, design):
    text = "\n".join(f"p{k}: {{integer: [1, {n}]}}" for k, n in enumerate((2, 3, 4, 3, 2, 5)))
    rows = [[d.values[f"p{k}"].number for k in range(6)] for d in opened(text).draws(design)]
    strength = 2 if design == "pairwise" else 3
    for factors in itertools.combinations(range(6), strength):
        levels = itertools.product(*(range(1, (2, 3, 4, 3, 2, 5)[f] + 1) for f in factors))
        assert {tuple(row[f] for f in factors) for row in rows} == set(levels)
    # The two largest factors alone need 20 (60) rows; all combinations are 720.
    assert 20 <= len(rows) <= 26 if strength == 2 else 60 <= len(rows) <= 90


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.integers(2, 3), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_covering_arrays_cover(levels, strength, seed):
    rows = covering_array(levels, strength, seed)
    for factors in itertools.combinations(range(len(levels)), min(strength, len(levels))):
        assert {tuple(row[f] for f in factors) for row in rows} == set(
            itertools.product(*(range(levels[f]) for f in factors))
        )


def test_covering_arrays_are_about_as_small_as_published_ones():
    # Colbourn's tables: CA(2; 13 factors of 3 levels) has 15 rows at best; AETG found 15, greedy ones up to 21.
    assert len(covering_array([3] * 13, 2, seed=0)) <= 21
    # CA(2; 10 factors of 2 levels) has 6 at best.
    assert len(covering_array([2] * 10, 2, seed=0)) <= 10


def test_a_covering_array_covers_every_pair_that_its_constraints_allow(opened):
    logical = opened("a: {integer: [1, 4]}\nb: {integer: [1, 4]}\nc: {integer: [1, 3]}", "require: [a + b != 5]\n")
    rows = [[d.values[name].number for name in "abc"] for d in logical.draws("pairwise")]
    assert all(a + b != 5 for a, b, _ in rows)
    allowed = [(a, b) for a in range(1, 5) for b in range(1, 5) if a + b != 5]
    assert {(a, b) for a, b, _ in rows} == set(allowed)
    assert {(b, c) for _, b, c in rows} == set(itertools.product(range(1, 5), range(1, 4)))


def test_a_design_without_random_parameters_has_one_sample(opened):
    assert len(list(opened("a: 3").draws("grid"))) == 1
    assert len(list(opened("a: 3").draws("pairwise"))) == 1


def test_calls_that_make_no_sense_are_the_callers_mistake(opened):
    logical = opened(THREE)
    for call, words in (
        (lambda: logical.draws("magic", 3), "design must be one of random, sobol"),
        (lambda: logical.draws("random", 0), "samples must be 1 to 1000000"),
        (lambda: list(logical.draws("latin_hypercube")), "needs the number of its samples"),
        (lambda: list(opened("\n".join(f"p{k}: {{integer: [1, 100]}}" for k in range(4))).draws("grid")), "100000000"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


# --- constraints -----------------------------------------------------------------------------------------------------


def test_samples_meet_their_constraints_and_failures_are_counted(opened):
    tally = Tally()
    logical = opened("a: {uniform: [0, 1]}\nb: {uniform: [0, 1]}", "require: [a + b < 1, a < 2]\n")
    draws = list(logical.draws("random", 300, tally))
    assert all(d.values["a"].number + d.values["b"].number < 1 for d in draws)
    assert tally.tried == 300 + tally.failed["require[0]"]
    # Half of the square fails; 5 standard deviations of a negative binomial with 300 successes are 122.
    assert 300 - 122 < tally.failed["require[0]"] < 300 + 122
    assert "require[1]" not in tally.failed


def test_only_the_constraint_that_stands_in_the_way_is_reported(opened):
    logical = opened("a: {uniform: [0, 1]}\nb: {uniform: [0, 1]}", "require:\n  - a < 0.9\n  - b > 1.5\n")
    found = report(lambda: logical.draw(0))
    # a < 0.9 is looked at first and fails in a tenth of the tries; b > 1.5 fails in all that are left
    assert "require[1]: never met; failed in " in found
    assert "require[0]" not in found


def test_a_parameter_without_a_value_hides_nothing_else_that_is_wrong(opened):
    made = opened("a: ${1 / 0}\nb: ${a + 1}", "require: [b > 2]\ntraffic: [{at: 3}]\n")
    found = report(lambda: decide(made, made.draw(0)))
    assert "parameters.a: a division by zero" in found
    assert "traffic[0].at: expected a mapping" in found
    assert "parameters.b" not in found


@pytest.mark.parametrize("design", ["random", "sobol", "latin_hypercube", "grid", "pairwise"])
def test_a_constraint_that_is_never_met_is_reported_with_its_count(opened, design):
    logical = opened("a: {uniform: [0, 1]}\nb: [1, 2]", "require:\n  - b > 0\n  - a > 1.5\n")
    found = report(lambda: list(logical.draws(design, 5)))
    assert "street.yaml:32:5: require[1]: never met; failed in " in found
    assert "require[0]" not in found


def test_a_file_without_chance_says_that_its_constraint_fails(opened):
    logical = opened("a: 3 m", "require: [a > 4 m]\n")
    assert "failed in 1 of 1 tries; the only combination there is" in report(lambda: logical.draw(0))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("distance(ego, anna) > 25", "a length and a plain number cannot be compared"),
        ("distance(ego, ana) > 25 m", "unknown actor 'ana'; did you mean 'anna'?"),
        ("distance(ego, 'row[3]') > 25 m", "unknown actor 'row[3]'"),
        ("distance(ego) > 25 m", "distance takes two actors"),
        ("distance(ego, ego) > 25 m", "distance takes two different actors"),
        ("disance(ego, anna) > 25 m", "there is no function 'disance'; did you mean 'distance'?"),
        ("speed(ego) + 1 m/s", "expected a condition such as a < b, found a speed"),
        ("42", "expected a condition"),
        ("a <", "expected a value, found the end"),
    ],
)
def test_a_condition_that_cannot_be_computed_is_reported_at_its_place(opened, condition, words):
    found = report(lambda: (made := opened("a: 1", f"require:\n  - {condition}\n")) and decide(made, made.draw(0)))
    assert "street.yaml:30:" in found
    assert words in found


def test_conditions_look_at_the_scene_at_the_start(street, write):
    def holds(condition: str) -> bool:
        try:
            roadlab.load(write(street + f"require:\n  - {condition}\n"))
        except ScenarioFileError as error:
            return "never met" not in str(error)
        return True

    # The ego is at s = 10 m, t = -1.75 m, and anna at s = 40 m, t = -5 m of a straight road.
    assert holds("30.17 m < distance(ego, anna) < 30.18 m at start")
    assert holds("speed(ego) in [29.9 km/h, 30.1 km/h]")
    assert holds("x(anna) == 40 m and y(anna) == -5 m")
    assert holds("visible(anna, from=ego) == 1")
    assert not holds("distance(ego, row[0]) > 41 m")
    assert holds("distance(ego, row[0]) > 40 m and distance(ego, row[1]) > 48 m")
    assert not holds("gap(ego, anna) < 1 m")
    assert holds("no overlap")
