"""Whether the disk is large enough: estimated before a run, watched during it."""

from __future__ import annotations

import shutil
from pathlib import Path

from roadlab.errors import OutputError
from roadlab.scenario import Scenario
from roadlab_sensors.observe import rig_of
from roadlab_sensors.rays.light import QUALITIES
from roadlab_sensors.sensor import Sensor
from roadlab_tools.datasets.storage import is_local

BYTES_PER_PIXEL = 4.5
"""Of a picture with sensor noise as PNG (2.4), depth, ids and classes; measured on the shipped scenarios."""
BYTES_PER_PULSE = 60.0
"""Of a lidar's return with its truth, of which not every pulse has one."""
RESERVE = 64 * 2**20
"""A run stops when less than this is left [bytes], so that neither we nor the system meet a full disk."""


def expected_size(scenario: Scenario, formats: int) -> float:
    """Bytes of one sample in so many formats, roughly."""
    rig, draft = rig_of(scenario), QUALITIES["draft"]
    return formats * sum(_reading(sensor, sensor.rays(draft)) for sensor in rig.values())


def _reading(sensor: Sensor, rays: int) -> float:
    image = getattr(sensor, "image", None)
    if image is not None:
        return float(image.width * image.height * BYTES_PER_PIXEL)
    unit = getattr(sensor, "unit", None)
    pulses = unit.pattern.count(sensor.timing.interval(0)) if unit is not None else rays
    return float(pulses * BYTES_PER_PULSE)


def check_space(folder: Path, needed: float) -> None:
    """OutputError when the disk has less than `needed` bytes left for the folder; no word about other machines."""
    if not is_local(folder):
        return
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < needed + RESERVE:
        raise OutputError(
            f"{folder}: no space left for this: about {_size(needed)} are needed and {_size(free)} are free; "
            "ask for fewer frames, or name a folder on another disk"
        )


def watch_space(folder: Path, sizes: list[int], workers: int) -> None:
    """OutputError when the disk cannot take the frames that are being made now."""
    if not is_local(folder):
        return
    try:
        free = shutil.disk_usage(folder).free
    except FileNotFoundError as error:
        raise OutputError(f"{folder} has vanished while roadlab was writing into it") from error
    if free < RESERVE + 3 * workers * max(sizes, default=0):
        raise OutputError(
            f"{folder}: no space left to write, {_size(free)} are free; what was complete is kept, "
            "free some space and use --resume"
        )


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
