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
    from roadlab_tools.viewer.open import opened
    from roadlab_tools.viewer.window import show

    def person():
        pygame.time.wait(1500)
        for key in (pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_a, pygame.K_h):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
        pygame.time.wait(500)
        picture = pygame.surfarray.array3d(pygame.display.get_surface())
        print("colours", len(set(map(tuple, picture[::7, ::7].reshape(-1, 3).tolist()))))
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q))

    scene = opened(Path(sys.argv[1]))
    threading.Thread(target=person, daemon=True).start()
    state = show(scene, 0.5)
    print("state", round(state.time, 3), state.following, state.help)
"""

STREET = """
scenario: A street
duration: 2 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
"""


@pytest.fixture
def street(tmp_path):
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    return file


def test_a_person_at_the_window_steps_looks_and_quits(street):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(street)],
        env={**os.environ, "SDL_VIDEODRIVER": "dummy"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    colours, state = done.stdout.splitlines()
    assert state == "state 0.7 False True"
    assert int(colours.split()[1]) > 10


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
    assert "Traceback" not in done.stderr
