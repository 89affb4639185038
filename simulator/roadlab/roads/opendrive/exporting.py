"""From a road network to the text of an .xodr file."""

from __future__ import annotations

from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.outgoing.network import document_of
from roadlab.roads.opendrive.writing import write_document


def to_opendrive(network: RoadNetwork, *, name: str = "", geo_reference: str = "") -> str:
    """The network as OpenDRIVE 1.8; read again, every point of every lane is where it was.

    Roads and junctions get numbers as ids unless their names are numbers; the names are kept. OpenDRIVE has no place
    for the times of signal plans and for the kerbs and pavements at the corners of junctions: they are left out.
    """
    return write_document(document_of(network, name, geo_reference))
