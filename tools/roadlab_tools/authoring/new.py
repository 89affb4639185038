"""`roadlab new`: a commented scenario to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roadlab.errors import OutputError

SCAFFOLD = """\
# yaml-language-server: $schema=roadlab.schema.json
# `roadlab schema > roadlab.schema.json` lets your editor complete and explain keys; so does `roadlab explain`.
scenario: {title}
about: >
  What happens, and what it tests, in a sentence or two.
include: rigs/kitti.yaml        # sensors on the ego; `roadlab list` shows what the library has
duration: 10 s
seed: 1                         # all chance follows from it

parameters:                     # `roadlab sample FILE` draws them; ${{name}} stands for them anywhere
  ego_speed: {{uniform: [30 km/h, 50 km/h]}}
  gap: [20 m, 30 m, 40 m]       # each as likely as the others

environment:
  date: 2026-06-12
  time: "10:30"
  weather: {{cloud: 0.3}}

map:
  roads:
    main_street:
      profile: urban_2x1_parking   # pavement, parking, lane | lane, parking, pavement
      path: [{{line: 200 m}}]
      speed_limit: 50 km/h

actors:
  ego:                          # carries the sensors
    model: hatchback
    at: {{road: main_street, lane: -1, s: 20 m}}
    speed: ${{ego_speed}}
    drive: {{driver: {{type: idm}}}}
  leader:
    model: {{any: [sedan, van, suv]}}
    at: {{ahead_of: ego, gap: "${{gap}}"}}
    speed: ${{ego_speed}}
    drive: {{driver: {{type: idm}}}}
  parked:
    repeat: 5                   # parked[0] to parked[4]; index counts them
    model: {{any: [hatchback, estate, suv]}}
    at: {{road: main_street, lane: parking, s: "${{90 m + index * 7 m}}"}}
    parked: true

story:
  - name: leader brakes
    when: {{time: {{after: 4 s}}}}
    do: {{leader: {{brake: {{deceleration: 3 m/s2}}}}}}

require:                        # on the scene at the start
  - gap(ego, leader) > 15 m

expect:                         # on the run; `roadlab check` tests it
  - started('leader brakes')
  - not contact(ego, leader)
  - min(time_to_collision(ego, leader)) > 0.5 s
"""


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(epilog="Example: roadlab new my_street.yaml")(new)


def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.", show_default=False)],
    title: Annotated[str | None, typer.Option(help="By default made of the file's name.", show_default=False)] = None,
) -> None:
    """Write a commented scenario to begin with; it can be rendered as it is."""
    if file.exists():
        raise OutputError(f"{file}: exists already")
    name = title if title is not None else file.stem.replace("_", " ").capitalize()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SCAFFOLD.format(title=_quoted(name)), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}") from error
    typer.echo(f"{file}: a scenario to begin with; check it with `roadlab check {file}`")


def _quoted(title: str) -> str:
    plain = title.replace(" ", "").replace("-", "").isalnum() and title[:1].isalpha()
    return title if plain else "'" + title.replace("'", "''") + "'"
