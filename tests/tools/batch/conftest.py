"""Lets these tests start `small_job.py`, and import what is in it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
