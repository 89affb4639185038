"""Rule 17 on purpose broken: what is simulated and rendered again must come out as it is in the dataset."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_job import AHEAD, SmallWorld
from small_scene import STORY

from roadlab.log_file import read_log, write_log
from roadlab_tools import render, verify
from roadlab_tools.batch import frames
from roadlab_tools.datasets.folder import fingerprint
from roadlab_tools.datasets.images import color_png, read_color

PICTURE, LOG = "image_2/000002.png", "logs/street.parquet"


@pytest.fixture
def dataset(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(frames, "observer_of", lambda scene, _: SmallWorld(scene))
    file = tmp_path / "street.yaml"
    file.write_text(STORY.replace("sensors:", f"{AHEAD}sensors:", 1))
    render(file, tmp_path / "out", frames=slice(0, 4))
    return tmp_path / "out"


def signed(dataset: Path, path: str) -> None:
    """The manifest says of a changed file what it is now, so that checksums find nothing."""
    manifest = json.loads((dataset / "manifest.json").read_text())
    manifest["files"][path] |= fingerprint((dataset / path).read_bytes())
    (dataset / "manifest.json").write_text(json.dumps(manifest))


def test_what_comes_out_the_same_again_has_no_fault(dataset):
    assert list(verify(dataset, again=4)) == []


def test_a_picture_that_another_run_has_made_is_found_by_rendering_it_again(dataset):
    picture = read_color((dataset / PICTURE).read_bytes()).copy()
    picture[10, 10] ^= 1
    (dataset / PICTURE).write_bytes(color_png(picture))
    signed(dataset, PICTURE)
    assert list(verify(dataset)) == []
    assert [(fault.rule, fault.file) for fault in verify(dataset, again=4)] == [(17, PICTURE)]


def test_a_log_that_the_scenario_does_not_lead_to_is_found_by_simulating_it_again(dataset):
    log = read_log(dataset / LOG)
    position = log.position.copy()
    position[-1, 0, 0] += 1e-9
    write_log(replace(log, position=position), dataset / LOG)
    signed(dataset, LOG)
    assert list(verify(dataset)) == []
    faults = list(verify(dataset, again=1))
    assert (17, LOG) in {(fault.rule, fault.file) for fault in faults}
    assert "simulating the scenario again gives another log" in faults[0].what
