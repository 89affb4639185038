"""Pictures of the library, which `roadlab list` names: what the ego sees while the story happens.

    python -m roadlab_tools.authoring.pictures [FILE...]

Writes a JPEG beside each scenario of the library, or of those that are named.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from roadlab import load, simulate
from roadlab.errors import ScenarioFileError
from roadlab.log import SceneLog
from roadlab.registry import registered
from roadlab.scenario.library import library
from roadlab.scenario.load import Scenario
from roadlab.scenario.spec import all_events

CAMERA = {
    "type": "camera",
    "rate": 10.0,
    "mount": {"x": 1.71, "z": 1.65},
    "image": {"width": 640, "height": 320},
    "intrinsics": {"fx": 420.0, "fy": 420.0, "cx": 319.5, "cy": 139.5},
}
NEAREST = 9.0
"""Who is nearer to the rear axle than this is not seen as a whole [m]."""
IN_VIEW = 0.45
"""How far aside somebody ahead may be to be seen, over how far ahead."""
SIZE = (480, 240)
"""Of the JPEG, which is scaled down from what the camera sees."""
QUALITY = 82


def picture(file: Path) -> bytes:
    """A JPEG of what the ego of a scenario sees in the middle of it."""
    from roadlab_sensors.observe import Observer

    camera = registered("sensors")["camera"].model_validate(CAMERA)
    scenario = load(file)
    scenario = replace(scenario, spec=scenario.spec.model_copy(update={"sensors": {"camera": camera}}))
    log = simulate(scenario)
    observer = Observer(scenario, log)
    sample = observer.sample(min(int(_moment(scenario, log) * camera.rate), observer.count - 1))
    seen = cv2.resize(sample.cameras["camera"].image[..., ::-1], SIZE, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", seen, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    return bytes(data)


def _moment(scenario: Scenario, log: SceneLog) -> float:
    """When somebody of whom the story tells, or else anybody, is ahead of the ego and near [s]."""
    told = {name for event in all_events(scenario.spec.story) for name in event.told}
    others = [i for i, actor in enumerate(log.actors) if actor.name in told and not actor.is_ego]
    others = others or [i for i, actor in enumerate(log.actors) if not actor.is_ego]
    away = log.position[:, others, :2] - log.position[:, [log.ego], :2]
    yaw = log.attitude[:, log.ego, 0]
    ahead = away[..., 0] * np.cos(yaw)[:, None] + away[..., 1] * np.sin(yaw)[:, None]
    aside = np.sqrt(np.maximum((away**2).sum(axis=-1) - ahead**2, 0.0))
    seen = log.present[:, others] & (ahead > NEAREST) & (aside < IN_VIEW * ahead)
    nearest = np.where(seen, ahead, np.inf).min(axis=1)
    return float(log.time[int(np.argmin(nearest))]) / 1e9 if np.isfinite(nearest).any() else 0.4 * log.duration


def write(files: Sequence[Path]) -> None:
    """The picture of each scenario beside it."""
    for file in files:
        file.with_suffix(".jpg").write_bytes(picture(file))


def scenarios_of(folder: Path) -> list[Path]:
    """The scenarios of a library, rigs and other parts left out."""
    found = sorted(folder.glob("*/*.yaml"))
    return [file for file in found if file.read_text(encoding="utf-8").startswith("scenario:")]


if __name__ == "__main__":
    try:
        write([Path(name) for name in sys.argv[1:]] or scenarios_of(library() or Path()))
    except ScenarioFileError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
