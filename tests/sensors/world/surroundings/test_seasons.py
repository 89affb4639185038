import datetime as dt

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.world.plants.seasons import dressed, season_of
from roadlab_sensors.world.plants.trees import FINE, spruce, tree


def foliage(model):
    return [mesh for mesh in model.parts["body"] if mesh.material == "leaf"]


def colour(model):
    corners = np.concatenate([mesh.colors[mesh.faces].reshape(-1, 3) for mesh in foliage(model)])
    return corners.mean(axis=0)


@pytest.fixture(scope="module")
def lime():
    return tree("lime", generator(1, "tree"), FINE)


@pytest.mark.parametrize(
    ("date", "latitude", "season"),
    [
        (dt.date(2026, 6, 21), 52.5, "summer"),
        (dt.date(2026, 10, 20), 52.5, "autumn"),
        (dt.date(2026, 1, 15), 52.5, "winter"),
        (dt.date(2026, 4, 28), 52.5, "spring"),
        (dt.date(2026, 1, 15), -33.9, "summer"),
        (dt.date(2026, 7, 15), -33.9, "winter"),
        (dt.date(2026, 1, 15), 1.3, "summer"),
    ],
)
def test_seasons_follow_the_calendar_on_both_sides_of_the_equator(date, latitude, season):
    assert season_of(date, latitude) == season


def test_a_lime_is_green_in_summer_turns_in_autumn_and_is_bare_in_winter(lime):
    looks = {season: dressed(lime, "near lime 0", season, generator(2, season)) for season in ("summer", "autumn")}
    red, green, _ = colour(looks["summer"])
    assert green > 1.5 * red
    red, green, _ = colour(looks["autumn"])
    assert red > green
    assert not foliage(dressed(lime, "near lime 0", "winter", generator(2, "w")))


def test_the_wood_of_a_bare_tree_is_that_of_the_green_one(lime):
    bare = dressed(lime, "near lime 0", "winter", generator(2, "w"))
    assert [m for m in lime.parts["body"] if m.material != "leaf"] == list(bare.parts["body"])


def test_a_spruce_is_green_all_the_year():
    model = spruce(generator(1, "spruce"))
    for season in ("spring", "autumn", "winter"):
        assert dressed(model, "far spruce 1", season, generator(2, season)) is model
