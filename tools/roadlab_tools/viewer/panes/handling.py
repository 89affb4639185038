"""What the mouse does to panes."""

from __future__ import annotations

from dataclasses import replace

from roadlab_tools.viewer.panes.pane import Pane, changed, closed, pane_under, raised
from roadlab_tools.viewer.playback import Holding, Playback
from roadlab_tools.viewer.view import Pixel


def pressed(state: Playback, pixel: Pixel) -> Playback | None:
    """After the left button went down; None where no pane is."""
    size = state.view.size
    pane = pane_under(state.panes, pixel, size)
    if pane is None:
        return None
    if pane.close_box(size).holds(pixel):
        return replace(state, panes=closed(state.panes, pane.key))
    panes = raised(state.panes, pane.key)
    for box, switch in pane.switch_boxes(size):
        if box.holds(pixel):
            return replace(state, panes=changed(panes, pane.switched(switch)))
    grip = pane.grip(pixel, size)
    turns = pane.kind == "cloud" and grip == "inside"
    holding: Holding = "orbit" if turns else "corner" if grip == "corner" else "title"
    return replace(state, panes=panes, held=pane.key, holding=holding)


def gripped(state: Playback, pixel: Pixel) -> Playback | None:
    """After the right button went down; None where no pane is."""
    pane = pane_under(state.panes, pixel, state.view.size)
    if pane is None:
        return None
    return replace(state, held=pane.key, holding="shift" if pane.kind == "cloud" else "nothing")


def dragged(state: Playback, by: Pixel) -> Playback | None:
    """After the mouse moved while a pane was held; None where none is."""
    pane = next((one for one in state.panes if one.key == state.held), None)
    if pane is None or state.holding not in ("title", "corner", "orbit", "shift"):
        return None
    return replace(state, panes=changed(state.panes, _moved(pane, state, by)))


def _moved(pane: Pane, state: Playback, by: Pixel) -> Pane:
    match state.holding:
        case "title":
            return pane.dragged(by, state.view.size)
        case "corner":
            return pane.resized(by, state.view.size)
        case "orbit":
            return replace(pane, orbit=pane.orbit.turned(by))
    return replace(pane, orbit=pane.orbit.moved(by))


def wheeled(state: Playback, steps: float, pixel: Pixel) -> Playback | None:
    """After the wheel turned; None where no pane is."""
    pane = pane_under(state.panes, pixel, state.view.size)
    if pane is None:
        return None
    if pane.kind != "cloud":
        return state
    return replace(state, panes=changed(state.panes, replace(pane, orbit=pane.orbit.nearer(1.15**steps))))
