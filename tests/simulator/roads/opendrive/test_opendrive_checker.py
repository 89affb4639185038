"""The ASAM quality checker finds nothing wrong with what is exported."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from roadlab.roads.network import build_network
from roadlab.roads.opendrive import read_opendrive
from roadlab.roads.opendrive.exporting import to_opendrive
from roadlab.scenario.library import library
from roadlab.scenario.load import load
from roadlab.scenario.spec import MapSpec

CHECK = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from qc_baselib import Configuration, Result
from qc_opendrive import constants, main
found = {}
for path in sys.argv[1:]:
    config, result = Configuration(), Result()
    config.set_config_param("InputFile", path)
    result.register_checker_bundle(name=constants.BUNDLE_NAME, description="", version="1", summary="")
    result.set_result_version(version="1")
    main.run_checks(config, result)
    checks = result.get_checker_ids(constants.BUNDLE_NAME)
    reports = [result.get_checker_result(constants.BUNDLE_NAME, check) for check in checks]
    found[path] = {
        "completed": sum(result.get_checker_status(check).name == "COMPLETED" for check in checks),
        "failed": [check for check in checks if result.get_checker_status(check).name == "ERROR"],
        "issues": [f"{r.checker_id}: {i.level.name}: {i.description}" for r in reports for i in r.issues],
    }
print(json.dumps(found))
"""


@pytest.fixture(scope="session")
def checker(tmp_path_factory) -> Path:
    """The Python of an environment of its own: the checker pins NumPy 1."""
    folder = tmp_path_factory.mktemp("asam") / "venv"
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    wanted = [python, "-m", "pip", "install", "-q", "asam-qc-opendrive==1.0.0"]
    installed = subprocess.run(wanted, check=False, capture_output=True, text=True, timeout=900)
    if installed.returncode:
        pytest.skip(f"the ASAM checker cannot be installed: {installed.stderr[-300:]}")
    return python


def assert_clean(python: Path, files: list[Path]) -> None:
    ran = subprocess.run([python, "-c", CHECK, *files], check=False, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert len(found) == len(files)
    for path, result in found.items():
        assert result["failed"] == [], path
        assert result["issues"] == [], path
        assert result["completed"] >= 22, path  # of 23 rules, one of which ends with version 1.7


@pytest.mark.slow
def test_shipped_networks_pass(checker, tmp_path):
    texts = {file: file.read_text() for file in sorted(library().glob("*/*.yaml"))}
    shipped = [file for file, text in texts.items() if text.startswith("scenario:") and "map:" in text]
    for file in shipped:
        (tmp_path / f"{file.stem}.xodr").write_text(to_opendrive(load(file).network, name=file.stem))
    assert_clean(checker, sorted(tmp_path.glob("*.xodr")))


@pytest.mark.slow
def test_generated_towns_and_junctions_pass(checker, tmp_path):
    for style in ("grid", "suburb", "old_town"):
        for traffic in ("right", "left"):
            spec = {"town": {"style": style, "size": 400.0, "seed": 5}, "traffic": traffic}
            text = to_opendrive(build_network(MapSpec.model_validate(spec)))
            (tmp_path / f"{style}-{traffic}.xodr").write_text(text)
    assert_clean(checker, sorted(tmp_path.glob("*.xodr")))


@pytest.mark.slow
def test_maps_of_the_esmini_project_pass_when_written_again(checker, esmini, tmp_path):
    for file in sorted(esmini.glob("*.xodr")):
        (tmp_path / file.name).write_text(to_opendrive(read_opendrive(file), name=file.stem))
    assert_clean(checker, sorted(tmp_path.glob("*.xodr")))


@pytest.mark.slow
def test_the_checker_would_find_a_fault(checker, tmp_path):
    file = tmp_path / "wrong.xodr"
    text = to_opendrive(load(library() / "urban" / "left_turn.yaml").network)
    file.write_text(text.replace('<width sOffset="0.0" a="3.5"', '<width sOffset="0.0" a="2.5"', 1))
    ran = subprocess.run([checker, "-c", CHECK, file], check=False, capture_output=True, text=True, timeout=900)
    assert "horizontal_gaps" in ran.stdout
