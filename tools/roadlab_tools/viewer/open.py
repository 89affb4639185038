"""From a file to something to look at: a scenario is simulated first; a log, or one in a dataset, is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from roadlab import Scenario, load, simulate
from roadlab.errors import OutputError, RoadlabError, ScenarioFileError
from roadlab.log import SceneLog
from roadlab.log_file import LogFileError, read_log
from roadlab.scenario.document import Node
from roadlab.scenario.load import open_scenario
from roadlab.timing import nanoseconds, seconds
from roadlab_tools.datasets.arrays import decode_table
from roadlab_tools.datasets.contents import INDEX
from roadlab_tools.datasets.folder import MANIFEST
from roadlab_tools.datasets.reading import open_dataset
from roadlab_tools.options import OptionError, one_of
from roadlab_tools.viewer.acting import panes_of
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.panes.live import LiveSource
from roadlab_tools.viewer.panes.readings import Source
from roadlab_tools.viewer.panes.stored import StoredSource
from roadlab_tools.viewer.writing.handles import handles_of
from roadlab_tools.viewer.writing.sliders import sliders_of

SIZE = (1280, 720)
_SCENARIO_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Subject:
    """What the person wants to see: a scenario file, a log, or one scene of a dataset."""

    file: Path
    overrides: Sequence[str] = ()
    seed: int | None = None
    scene: str | None = field(default=None)
    """Name of a dataset's scene; None: the first."""
    slides: tuple[tuple[str, str], ...] = ()
    """Parameters that sliders have set, and to what."""

    @property
    def is_scenario(self) -> bool:
        """Whether it is text that its author may be working on."""
        return self.file.suffix.lower() in _SCENARIO_SUFFIXES

    @property
    def scenes(self) -> tuple[str, ...]:
        """Names of the scenes of a dataset; empty for anything else."""
        return tuple(e.name for e in open_dataset(self.file).contents.entries) if self.file.is_dir() else ()

    def beside(self, step: int) -> Subject:
        """The next scene of the dataset, or the one before; itself where there is none."""
        names = self.scenes
        here = names.index(self.scene) if self.scene in names else 0
        return replace(self, scene=names[min(max(here + step, 0), len(names) - 1)]) if names else self

    def opened(self) -> Scene:
        """The scene; RoadlabError with what is wrong, whatever the file is."""
        if self.is_scenario:
            changes = [*self.overrides, *(f"parameters.{name}={text}" for name, text in self.slides)]
            scenario = load(self.file, overrides=changes, seed=self.seed)
            scene = scene_of(scenario, simulate(scenario))
            sliders = sliders_of(open_scenario(self.file, overrides=self.overrides, seed=self.seed))
            return replace(scene, handles=handles_of(_text(self.file), scenario), sliders=sliders)
        if self.overrides or self.seed is not None:
            what = "a dataset" if self.file.is_dir() else "a log"
            raise OptionError(
                f"{self.file} is {what}, in which everything has happened: --set and --seed change scenario files only"
            )
        return self._in_dataset() if self.file.is_dir() else self._in_log()

    def _in_log(self) -> Scene:
        if self.file.suffix.lower() == ".xodr":
            raise OptionError(f"{self.file} is a map, on which nothing happens; `roadlab map` draws it")
        try:
            log = read_log(self.file)
            scenario = Scenario.from_json(log.scenario, source=str(self.file))
        except LogFileError as error:
            hint = "`roadlab view` shows scenario files (.yaml), logs of `roadlab simulate` and folders of datasets"
            if (self.file.parent / MANIFEST).is_file():
                hint = f"it is part of a dataset: `roadlab view {self.file.parent}` shows that"
            raise LogFileError(f"{error}; {hint}") from error
        except ScenarioFileError as error:
            raise _other_version(self.file, log) from error
        return scene_of(scenario, log)

    def _in_dataset(self) -> Scene:
        dataset = open_dataset(self.file)
        entries = {entry.name: entry for entry in dataset.contents.entries}
        if not entries:
            raise OutputError(f"{self.file} holds no scene")
        name = next(iter(entries)) if self.scene is None else one_of("--scene", self.scene, tuple(entries))
        shown = dataset.contents.scene(entries[name])
        start = int(shown.log.time[0])
        table = decode_table(dataset.contents.read(INDEX))
        times = table["time"][table["scene"].astype(str) == name]
        return Scene(shown.scenario, shown.log, tuple(seconds(time - start) for time in times.tolist()))

    def sources(self) -> tuple[Path, ...]:
        """The files of which a scenario consists; the file alone while it is broken, or is no scenario."""
        if not self.is_scenario:
            return ()
        try:
            root = open_scenario(self.file, overrides=self.overrides, seed=self.seed).root
        except RoadlabError:
            return (self.file,)
        mapped = root.find(("map", "file"))
        maps = [Path(mapped.mark.source.name).parent / str(mapped.value)] if mapped is not None else []
        names = dict.fromkeys(Path(name) for name in _source_names(root))
        return tuple(dict.fromkeys([self.file, *(path for path in names if path.is_file()), *maps]))


def _text(file: Path) -> str:
    """What stands in a file that was read just now; nothing when it has gone since."""
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, ValueError):
        return ""


def _source_names(node: Node) -> Iterator[str]:
    yield node.mark.source.name
    children = [entry.node for entry in node.value.values()] if isinstance(node.value, dict) else node.value
    for child in children if isinstance(children, list | tuple) else ():
        yield from _source_names(child)


def _other_version(file: Path, log: SceneLog) -> LogFileError:
    from roadlab import __version__

    return LogFileError(
        f"{file}: its scenario was written by roadlab {log.version}, and this is {__version__}, which does not "
        "understand it; run `roadlab simulate` on the scenario file again"
    )


def source_of(subject: Subject, scene: Scene) -> Source | None:
    """Where the readings of a subject's sensors come from; None where no sensor can be shown."""
    if not panes_of(scene):
        return None
    if not subject.file.is_dir():
        return LiveSource(scene)
    dataset = open_dataset(subject.file)
    name = subject.scene or subject.scenes[0]
    numbers = dataset.numbers[dataset.scenes.astype(str) == name].tolist()
    return StoredSource(dataset, name, scene.frames, numbers)


def opened(file: Path, *, overrides: Sequence[str] = (), seed: int | None = None, scene: str | None = None) -> Scene:
    """The scene in a scenario file, in a log that `roadlab simulate` wrote, or in a dataset."""
    return Subject(file, overrides, seed, scene).opened()


def scene_of(scenario: Scenario, log: SceneLog) -> Scene:
    """The scene of a log that was made from this scenario."""
    return Scene(scenario, log, _sample_times(scenario, log))


def _sample_times(scenario: Scenario, log: SceneLog) -> tuple[float, ...]:
    """When the rig's samples are: the middles of the readings of the sensor that has fewest; as when rendering."""
    from roadlab_sensors.inertial.timing import InertialSensor
    from roadlab_sensors.sensor import Sensor

    end, start = nanoseconds(scenario.spec.duration), int(log.time[0])
    sensors = [s for s in scenario.spec.sensors.values() if isinstance(s, Sensor)]
    timings = [s.timing for s in sensors if not isinstance(s, InertialSensor)] or [s.timing for s in sensors]
    if not timings:
        return ()
    slowest = min(timings, key=lambda timing: timing.count(end))
    return tuple(seconds(slowest.interval(index).middle - start) for index in range(slowest.count(end)))
