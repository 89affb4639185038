"""The viewer in a real window of an X server, with a real keyboard's and mouse's events."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roadlab_tools.viewer import menus
from roadlab_tools.viewer.open import SIZE, Subject
from roadlab_tools.viewer.playback import begun

STREET = """\
scenario: A street
duration: 2 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
  anna: {model: adult, at: {road: street, s: 50 m, t: 7 m}, walk: {path: [{road: street, s: 80 m, t: 7 m}]}}
"""

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="takes Xvfb and xdotool"
)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server without a screen."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def street(tmp_path) -> Path:
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    return file


def until(true: Callable[[], bool], what: str, patience: float = 30.0) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@contextmanager
def viewer(file: Path, display: str) -> Iterator[tuple[subprocess.Popen[str], Callable[..., str]]]:
    """`roadlab view` in a window that has the keyboard, and the hands that work on it."""
    settings = str(file.with_name("settings.json"))
    environment = {k: v for k, v in os.environ.items() if k != "SDL_VIDEODRIVER"}
    environment |= {"DISPLAY": display, "SDL_VIDEODRIVER": "x11", "ROADLAB_VIEWER_SETTINGS": settings}

    def hands(*words: object) -> str:
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.strip()

    program = [sys.executable, "-m", "roadlab_tools", "view", str(file)]
    process = subprocess.Popen(program, env=environment, cwd=file.parent, stderr=subprocess.PIPE, text=True)
    try:
        until(
            lambda: bool(hands("search", "--onlyvisible", "--class", "^roadlab")) or process.poll() is not None,
            "no window came",
        )
        window = hands("search", "--onlyvisible", "--class", "^roadlab").splitlines()[-1]
        hands("windowfocus", "--sync", window)
        hands("windowmove", "--sync", window, 0, 0)  # so that its pixels are those of the screen
        time.sleep(0.5)
        yield process, hands
    finally:
        process.kill()
        process.wait(10)


def pictures(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.png"))


def test_a_person_with_keyboard_and_mouse_looks_moves_somebody_takes_it_back_and_quits(street, display):
    scene = Subject(street).opened()
    state = begun(scene, 0.0, SIZE)
    (x, y), aside = state.view.pixels(scene.handles[1].at).tolist(), 60
    titles = {title: box for box, title in menus.title_boxes(SIZE)}
    lines = [entry.caption for entry in menus.entries("File", state, scene)]
    with viewer(street, display) as (process, hands):
        hands("key", "End")
        hands("key", "s")
        until(lambda: pictures(street.parent) == ["street-2.00s.png"], "no picture at the end")
        hands("key", "Home")
        # The same by the menu.
        row = 26 + 25 * (lines.index("screenshot") + 0.5)
        hands("mousemove", titles["File"].left + 20, 12, "click", 1)
        hands("sleep", 0.3, "mousemove", 60, round(row), "click", 1)
        until(lambda: "street-0.00s.png" in pictures(street.parent), "no picture by the menu")
        hands("key", "w")
        hands("mousemove", round(x), round(y), "mousedown", 1, "sleep", 0.2)
        hands("mousemove", round(x) + aside // 2, round(y), "sleep", 0.1, "mousemove", round(x) + aside, round(y))
        hands("sleep", 0.2, "mouseup", 1)
        s = 50.0 + aside / state.view.scale
        until(lambda: street.read_text() != STREET, "the place was not written")
        assert street.read_text() == STREET.replace("s: 50 m", f"s: {s:.1f} m")
        hands("key", "z")
        until(lambda: street.read_text() == STREET, "it was not taken back")
        hands("key", "q")
        assert process.wait(20) == 0


def test_a_closed_window_ends_the_program_without_a_word(street, display):
    with viewer(street, display) as (process, hands):
        hands("key", "space")
        hands("key", "Escape")
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
