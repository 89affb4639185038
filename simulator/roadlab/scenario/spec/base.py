"""What every mapping of a scenario file is."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Spec(BaseModel):
    """A mapping of the file: no unknown keys, no implicit conversions, immutable."""

    # Built on first use, because what is installed (sensors, drivers) imports this module.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class OneOf(Spec):
    """A mapping with exactly one key that says what it is, and perhaps some `besides` that say more of it."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    besides: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """The keys of which there is one."""
        return tuple(name for name in cls.model_fields if name not in cls.besides)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        names = self.kinds()
        found = [name for name in names if getattr(self, name) is not None]
        if len(found) != 1:
            raise PydanticCustomError("one_of", "expected exactly one of {names}", {"names": ", ".join(names)})
        return self
