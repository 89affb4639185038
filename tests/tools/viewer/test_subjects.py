"""What the viewer opens: scenario files, logs, datasets; and what it says of everything else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from roadlab import load, simulate
from roadlab.errors import RoadlabError
from roadlab.log_file import FORMAT, write_log
from roadlab_tools.datasets.images import read_color
from roadlab_tools.viewer.headless import Shown, chosen_panes, save_film, save_screenshot
from roadlab_tools.viewer.map_picture import MapPicture
from roadlab_tools.viewer.open import Subject, opened
from roadlab_tools.viewer.view import View

MAPS = Path(__file__).parents[4] / "shared" / "maps" / "esmini"
STREET = """
scenario: A street
duration: 0.4 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
"""


@pytest.fixture
def street(tmp_path) -> Path:
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    return file


@pytest.fixture
def log_file(street) -> Path:
    path = street.with_name("street.log")
    write_log(simulate(load(street)), path)
    return path


def test_a_log_shows_the_map_of_the_scenario_that_it_was_made_from(street, log_file):
    from_log, from_file = opened(log_file), opened(street)
    assert from_log.title == "A street"
    assert [area.kind for area in from_log.areas] == [area.kind for area in from_file.areas]
    assert from_log.bounds == from_file.bounds


def test_a_dataset_is_stepped_through_by_its_own_samples(native):
    subject = Subject(native)
    assert subject.scenes == ("east", "west")
    assert subject.beside(1).scene == "west"
    # Samples of the small world are taken every 0.1 s, the first after 0.05 s.
    assert subject.opened().frames == pytest.approx([0.05, 0.15, 0.25, 0.35])


def test_what_cannot_be_shown_is_said_with_what_can(tmp_path, log_file, native):
    text = tmp_path / "notes.txt"
    text.write_text("not a log")
    older = tmp_path / "older.log"
    table = pq.read_table(log_file)
    meta = pq.ParquetFile(log_file).metadata.metadata[b"roadlab"].replace(FORMAT.encode(), b"roadlab-log/1")
    pq.write_table(table.replace_schema_metadata({b"roadlab": meta}), older)
    expected = {
        text: "not a scene log",
        native / "index.parquet": f"part of a dataset: `roadlab view {native}`",
        older: f"'roadlab-log/1', this version reads {FORMAT!r}",
        tmp_path / "missing.log": "no such file",
        tmp_path / "map.xodr": "roadlab map",
        tmp_path: "no finished dataset",
    }
    for file, message in expected.items():
        with pytest.raises(RoadlabError, match=re.escape(message)):
            Subject(file).opened()


def test_a_film_has_25_pictures_for_every_second(street, tmp_path):
    import av

    subject = Subject(street)
    save_film(Shown(subject, subject.opened(), size=(320, 180)), 0.0, tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.video[0]
        frames = list(film.decode(stream))
    assert (stream.width, stream.height, stream.average_rate) == (320, 180, 25)
    assert len(frames) == 11  # 0.4 s and its beginning
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("name", ["fabriksgatan", "e6mini", "parking_demo"])
def test_imported_maps_show_every_lane_where_it_is(name):
    from roadlab.roads.opendrive.importing import import_opendrive
    from roadlab_tools.viewer.ground import areas_of

    file = MAPS / f"{name}.xodr"
    if not file.is_file():
        pytest.skip("the maps are not here")
    network = import_opendrive(file)[0]
    areas = list(areas_of(network))
    lanes = sum(len(section.lanes) for road in network.every_road.values() for section in road.sections)
    assert len(areas) > lanes
    assert all(np.isfinite(area.outline).all() for area in areas)


def test_a_turned_map_shows_the_same_place_under_the_same_pixel(street):
    scene = opened(street)
    picture = MapPicture(scene)
    straight = View((60.0, 0.0), 8.0, (640, 400))
    _, plain = picture.seen(straight)
    turned = straight.turned(0.7)
    _, rotated = picture.seen(turned)
    for place in ((50.0, 2.0), (65.0, 5.0), (60.0, -5.5), (62.0, 12.0)):
        (c0, r0), (c1, r1) = (np.rint(view.pixels(place)).astype(int) for view in (straight, turned))
        assert plain[r0, c0].tolist() == rotated[r1, c1].tolist()


def test_a_pane_alone_or_in_the_window_is_drawn_without_a_display(native, tmp_path):
    subject = Subject(native)
    scene = subject.opened()
    (camera, cloud) = chosen_panes(scene, ["camera", "lidar"])
    save_screenshot(Shown(subject, scene, (camera, cloud), size=(800, 500)), 0.15, tmp_path / "window.png")
    save_screenshot(Shown(subject, scene, alone=camera, size=(832, 304)), 0.15, tmp_path / "alone.png")
    save_film(Shown(subject, scene, alone=cloud, size=(320, 200)), 1.8, tmp_path / "cloud.mp4")
    stored = read_color((native / "cameras/camera/image/000001.png").read_bytes())
    alone = read_color((tmp_path / "alone.png").read_bytes())
    # Four times as large, with boxes drawn into it: the sky in the upper corner is the same.
    assert alone.shape == (4 * stored.shape[0], 4 * stored.shape[1], 3)
    assert np.abs(alone[4, 4].astype(int) - stored[1, 1]).max() < 3
    window = read_color((tmp_path / "window.png").read_bytes())
    assert (window == stored[1, 1]).all(axis=2).sum() > 1000
    assert (tmp_path / "cloud.mp4").stat().st_size > 1000


def test_panes_that_a_rig_does_not_have_are_refused_with_those_that_it_has(native, street):
    scene = Subject(native).opened()
    assert chosen_panes(scene, ["lidar:range"]) == [("lidar", "range")]
    with pytest.raises(RoadlabError, match=re.escape("did you mean 'camera'")):
        chosen_panes(scene, ["camra"])
    with pytest.raises(RoadlabError, match="no camera and no lidar"):
        chosen_panes(Subject(street).opened(), ["camera"])
