"""What people run: the command line, datasets, batches and the viewer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadlab_tools.batch.progress import Progress
    from roadlab_tools.batch.render import RenderSummary, render
    from roadlab_tools.datasets.export import export
    from roadlab_tools.datasets.reading import open_dataset
    from roadlab_tools.datasets.verification.verify import verify

__all__ = ["Progress", "RenderSummary", "export", "open_dataset", "render", "verify"]

_HOMES = {
    "Progress": "batch.progress",
    "RenderSummary": "batch.render",
    "export": "datasets.export",
    "open_dataset": "datasets.reading",
    "render": "batch.render",
    "verify": "datasets.verification.verify",
}


def __getattr__(name: str) -> Any:
    # `roadlab --help` must not wait for the packages that rendering needs.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"roadlab_tools.{_HOMES[name]}"), name)
