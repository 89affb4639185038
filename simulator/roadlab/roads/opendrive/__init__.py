"""OpenDRIVE in and out."""

from roadlab.roads.opendrive.exporting import to_opendrive
from roadlab.roads.opendrive.importing import import_opendrive, import_text, read_opendrive
from roadlab.roads.opendrive.report import ImportReport

__all__ = ["ImportReport", "import_opendrive", "import_text", "read_opendrive", "to_opendrive"]
