"""What `pip install` gives a user: only our packages, and a command that renders far from the checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True)
    return next(out.glob("roadlab-*.whl"))


def test_its_top_level_holds_only_our_packages(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "roadlab",
        "roadlab_sensors",
        "roadlab_tools",
    }
    assert "roadlab/scenarios/urban/pedestrian_crossing.yaml" in names
    assert "roadlab/py.typed" in names


def test_it_renders_two_draft_frames_in_a_clean_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True)
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DRJIT_LIBLLVM_PATH")}
    found = subprocess.run(
        [python, "-c", "import roadlab; print(roadlab.__file__)"],
        cwd=tmp_path, env=clean, capture_output=True, text=True, check=True,
    )  # fmt: skip
    scenario = Path(found.stdout.strip()).parent / "scenarios" / "urban" / "pedestrian_crossing.yaml"
    command = [tmp_path / "env" / "bin" / "roadlab", "render", scenario, "--out", "out", "--frames", "3:5"]
    subprocess.run([*command, "--quality", "draft"], cwd=tmp_path, env=clean, check=True)
    assert sorted(p.name for p in (tmp_path / "out" / "image_2").iterdir()) == ["000003.png", "000004.png"]
    (scene,) = json.loads((tmp_path / "out" / "manifest.json").read_text())["scenes"]
    assert scene["seed"] == 7
