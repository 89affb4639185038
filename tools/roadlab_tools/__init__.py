"""What people run: the command line, datasets, batches and the viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadlab_tools.batch.render import Progress, RenderSummary, render

__all__ = ["Progress", "RenderSummary", "render"]


def __getattr__(name: str) -> Any:
    # `roadlab --help` must not wait for the packages that rendering needs.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from roadlab_tools.batch import render as module

    return getattr(module, name)
