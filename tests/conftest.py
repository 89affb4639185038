"""Worlds built in tests are kept among the run's own temporary files, for all its processes."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def _worlds_of_this_run(tmp_path_factory):
    shared = tmp_path_factory.getbasetemp()
    os.environ["ROADLAB_CACHE"] = str((shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "cache")
