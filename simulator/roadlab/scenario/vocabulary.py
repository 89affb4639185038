"""Annotations that tell pydantic, the messages and the JSON Schema what a text or a mapping must be."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from roadlab.actors.catalog import PEOPLE, VEHICLES
from roadlab.actors.paint import LIVERIES, PAINTS, hex_of
from roadlab.actors.props import PROPS
from roadlab.registry import PluginError, registered
from roadlab.scenario.quantities import unknown_word


@dataclass(frozen=True, slots=True)
class Shape:
    """Annotates text that matches a pattern, and says in words what that is."""

    pattern: str
    words: str

    def check(self, text: str) -> str:
        """The text itself."""
        if re.fullmatch(self.pattern, text) is None:
            raise PydanticCustomError("shape", "expected {words}", {"words": self.words})
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}


Name = Annotated[str, Shape(r"[A-Za-z_][A-Za-z0-9_]{0,63}", "a name of letters, digits and _, such as parked_left")]
ActorName = Annotated[
    str,
    Shape(r"[A-Za-z_][A-Za-z0-9_]{0,63}(\[\d{1,4}\])?", "a name of letters, digits and _, such as parked_left"),
]
RoadEnd = Annotated[str, Shape(r"[A-Za-z_][A-Za-z0-9_]{0,63}\.(start|end)", "a road's end such as west.end")]
TimeOfDay = Annotated[str, Shape(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", "a time of day such as 10:30")]


def _as_hex(paint: str) -> str:
    if paint in LIVERIES:
        return paint
    colour = hex_of(paint)
    if colour is None:
        raise unknown_word("{word} is not a colour name", paint, ("#rrggbb", *PAINTS, *LIVERIES))
    return colour


Paint = Annotated[str, AfterValidator(_as_hex)]


@dataclass(frozen=True, slots=True)
class OneOfNames:
    """Annotates text that is one of some names."""

    names: tuple[str, ...]
    what: str
    """Such as `model`."""

    def check(self, text: str) -> str:
        """The text itself."""
        if text not in self.names:
            raise unknown_word(f"unknown {self.what} {{word}}", text, self.names)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.names)}


ActorModel = Annotated[str, OneOfNames((*VEHICLES, *PEOPLE, *PROPS), "model")]


def _calendar_date(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass  # such as February 30th
    elif isinstance(value, dt.date):
        return value
    raise PydanticCustomError("date", "expected a date such as 2026-06-12")


CalendarDate = Annotated[dt.date, BeforeValidator(_calendar_date)]


@dataclass(frozen=True, slots=True)
class Installed:
    """Annotates a base class: the value's `type` names one of the classes registered under `roadlab.<group>`."""

    group: str

    def classes(self, base: type[Any]) -> dict[str, type[BaseModel]]:
        """The registered classes by type; PluginError when there is none, or one is not a kind of `base`."""
        found = registered(self.group)
        if not found:
            raise PluginError(f"no {self.group} are registered; install roadlab with pip, if only from its repository")
        for name, cls in found.items():
            if not (isinstance(cls, type) and issubclass(cls, base)):
                raise PluginError(f"{self.group} {name!r} must be a subclass of {base.__module__}.{base.__name__}")
        return found

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {name: handler.generate_schema(cls) for name, cls in self.classes(source).items()}
        return core_schema.tagged_union_schema(choices, discriminator="type")

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "required": ["type"]}
