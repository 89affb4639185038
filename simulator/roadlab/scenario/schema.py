"""The language as JSON Schema, for editors that complete and check while an author types."""

from __future__ import annotations

from typing import Any

from roadlab.scenario.spec import ScenarioSpec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, with the sensors and drivers that are installed."""
    schema = _readable(ScenarioSpec.model_json_schema())
    closed = {key: schema["properties"][key] for key in _CLOSED}
    open_ = _open(schema)
    open_["properties"].update(closed)
    open_["$defs"].update({name: schema["$defs"][name] for name in ("DistributionSpec", "FragmentSpec")})
    open_["$defs"].update(_OPEN)
    repeat = open_["$defs"]["ActorSpec"]["properties"]["repeat"]
    open_["$defs"]["ActorSpec"]["properties"]["repeat"] = {
        "anyOf": [{"type": "integer", "minimum": 1}, repeat, {"$ref": "#/$defs/OpenValue"}]
    }
    whole = open_.pop("required")
    open_["anyOf"] = [{"required": whole}, {"required": ["extends"]}, {"required": ["include"]}]
    return {"$schema": _DIALECT, **open_, "title": "roadlab scenario"}


_CLOSED = ("scenario", "about", "extends", "include", "rig", "parameters", "fragments", "require", "expect", "seed")
"""Keys whose values are not left open, or in ways of their own."""
_OPEN: dict[str, Any] = {
    "OpenValue": {
        "description": "An expression such as ${speed * 1.2}, or a value that chance decides.",
        "anyOf": [
            {"type": "string", "pattern": r"\$\{.*\}"},
            {"$ref": "#/$defs/DistributionSpec"},
            {
                "type": "object",
                "properties": {"any": {"type": "array", "minItems": 1}},
                "required": ["any"],
                "additionalProperties": False,
            },
        ],
    },
    "UsedFragment": {
        "description": "A fragment with its arguments, such as use: {parked_car: {s: 30 m}}; keys beside it win.",
        "type": "object",
        "properties": {"use": {}},
        "required": ["use"],
    },
}
_ANNOTATIONS = ("description", "default", "examples")
_SCALARS = ("number", "integer", "boolean", "string")


def _open(schema: Any, key: str = "") -> Any:
    """The schema with another way to write each single value, and each mapping in a list or under a name."""
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if _is_single(schema) and key != "type":
        notes = {name: schema[name] for name in _ANNOTATIONS if name in schema}
        plain = {name: value for name, value in schema.items() if name not in notes}
        return {**notes, "anyOf": [*plain.get("anyOf", [plain]), {"$ref": "#/$defs/OpenValue"}]}
    below = {
        name: {inner: _open(value, inner) for inner, value in item.items()}
        if name in ("properties", "$defs")
        else item
        if name in ("discriminator", "propertyNames")
        else _open(item)
        for name, item in schema.items()
    }
    for name in ("items", "additionalProperties"):
        below[name] = _usable(below[name]) if name in below else None
    below = {name: value for name, value in below.items() if value is not None}
    if "patternProperties" in below:
        below["patternProperties"] = {name: _usable(value) for name, value in below["patternProperties"].items()}
    return below


def _usable(schema: Any) -> Any:
    """A mapping in a list or under a name, or a fragment in its place."""
    if isinstance(schema, dict) and {"$ref", "oneOf", "discriminator"} & schema.keys():
        return {"anyOf": [schema, {"$ref": "#/$defs/UsedFragment"}]}
    return schema


def _is_single(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return all(isinstance(choice, dict) and _is_single(choice) for choice in schema["anyOf"])
    return schema.get("type") in _SCALARS or "enum" in schema or "const" in schema


def _readable(schema: Any) -> Any:
    """Without what an author does not need: generated titles, and `null` as another way to leave a key out."""
    if isinstance(schema, list):
        return [_readable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    if kept.get("default", ...) is None:
        del kept["default"]
    choices = [choice for choice in kept.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1 and len(kept["anyOf"]) == 2:
        del kept["anyOf"]
        kept = {**choices[0], **kept}
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    return {key: _readable(value) for key, value in kept.items()}
