"""OpenDRIVE in; the way out is in `exporting`, which only who exports needs to load."""

from roadlab.roads.opendrive.importing import import_opendrive, import_text, read_opendrive
from roadlab.roads.opendrive.report import ImportReport

__all__ = ["ImportReport", "import_opendrive", "import_text", "read_opendrive"]
