"""The sun against the NREL solar position algorithm's published case and pvlib."""

import datetime as dt
import math

import pytest

from roadlab.scenario.spec import EnvironmentSpec
from roadlab_sensors.world.sun import sun_at, sun_of


def test_sun_stands_where_the_nrel_reference_case_says():
    # Reda and Andreas, NREL/TP-560-34302, table A5
    moment = dt.datetime(2003, 10, 17, 12, 30, 30, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
    sun = sun_at(moment, 39.742476, -105.1786, altitude=1830.14, pressure=820.0, temperature=11.0, time_lead=67.0)
    assert 90.0 - math.degrees(sun.elevation) == pytest.approx(50.111622, abs=0.01)
    assert math.degrees(sun.azimuth) == pytest.approx(194.340241, abs=0.01)


@pytest.mark.parametrize(
    ("moment", "latitude", "longitude", "zenith", "azimuth"),
    [
        (dt.datetime(2024, 6, 21, 12, tzinfo=dt.UTC), 52.5, 13.4, 30.680777, 203.698565),
        (dt.datetime(2024, 12, 21, 12, tzinfo=dt.UTC), 52.5, 13.4, 76.825201, 193.011141),
        (dt.datetime(2024, 3, 20, 12, tzinfo=dt.UTC), 0.0, 0.0, 1.832614, 85.414496),
        (dt.datetime(2024, 6, 21, 4, tzinfo=dt.UTC), 48.1, 11.6, 84.233881, 60.740596),
        (dt.datetime(2024, 12, 21, 1, tzinfo=dt.UTC), -33.87, 151.21, 15.626348, 51.603390),
    ],
)
def test_sun_agrees_with_pvlib(moment, latitude, longitude, zenith, azimuth):
    sun = sun_at(moment, latitude, longitude, time_lead=69.0)
    assert 90.0 - math.degrees(sun.elevation) == pytest.approx(zenith, abs=0.01)
    assert math.degrees(sun.azimuth) == pytest.approx(azimuth, abs=0.01)


def test_morning_sun_stands_in_the_east_at_the_scenarios_local_time():
    sun = sun_of(EnvironmentSpec.model_validate({"date": "2026-06-12", "time": "09:00"}))
    assert sun.direction[0] > 0.5
    assert 0.3 < sun.elevation < 0.9


def test_a_scenario_may_put_the_sun_where_it_likes():
    placed = sun_of(EnvironmentSpec.model_validate({"sun": {"elevation": "30 deg", "azimuth": "90 deg"}}))
    # Thirty degrees above the horizon in the east.
    assert placed.direction == pytest.approx([math.cos(math.pi / 6), 0.0, 0.5])
    south = sun_of(EnvironmentSpec.model_validate({"sun": {"elevation": "10 deg"}}))
    assert south.direction[1] < -0.98
