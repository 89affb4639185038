"""Draws the pictures of the viewer that the README shows; takes a minute, and no display.

    python docs/viewer_pictures.py

Look at them before they are committed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from roadlab_tools.datasets.images import color_png
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.headless import Projector
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import SIZE, Subject, source_of
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.panes.pane import Pane
from roadlab_tools.viewer.playback import Dragging, Playback, begun

ROOT = Path(__file__).parents[1]


def reasons(scene: Scene) -> Playback:
    """Why people cross now."""
    return replace(begun(scene, 4.5, SIZE), chosen="walker_1")


def sensors(scene: Scene) -> Playback:
    """A pedestrian between parked cars, seen by the camera and the lidar."""
    panes = (
        Pane("camera", "camera", (0.02, 0.49, 0.64, 0.48), frozenset({"2D", "3D", "mask"})),
        Pane("lidar", "cloud", (0.53, 0.05, 0.46, 0.42), coloring="class"),
        Pane("lidar", "range", (0.68, 0.62, 0.31, 0.35), coloring="range"),
    )
    state = begun(scene, 2.2, SIZE)
    view = replace(state.view, scale=9.0, center=(state.view.center[0] + 25.0, state.view.center[1] - 18.0))
    return replace(state, panes=panes, following=False, view=view, layers=state.layers - {"events"} | {"sensors"})


def editing(scene: Scene) -> Playback:
    """The shopper of a car park is moved, and a parameter slid."""
    state = begun(scene, 3.0, SIZE)
    index = next(k for k, handle in enumerate(scene.handles) if handle.label == "shopper")
    x, y = scene.handles[index].at
    view = replace(state.view, center=(x - 12.0, y), scale=14.0)
    return replace(
        state,
        following=False,
        view=view,
        editing=True,
        layers=state.layers | {"parameters"},
        slides=((scene.sliders[0].name, 80),),
        dragging=Dragging(index, (x - 6.0, y + 0.6)),
        moved=True,
    )


PICTURES: dict[str, tuple[str, Callable[[Scene], Playback]]] = {
    "viewer.png": ("urban/left_turn.yaml", reasons),
    "viewer_sensors.png": ("urban/pedestrian_crossing.yaml", sensors),
    "viewer_editing.png": ("parking/between_parked_cars.yaml", editing),
}


def main() -> None:
    """Draws all of them."""
    for name, (file, arranged) in PICTURES.items():
        subject = Subject(ROOT / "scenarios" / file)
        scene = subject.opened()
        state = arranged(scene)
        source = source_of(subject, scene)
        assert source is not None
        with closing(source):
            picture = Projector(scene, Painter(scene), PanePainter(scene, source)).picture(state)
        (ROOT / "docs" / name).write_bytes(color_png(picture))


if __name__ == "__main__":
    main()
