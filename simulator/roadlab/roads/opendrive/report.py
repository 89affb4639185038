"""What an import says beside its network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roadlab.errors import Diagnostic


@dataclass(frozen=True)
class ImportReport:
    """What was in the file and is not, or only nearly, in the network."""

    version: str
    """Such as `1.7`."""
    geo_reference: str
    """PROJ string or WKT of the file's coordinates; empty where it has none."""
    unsupported: Mapping[str, int]
    """Elements and attributes that have no effect, or an approximate one, and how often they occur; sorted."""
    warnings: tuple[Diagnostic, ...]
    """What looks wrong but does no harm, such as small gaps."""

    def lines(self) -> list[str]:
        """For people: each kind of element once, then the warnings."""
        left_out = [f"without effect: {what} ({count}x)" for what, count in self.unsupported.items()]
        return [*left_out, *(str(warning) for warning in self.warnings)]
