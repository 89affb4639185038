"""The JSON Schema of the language, for editors."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

import roadlab
from roadlab.scenario.reading import read_document
from roadlab.scenario.reference import reference
from roadlab.scenario.schema import scenario_schema
from roadlab.scenario.spec import ActorSpec, ScenarioSpec
from roadlab.scenario.spec.values import DistributionSpec

SHIPPED = ["urban/pedestrian_crossing.yaml", "urban/left_turn.yaml", "highway/cut_in.yaml"]


def fits(value, schema) -> bool:
    """Whether an editor is content with a value."""
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_fits_the_schema(library, name):
    schema = scenario_schema()
    scenario = read_document(library / name, name).plain()
    assert fits(scenario, schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("duration", "soon"),
        ("duratoin", "5 s"),
        ("actors", {}),
        ("actors", {"a b": {"model": "van", "at": {"x": 0, "y": 0}}}),
        ("actors", {"ego": {"model": "van", "at": {"x": 0, "y": 0, "lane": 1}}}),
        ("sensors", {"cam": {"type": "sonar"}}),
        ("sensors", {"cam": {"rate": 10}}),
        ("story", [{"when": {}, "do": {"ego": {"brake": {}}}}]),
        ("environment", {"turbidity": 50}),
        ("map", {"roads": {"elm": {"profil": "urban_2x1"}}}),
    ],
)
def test_the_schema_refuses_what_the_language_refuses(library, path, value):
    schema = scenario_schema()
    scenario = read_document(library / SHIPPED[0], "x").plain()
    assert not fits({**scenario, path: value}, schema)


def test_every_key_of_the_file_is_described_or_typed():
    schema = scenario_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(ScenarioSpec.model_fields)
    assert schema["additionalProperties"] is False
    assert all("description" in definition for definition in schema["$defs"].values())
    assert schema["properties"]["duration"]["examples"] == ["2.5 s"]


def test_the_schema_knows_the_installed_sensors_and_drivers():
    definitions = scenario_schema()["$defs"]
    assert {"Camera", "Lidar", "IdmDriver"} <= set(definitions)
    assert "range_max" in definitions["Lidar"]["properties"]


OPEN = """\
parameters: {speed: {uniform: [20 km/h, 40 km/h]}, n: [1, 2]}
fragments: {parked: {arguments: {s: ~}, body: {model: sedan, at: {road: elm, lane: 1, s: "${s}"}, parked: true}}}
require: [speed > 3 m/s]
expect: ["not contact(ego, anna)"]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("speed: 30 km/h", "speed: ${speed}"),
        ("speed: 30 km/h", "speed: {uniform: [20 km/h, 40 km/h]}"),
        ("model: hatchback", "model: {any: [hatchback, van]}"),
        ("s: 50 m}\n    repeat: {count: 3, spacing: 8 m}", 's: "${50 m + 8 m * index}"}\n    repeat: 3'),
        ("s: 50 m}\n    repeat: {count: 3, spacing: 8 m}", 's: "${50 m + 8 m * index}"}\n    repeat: ${n}'),
        ("  anna:", "  one: {use: {parked: {s: 80 m}}}\n  anna:"),
        ("{road: elm, lane: -1, s: 10 m}", "{behind: 'row[2]', gap: 9 m}"),
    ],
)
def test_open_values_fit_the_schema_and_the_language(street, write, old, new):
    assert old in street
    file = write(street.replace(old, new, 1) + OPEN)
    schema = scenario_schema()
    Draft202012Validator.check_schema(schema)
    assert fits(read_document(file, "x").plain(), schema)
    roadlab.load(file)


def test_a_file_that_extends_another_needs_no_more_than_that():
    assert fits({"extends": "base.yaml", "duration": "3 s"}, scenario_schema())
    assert not fits({"duration": "3 s"}, scenario_schema())


def test_the_language_reference_is_as_generated(library):
    """When this fails, run `python -m roadlab.scenario.reference`."""
    assert (library / "README.md").read_text(encoding="utf-8") == reference()


def test_the_language_reference_has_every_key_of_a_file():
    page = reference()
    for model in (ScenarioSpec, ActorSpec, DistributionSpec):
        assert [key for key in model.model_fields if f"| `{key}` |" not in page] == []
    assert "%FUNCTIONS%" not in page


def test_editors_can_complete_the_models_of_actors():
    model = scenario_schema()["$defs"]["ActorSpec"]["properties"]["model"]
    (names,) = [choice["enum"] for choice in model["anyOf"] if "enum" in choice]
    assert {"hatchback", "motorcycle", "child", "cone"} <= set(names)
