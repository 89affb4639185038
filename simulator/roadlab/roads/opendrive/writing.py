"""A document as the text of an .xodr file."""

from __future__ import annotations

from xml.etree import ElementTree

from roadlab.roads.opendrive.binding import write_element
from roadlab.roads.opendrive.document import ROOT, Document


def write_document(document: Document) -> str:
    """XML whose numbers read back exactly, in the order that the standard's schema wants."""
    root = ElementTree.Element(ROOT)
    for name, elements in (
        ("header", (document.header,)),
        ("road", document.roads),
        ("controller", document.controllers),
        ("junction", document.junctions),
    ):
        root.extend(write_element(element, name) for element in elements)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
