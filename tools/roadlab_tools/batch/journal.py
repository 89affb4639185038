"""What happened in a run and when, line by line, in a file beside the dataset: `OUT.log`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.storage import is_local


class Journal:
    """A run's log file."""

    def __init__(self, handler: logging.Handler) -> None:
        self._handler = handler

    def note(self, text: str, level: int = logging.INFO) -> None:
        """Adds a line with the time of day."""
        self._handler.emit(logging.LogRecord("roadlab", level, "", 0, text, None, None))


def journal_path(out: Path) -> Path:
    """The log file of the dataset in `out`; in the working directory where that is on no disk of this machine."""
    if not is_local(out):
        return Path(f"{out.name or 'roadlab'}.log").absolute()
    return out.absolute().parent / f"{out.absolute().name}.log"


@contextmanager
def journal_of(out: Path) -> Iterator[Journal]:
    """The log file of a run into `out`, continued where there is one already."""
    path = journal_path(out)
    with writing(path):
        handler = _File(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    journal = Journal(handler)
    try:
        journal.note(f"writing into {out}")
        yield journal
    except BaseException as error:
        journal.note(f"ended early: {type(error).__name__}: {error}", logging.ERROR)
        raise
    finally:
        with suppress(OSError):
            handler.close()


class _File(logging.FileHandler):
    """Lets lines go for which there is no room: the run ends where it cannot do without."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """See `logging.Handler`."""
