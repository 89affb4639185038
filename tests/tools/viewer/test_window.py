"""The real window, on SDL's display that shows nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
    import sys, threading
    from pathlib import Path
    import roadlab_tools.viewer
    import pygame
    from roadlab_tools.viewer.open import Subject
    from roadlab_tools.viewer.window import show

    def person():
        pygame.time.wait(1500)
        for key in (pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_a, pygame.K_h):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
        pygame.time.wait(500)
        picture = pygame.surfarray.array3d(pygame.display.get_surface())
        print("colours", len(set(map(tuple, picture[::7, ::7].reshape(-1, 3).tolist()))))
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q))

    subject = Subject(Path(sys.argv[1]))
    threading.Thread(target=person, daemon=True).start()
    state = show(subject, 0.5)
    print("state", round(state.time, 3), state.following, state.help)
"""

STREET = """
scenario: A street
duration: 2 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
"""


EVERY_KEY = """
    import os, sys, threading
    from pathlib import Path
    import roadlab_tools.viewer
    import pygame
    from roadlab_tools.viewer.controls import CONTROLS
    from roadlab_tools.viewer.open import Subject
    from roadlab_tools.viewer.window import show

    def person():
        pygame.time.wait(1000)
        for control in CONTROLS:
            for key, action in control.keys:
                if action != "quit":
                    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
        pygame.time.wait(1500)
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))

    os.chdir(Path(sys.argv[1]).parent)
    threading.Thread(target=person, daemon=True).start()
    state = show(Subject(Path(sys.argv[1])), 0.5)
    print(state.help, sorted(state.layers), state.heading_up, [file.name for file in Path().glob("*.png")])
"""

SAVED = """
    import sys, threading, time
    from pathlib import Path
    import roadlab_tools.viewer
    import pygame
    from roadlab_tools.viewer.open import Subject
    from roadlab_tools.viewer import window
    from roadlab_tools.viewer.session import Session

    file, heard = Path(sys.argv[1]), []
    take = Session._take
    Session._take = lambda self, found: (take(self, found), heard.append((found.problems, self.scene.title)))

    def wait(count):
        until = time.monotonic() + 30
        while len(heard) < count and time.monotonic() < until:
            pygame.time.wait(50)

    def person():
        pygame.time.wait(1000)
        good = file.read_text()
        file.write_text(good.replace("hatchback", "hatchbak"))
        wait(1)
        file.write_text(good.replace("A street", "A better street"))
        wait(2)
        pygame.event.post(pygame.event.Event(pygame.QUIT))

    threading.Thread(target=person, daemon=True).start()
    state = window.show(Subject(file), 0.5)
    for problems, title in heard:
        print(title, "|", *(problem.replace("\\n", " ") for problem in problems))
    print(round(state.time, 3))
"""


@pytest.fixture
def street(tmp_path):
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    return file


def seen_by(program: str, file) -> str:
    """What a person prints who works on a window that nobody sees."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(file)],
        env={
            **os.environ,
            "SDL_VIDEODRIVER": "dummy",
            "ROADLAB_VIEWER_SETTINGS": str(file.with_name("settings.json")),
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_person_at_the_window_steps_looks_and_quits(street):
    colours, state = seen_by(PROGRAM, street).splitlines()
    assert state == "state 0.7 False True"
    assert int(colours.split()[1]) > 10


def test_every_key_of_the_help_may_be_pressed_one_after_the_other(street):
    # After each key once: layers have changed over, help is on, north is up again, and a picture was saved.
    assert seen_by(EVERY_KEY, street).startswith("True ['parameters', 'sensors'] False ['street-")


def test_a_saved_file_is_shown_at_the_same_time_and_its_faults_with_line_and_column(street):
    broken, better, time = seen_by(SAVED, street).splitlines()
    title, _, problem = broken.partition(" | ")
    assert title == "A street"
    assert problem.startswith(f"{street}:6:16: ")  # of `hatchbak`, by hand
    assert "hatchback" in broken
    assert better == "A better street |"
    assert time == "0.5"


def test_without_a_display_the_message_says_what_to_do(street):
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = subprocess.run(
        [sys.executable, "-m", "roadlab_tools", "view", str(street)],
        env={**environment, "SDL_VIDEODRIVER": "x11"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "--screenshot" in done.stderr
    assert "--record" in done.stderr
    assert "Traceback" not in done.stderr
