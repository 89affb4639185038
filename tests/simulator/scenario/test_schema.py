"""The JSON Schema of the language, for editors."""

from __future__ import annotations

import re

import pytest

from roadlab.scenario.reading import read_document
from roadlab.scenario.schema import scenario_schema
from roadlab.scenario.spec import ScenarioSpec

SHIPPED = ["urban/pedestrian_crossing.yaml", "urban/left_turn.yaml", "highway/cut_in.yaml"]


def fits(value, schema, root) -> bool:
    """Whether a value is valid under the keywords that the schema uses."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices is not None:
        valid = [choice for choice in choices if fits(value, choice, root)]
        return len(valid) == 1 if "oneOf" in schema else bool(valid)
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": int | float}
    if not isinstance(value, kinds[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean"):
        return False
    if isinstance(value, dict):
        return _fits_object(value, schema, root)
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(fits(item, schema["items"], root) for item in value)
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


def _fits_object(value, schema, root) -> bool:
    names = schema.get("properties", {})
    if not set(schema.get("required", [])) <= set(value) or len(value) < schema.get("minProperties", 0):
        return False
    for key, item in value.items():
        patterns = [s for pattern, s in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        rest = schema.get("additionalProperties", True)
        found = [names[key]] if key in names else patterns or ([rest] if rest is not False else [])
        if not found or not all(s is True or fits(item, s, root) for s in found):
            return False
    return True


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_fits_the_schema(library, name):
    schema = scenario_schema()
    scenario = read_document(library / name, name).plain()
    assert fits(scenario, schema, schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("duration", "soon"),
        ("duratoin", "5 s"),
        ("actors", {}),
        ("actors", {"a b": {"model": "van", "at": {"x": 0, "y": 0}}}),
        ("actors", {"ego": {"model": "van", "at": {"x": 0, "y": 0, "lane": 1}}}),
        ("sensors", {"cam": {"type": "radar"}}),
        ("sensors", {"cam": {"rate": 10}}),
        ("story", [{"when": {}, "do": {"ego": {"brake": {}}}}]),
        ("environment", {"turbidity": 50}),
        ("map", {"roads": {"elm": {"profile": "urban_2x1"}}}),
    ],
)
def test_the_schema_refuses_what_the_language_refuses(library, path, value):
    schema = scenario_schema()
    scenario = read_document(library / SHIPPED[0], "x").plain()
    assert not fits({**scenario, path: value}, schema, schema)


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
