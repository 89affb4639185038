"""Contact sheets, and the look of vehicles and people held against pictures that somebody has looked at.

After a change of looks that is meant, look at the new sheets and keep them:
`roadlab gallery --out DIR --only vehicles --only people`, then `python tests/tools/gallery/test_gallery.py DIR`.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from roadlab import load
from roadlab.actors.catalog import PEOPLE, VEHICLES
from roadlab_tools.cli import app
from roadlab_tools.gallery import scenes
from roadlab_tools.gallery.sheets import GAP, LINE, SHEETS, sheet

GOLDEN = Path(__file__).parent / "golden"
SHARE = 0.4
"""Size of the kept sheets: sampling noise averages out, shapes and colours stay."""


def shrunk(image):
    return cv2.resize(image, None, fx=SHARE, fy=SHARE, interpolation=cv2.INTER_AREA)


def test_a_sheet_has_its_pictures_in_rows_with_a_name_below_each():
    pictures = [(name, np.full((20, 30, 3), level, np.uint8)) for name, level in (("a", 50), ("b", 100), ("c", 150))]
    whole = sheet(iter(pictures), columns=2)
    assert whole.shape == (2 * (20 + LINE + GAP) + GAP, 2 * (30 + GAP) + GAP, 3)
    below, beside = 20 + LINE + GAP, 30 + GAP
    for (row, column), level in (((0, 0), 50), ((0, 1), 100), ((1, 0), 150)):
        top, left = GAP + row * below, GAP + column * beside
        assert (whole[top : top + 20, left : left + 30] == level).all()


@pytest.mark.parametrize(
    "document",
    [scenes.vehicles(), scenes.people(), *map(scenes.street, scenes.STYLES), *map(scenes.in_weather, scenes.WEATHERS)],
    ids=lambda document: document["scenario"],
)
def test_the_scenes_are_sound_scenarios(document, tmp_path):
    file = tmp_path / "scene.yaml"
    file.write_text(json.dumps(document))
    assert load(file).spec.sensors


def test_every_model_of_the_catalog_has_its_picture():
    assert {actor["model"] for actor in scenes.vehicles()["actors"].values()} == set(VEHICLES)
    assert {actor["model"] for name, actor in scenes.people()["actors"].items() if name != "ego"} == set(PEOPLE)


def test_an_unknown_sheet_is_answered_with_those_there_are(tmp_path):
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, ["gallery", "--out", str(tmp_path), "--only", "vehicle"])
    assert result.exit_code == 2
    assert "did you mean 'vehicles'?" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vehicles", "people"])
def test_vehicles_and_people_look_as_they_did(name):
    seen = shrunk(sheet(SHEETS[name]("standard"))).astype(float)
    kept = cv2.imread(str(GOLDEN / f"{name}.png"))[..., ::-1].astype(float)
    assert seen.shape == kept.shape
    apart = np.abs(seen - kept).max(axis=2)
    # Other processors round otherwise, and a path that takes another turn changes a few pixels.
    assert apart.mean() < 1.5
    assert np.mean(apart > 40) < 0.01


def test_the_comparison_notices_a_car_of_another_colour():
    kept = cv2.imread(str(GOLDEN / "vehicles.png"))
    changed = kept.copy()
    tile = np.s_[20:75, 20:115]
    changed[tile] = 255 - changed[tile]
    assert np.mean(np.abs(kept.astype(int) - changed).max(axis=2) > 40) > 0.01


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in ("vehicles", "people"):
        picture = cv2.imread(str(Path(sys.argv[1]) / f"{name}.png"))
        cv2.imwrite(str(GOLDEN / f"{name}.png"), shrunk(picture), [cv2.IMWRITE_PNG_COMPRESSION, 9])
