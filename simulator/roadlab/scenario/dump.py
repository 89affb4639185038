"""A decided scenario as a file again, without what is as by default."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from pydantic import BaseModel

from roadlab.scenario.spec import ScenarioSpec


def dumped(spec: ScenarioSpec) -> str:
    """YAML that loads as the same scenario and needs no other file."""
    return yaml.safe_dump(essentials(spec), sort_keys=False, allow_unicode=True, width=120)


def essentials(value: Any) -> Any:
    """Plain values; keys of mappings whose value is the default are left out, except `type`, which says what it is."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {
            name: essentials(getattr(value, name))
            for name, field in fields
            if name == "type" or getattr(value, name) != field.get_default(call_default_factory=True)
        }
    if isinstance(value, dict):
        return {key: essentials(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [essentials(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
