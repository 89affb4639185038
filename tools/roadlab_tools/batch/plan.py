"""What is to be rendered: scenes with their samples, numbered through, into one folder for each format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from roadlab import Scenario, load_samples
from roadlab.registry import registered
from roadlab_sensors.observe import expected_count
from roadlab_tools.batch.output import chosen_frames
from roadlab_tools.datasets.folder import Run
from roadlab_tools.datasets.scene import SceneEntry
from roadlab_tools.datasets.splits import placed
from roadlab_tools.datasets.writer import Writer
from roadlab_tools.options import OptionError, one_of


@dataclass(frozen=True)
class Plan:
    """A run, decided to the last number."""

    scenarios: tuple[Scenario, ...]
    entries: tuple[SceneEntry, ...]
    """One for each scenario."""
    quality: str
    formats: tuple[str, ...]

    @property
    def numbers(self) -> list[int]:
        """Of all samples."""
        return [number for entry in self.entries for number in entry.numbers]

    def run(self, format: str) -> Run:
        """Everything that decides the bytes of the dataset in this format, and nothing else."""
        return run_of(format, self.quality, [entry.to_json() for entry in self.entries])

    def folders(self, out: Path) -> dict[str, Path]:
        """The dataset's folder for each format: `out` itself where there is but one."""
        if len(self.formats) == 1:
            return {self.formats[0]: out}
        return {format: out / format for format in self.formats}

    def sources(self) -> dict[str, bytes]:
        """The scenarios as files of the dataset: decided, and as they were written where they came from a file."""
        files: dict[str, bytes] = {}
        for entry, scenario in zip(self.entries, self.scenarios, strict=True):
            files[f"scenarios/{entry.name}.json"] = (scenario.spec.model_dump_json(indent=1) + "\n").encode()
            source = Path(scenario.source)
            if source.suffix in (".yaml", ".yml") and source.is_file():
                files.setdefault(f"scenarios/{_safe(source.stem)}.yaml", source.read_bytes())
        return files


def run_of(format: str, quality: str, scenes: list[dict[str, object]]) -> Run:
    """What a dataset's manifest says of its making."""
    return {"roadlab": version("roadlab"), "format": format, "quality": quality, "scenes": scenes}


def decide(
    sources: Sequence[str | Path | Scenario],
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    samples: int | None = None,
    design: str = "random",
) -> list[Scenario]:
    """The scenarios of a run: each source, or `samples` of a design from each; ScenarioFileError, OptionError."""
    decided: list[Scenario] = []
    for source in sources:
        if isinstance(source, Scenario):
            if overrides or seed is not None or samples is not None:
                raise OptionError(
                    "a scenario that is already decided takes neither overrides nor a seed: give them to load()"
                )
            decided.append(source)
        else:
            number = 1 if samples is None else samples
            decided += load_samples(source, number, design=design, overrides=list(overrides), seed=seed)
    return decided


def planned(
    scenarios: Sequence[Scenario],
    *,
    frames: slice | None = None,
    every: int = 1,
    quality: str = "standard",
    formats: Sequence[str] = ("kitti",),
) -> Plan:
    """The plan; OptionError for formats and frames that there are not, OutputError for a rig that a format refuses."""
    for format in formats:
        writer: Writer = registered("writers")[one_of("--format", format, registered("writers"))]()
        for scenario in scenarios:
            writer.check(scenario.spec.sensors)
    entries: list[SceneEntry] = []
    first = 0
    for name, scenario in zip(_names(scenarios), scenarios, strict=True):
        count = expected_count(scenario)
        chosen = chosen_frames(scenario, frames, every)
        title, digest, seed = scenario.spec.scenario, scenario.digest, scenario.seed
        entries.append(SceneEntry(name, title, digest, seed, first, chosen.start, chosen.stop, chosen.step))
        first += count
    return Plan(tuple(scenarios), tuple(placed(entries)), quality, tuple(dict.fromkeys(formats)))


def _names(scenarios: Sequence[Scenario]) -> list[str]:
    stems = [_safe(Path(scenario.source).stem) or "scene" for scenario in scenarios]
    counts: Mapping[str, int] = Counter(stems)
    seen: Counter[str] = Counter()
    names = []
    for stem in stems:
        names.append(stem if counts[stem] == 1 else f"{stem}-{seen[stem]:04d}")
        seen[stem] += 1
    return names


def _safe(stem: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", stem)[:80]
