"""Worlds kept on disk, so that the second run on the same street need not build it again.

A file holds the arrays of one world as they are, bit for bit; its name is the digest of everything they depend on, this
program's code included. A file that cannot be read is built anew, and a disk that cannot be written is left alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from roadlab.log import SceneLog
from roadlab.scenario import Scenario
from roadlab_sensors.rays.gathered import Gathered, Sign, moving_actors
from roadlab_sensors.rays.poses import poses_at
from roadlab_sensors.rays.surfaces import Batch, Faces
from roadlab_sensors.world.bending import Bends

KEPT = 12
"""So many worlds are kept, those used last; a street is about 150 MB."""

_LISTS = ("static", "movable", "parked")
"""`parked` is what `resting` has besides `movable`."""


def stored(folder: Path, key: str, build: Callable[[], Gathered]) -> Gathered:
    """The world kept under `key`, or else the one built, which is then kept."""
    path = folder / f"{key}.safetensors"
    with contextlib.suppress(OSError, SafetensorError, KeyError, ValueError):
        found = _read(path)
        path.touch()
        return found
    made = build()
    with contextlib.suppress(OSError, SafetensorError):
        folder.mkdir(parents=True, exist_ok=True)
        _write(made, path)
        _forget_oldest(folder)
    return made


def world_folder() -> Path:
    """Where worlds are kept: `ROADLAB_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("ROADLAB_CACHE")
    return (Path(chosen) if chosen else user_cache_path("roadlab")) / "worlds"


def world_key(scenario: Scenario, log: SceneLog) -> str:
    """Digest of all that the world of a scenario and its log depends on."""
    moving = moving_actors(log)
    content = {
        "map": scenario.spec.map.model_dump(mode="json"),
        "environment": scenario.spec.environment.model_dump(mode="json"),
        "seed": scenario.seed,
        "models": {name: model.model_dump(mode="json") for name, model in scenario.spec.models.items()},
        "objects": {name: thing.model_dump(mode="json") for name, thing in scenario.spec.objects.items()},
        "actors": [asdict(actor) for actor in log.actors],
        "moving": moving,
        "code": _code_digest(),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode())
    for (actor, _), pose in poses_at(log, log.time[:1]).items():
        if actor not in moving:
            digest.update(pose.tobytes())
    return digest.hexdigest()[:40]


@cache
def _code_digest() -> str:
    digest = hashlib.sha256(np.__version__.encode())
    for package in ("roadlab", "roadlab_sensors"):
        for path in sorted(Path(str(files(package))).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(made: Gathered, path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {f"faces/{n}": getattr(made.faces, n) for n in Faces.__dataclass_fields__}
    about: dict[str, Any] = {"lamps": made.lamps, "parts": made.parts, "signs": [asdict(sign) for sign in made.signs]}
    for name, batches in zip(_LISTS, (made.static, made.movable, made.resting[len(made.movable) :]), strict=True):
        about[name] = [{"model": b.model, "attributes": list(b.attributes)} for b in batches]
        for i, batch in enumerate(batches):
            arrays |= {f"{name}/{i}/{field}": values for field, values in _arrays(batch)}
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    os.close(descriptor)
    try:
        contiguous = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
        save_file(contiguous, temporary, {"about": json.dumps(about)})
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _arrays(batch: Batch) -> Iterable[tuple[str, NDArray[Any]]]:
    yield "vertices", batch.vertices
    yield "triangles", batch.triangles
    yield "parts", np.array([(part, run.start, run.stop) for part, run in batch.parts], dtype=np.int64)
    if batch.normals is not None:
        yield "normals", batch.normals
    yield from batch.attributes.items()
    if batch.bends is not None:
        yield from ((f"bends.{field}", getattr(batch.bends, field)) for field in Bends.__dataclass_fields__)


def _read(path: Path) -> Gathered:
    with safe_open(path, framework="numpy") as file:
        about = json.loads(file.metadata()["about"])

        def tensor(name: str) -> NDArray[Any]:
            # Its own memory: what the file lends is gone when it is closed, and may begin at odd addresses.
            return np.array(file.get_tensor(name))

        names = frozenset(file.keys())

        def batch(prefix: str, model: str, attributes: list[str]) -> Batch:
            return Batch(
                model=model,
                vertices=tensor(f"{prefix}/vertices"),
                normals=tensor(f"{prefix}/normals") if f"{prefix}/normals" in names else None,
                triangles=tensor(f"{prefix}/triangles"),
                attributes={name: tensor(f"{prefix}/{name}") for name in attributes},
                parts=tuple((int(p), slice(int(a), int(b))) for p, a, b in tensor(f"{prefix}/parts")),
                bends=Bends(**{field: tensor(f"{prefix}/bends.{field}") for field in Bends.__dataclass_fields__})
                if f"{prefix}/bends.rows" in names
                else None,
            )

        static, movable, parked = (
            tuple(batch(f"{name}/{i}", **each) for i, each in enumerate(about[name])) for name in _LISTS
        )
        return Gathered(
            static=static,
            movable=movable,
            resting=(*movable, *parked),
            faces=Faces(**{name: tensor(f"faces/{name}") for name in Faces.__dataclass_fields__}),
            lamps=tuple((owner, lamp) for owner, lamp in about["lamps"]),
            parts=tuple((actor, part) for actor, part in about["parts"]),
            signs=tuple(
                Sign(one["code"], one["owner"], tuple(map(tuple, one["world_from_sign"])), tuple(one["size"]))
                for one in about["signs"]
            ),
        )


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.safetensors"), key=lambda path: (-path.stat().st_mtime, path.name))
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)
