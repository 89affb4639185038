"""Reuse: include, extends, fragments, rows; and who is to blame when an included file is wrong."""

from __future__ import annotations

import pytest

import roadlab
from roadlab.errors import ScenarioFileError

PART = """\
part: Rain in the evening
environment: {time: "19:30", weather: {rain: 4 mm/h, cloud: 0.9}}
actors:
  bus: {model: van, at: {road: elm, lane: 1, s: 90 m}, parked: true}
"""


@pytest.fixture
def report(write, tmp_path, monkeypatch):
    """The problems of a text, with names relative to its folder."""
    monkeypatch.chdir(tmp_path)

    def find(text: str, **options) -> list[str]:
        write(text)
        with pytest.raises(ScenarioFileError) as caught:
            roadlab.load("street.yaml", **options)
        return [str(d) for d in caught.value.diagnostics]

    return find


# --- include and extends ---------------------------------------------------------------------------------------------


def test_an_included_part_brings_its_keys_and_the_file_has_the_last_word(street, write):
    write(PART, "rain.yaml")
    text = "include: rain.yaml\n" + street + "environment: {weather: {rain: 9 mm/h}}\n"
    spec = roadlab.load(write(text)).spec
    assert spec.environment.time == "19:30"
    assert (spec.environment.weather.rain, spec.environment.weather.cloud) == (9.0, 0.9)
    assert "bus" in spec.actors
    assert "ego" in spec.actors


def test_later_includes_win_over_earlier_ones(street, write):
    write(PART, "rain.yaml")
    write("part: Dry\nenvironment: {weather: {rain: 0}}\n", "dry.yaml")
    weather = roadlab.load(write("include: [rain.yaml, dry.yaml]\n" + street)).spec.environment.weather
    assert (weather.rain, weather.cloud) == (0.0, 0.9)


def test_parts_include_parts_and_rigs_relative_to_themselves(street, write):
    write("part: Cast\ninclude: more/two.yaml\n", "parts/cast.yaml")
    write("rig: Two\nsensors: {top: {type: lidar}}\n", "parts/more/two.yaml")
    assert "top" in roadlab.load(write("include: parts/cast.yaml\n" + street)).spec.sensors


def test_a_scenario_extends_another_and_says_only_what_differs(street, write):
    write(street, "base.yaml")
    text = """\
extends: base.yaml
scenario: Another street
duration: 3 s
actors:
  ego: {speed: 50 km/h, at: {s: 20 m}}
  anna: {at: {x: 30, y: -5}}
  row: ~
  late: {model: van, at: {road: elm, lane: 1, s: 90 m}, parked: true}
story: []
"""
    spec = roadlab.load(write(text)).spec
    assert (spec.scenario, spec.duration) == ("Another street", 3.0)
    assert list(spec.actors) == ["ego", "anna", "late"]
    ego, anna = spec.actors["ego"], spec.actors["anna"]
    assert (ego.at.road, ego.at.s, ego.speed) == ("elm", 20.0, pytest.approx(50 / 3.6))
    assert (anna.at.x, anna.at.y) == (30.0, -5.0)
    assert anna.walk is not None
    assert spec.story == []
    assert "cam" in spec.sensors


def test_what_says_anew_what_it_is_replaces_and_is_not_merged(street, write):
    write(street + "parameters: {v: {uniform: [3, 4]}}\n", "base.yaml")
    text = "extends: base.yaml\nsensors: {cam: {type: lidar}}\nparameters: {v: {normal: [9, 0.1]}}\n"
    spec = roadlab.load(write(text)).spec
    assert spec.sensors["cam"].type == "lidar"
    assert 8 < float(str(spec.parameters["v"])) < 10


def test_a_mistake_in_an_included_file_names_that_file_and_who_included_it(street, write, report):
    write(PART.replace("0.9", "90"), "rain.yaml")
    write("part: All\ninclude: rain.yaml\n", "all.yaml")
    found = report("include: [all.yaml]\n" + street.replace("30 km/h", "fast"))
    assert [text.partition(": ")[0] for text in found] == ["street.yaml:11:12", "rain.yaml:2:61"]
    assert found[1].splitlines()[-2:] == ["    included at all.yaml:2:10", "    included at street.yaml:1:11"]


def test_an_expression_in_an_included_file_is_reported_there(street, write, report):
    write(PART.replace("0.9", '"${clouds}"'), "rain.yaml")
    (found,) = report("include: rain.yaml\n" + street)
    assert found.startswith("rain.yaml:2:64: environment.weather.cloud: unknown name 'clouds'")
    assert "included at street.yaml:1:10" in found


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("include: nowhere.yaml", "street.yaml:1:10: include: there is no file 'nowhere.yaml'"),
        ("include: rigs/kiti.yaml", "did you mean 'rigs/kitti.yaml'?"),
        ("include: ../secret.yaml", "leaves the scenario's folder"),
        ("include: /etc/passwd", "leaves the scenario's folder"),
        ("include: {a: b}", "include: expected a file name or a list of them"),
        ("include: [1]", "include: expected a file name or a list of them"),
        ("extends: [base.yaml]", "extends: expected a file name"),
        ("include: street.yaml", "'street.yaml' includes this file, so that they include one another"),
        ("include: loop.yaml", "loop.yaml:2:10: include: 'street.yaml' includes this file"),
        ("include: list.yaml", "list.yaml:1:1: expected a mapping"),
        ("include: broken.yaml", "broken.yaml:1:4: this '[' is never closed"),
        ('include: "a\\0b"', "is not a file name"),
    ],
)
def test_files_that_cannot_be_included_are_reported_where_they_are_named(street, write, report, first, words):
    write("part: A loop\ninclude: street.yaml\n", "loop.yaml")
    write("- a\n", "list.yaml")
    write("a: [1\n", "broken.yaml")
    assert any(words in text for text in report(first + "\n" + street))


def test_files_that_include_one_another_too_deeply_are_refused(street, write, report):
    for number in range(12):
        write(f"part: P\ninclude: p{number + 1}.yaml\n", f"p{number}.yaml")
    write("part: P\n", "p12.yaml")
    assert any("more than 8 levels deep" in text for text in report("include: p0.yaml\n" + street))


def test_files_that_include_ever_more_files_are_refused(street, write, report):
    """Four levels of ten includes would be ten thousand files."""
    for number in range(4):
        names = ", ".join([f"q{number + 1}.yaml"] * 10)
        write(f"part: P\ninclude: [{names}]\n", f"q{number}.yaml")
    write("part: P\n", "q4.yaml")
    assert any("more than 64 files" in text for text in report("include: q0.yaml\n" + street))


def test_a_part_is_no_scenario(report):
    (found,) = report(PART)
    assert "this is a part of scenarios; a scenario names it with the key include" in found


# --- fragments -------------------------------------------------------------------------------------------------------

FRAGMENTS = """\
fragments:
  parked_car:
    arguments: {s: ~, lane: 1, color: red}
    body:
      model: van
      at: {road: elm, lane: "${lane}", s: "${s}"}
      paint: ${color}
      parked: true
  walks_off:
    arguments: {who: anna, at: 2 s}
    body:
      - name: ${who} walks
        when: {time: {after: "${at}"}}
        do: {anna: {walk: {}}}
      - name: ${who} stands
        when: {time: {after: "${at + 1 s}"}}
        do: {anna: {stand: true}}
"""


def test_a_fragment_takes_arguments_and_gives_way_to_keys_beside_it(street, write):
    text = FRAGMENTS + street.replace(
        "  anna:\n",
        "  one: {use: {parked_car: {s: 75 m}}}\n  two: {use: {parked_car: {s: 85 m}}, model: suv}\n  anna:\n",
    )
    actors = roadlab.load(write(text)).spec.actors
    assert (actors["one"].model, actors["one"].at.s, actors["one"].at.lane) == ("van", 75.0, 1)
    assert (actors["two"].model, actors["two"].at.s) == ("suv", 85.0)
    assert actors["one"].paint == actors["two"].paint == "#a31a1f"


def test_a_fragment_that_is_a_list_is_put_in_item_by_item(street, write):
    text = FRAGMENTS + street.replace("story:\n", "story:\n  - {use: {walks_off: {who: Anna}}}\n  - use: walks_off\n")
    events = roadlab.load(write(text)).spec.story
    assert [event.name for event in events] == ["Anna walks", "Anna stands", "anna walks", "anna stands", "go"]
    assert [event.when.time.after for event in events] == [2.0, 3.0, 2.0, 3.0, 1.0]


def test_rows_give_their_index_to_fragments(street, write):
    old = street[street.index("  row:") : street.index("story:")]
    text = FRAGMENTS + street.replace(
        old, '  row:\n    repeat: 3\n    use: {parked_car: {s: "${50 m + index * 9 m}"}}\n'
    )
    actors = roadlab.load(write(text)).spec.actors
    assert [actors[f"row[{k}]"].at.s for k in range(3)] == [50.0, 59.0, 68.0]


@pytest.mark.parametrize(
    ("use", "words"),
    [
        ("parked_car", "the fragment 'parked_car' needs the argument 's'"),
        ("{parked_car: {s: 75 m, sped: 3}}", "has no argument 'sped'; expected one of s, lane, color"),
        ("{parked_car: {s: [1]}}", "the argument 's' must be a single value"),
        ("{parked_cr: {}}", "unknown fragment 'parked_cr'; did you mean 'parked_car'?"),
        ("{parked_car: {s: 75 m}, walks_off: {}}", "expected a fragment's name, or {name: {argument: value}}"),
        ("{parked_car: 75 m}", "expected a mapping of arguments"),
        ('{parked_car: {s: "${x}"}}', "unknown name 'x'"),
        ("{parked_car: {s: 400 m}}", "s = 400 m is beyond the end of elm (100 m)"),
        ("{walks_off: {}}", "expected a mapping with keys"),
    ],
)
def test_a_fragment_that_is_used_wrongly_is_reported(street, report, use, words):
    found = report(FRAGMENTS + street.replace("  anna:\n", f"  one: {{use: {use}}}\n  anna:\n"))
    assert words in found[0]
    assert len(found) == 1


def test_fragments_that_use_themselves_are_refused(street, report):
    text = "fragments:\n  a: {body: {x: {use: b}}}\n  b: {body: {use: a}}\n"
    assert all("uses itself" in found for found in report(text + street))


def test_fragments_that_double_themselves_are_refused(street, report):
    pieces = "".join(f"  f{k}: {{body: [{{use: f{k + 1}}}, {{use: f{k + 1}}}]}}\n" for k in range(40))
    text = f"fragments:\n{pieces}  f40: {{body: [1]}}\n" + street.replace("story:\n", "story:\n  - use: f0\n")
    (found,) = report(text)
    assert "written out, the file is too large" in found


# --- rows and chance -------------------------------------------------------------------------------------------------


def test_each_of_a_row_has_its_own_chance_and_place(street, write):
    text = street.replace("model: sedan", "model: {any: [hatchback, sedan, suv]}").replace("count: 3", "count: 6")
    actors = roadlab.load(write(text.replace("spacing: 8 m", "spacing: 6 m"))).spec.actors
    row = [actors[f"row[{k}]"] for k in range(6)]
    assert [actor.at.s for actor in row] == [50.0 + 6 * k for k in range(6)]
    assert len({actor.model for actor in row}) > 1


def test_a_longer_row_changes_none_of_those_before(street, write):
    text = street.replace("model: sedan", "model: {any: [hatchback, sedan, suv]}")
    short = roadlab.load(write(text)).spec.actors
    long = roadlab.load(write(text.replace("count: 3", "count: 5"))).spec.actors
    assert [long[f"row[{k}]"] for k in range(3)] == [short[f"row[{k}]"] for k in range(3)]


@pytest.mark.parametrize("count", ["0", "501", "2.5", "many", "-1"])
def test_a_row_of_no_sensible_length_is_refused(street, report, count):
    (found,) = report(street.replace("{count: 3, spacing: 8 m}", count))
    assert "expected how many, a whole number from 1 to 500" in found


def test_an_inline_distribution_is_drawn_per_sample_and_per_place(street, write):
    path = write(street.replace("30 km/h", "{uniform: [20 km/h, 40 km/h]}"))
    speeds = [roadlab.load(path, sample=k).spec.actors["ego"].speed for k in range(5)]
    assert len(set(speeds)) == 5
    assert all(20 / 3.6 <= speed <= 40 / 3.6 for speed in speeds)
    assert roadlab.load(path, sample=3).spec.actors["ego"].speed == speeds[3]
