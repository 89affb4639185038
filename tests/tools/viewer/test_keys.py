"""Every key of the help overlay does what the help says, in a scene in which it can."""

# ruff: noqa: ARG005 - each takes the state before and the state after
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from roadlab_tools.viewer import menus
from roadlab_tools.viewer.controls import COMMANDS, CONTROLS
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject
from roadlab_tools.viewer.panes.pane import Pane
from roadlab_tools.viewer.playback import Playback, begun
from roadlab_tools.viewer.session import Session
from roadlab_tools.viewer.window import answered

SIZE = (1280, 720)
STREET = """\
scenario: A street
duration: 4 s
parameters: {pace: 36 km/h}
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}, surroundings: {style: none}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: "${pace}"}
  anna: {model: adult, at: {road: street, s: 50 m, t: 7 m}, walk: {path: [{road: street, s: 80 m, t: 7 m}]}}
story:
  - {name: first, when: {time: {after: 1 s}}, do: {ego: {speed: {to: 50 km/h}}}}
  - {name: second, when: {time: {after: 3 s}}, do: {ego: {speed: {to: 30 km/h}}}}
"""
SENSORS = """\
sensors:
  c1: {type: camera}
  c2: {type: camera}
  c3: {type: camera}
  l1: {type: lidar}
  l2: {type: lidar}
  l3: {type: lidar}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "street.yaml"
    path.write_text(STREET)
    return path


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    path = tmp_path_factory.mktemp("keys") / "sensors.yaml"
    path.write_text(STREET + SENSORS)
    return Subject(path).opened()


def key(name: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=name)


Told = Callable[[Playback, Playback], bool]
EXPECTED: dict[str, Told] = {
    "play": lambda a, b: b.playing and not a.playing,
    "reverse": lambda a, b: b.backwards,
    "faster": lambda a, b: b.rate == 2.0,
    "slower": lambda a, b: b.rate == 0.5,
    "next tick": lambda a, b: b.time == pytest.approx(2.01),
    "previous tick": lambda a, b: b.time == pytest.approx(1.99),
    "next frame": lambda a, b: 2.0 < b.time <= 2.1,
    "previous frame": lambda a, b: 1.9 <= b.time < 2.0,
    "next event": lambda a, b: 2.0 < b.time <= 3.01,
    "previous event": lambda a, b: 1.0 <= b.time < 2.0,
    "first": lambda a, b: b.time == 0.0,
    "last": lambda a, b: b.time == 4.0,
    "loop from": lambda a, b: b.loop == (2.0, 3.5),
    "loop to": lambda a, b: b.loop == (0.5, 2.0),
    "no loop": lambda a, b: b.loop is None,
    "follow": lambda a, b: a.following and not b.following,
    "heading up": lambda a, b: b.heading_up and b.following,
    "turn left": lambda a, b: b.view.angle > a.view.angle,
    "turn right": lambda a, b: b.view.angle < a.view.angle,
    "north up": lambda a, b: a.view.angle != 0.0 == b.view.angle,
    "whole map": lambda a, b: b.view.pixels([(0, 0), (200, 0)]).min() > 0 and b.view.scale * 200 < SIZE[0],
    "zoom in": lambda a, b: b.view.scale > a.view.scale,
    "zoom out": lambda a, b: b.view.scale < a.view.scale,
    "next actor": lambda a, b: (a.chosen, b.chosen) == ("ego", "anna"),
    "nobody": lambda a, b: b.chosen is None,
    "close panes": lambda a, b: len(a.panes) == 1 and not b.panes,
    "edit": lambda a, b: b.editing,
    "help": lambda a, b: b.help,
}
LAYERS = ("trails", "paths", "measures", "names", "events", "sensors", "parameters")
EXPECTED |= {layer: (lambda a, b, layer=layer: a.layers ^ b.layers == {layer}) for layer in LAYERS}
# The ninth view of six sensors is the range image of the third lidar; the first is open already.
EXPECTED |= {f"pane {k}": (lambda a, b, k=k: len(b.panes) == (0 if k == 1 else 2)) for k in range(1, 10)}
REQUESTS = (
    "quit", "reload", "next scene", "previous scene", "screenshot", "screenshot of pane", "record", "next seed", "undo",
    "redo",
)  # fmt: skip
EXPECTED |= {request: (lambda a, b, request=request: b.request == request) for request in REQUESTS}


@pytest.mark.parametrize("name", COMMANDS, ids=pygame.key.name)
def test_each_key_does_what_the_help_says(scene, name):
    state = begun(scene, 2.0, SIZE)
    pane = Pane("c1", "camera", (0.5, 0.5, 0.4, 0.4))
    state = replace(state, loop=(0.5, 3.5), chosen="ego", view=state.view.turned(0.3), panes=(pane,))
    assert EXPECTED[COMMANDS[name]](state, answered(state, scene, key(name)))


def test_the_help_and_the_menus_hold_every_command_once(scene):
    commands = [command for control in CONTROLS for command in dict.fromkeys(c for _, c in control.keys)]
    assert sorted(commands) == sorted(EXPECTED)
    state = begun(scene, 0.0, SIZE)
    listed = [entry.command for title in menus.TITLES for entry in menus.entries(title, state, scene)]
    assert sorted(listed) == sorted(EXPECTED)


@pytest.mark.parametrize("title", menus.TITLES)
def test_each_line_of_each_menu_does_what_its_key_does(scene, title):
    state = begun(scene, 2.0, SIZE)
    for number, entry in enumerate(menus.entries(title, state, scene)):
        box = next(box for box, name in menus.title_boxes(SIZE) if name == title)
        opened = answered(state, scene, click((box.left + 5, box.top + 5)))
        assert opened.menu == title
        line = list(menus.entry_boxes(opened, scene))[number][0]
        done = answered(opened, scene, click((line.left + 30, line.top + 5)))
        by_key = answered(state, scene, key(next(k for k, command in COMMANDS.items() if command == entry.command)))
        assert done == by_key, entry.caption


def click(pos) -> pygame.event.Event:
    return pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=1)


def test_menus_fit_onto_the_smallest_window(scene):
    for size in ((1024, 640), (3840, 2160)):
        for title in menus.TITLES:
            state = replace(begun(scene, 0.0, size), menu=title)
            window = pygame.Rect(0, 0, *size)
            assert all(window.contains(pygame.Rect(*box)) for box, _ in menus.entry_boxes(state, scene)), title


# --- what the window does for the keys that are more than another state -----------------------------------------------


@pytest.fixture
def session(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file.write_text(STREET)
    subject = Subject(file)
    found = Session(subject, subject.opened(), 2.0, SIZE, ())
    yield found
    found.close()


def asked(session: Session, request: str) -> None:
    session.state = replace(session.state, request=request)
    session.obey()


def loaded(session: Session) -> None:
    for _ in range(600):
        if session.look():
            return
        pygame.time.wait(20)
    raise AssertionError("nothing was loaded")


def test_another_seed_is_another_run_of_the_same_file(session, file):
    before = session.scene.scenario.seed
    asked(session, "next seed")
    loaded(session)
    assert session.scene.scenario.seed == before + 1
    assert session.state.time == 2.0
    assert file.read_text() == STREET


def test_a_slider_changes_the_run_and_the_file_only_when_asked(session, file):
    session.state = replace(session.state, slides=(("pace", 75),))
    asked(session, "set parameters")
    loaded(session)
    assert session.scene.scenario.spec.actors["ego"].speed == pytest.approx(54.0 / 3.6)
    assert file.read_text() == STREET
    asked(session, "write parameters")
    assert file.read_text() == STREET.replace("pace: 36 km/h", "pace: 54 km/h")
    loaded(session)
    assert session.state.slides == ()
    asked(session, "undo")
    assert file.read_text() == STREET
    assert "undo" in session.note


def test_a_screenshot_and_a_film_are_written_beside_nothing_else(session, tmp_path):
    import av

    asked(session, "screenshot")
    asked(session, "record")
    target = pygame.Surface(SIZE)
    for _ in range(10):
        session.draw(target, (0, 0))
        pygame.time.wait(40)
    asked(session, "record")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["street-2.00s.mp4", "street-2.00s.png"]
    with av.open(str(tmp_path / "street-2.00s.mp4")) as film:
        stream = film.streams.video[0]
        count = sum(1 for _ in film.decode(stream))
    # As many pictures as 25 a second give for the time that passed: at least 0.4 s.
    assert count >= 10
    assert (stream.width, stream.height) == SIZE


def test_what_cannot_be_done_is_said_and_nothing_is_lost(session, file, monkeypatch):
    asked(session, "undo")
    assert session.note == "nothing to undo"
    asked(session, "screenshot of pane")
    assert session.note == "no pane is open"
    file.write_text("scenario: [")
    session.state = replace(session.state, slides=(("pace", 75),))
    asked(session, "write parameters")
    assert session.note.startswith("not written: the file is not YAML at present")
    assert file.read_text() == "scenario: ["


def test_a_window_in_which_nothing_changes_is_not_drawn_again(session):
    target = pygame.Surface(SIZE)
    assert session.draw(target, (0, 0), anew=False)
    assert not session.draw(target, (5, 5), anew=False)
    assert session.draw(target, (5, 5), anew=True)
    session.state = replace(session.state, time=2.5)
    assert session.draw(target, (5, 5), anew=False)
    # Where the pointer is matters while a menu is open.
    session.state = replace(session.state, menu="File")
    assert session.draw(target, (5, 5), anew=False)
    assert session.draw(target, (5, 60), anew=False)
    assert not session.draw(target, (5, 60), anew=False)
