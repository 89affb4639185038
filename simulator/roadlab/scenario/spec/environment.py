"""When, where and in what weather."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal

from pydantic import Field

from roadlab.scenario.quantities import Angle, PositiveLength, PrecipitationRate, SignedDuration
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.vocabulary import CalendarDate, TimeOfDay
from roadlab.weather import CLEAR_VISIBILITY, Weather, road_friction


class PlaceSpec(Spec):
    """Where on Earth, for the sun."""

    latitude: Annotated[float, Field(ge=-90, le=90)] = 49.0
    longitude: Annotated[float, Field(ge=-180, le=180)] = 8.4


Share = Annotated[float, Field(ge=0.0, le=1.0)]
Rate = Annotated[PrecipitationRate, Field(ge=0.0, le=200.0)]


class WeatherSpec(Spec):
    """What is in the air and on the ground; the ground is as wet and white as the rain and snow would have made it."""

    cloud: Share = Field(0.0, description="Share of the sky that is covered: 0 clear, 1 overcast.")
    rain: Rate = Field(0.0, description="Rainfall: 1 mm/h drizzle, 4 mm/h rain, 16 mm/h heavy rain.")
    snow: Rate = Field(0.0, description="Snowfall as water: 0.5 mm/h light, 2 mm/h heavy.")
    visibility: Annotated[PositiveLength, Field(ge=10.0, le=CLEAR_VISIBILITY)] = Field(
        CLEAR_VISIBILITY, description="Meteorological optical range in fog or haze: 50 m dense fog, 1 km thin fog."
    )
    wetness: Share | None = Field(None, description="Of the ground: 0 dry, 0.5 wet, 1 puddles; by default from rain.")
    snow_cover: Share | None = Field(None, description="Share of the ground under snow; by default from snow.")
    friction: Annotated[float, Field(gt=0.0, le=1.5)] | None = Field(
        None, description="Peak friction between tyre and road; by default from wetness and snow cover."
    )

    def decided(self) -> Weather:
        """The weather with nothing left open."""
        wetness = self.wetness if self.wetness is not None else min(1.0, 0.5 * (self.rain > 0.0) + self.rain / 32.0)
        cover = self.snow_cover if self.snow_cover is not None else min(1.0, self.snow / 2.0)
        friction = self.friction if self.friction is not None else road_friction(wetness, cover)
        return Weather(self.cloud, self.rain, self.snow, self.visibility, wetness, cover, friction)


class SunSpec(Spec):
    """Where the sun stands, whatever the date, time and place."""

    elevation: Annotated[Angle, Field(ge=-math.pi / 2, le=math.pi / 2)] = Field(description="Above the horizon.")
    azimuth: Annotated[Angle, Field(ge=-2 * math.pi, le=2 * math.pi)] = Field(
        math.pi, description="Clockwise from north; by default in the south."
    )


class MoonSpec(Spec):
    """Where the moon stands and how much of it is lit, whatever the date, time and place."""

    elevation: Annotated[Angle, Field(ge=-math.pi / 2, le=math.pi / 2)] = Field(description="Above the horizon.")
    azimuth: Annotated[Angle, Field(ge=-2 * math.pi, le=2 * math.pi)] = Field(
        math.pi, description="Clockwise from north; by default in the south."
    )
    lit: Share = Field(1.0, description="Share of its disc: 1 is full, 0 new.")


class LampsSpec(Spec):
    """Lamps along the streets and behind windows."""

    street: Literal["auto", "on", "off"] = Field(
        "auto", description="Street lamps; auto: on as long as the sky brings less than 20 lx."
    )
    kind: Literal["led", "sodium", "mixed"] = Field("led", description="Of street lamps: white, amber or some of each.")
    windows: Share = Field(0.3, description="Share of windows that are lit when the sky brings less than 20 lx.")


class EnvironmentSpec(Spec):
    """When and where, and how clear the air is."""

    date: CalendarDate = dt.date(2026, 6, 12)
    time: TimeOfDay = Field("10:30", description="Local civil time, HH:MM, in quotes or not.")
    utc_offset: Annotated[SignedDuration, Field(ge=-50400.0, le=50400.0)] = Field(
        7200.0, description="Local time minus UTC, such as 2 h."
    )
    place: PlaceSpec = PlaceSpec()
    sun: SunSpec | None = Field(None, description="Instead of what follows from date, time and place.")
    moon: MoonSpec | None = Field(
        None, description="Instead of what follows from date, time and place, or of none where the sun is put."
    )
    skyglow: Annotated[float, Field(ge=0.0, le=1.0)] | None = Field(
        None,
        description="Luminance of the zenith at night by the lamps of towns [cd/m2]: 0.0003 country, 0.002 suburb, "
        "0.007 city, more under clouds; by default from the surroundings and clouds.",
    )
    lamps: LampsSpec = LampsSpec()
    turbidity: Annotated[float, Field(ge=1.0, le=10.0)] = Field(3.0, description="Haze: 2 very clear, 3 clear, 6 hazy.")
    weather: WeatherSpec = WeatherSpec()
