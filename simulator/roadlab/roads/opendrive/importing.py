"""From an .xodr file to a road network, with a report of what was lost on the way."""

from __future__ import annotations

import os

from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.document import Document
from roadlab.roads.opendrive.incoming.network import road_network
from roadlab.roads.opendrive.incoming.remarks import Remarks
from roadlab.roads.opendrive.reading import diagnostics, parse_document, problems_in, read_bytes
from roadlab.roads.opendrive.report import ImportReport


def read_opendrive(path: str | os.PathLike[str]) -> RoadNetwork:
    """The network of an OpenDRIVE file of version 1.4 to 1.8; roads and junctions are named by their ids.

    ScenarioFileError with every problem of the file; OSError when it cannot be opened.
    """
    return import_opendrive(path)[0]


def import_opendrive(path: str | os.PathLike[str]) -> tuple[RoadNetwork, ImportReport]:
    """The same, with what has no effect."""
    return import_text(read_bytes(path), os.fspath(path))


def import_text(data: bytes, name: str) -> tuple[RoadNetwork, ImportReport]:
    """The network of the text of such a file, which messages call `name`."""
    document, remarks = parse_document(data, name), Remarks()
    network = road_network(document, remarks)
    if network is None:
        raise problems_in(data, name, remarks.faults)
    unsupported = {**document.unknown, **{what: count for what, count in remarks.unused.items() if count}}
    return network, ImportReport(
        version=_version(document),
        geo_reference=document.header.geo_reference,
        unsupported=dict(sorted(unsupported.items())),
        warnings=tuple(diagnostics(data, name, remarks.warnings)),
    )


def _version(document: Document) -> str:
    return f"{document.header.rev_major}.{document.header.rev_minor}"
