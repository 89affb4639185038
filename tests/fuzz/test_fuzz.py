"""A short slice of the fuzzing that `fuzz_scenarios.py` does; how to run it at length stands there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import roadlab

HERE = Path(__file__).parent


def test_the_file_with_every_open_value_is_right():
    assert len(roadlab.load(HERE / "open_values.yaml").spec.parameters) == 8


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="the extra 'fuzz' is not installed")
def test_a_hundred_mutated_files_give_scenarios_or_reports(tmp_path):
    limits = ["-runs=100", "-seed=1", "-timeout=10", "-rss_limit_mb=2048"]
    command = [sys.executable, HERE / "fuzz_scenarios.py", *limits, tmp_path / "corpus"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 100" in done.stderr
