"""The language as JSON Schema, for editors that complete and check while an author types."""

from __future__ import annotations

from typing import Any

from roadlab.scenario.spec import ScenarioSpec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, with the sensors and drivers that are installed."""
    schema = _readable(ScenarioSpec.model_json_schema())
    return {"$schema": _DIALECT, **schema, "title": "roadlab scenario"}


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
