"""An OpenDRIVE file as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roadlab.roads.opendrive.elements.header import Header
from roadlab.roads.opendrive.elements.junctions import Junction
from roadlab.roads.opendrive.elements.road import Road
from roadlab.roads.opendrive.elements.signals import Controller

ROOT = "OpenDRIVE"


@dataclass(frozen=True)
class Document:
    """What a file says, as it says it."""

    header: Header
    roads: tuple[Road, ...]
    controllers: tuple[Controller, ...] = ()
    junctions: tuple[Junction, ...] = ()
    met: Mapping[str, int] = field(default_factory=dict, compare=False)
    """How often each element occurs that was read, by path such as `road/lanes/laneSection`."""
    unknown: Mapping[str, int] = field(default_factory=dict, compare=False)
    """How often each element or attribute (`road/@name`) occurs that was not; what is inside is not counted."""
